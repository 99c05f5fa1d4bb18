//! 2FA readiness in Traditional Chinese.

use countersign_domain::register::Readiness;
use countersign_domain::request::DeskKind;
use countersign_domain::shortage::Shortage;

use crate::wording::readiness::ReadinessWords;

pub(crate) static READINESS: ReadinessWords = ReadinessWords {
    title: "雙重認證就緒情況",
    lead: "並行運作開始時，貴公司哪些授權管理員可使用雙重認證（2FA），以及尚待辦理的事項。",
    lead_officer: "並行運作開始時，可使用雙重認證（2FA）的授權管理員人數，以及進度落後的公司。",
    figures: "登記進度",
    administrators: "授權管理員：",
    as_of: "截至 ",
    oldest_count: "各公司的數字於有變動時重新計算。其中最舊的數字計算於 ",
    none_counted: "尚未計算任何公司的數字。",
    download: "下載 CSV 檔案",
    chart_title: "距離限期的登記進度",
    chart_table: "以列表顯示",
    chart_nobody: "尚未有人登記電郵地址。",
    day: "日期",
    registered: "已有電郵地址",
    today: "今天",
    deadline: "限期",
    not_ready: "尚未就緒",
    all_ready: "所列授權管理員均已就緒。",
    under_way: "處理進度",
    companies: "各公司",
    company: "公司",
    total: "總數",
    counted: "計算時間",
    never_counted: "尚未計算",
    all_companies: "所有公司",
    no_companies: "尚未有公司記錄。",
    start_title: "為未登記者填報申請",
    behind_tag: "落後",
    short_tag: "人手不足",
    bounced_since: "電郵被退回，自 ",
    retry: "恢復發送電郵",
    retry_hint: "下一封寄往此地址的電郵會再次發送。如再被退回，會再次顯示為電郵被退回。",
    retried: "已恢復發送電郵至該地址。如下一封再被退回，會再次顯示為電郵被退回。",
    name_of: |readiness| match readiness {
        Readiness::Ready => "已就緒",
        Readiness::Pending => "處理中",
        Readiness::NotGuaranteed => "不保證如期",
        Readiness::AddressBounced => "電郵被退回",
        Readiness::NotRegistered => "未有電郵地址",
    },
    means: |readiness| match readiness {
        Readiness::Ready => "已如期登記，無須再辦理任何事項。",
        Readiness::Pending => "申請正在處理。請跟進，確保有關人士作出決定。",
        Readiness::NotGuaranteed => "於限期後登記，並行運作開始時雙重認證未必可用。",
        Readiness::AddressBounced => "寄往所登記地址的電郵被退回。請登記正確的地址，或要求 HKEX 再次嘗試。",
        Readiness::NotRegistered => "沒有處理中的申請。請填報申請。",
    },
    means_to_officers: |readiness| match readiness {
        Readiness::Ready => "已如期登記。",
        Readiness::Pending => "申請正在處理。",
        Readiness::NotGuaranteed => "於限期後登記，並行運作開始時雙重認證未必可用。",
        Readiness::AddressBounced => "寄往所登記地址的電郵被退回。待公司修正後，可恢復發送電郵。",
        Readiness::NotRegistered => "沒有處理中的申請。",
    },
    desk: |desk, is_officer| match (desk, is_officer) {
        (DeskKind::Checkers, false) => "由貴公司覆核人處理",
        (DeskKind::Checkers, true) => "由該公司覆核人處理",
        (DeskKind::Exchange, _) => "由 HKEX 處理",
    },
    days_left: |days| match days {
        Some(0) => "限期為今天。".to_owned(),
        Some(days) => format!("尚餘 {days} 天。"),
        None => "限期已過。".to_owned(),
    },
    uncounted: |companies| format!("{companies} 間公司尚未計算，未有計入以上數字。"),
    behind: |behind, companies| format!("{companies} 間公司中，{behind} 間進度落後。"),
    short: |shortage| {
        let Shortage { needed, there, away } = *shortage;
        let away = if away > 0 {
            format!("，另有 {away} 人暫離")
        } else {
            String::new()
        };
        format!("需要 {needed} 人，現時可處理的有 {there} 人{away}。")
    },
    are_short: |companies| format!("{companies} 間公司人手不足，未能完成任何申請。"),
    chart_text: |registered, total, deadline| {
        format!("{total} 名授權管理員中，{registered} 名已有電郵地址。限期為 {deadline}。")
    },
    start: |form, participant, administrators| format!("為 {participant} 填報 {form}（{administrators} 名）"),
};
