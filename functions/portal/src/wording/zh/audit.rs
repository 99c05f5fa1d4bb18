//! The audit in Traditional Chinese.

use countersign_domain::audit::{Kind, Reason};

use crate::wording::audit::AuditWords;

pub(crate) static AUDIT: AuditWords = AuditWords {
    title: "審計",
    lead: "貴公司申請的每一步驟及每次被拒的嘗試，由新至舊排列。",
    lead_officer: "處理台上及交易所本身的申請的每一步驟。其他申請可按參考編號查詢。",
    entries: "記錄項目",
    kinds: "項目類別",
    person: "人員",
    step: "步驟",
    from: "由",
    to: "至",
    when: "時間",
    what: "事項",
    who: "人員姓名",
    request: "申請",
    reference: "參考編號",
    nothing: "這些申請中沒有符合的項目。",
    older: "繼續",
    csv: "下載 CSV",
    json_lines: "下載 JSON Lines",
    json_hint: "JSON Lines 檔案載有每一步驟的記錄及雜湊值，可用程式核實。",
    refused_attempts: "被拒的嘗試",
    refused_lead: "曾有人嘗試但被拒的步驟。這些嘗試沒有作出任何更改，亦不屬於處理記錄。",
    kind: |kind| match kind {
        Kind::Step => "步驟",
        Kind::Refused => "被拒的嘗試",
        Kind::Viewed => "查閱記錄",
    },
    reason: |reason| match reason {
        Reason::RightMissing => "欠缺權限",
        Reason::RightWithdrawn => "權限已被撤回",
        Reason::OwnRequest => "曾填報或修改此申請",
        Reason::AboutActor => "此申請與該人員本身有關",
        Reason::TooFewManagers => "餘下可管理用戶的人數不足",
        Reason::CheckedFirst => "已作首次覆核",
        Reason::NotItsMaker => "並非填報人",
        Reason::NotItsConfirmer => "並非確認人",
        Reason::NotPossible => "當時未能執行",
        Reason::Stale => "查閱後申請已有更改",
        Reason::NotOpenYet => "尚未開放",
        Reason::MessageMissing => "欠缺訊息",
        Reason::NoOtherChecker => "沒有其他人可覆核",
        Reason::TokenEnded => "電郵已失效",
    },
    times: |times, first| format!("共 {times} 次，首次為 {first}"),
    opened: |version| format!("打開了版本 {version}"),
    bounded: |most| format!("此頁最多檢視 {most} 項申請。「繼續」會顯示其餘項目，然後是較早填報的申請。"),
};
