//! `SCard3`, Order Smartcard Reader(s). The guideline shows it only as a row of the catalogue, so its fields are our
//! proposal, for the exchange to correct. Completing a request changes nothing but the request.

use super::common::{
    CONTACT_INFORMATION, DECLARATION, DETAILS_OF_REQUESTS, MAX_NAME_CHARS, NAME_HEADINGS, REMARKS, USER_ID,
    USER_ID_HEADINGS, USER_MAINTENANCE_CH, value,
};
use super::{Checkers, EService, EServiceId, End, Field, Period, Section};
use crate::actor::Right;
use crate::field::{
    Column, DateValue, FieldKind, Lines, PersonName, PostalAddress, Purpose, Rows, Text, UserIdValue,
    ValueKind, WholeNumber, Whose,
};
use crate::language::both;

pub(super) static SCARD3: EService = EService {
    id: EServiceId::SCard3,
    code: "SCard3",
    classification: USER_MAINTENANCE_CH,
    label: "SCard3",
    function: both("Order Smartcard Reader(s)", "訂購智能卡閱讀器"),
    period: Period::Always,
    checkers: Checkers::CompanyDecides,
    right: Right::UserMaintenance,
    end: End::AtTheExchange,
    sections: &[
        Section {
            title: DETAILS_OF_REQUESTS,
            fields: &[
                value(
                    "quantity",
                    both("Number of Readers", "閱讀器數目"),
                    ValueKind::Number(WholeNumber { min: 1, max: 100 }),
                    true,
                ),
                Field {
                    name: "users",
                    label: both("For whom", "使用者"),
                    hint: Some(both("One reader or more for each of them.", "每人一部或以上。")),
                    help: None,
                    kind: FieldKind::Rows(USERS),
                    shown: None,
                },
                value(
                    "deliveryAddress",
                    both("Delivery Address", "送貨地址"),
                    ValueKind::Address(PostalAddress),
                    true,
                ),
                value(
                    "department",
                    both("Department or Floor", "部門或樓層"),
                    ValueKind::Text(Text {
                        max: 60,
                        lines: Lines::One,
                    }),
                    false,
                ),
                value(
                    "neededBy",
                    both("Needed By", "需用日期"),
                    ValueKind::Date(DateValue),
                    false,
                ),
                REMARKS,
                DECLARATION,
            ],
        },
        CONTACT_INFORMATION,
    ],
    effects: &[],
    directory: &[],
};

const USERS: Rows = Rows {
    columns: &[
        Column {
            name: "userId",
            label: USER_ID,
            kind: ValueKind::UserId(UserIdValue { whose: Whose::Anyone }),
            required: true,
            headings: USER_ID_HEADINGS,
        },
        Column {
            name: "name",
            label: both("Name of User", "用戶姓名"),
            kind: ValueKind::Name(PersonName { max: MAX_NAME_CHARS }),
            required: true,
            headings: NAME_HEADINGS,
        },
    ],
    row_label: both("User", "用戶"),
    add_label: both("+ User", "+ 用戶"),
    min: 1,
    max: 50,
    unique: Some("userId"),
    import: true,
    purpose: Purpose::Details,
};
