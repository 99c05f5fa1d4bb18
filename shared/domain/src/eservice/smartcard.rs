//! The fields that both smartcard eServices share.

use super::common::{
    ADD_REQUEST, MAINTENANCE_REQUEST, MAX_NAME_CHARS, NAME_HEADINGS, REQUEST_ROW, USER_ID, USER_ID_HEADINGS,
};
use super::{Field, When};
use crate::field::{
    Choice, ChoiceOption, Column, FieldKind, Offered, PersonName, Purpose, Rows, UserIdValue, ValueKind,
    Whose,
};
use crate::language::{Bilingual, both};

/// Whether cards are issued, replaced or cancelled.
pub(super) const MAINTENANCE: Field = Field {
    name: "maintenanceRequest",
    label: MAINTENANCE_REQUEST,
    hint: None,
    help: None,
    kind: FieldKind::Value {
        kind: ValueKind::Choice(Choice {
            options: &[
                option("Issue", both("Issue", "發出")),
                option("Replace", both("Replace", "更換")),
                option("Cancel", both("Cancel", "取消")),
            ],
            preselected: true,
        }),
        required: true,
    },
    shown: None,
};

/// The cards to issue or cancel.
pub(super) const CARDS: Field = Field {
    name: "cards",
    label: both("Smartcards", "智能卡"),
    hint: None,
    help: None,
    kind: FieldKind::Rows(Rows {
        columns: &[USER, HOLDER],
        ..ROWS
    }),
    shown: Some(When {
        field: "maintenanceRequest",
        is: &["Issue", "Cancel"],
    }),
};

/// The cards to replace, each with the reason.
pub(super) const REPLACEMENTS: Field = Field {
    name: "replacements",
    label: both("Smartcards to replace", "須更換的智能卡"),
    hint: None,
    help: None,
    kind: FieldKind::Rows(Rows {
        columns: &[USER, HOLDER, REASON],
        ..ROWS
    }),
    shown: Some(When {
        field: "maintenanceRequest",
        is: &["Replace"],
    }),
};

const ROWS: Rows = Rows {
    columns: &[],
    row_label: REQUEST_ROW,
    add_label: ADD_REQUEST,
    min: 1,
    max: 50,
    unique: Some("userId"),
    import: true,
    purpose: Purpose::Details,
};

const USER: Column = Column {
    name: "userId",
    label: USER_ID,
    kind: ValueKind::UserId(UserIdValue { whose: Whose::Anyone }),
    required: true,
    headings: USER_ID_HEADINGS,
};

const HOLDER: Column = Column {
    name: "holder",
    label: both("Name of Cardholder", "持卡人姓名"),
    kind: ValueKind::Name(PersonName { max: MAX_NAME_CHARS }),
    required: true,
    headings: NAME_HEADINGS,
};

const REASON: Column = Column {
    name: "reason",
    label: both("Reason", "原因"),
    kind: ValueKind::Choice(Choice {
        options: &[
            option("Lost", both("Lost", "遺失")),
            option("Damaged", both("Damaged", "損壞")),
            option("Expired", both("Expired", "到期")),
        ],
        preselected: false,
    }),
    required: true,
    headings: &["Reason for replacement", "更換原因"],
};

const fn option(value: &'static str, label: Bilingual) -> ChoiceOption {
    ChoiceOption {
        value,
        label,
        offered: Offered::ALWAYS,
    }
}
