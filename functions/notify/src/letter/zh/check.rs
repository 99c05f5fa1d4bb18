//! Chinese letters to checkers, and about the first of two checks.

use super::{OPEN, Wording};

/// What a checker does, from the portal.
const HOW_TO_CHECK: &[&str] = &[
    "以下方連結開啟申請，或在「待辦事項」內找出 {reference}。",
    "按「認領」。在你放回申請或認領時限屆滿之前，其他人不能作決定。",
    "覆核 {maker} 填報的內容。",
    "按「確認」，並在彈出的方格中再按「確認」。{confirming}如內容有誤，請改按「退回」並說明原因。",
];

pub(super) const TO_CHECK: Wording = Wording {
    subject: "待你覆核",
    preheader: "{actor} 已於 {at} 提交，須由 {company} 另一人覆核。",
    heading: "待你覆核",
    opening: &["{company} 的 {actor} 已於 {at} 提交此申請。{who_checks}"],
    steps: HOW_TO_CHECK,
    link: OPEN,
};

pub(super) const TO_CHECK_AGAIN: Wording = Wording {
    subject: "待你再作覆核",
    preheader: "{actor} 已於 {at} 覆核，須由 {company} 另一人再作覆核。",
    heading: "待你再作覆核",
    opening: &[
        "{company} 的 {actor} 已於 {at} 覆核並確認此申請。申請須由貴公司第二人覆核，方可發送至 HKEX。",
    ],
    steps: HOW_TO_CHECK,
    link: OPEN,
};

pub(super) const CHECKED_ONCE: Wording = Wording {
    subject: "已覆核一次，尚須再覆核",
    preheader: "{actor} 已於 {at} 確認，你無須處理。",
    heading: "已覆核一次",
    opening: &[
        "{actor} 已於 {at} 覆核並確認你的申請。申請須由 {company} 另一人再作覆核，方可發送至 HKEX。",
        "你無須處理。申請發送或退回時，你會再收到電郵。",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const FIRST_RECEIPT: Wording = Wording {
    subject: "你已以電郵作首次覆核",
    preheader: "已於 {at} 確認，尚須另一人覆核。如非由你確認，請通知 {maker}。",
    heading: "你已以電郵作首次覆核",
    opening: &[
        "你已於 {at} 以電郵確認此申請，作為首次覆核。申請尚未發送至 HKEX：須由 {company} 另一人再作覆核。",
    ],
    steps: &[
        "請第二位覆核人退回申請，或請 {maker} 取回申請：首次覆核後，你不能自行取回。",
        "如非由你確認，亦請通知 {company} 的電郵管理人員。",
    ],
    link: OPEN,
};
