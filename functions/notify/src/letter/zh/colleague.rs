//! Chinese letters to colleagues: somebody decided, or nobody is there who could go on.

use super::{OPEN, Wording};

pub(super) const CONFIRMED: Wording = Wording {
    subject: "已確認，無須覆核",
    preheader: "{actor} 已於 {at} 確認。你無須處理。",
    heading: "已由同事確認",
    opening: &[
        "你曾獲通知覆核此申請。{actor} 已於 {at} 確認申請，並發送至 HKEX。",
        "你無須處理。",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const RETURNED: Wording = Wording {
    subject: "已退回，無須覆核",
    preheader: "{actor} 已於 {at} 退回給 {maker}。你無須處理。",
    heading: "已由同事退回",
    opening: &[
        "你曾獲通知覆核此申請。{actor} 已於 {at} 將申請退回給填報人 {maker}，申請還原為草稿。",
        "你無須處理。如申請再次提交，你會再收到電郵。",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const WITHOUT_ITS_MAKER: Wording = Wording {
    subject: "已退回，而填報人已離任",
    preheader: "{actor} 已於 {at} 退回申請，須由其他同事跟進。",
    heading: "已退回，而填報人已離任",
    opening: &[
        "{actor} 已於 {at} 退回此申請。申請還原為草稿，只有填報人可修改，但填報人 {maker} 已離開 {company} 或不再可填報申請。",
        "如仍需要此申請，須由同事重新填報。你可複製此申請，再由另一人覆核；曾填報原申請的人不可覆核複本。",
    ],
    steps: &[
        "開啟申請，然後按「複製」，建立一份內容相同的新草稿，並由你擔任填報人。",
        "按訊息所述更正，並重新確認聲明。",
        "按「預覽」，再按「提交」，並在彈出的方格中按「確認」。申請會獲編配新的參考編號。",
    ],
    link: OPEN,
};
