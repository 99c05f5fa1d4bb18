//! Chinese letters about replies.

use countersign_domain::approval::Declined;

use super::{OPEN, RETURNED_BY_CHECKER, Wording};

pub(super) const RETURNED: Wording = Wording {
    opening: &["{actor} 覆核後，已於 {at} 以電郵將你的申請退回給你。申請已還原為草稿，並未發送至 HKEX。"],
    ..RETURNED_BY_CHECKER
};

pub(super) const RETURN_RECEIPT: Wording = Wording {
    subject: "你已以電郵退回",
    preheader: "申請已於 {at} 還原為草稿。如非由你退回，請通知 {maker}。",
    heading: "你已以電郵退回此申請",
    opening: &["你已以電郵將此申請退回填報人 {maker}。申請已於 {at} 還原為草稿，並未發送至 HKEX。"],
    steps: &[
        "請 {maker} 再次提交申請：退回後，你不能自行取回。",
        "如非由你退回，亦請通知 {company} 的電郵管理人員。",
    ],
    link: OPEN,
};

const DID_NOTHING: &str = "你就此申請所作的電郵回覆未有生效：申請並未因此獲確認或退回。";

const DECLINED: Wording = Wording {
    subject: "你的回覆未有生效",
    preheader: "申請並未因此獲確認或退回。此電郵說明原因。",
    heading: "你的回覆未有生效",
    opening: &[DID_NOTHING],
    steps: &[],
    link: OPEN,
};

const NO_REASON: &[&str] = &[
    DID_NOTHING,
    "回覆退回申請，但未有說明原因。請把原因寫在第一行的參考編號之後，或寫在下一行。",
];

const BOTH_COMMANDS: &[&str] = &[
    DID_NOTHING,
    "回覆確認申請，但同時寫有 RETURN（退回），未能確定你的決定。請另寫一封新電郵，只寫其中一項。",
];

const CONTROL_CHARACTERS: &[&str] = &[
    DID_NOTHING,
    "回覆含有控制字元（例如由其他程式複製而來的特殊換行），未能確定各行的內容。請重新輸入文字，不要複製貼上。",
];

const ENCRYPTED: &[&str] = &[
    DID_NOTHING,
    "回覆的內容經加密或封裝（S/MIME、PGP 或 winmail.dat），無法讀取。請就此回覆停用有關功能，或登入系統作決定。",
];

pub(super) fn declined(why: Declined) -> Wording {
    let opening: &[&str] = match why {
        Declined::NotUnderstood => &[DID_NOTHING, "回覆的第一行並非兩種有效寫法之一。"],
        Declined::NoReason => NO_REASON,
        Declined::BothCommands => BOTH_COMMANDS,
        Declined::NotAtTop => &[
            DID_NOTHING,
            "回覆以引述的原文或簽名開首，其下的內容一概不計。請把你的決定寫在第一行，放在所有內容之上。",
        ],
        Declined::RenderingsDiffer => &[
            DID_NOTHING,
            "回覆的文字有兩個版本，內容並不一致。請另以純文字撰寫一封新電郵。",
        ],
        Declined::ControlCharacters => CONTROL_CHARACTERS,
        Declined::OtherRequest => &[
            DID_NOTHING,
            "你所回覆的電郵關於 {reference}，但回覆的第一行寫的是另一項申請。",
        ],
        Declined::Expired => &[
            DID_NOTHING,
            "回覆過遲：回覆須於 {hours} 個工作小時內送達，並且不遲於限期 {deadline}。",
        ],
        Declined::Spent => &[
            DID_NOTHING,
            "你已透過回覆該電郵就此申請作出決定。每封此類電郵只可使用一次。",
        ],
        Declined::SwitchedOff => &[DID_NOTHING, "{company} 或你本人已停用以電郵批核的功能。"],
        Declined::RightMissing => &[
            DID_NOTHING,
            "你已沒有 EU_UserMaintenance 存取權限，而覆核 {company} 的申請需要此權限。如屬錯誤，請向貴公司的管理員查詢。",
        ],
        Declined::OwnRequest => &[
            DID_NOTHING,
            "該電郵發出後，你曾編輯此申請，故須由 {company} 另一人覆核。你無須處理。",
        ],
        Declined::CheckedFirst => &[
            DID_NOTHING,
            "此申請由你首次覆核，故須由 {company} 另一人再作覆核。你無須處理。",
        ],
        Declined::NoLongerPossible => &[DID_NOTHING, "該電郵發出後，申請已有更改或已由其他人處理。"],
        Declined::SeveralTokens => &[
            DID_NOTHING,
            "回覆同時寄往多封電郵的回覆地址。請逐一回覆每封電郵。",
        ],
        Declined::OnBehalf => &[
            DID_NOTHING,
            "回覆標示為由他人代你寄出或轉發。只有你本人以自己的郵箱寄出的回覆方為有效。",
        ],
        Declined::Encrypted => ENCRYPTED,
        Declined::UnknownCharacters => &[
            DID_NOTHING,
            "回覆使用未能識別的字元集或編碼，或部分字元無法讀取。請以 UTF-8 純文字撰寫，或登入系統作決定。",
        ],
        Declined::TooLong => &[
            DID_NOTHING,
            "回覆過長或部分過多。請另寫一封新電郵，不要引述原文，亦不要加入附件。",
        ],
        Declined::NoText => &[DID_NOTHING, "回覆沒有文字內容。圖片及附件不會獲讀取。"],
        Declined::Damaged => &[
            DID_NOTHING,
            "回覆送達時已損壞，內容未能確定。請另以純文字撰寫一封新電郵，或登入系統作決定。",
        ],
    };
    Wording {
        opening,
        // For someone who has lost the right, the request does not exist.
        link: DECLINED.link.filter(|_| why != Declined::RightMissing),
        ..DECLINED
    }
}
