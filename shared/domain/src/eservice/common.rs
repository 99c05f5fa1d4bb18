//! What all forms share, word for word.

use super::{Field, Section};
use crate::field::{
    Column, Declaration, Email, FieldKind, Lines, PersonName, Purpose, Rows, TelephoneNumber, Text, ValueKind,
};
use crate::language::{Bilingual, both};

/// Maximum characters of remarks, and of a message to the next-step user.
pub const MAX_TEXT_CHARS: usize = 2_000;
/// Maximum characters of a person's name.
pub(super) const MAX_NAME_CHARS: usize = 100;

/// The first section of every form: the company, and the participantship that it acts for.
pub const COMPANY_INFORMATION: Bilingual = both("Company information", "公司資料");
/// The label of the company.
pub const FROM: Bilingual = both("From", "由");
/// The label of the participantship.
pub const ACTING_AS: Bilingual = both("As", "身分");

/// Two of the guideline's classifications. It does not spell out their last letters, so the Chinese keeps them.
pub(super) const USER_MAINTENANCE_CC: Bilingual = both("User Maintenance CC", "用戶維護 CC");
pub(super) const USER_MAINTENANCE_CH: Bilingual = both("User Maintenance CH", "用戶維護 CH");

pub(super) const MAINTENANCE_REQUEST: Bilingual = both("Maintenance Request", "維護申請");
pub(super) const DETAILS_OF_REQUESTS: Bilingual = both("Details of requests", "申請詳情");
pub(super) const USER_ID: Bilingual = both("User ID", "用戶識別碼");
pub(super) const EMAIL_ADDRESS: Bilingual = both("Email Address", "電郵地址");
pub(super) const REQUEST_ROW: Bilingual = both("Request", "申請");
pub(super) const ADD_REQUEST: Bilingual = both("+ Request", "+ 申請");

/// Headings that spreadsheets use for a User ID.
pub(super) const USER_ID_HEADINGS: &[&str] = &["用戶編號", "用户编号", "用戶ID", "使用者代號", "ID", "User"];
/// Headings that spreadsheets use for an e-mail address.
pub(super) const EMAIL_HEADINGS: &[&str] = &[
    "E-mail",
    "Mail",
    "E-mail Address",
    "電郵",
    "電子郵件",
    "電子郵件地址",
    "电邮地址",
];
/// Headings that spreadsheets use for a person's name.
pub(super) const NAME_HEADINGS: &[&str] = &["Name", "Full Name", "姓名", "持卡人", "持咭人"];

/// Remarks, which are optional.
pub(super) const REMARKS: Field = Field {
    name: "remarks",
    label: both("Remarks", "備註"),
    hint: None,
    help: None,
    kind: FieldKind::Value {
        kind: ValueKind::Text(Text {
            max: MAX_TEXT_CHARS,
            lines: Lines::Several,
        }),
        required: false,
    },
    shown: None,
};

/// The declaration (guideline, step e).
pub(super) const DECLARATION: Field = Field {
    name: "declaration",
    label: both("Declaration", "聲明"),
    hint: None,
    help: None,
    kind: FieldKind::Declaration(Declaration {
        text: both(
            "We declare that what this request says of us is complete, true and correct, and that nothing is left out \
                which would make it misleading.",
            "我們聲明，本申請所載有關我們的資料均屬完整、真實及正確，且並無遺漏任何事項，足以令該等資料產生誤導。",
        ),
        confirmation: both(
            "We confirm that we understand and accept the above",
            "我們確認明白並接受以上內容",
        ),
    }),
    shown: None,
};

/// The section for contact persons (guideline, step f).
pub(super) const CONTACT_INFORMATION: Section = Section {
    title: both("Contact information", "聯絡資料"),
    fields: &[Field {
        name: "contacts",
        label: both("Contact persons", "聯絡人"),
        hint: None,
        help: None,
        kind: FieldKind::Rows(Rows {
            columns: &[
                Column {
                    name: "name",
                    label: both("Name of Contact Person", "聯絡人姓名"),
                    kind: ValueKind::Name(PersonName { max: MAX_NAME_CHARS }),
                    required: true,
                    headings: &[],
                },
                Column {
                    name: "email",
                    label: EMAIL_ADDRESS,
                    kind: ValueKind::Email(Email),
                    required: true,
                    headings: &[],
                },
                Column {
                    name: "telephone",
                    label: both("Telephone Number", "電話號碼"),
                    kind: ValueKind::Telephone(TelephoneNumber),
                    required: true,
                    headings: &[],
                },
            ],
            row_label: both("Contact person", "聯絡人"),
            add_label: both("+ Contact person", "+ 聯絡人"),
            min: 1,
            max: 10,
            unique: None,
            import: false,
            purpose: Purpose::ContactPersons,
        }),
        shown: None,
    }],
};

/// A field of one value without hint and help, shown always.
pub(super) const fn value(name: &'static str, label: Bilingual, kind: ValueKind, required: bool) -> Field {
    Field {
        name,
        label,
        hint: None,
        help: None,
        kind: FieldKind::Value { kind, required },
        shown: None,
    }
}
