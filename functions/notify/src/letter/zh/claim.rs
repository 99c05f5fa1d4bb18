//! Chinese letters on claims that end.

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
