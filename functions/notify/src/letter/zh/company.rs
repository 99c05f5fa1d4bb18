//! Chinese letters about requests that end at the company.

use super::{OPEN, TO_CHECK, Wording};

pub(super) const TO_CHECK_HERE: Wording = Wording {
    opening: &[
        "{company} 的 {actor} 已於 {at} 提交此申請。此申請由貴公司自行完成：另一人確認後，以下更改即告生效。",
    ],
    steps: &[
        "以下方連結開啟申請，或在「待辦事項」內找出 {reference}。",
        "按「認領」。在你放回申請或認領時限屆滿之前，其他人不能作決定。",
        "覆核 {maker} 填報的內容。",
        "按「確認」，並在彈出的方格中再按「確認」。如內容有誤，請改按「退回」並說明原因。",
    ],
    ..TO_CHECK
};

pub(super) const DONE: Wording = Wording {
    subject: "已確認並完成",
    preheader: "{actor} 已於 {at} 確認，更改已生效。",
    heading: "已確認並完成",
    opening: &["{actor} 已於 {at} 確認你的申請。以下更改已生效。"],
    steps: &[],
    link: OPEN,
};

pub(super) const ABOUT_YOU: Wording = Wording {
    subject: "你的存取權限已更改",
    preheader: "{company} 已於 {at} 更改。",
    heading: "你的存取權限已更改",
    opening: &[
        "{company} 已於 {at} 完成一份與你有關的申請：由 {maker} 填報，並由 {actor} 確認。",
        "如此更改出乎你意料，請向上述人士查詢。",
    ],
    steps: &[],
    link: None,
};

pub(super) const DONE_BY_COLLEAGUE: Wording = Wording {
    subject: "已確認，無須覆核",
    preheader: "{actor} 已於 {at} 確認。你無須處理。",
    heading: "已由同事確認",
    opening: &[
        "你曾獲通知覆核此申請。{actor} 已於 {at} 確認申請，申請已經完成。",
        "你無須處理。",
    ],
    steps: &[],
    link: OPEN,
};
