//! The Chinese letter with a day's news.

use super::Words;

pub(super) static WORDS: Words = Words {
    subject_one: "{day}：1 項申請進度",
    subject: "{day}：{n} 項申請進度",
    preheader: "申請的最新進度。你無須處理。",
    heading: "{day} 的申請進度",
    details: "只供參考，無須處理",
    opening: "以下為自上一封同類電郵以來的進度。你無須處理。",
    list: "進度",
    by: "{what}。{actor}，{at}",
    why: "你收到此電郵，是因為你選擇每日一次接收此類進度。你可在個人資料中更改。",
};
