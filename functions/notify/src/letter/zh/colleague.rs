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
    subject: "已退回，而填報人不在",
    preheader: "{actor} 已於 {at} 退回申請，須由其他同事跟進。",
    heading: "已退回，而填報人不在",
    opening: &[
        "{actor} 已於 {at} 退回此申請。申請還原為草稿，只有填報人可修改，但填報人 {maker} 暫離、已離開 {company} 或不再可填報此類申請。",
        "如申請不能等候，須由同事跟進。跟進的同事亦屬填報人，不可覆核此申請。",
    ],
    steps: &[
        "開啟申請。如你負責管理貴公司的用戶，請按「接手」，由你擔任填報人；否則請按「複製」，建立一份內容相同的新草稿。",
        "按訊息所述更正，並重新確認聲明。",
        "按「預覽」，再按「提交」，並在彈出的方格中按「確認」。",
    ],
    link: OPEN,
};

pub(super) const CHECKERS_UNREACHABLE: Wording = Wording {
    subject: "未能以電郵通知任何覆核人",
    preheader: "申請仍在待辦事項內，請親自通知同事。",
    heading: "未能以電郵通知任何覆核人",
    opening: &[
        "此申請自 {at} 起等候覆核。貴公司所有覆核人的電郵地址均未能接收電郵，因此尚未有覆核人獲通知。",
        "申請本身不受影響，仍在待辦事項內等候認領。",
    ],
    steps: &[
        "親自通知一位可覆核的同事：登入後，在「待辦事項」內可找到 {reference}。",
        "請貴公司的管理員更正覆核人的電郵地址，以便日後收到電郵。",
    ],
    link: OPEN,
};
