//! DA 3, CCASS/ CCMS Delegated Administrator Application/ Maintenance Form (guideline, steps c to f). The guideline
//! shows *Change*. *Add* and *Delete* come with the parallel run, and their fields are our proposal, for the exchange
//! to correct.

use super::common::{
    ADD_REQUEST, CONTACT_INFORMATION, DECLARATION, DETAILS_OF_REQUESTS, EMAIL_ADDRESS, EMAIL_HEADINGS,
    MAINTENANCE_REQUEST, REMARKS, REQUEST_ROW, USER_ID, USER_ID_HEADINGS, USER_MAINTENANCE_CC,
};
use super::{Checkers, EService, EServiceId, Effect, End, Field, Period, RowsWithAddress, Section, When};
use crate::actor::Right;
use crate::field::{
    Choice, ChoiceOption, Column, Email, FieldKind, Offered, Purpose, Rows, UserIdValue, ValueKind, Whose,
};
use crate::language::{Bilingual, both};

pub(super) static DA3: EService = EService {
    id: EServiceId::Da3,
    code: "DA3",
    classification: USER_MAINTENANCE_CC,
    label: "DA 3",
    function: both(
        "CCASS/ CCMS Delegated Administrator Application/ Maintenance Form",
        "CCASS/ CCMS 授權管理員申請／維護表格",
    ),
    period: Period::Campaign,
    checkers: Checkers::CompanyDecides,
    right: Right::UserMaintenance,
    end: End::AtTheExchange,
    sections: &[
        Section {
            title: MAINTENANCE_REQUEST,
            fields: &[Field {
                name: "maintenanceRequest",
                label: MAINTENANCE_REQUEST,
                hint: None,
                help: None,
                kind: FieldKind::Value {
                    kind: ValueKind::Choice(Choice {
                        options: &[
                            ChoiceOption {
                                value: "Change",
                                label: both("Change", "更改"),
                                offered: Offered::ALWAYS,
                            },
                            ChoiceOption {
                                value: "Add",
                                label: both("Add", "新增"),
                                offered: Offered::FROM_PARALLEL_RUN,
                            },
                            ChoiceOption {
                                value: "Delete",
                                label: both("Delete", "刪除"),
                                offered: Offered::FROM_PARALLEL_RUN,
                            },
                        ],
                        preselected: true,
                    }),
                    required: true,
                },
                shown: None,
            }],
        },
        Section {
            title: DETAILS_OF_REQUESTS,
            fields: &[
                Field {
                    name: "changes",
                    label: both("Details of change request", "更改申請詳情"),
                    hint: None,
                    help: Some(HELP),
                    kind: FieldKind::Rows(Rows {
                        columns: &[user_id(Whose::Known), EMAIL],
                        ..ROWS
                    }),
                    shown: Some(chosen(&["Change"])),
                },
                Field {
                    name: "additions",
                    label: both("Details of add request", "新增申請詳情"),
                    hint: None,
                    help: None,
                    kind: FieldKind::Rows(Rows {
                        columns: &[user_id(Whose::New), EMAIL],
                        ..ROWS
                    }),
                    shown: Some(chosen(&["Add"])),
                },
                Field {
                    name: "deletions",
                    label: both("Details of delete request", "刪除申請詳情"),
                    hint: None,
                    help: Some(HELP),
                    kind: FieldKind::Rows(Rows {
                        columns: &[user_id(Whose::Known)],
                        ..ROWS
                    }),
                    shown: Some(chosen(&["Delete"])),
                },
                REMARKS,
                DECLARATION,
            ],
        },
        CONTACT_INFORMATION,
    ],
    effects: &[
        Effect::ChangeEmail(RowsWithAddress {
            rows: "changes",
            user_id: "userId",
            email: "email",
        }),
        Effect::AddAdministrator(RowsWithAddress {
            rows: "additions",
            user_id: "userId",
            email: "email",
        }),
        Effect::RemoveAdministrator {
            rows: "deletions",
            user_id: "userId",
        },
    ],
    directory: &[],
};

const HELP: Bilingual = both(
    "You find User IDs in the User Profile Listing: in DMS, under Security Management Functions.",
    "用戶識別碼載於 DMS「保安管理功能」項下的用戶資料列表。",
);

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

const EMAIL: Column = Column {
    name: "email",
    label: EMAIL_ADDRESS,
    kind: ValueKind::Email(Email),
    required: true,
    headings: EMAIL_HEADINGS,
};

const fn user_id(whose: Whose) -> Column {
    Column {
        name: "userId",
        label: USER_ID,
        kind: ValueKind::UserId(UserIdValue { whose }),
        required: true,
        headings: USER_ID_HEADINGS,
    }
}

const fn chosen(is: &'static [&'static str]) -> When {
    When {
        field: "maintenanceRequest",
        is,
    }
}
