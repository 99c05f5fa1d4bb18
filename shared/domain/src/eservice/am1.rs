//! AM 1, Access Management: User Maintenance. With it a company manages its own people, by the same four eyes as
//! everything else: nobody decides alone who may make and check. It is ours, not the guideline's. Its requests end at
//! the company, and completing one changes the directory.

use super::common::{
    DETAILS_OF_REQUESTS, EMAIL_ADDRESS, MAINTENANCE_REQUEST, MAX_NAME_CHARS, REMARKS, value,
};
use super::{
    Checkers, DirectoryEffect, DirectoryFields, EService, EServiceId, End, Field, Period, Section,
    SettingsFields, When,
};
use crate::actor::Right;
use crate::field::{Choice, ChoiceOption, DateValue, Email, Offered, PersonName, PersonOfCompany, ValueKind};
use crate::language::{Bilingual, both};

pub(super) static AM1: EService = EService {
    id: EServiceId::Am1,
    code: "AM1",
    classification: both("Access Management", "存取權限管理"),
    label: "AM 1",
    function: both("User Maintenance", "用戶維護"),
    period: Period::Always,
    checkers: Checkers::One,
    right: Right::ManageUsers,
    end: End::AtTheCompany,
    sections: &[
        Section {
            title: MAINTENANCE_REQUEST,
            fields: &[REQUEST],
        },
        Section {
            title: DETAILS_OF_REQUESTS,
            fields: &[
                PERSON,
                shown(
                    &["Add", "AddSystem"],
                    Field {
                        hint: Some(both(
                            "Use a name that does not read like any name that your company has or had. Tell namesakes apart, as in D Wong (Settlement).",
                            "請勿使用與貴公司現有或以往名稱相同或相似的名稱。如有同名人士，請加以區分，例如 D Wong (Settlement)。",
                        )),
                        ..value("name", both("Name", "名稱"), NAME, true)
                    },
                ),
                shown(
                    &["Add"],
                    value("email", EMAIL_ADDRESS, ValueKind::Email(Email), true),
                ),
                shown(
                    CHANGE,
                    Field {
                        hint: Some(STAYS_THEIRS),
                        ..value("newName", both("Name", "名稱"), NAME, false)
                    },
                ),
                shown(
                    CHANGE,
                    Field {
                        hint: Some(SIGNS_IN_WITH),
                        ..value("newEmail", EMAIL_ADDRESS, ValueKind::Email(Email), false)
                    },
                ),
                shown(
                    ON_RIGHTS,
                    value("access", both("Access", "權限"), choice(ACCESS), true),
                ),
                shown(
                    ON_RIGHTS,
                    value(
                        "managesUsers",
                        both("Manages users", "管理用戶"),
                        choice(YES_OR_NO),
                        true,
                    ),
                ),
                shown(
                    ON_RIGHTS,
                    value(
                        "mailLanguage",
                        both("Language of e-mail", "電郵語言"),
                        choice(LANGUAGES),
                        false,
                    ),
                ),
                shown(
                    ON_RIGHTS,
                    Field {
                        hint: Some(LEFT_EMPTY),
                        ..value(
                            "progressMail",
                            both(
                                "E-mail that only tells how a request gets on",
                                "純屬進度通知的電郵",
                            ),
                            choice(PROGRESS),
                            false,
                        )
                    },
                ),
                shown(
                    ON_RIGHTS,
                    value(
                        "reminderMail",
                        both("Reminders of the deadline", "截止日期提示"),
                        choice(YES_OR_NO),
                        false,
                    ),
                ),
                shown(
                    &["Away"],
                    value("awayFrom", both("First day away", "缺勤首日"), DAY, true),
                ),
                shown(
                    &["Away"],
                    value("awayUntil", both("Last day away", "缺勤最後一日"), DAY, true),
                ),
                shown(
                    &["Company"],
                    value(
                        "checkers",
                        both("Checkers that a request needs", "每份申請所需的覆核人數"),
                        choice(CHECKERS),
                        true,
                    ),
                ),
                shown(
                    &["Company"],
                    value(
                        "approvesByMail",
                        both(
                            "Checkers may decide by replying to an e-mail",
                            "覆核人可回覆電郵作出決定",
                        ),
                        choice(YES_OR_NO),
                        true,
                    ),
                ),
                shown(
                    &["Company"],
                    value(
                        "recordsViews",
                        both("The record also has who saw what", "記錄亦載列何人曾查閱"),
                        choice(YES_OR_NO),
                        true,
                    ),
                ),
                REMARKS,
            ],
        },
    ],
    effects: &[],
    directory: &[
        effect(
            "Add",
            DirectoryFields::Enter {
                name: "name",
                email: "email",
                settings: SETTINGS,
            },
        ),
        effect("AddSystem", DirectoryFields::EnterSystem { name: "name" }),
        effect(
            "Change",
            DirectoryFields::Details {
                person: "person",
                name: "newName",
                email: "newEmail",
                settings: SETTINGS,
            },
        ),
        effect(
            "Away",
            DirectoryFields::Away {
                person: "person",
                from: "awayFrom",
                until: "awayUntil",
            },
        ),
        effect("Back", DirectoryFields::Back { person: "person" }),
        effect("Remove", DirectoryFields::Remove { person: "person" }),
        effect("Invite", DirectoryFields::Invite { person: "person" }),
        effect(
            "ResetSecondFactor",
            DirectoryFields::ResetSecondFactor { person: "person" },
        ),
        effect(
            "Company",
            DirectoryFields::Company {
                checkers: "checkers",
                approves_by_mail: "approvesByMail",
                records_views: "recordsViews",
            },
        ),
    ],
};

const REQUEST: Field = value(
    "maintenanceRequest",
    MAINTENANCE_REQUEST,
    ValueKind::Choice(Choice {
        options: &[
            option("Add", both("Add a person", "新增人士")),
            option(
                "Change",
                both(
                    "Change a person: name, address, rights and e-mail",
                    "更改人士資料：名稱、電郵地址、權限及電郵設定",
                ),
            ),
            option("Away", both("Away", "缺勤")),
            option("Back", both("No longer away", "不再缺勤")),
            option("Invite", both("Send the invitation again", "重發邀請")),
            option(
                "ResetSecondFactor",
                both("Reset a lost second factor", "重設遺失的第二重認證"),
            ),
            option("Remove", both("Remove a person or a system", "移除人士或系統")),
            option(
                "AddSystem",
                both(
                    "Add a system: a program of your own that makes requests",
                    "新增系統（貴公司用以填報申請的程式）",
                ),
            ),
            option("Company", both("Change the company's settings", "更改公司設定")),
        ],
        preselected: true,
    }),
    true,
);

const PERSON: Field = shown(
    &["Change", "Away", "Back", "Remove", "Invite", "ResetSecondFactor"],
    value(
        "person",
        both("Person", "人士"),
        ValueKind::Person(PersonOfCompany),
        true,
    ),
);

const ON_RIGHTS: &[&str] = &["Add", "Change"];
const CHANGE: &[&str] = &["Change"];
const NAME: ValueKind = ValueKind::Name(PersonName { max: MAX_NAME_CHARS });
const DAY: ValueKind = ValueKind::Date(DateValue);

const LEFT_EMPTY: Bilingual = both(
    "When you change a person, what is left empty stays as it is.",
    "更改人士時，留空的項目維持不變。",
);

const STAYS_THEIRS: Bilingual = both(
    "Left empty, the name stays. An earlier name stays theirs: nobody else in your company gets it.",
    "如留空，名稱維持不變。舊名稱仍為其所有，貴公司其他人不可使用。",
);

const SIGNS_IN_WITH: Bilingual = both(
    "Left empty, the address stays. They sign in with it and get their e-mail there.",
    "如留空，地址維持不變。該人士以此地址登入及接收電郵。",
);

const ACCESS: &[ChoiceOption] = &[
    option("MakeAndCheck", both("Makes and checks", "填報及覆核")),
    option("SeeOnly", both("Sees only", "只可查閱")),
    option("None", both("None", "沒有")),
    option(
        "Process",
        both(
            "Handles requests at HKEX (HKEX only)",
            "在 HKEX 處理申請（只適用於 HKEX）",
        ),
    ),
];

const YES_OR_NO: &[ChoiceOption] = &[option("Yes", both("Yes", "是")), option("No", both("No", "否"))];

const LANGUAGES: &[ChoiceOption] = &[
    option("en", both("English", "英文")),
    option("zh-Hant-HK", both("Traditional Chinese", "繁體中文")),
];

const PROGRESS: &[ChoiceOption] = &[
    option("at-once", both("At once", "即時")),
    option("daily", both("Once a day", "每日一次")),
    option("never", both("Never", "不接收")),
];

const CHECKERS: &[ChoiceOption] = &[option("1", both("One", "一人")), option("2", both("Two", "兩人"))];

const SETTINGS: SettingsFields = SettingsFields {
    rights: &[
        (granted("access", &["MakeAndCheck"]), Right::UserMaintenance),
        (granted("access", &["SeeOnly"]), Right::ViewOnly),
        (granted("access", &["Process"]), Right::Operations),
        (granted("managesUsers", &["Yes"]), Right::ManageUsers),
    ],
    language: "mailLanguage",
    progress: "progressMail",
    reminders: "reminderMail",
};

const fn granted(field: &'static str, is: &'static [&'static str]) -> When {
    When { field, is }
}

const fn effect(is: &'static str, fields: DirectoryFields) -> DirectoryEffect {
    DirectoryEffect {
        field: "maintenanceRequest",
        is,
        fields,
    }
}

const fn shown(is: &'static [&'static str], field: Field) -> Field {
    Field {
        shown: Some(When {
            field: "maintenanceRequest",
            is,
        }),
        ..field
    }
}

const fn choice(options: &'static [ChoiceOption]) -> ValueKind {
    ValueKind::Choice(Choice {
        options,
        preselected: false,
    })
}

const fn option(value: &'static str, label: Bilingual) -> ChoiceOption {
    ChoiceOption {
        value,
        label,
        offered: Offered::ALWAYS,
    }
}
