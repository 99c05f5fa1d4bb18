//! Chinese letters on claims that end or change hands.

use super::{OPEN, Wording};

pub(super) const ENDS_SOON: Wording = Wording {
    subject: "你的認領即將結束",
    preheader: "認領將於 {ends} 結束。請在此之前確認、退回或放回申請。",
    heading: "你的認領即將結束",
    opening: &[
        "此申請自 {at} 起由你處理。你的認領將於 {ends} 結束。如屆時仍未確認或退回，申請會放回待辦事項，可由你或同事認領。",
    ],
    steps: &[
        "開啟申請，覆核 {maker} 填報的內容。",
        "按「確認」，並在彈出的方格中再按「確認」。{confirming}如內容有誤，請改按「退回」並說明原因。",
        "如未能及時作出決定，請按「放回」，讓同事可以認領。",
    ],
    link: OPEN,
};

pub(super) const ENDED: Wording = Wording {
    subject: "你的認領已結束",
    preheader: "申請已於 {at} 放回待辦事項。",
    heading: "你的認領已結束",
    opening: &[
        "你曾認領此申請，但未有在時限內確認、退回或放回。你的認領已於 {at} 結束，申請已放回待辦事項，可由你或同事認領。",
        "如要繼續覆核，請開啟申請並再按「認領」。",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const HANDED_OVER: Wording = Wording {
    subject: "已轉交給你覆核",
    preheader: "{actor} 已於 {at} 轉交給你，現由你處理。",
    heading: "已轉交給你覆核",
    opening: &[
        "{actor} 曾認領此申請，並已於 {at} 轉交給你。申請現由你處理，在你放回申請或認領時限屆滿之前，其他人不能作決定。",
    ],
    steps: &[
        "開啟申請，覆核 {maker} 填報的內容。",
        "按「確認」，並在彈出的方格中再按「確認」。如內容有誤，請改按「退回」並說明原因。",
        "如未能作出決定，請按「放回」，或轉交另一位同事。",
    ],
    link: OPEN,
};

pub(super) const BACK_ON_THE_DESK: Wording = Wording {
    subject: "已放回待辦事項",
    preheader: "曾認領此申請的 {last_holder} 暫離或已離任。你或同事可認領。",
    heading: "已放回待辦事項",
    opening: &[
        "{last_holder} 曾認領此申請，現時暫離或已離任。申請已於 {at} 放回待辦事項，可由你或同事認領。",
    ],
    steps: &[
        "以下方連結開啟申請，或在「待辦事項」內找出 {reference}。",
        "按「認領」，審閱申請後作出決定。",
    ],
    link: OPEN,
};

pub(super) const OFFICERS_ENDS_SOON: Wording = Wording {
    preheader: "認領將於 {ends} 結束。請在此之前完成、退回、拒絕或放回申請。",
    opening: &[
        "此申請自 {at} 起由你處理。你的認領將於 {ends} 結束。如屆時仍未完成、退回或拒絕，申請會放回待辦事項，可由你或其他職員認領。",
    ],
    steps: &[
        "開啟申請並審閱內容。",
        "按「完成」，或按「退回」或「拒絕」並說明原因。",
        "如未能及時作出決定，請按「放回」，讓其他職員可以認領。如要保留，請按「保留認領」。",
    ],
    ..ENDS_SOON
};

pub(super) const OFFICERS_ENDED: Wording = Wording {
    opening: &[
        "你曾認領此申請，但未有在時限內完成、退回、拒絕或放回。你的認領已於 {at} 結束，申請已放回待辦事項，可由你或其他職員認領。",
        "如要繼續處理，請開啟申請並再按「認領」。",
    ],
    ..ENDED
};

pub(super) const TAKEN_OVER: Wording = Wording {
    subject: "已由另一位職員接手",
    preheader: "{actor} 已於 {at} 接手並說明原因。你無須處理。",
    heading: "已由另一位職員接手",
    opening: &[
        "你曾認領此申請。{actor} 已於 {at} 接手，申請現由其處理。",
        "你無須處理。",
    ],
    steps: &[],
    link: OPEN,
};
