//! The Chinese letter about a registered address from which mail comes back.

use super::{OPEN, Wording};

pub(super) const ADDRESS: Wording = Wording {
    subject: "所登記的電郵地址被退回",
    preheader: "寄往 {bounced} 的電郵被退回。請更正地址，或要求 HKEX 再次嘗試。",
    heading: "所登記的電郵地址被退回",
    opening: &[
        "HKEX 已於 {at} 完成此申請。寄往 {bounced} 的登記通知被退回，電郵未能送達該地址。",
        "該地址已為 {bounced_user_ids} 登記。「雙重認證就緒情況」頁面現顯示為「電郵被退回」，亦不會再有電郵寄往該地址。",
    ],
    steps: &[
        "向使用該地址的人查詢地址是否正確。",
        "如地址有誤，請填報新申請，登記正確的地址。「雙重認證就緒情況」頁面備有連結。",
        "如地址正確，請貴公司的電郵管理人員查明被拒的原因，然後要求 HKEX 恢復寄往該地址，或重新登記。",
    ],
    link: OPEN,
};
