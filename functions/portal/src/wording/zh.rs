//! Traditional Chinese as Hong Kong uses it.

use countersign_domain::campaign::Campaign;
use countersign_domain::eservice::{EService, End};
use countersign_domain::mail::MailStatus;
use countersign_domain::request::StateName;
use countersign_domain::time::shown_day;
use countersign_domain::wording;
use countersign_domain::workflow::Action;
use jiff::Timestamp;

use super::{Language, Words, names_its_end};

mod audit;
mod company;
mod desk;
mod form;
mod list;
mod own;
mod readiness;
mod refused;

pub(super) static WORDS: Words = Words {
    language: Language::TraditionalChinese,
    product: "Countersign",
    error_prefix: "錯誤：",
    colon: "：",
    other_language: "English",
    skip: "跳至主要內容",
    navigation: "主選單",
    count_lead: "待處理：",
    sign_out: "登出",
    terms: "條款及細則",
    all_times: "所有時間均為香港時間（HKT）。",
    breadcrumbs: "頁面路徑",
    unsent: "你輸入的內容尚未儲存。",
    sign_in: "登入",
    welcome_title: "歡迎使用 Countersign",
    welcome_text: "向 HKEX 提交的每項申請均須經兩人處理：一人填報，另一人覆核。",
    user_login: "用戶登入",
    login_hint: "請於下一頁輸入用戶識別碼／電郵及密碼。",
    log_in: "登入系統",
    forgotten: "忘記／重設密碼？",
    accept_lead: "登入即表示你接受",
    accept_tail: "，並確認你所填報的資料當事人已同意其個人資料用於有關用途。",
    prohibited: "未獲授權者不得使用本網站。",
    session_over_title: "登入時段已結束",
    session_over_text: "請重新登入。登入後會返回你原來的頁面。",
    attempt_over_title: "你尚未登入",
    attempt_over_text: "是次登入已逾時，或屬於另一個視窗。請重新登入。",
    home: "主頁",
    hello: "歡迎，",
    participant_management: "參與者管理",
    user_maintenance: "用戶維護",
    catalogue_caption: "用戶維護表格",
    classification: "類別",
    id: "編號",
    function: "功能",
    tasks: "待辦事項",
    tasks_lead: "貴公司已提交但尚未發送的申請，等候最久者在先。",
    tasks_lead_officer: "各公司已發送至 HKEX 的申請，等候最久者在先。",
    tasks_lead_manager: "先列 HKEX 本身人員的申請，再列各公司已發送的申請；等候最久者在先。",
    tasks_empty: "沒有待辦事項。",
    requests: "我的申請",
    requests_lead: "按最後更新時間排列，最新者在先。",
    requests_empty: "沒有符合的申請。",
    search: "搜尋",
    job_status: "處理狀態",
    show: "顯示",
    company_participant_id: "公司參與者編號",
    details: "詳情",
    last_update_date: "最後更新日期",
    not_guaranteed_tag: "不保證如期",
    pages: "分頁",
    first_page: "第一頁",
    next_page: "下一頁",
    listing: "用戶資料列表",
    listing_lead: "參與者的授權管理員，以及並行運作開始時其雙重認證（2FA）是否可用。",
    listing_empty: "此參與者沒有授權管理員記錄。",
    participant: "參與者",
    user_id: "用戶識別碼",
    email_address: "電郵地址",
    since: "登記時間",
    two_factor: "雙重認證",
    look_up: "查詢申請",
    look_up_lead: "按參考編號查詢已發送至 HKEX 的申請。",
    look_up_none: "並無此參考編號的申請已發送至 HKEX。",
    look_up_malformed: "請輸入參考編號，例如 DA3_00013361。",
    reference: "參考編號：",
    no_reference: "提交後編配",
    status_label: "狀態：",
    declared: "已確認",
    undeclared: "尚未確認",
    nothing_yet: "尚未填寫。",
    save: "儲存",
    preview: "預覽",
    top: "返回頁首",
    saved: "草稿已儲存。",
    remove: "移除",
    error_title: "出現問題",
    nothing_lost: "你輸入的內容已全部保留。",
    same_as_kept: "此頁內容與已儲存的內容相同。",
    changed_title_typed: "目前已儲存的內容與你此頁的內容",
    kept_now: "已儲存",
    you_have: "你的內容",
    key_used_title: "此表格曾經提交",
    key_used_text: "先前已由此表格建立一份內容不同的草稿，可於「我的申請」查閱。再次儲存將另建一份草稿。",
    please_confirm: "請確認以繼續",
    message_optional: "給下一位處理人的訊息（選填）",
    message_needed: "給下一位處理人的訊息：請說明原因",
    cancel: "取消",
    confirm: "確認",
    expand: "展開",
    history: "歷史記錄",
    held_by: "處理人：",
    since_lead: "，自 ",
    claim_ends: "認領結束：",
    claim_ended: "已放回：認領時限屆滿",
    waiting_since: "等候自：",
    status_now: "目前狀態：",
    you_typed: "你曾輸入：",
    changed_title: "自上次提交以來的更改",
    changed_before: "之前",
    changed_after: "現在",
    nothing_changed: "表格內容沒有更改。",
    field: "欄位",
    undelivered_title: "未能以電郵送達",
    undelivered_hint: "請親自通知有關人士，並更正公司名錄內的電郵地址。",
    refused_title: "未能執行",
    stale_title: "此申請已有更改",
    draft: "草稿",
    clock: "系統時鐘",
    erased: "已刪除的人士",
    not_found_title: "找不到",
    not_found_text: "這裏沒有可供你查閱的內容。請檢查網址，或由主頁開始。",
    right_missing_title: "欠缺存取權限",
    right_missing_ask: "請向貴公司的管理員申請有關權限，然後重新登入。",
    not_in_directory_title: "未有登記記錄",
    not_in_directory_text: "你的登入帳戶並未登記於任何公司。請聯絡貴公司的管理員辦理登記。",
    other_origin_title: "此要求並非來自本網站",
    other_origin_text: "系統並無執行任何操作。請返回該頁，重新載入後再按有關按鈕。",
    no_session_title: "你已登出系統",
    no_session_text: "系統並無執行任何操作。請登入，返回該頁後再按一次按鈕。",
    malformed_title: "未能讀取",
    malformed_text: "系統並無執行任何操作。請返回，重新載入頁面後再試。",
    too_large_title: "內容過多",
    too_large_text: "每份申請最多 256 KiB。請返回，並將其餘內容另行提交申請。",
    busy_title: "系統繁忙",
    busy_text: "請稍後再試。重複的要求只會執行一次。",
    failed_title: "系統發生錯誤",
    failed_text: "問題已經記錄。請稍後再試。重複的要求只會執行一次。",
    back_home: "前往主頁",
    to_sign_in: "前往登入頁",
    terms_text: &[
        (
            "使用資格",
            "只有獲所屬公司指定的人士方可使用。每人使用本身的登入帳戶，不得與他人共用。",
        ),
        (
            "填報內容",
            "你填報的內容必須真實，並以申請所需者為限。有關資料當事人須已同意。",
        ),
        (
            "保存記錄",
            "每個步驟均會連同執行者及時間一併保存。申請及其歷史記錄會存檔，有關公司及 HKEX 均可查閱。",
        ),
        (
            "個人資料",
            "姓名、電郵地址及電話號碼只會用於處理申請及通知有關人士，不作其他用途。",
        ),
    ],
    function_name: |eservice: &EService| eservice.function.zh,
    state: |state| wording::plain_status(state, Language::TraditionalChinese),
    brief_status: |state, end| wording::brief_status(state, end, Language::TraditionalChinese),
    status: |state, end| wording::status(state, end, Language::TraditionalChinese),
    action,
    asks,
    acted,
    did,
    fault: refused::fault,
    refusal: refused::refusal,
    right_missing: |right| format!("此操作需要 {} 存取權限。", right.as_str()),
    no_other_checker: refused::no_other_checker,
    on_forms: &form::FORM,
    on_own: &own::OWN,
    on_audit: &audit::AUDIT,
    on_company: &company::COMPANY,
    on_lists: &list::LIST,
    on_desk: &desk::DESK,
    on_readiness: &readiness::READINESS,
    campaign,
    late: |campaign| {
        format!(
            "此申請於 {} 之後提交。申請仍會處理，但不保證於並行運作開始前完成。",
            shown_day(campaign.deadline())
        )
    },
    undelivered: |status| match status {
        MailStatus::Bounced => "電郵被退回。",
        MailStatus::Rejected => "電郵系統拒絕發送。",
        MailStatus::Suppressed => "未有發送：寄往此地址的電郵曾被退回，或地址無效。",
        MailStatus::Delayed => "電郵有所延誤，系統仍在嘗試發送。",
        MailStatus::Sending
        | MailStatus::Sent
        | MailStatus::Delivered
        | MailStatus::Complained
        | MailStatus::Collected => "電郵已發送。",
    },
};

fn action(action: Action) -> &'static str {
    match action {
        Action::Save => "編輯",
        Action::Clone => "複製",
        Action::Discard => "捨棄",
        Action::Submit => "提交",
        Action::Reclaim => "取回",
        Action::Claim => "認領",
        Action::Release | Action::ReleaseForAbsence => "放回",
        Action::HandOver => "轉交",
        Action::TakeOver => "接手",
        Action::Return => "退回",
        Action::Confirm => "確認",
        Action::ConfirmByMail => "以電郵確認",
        Action::ReturnByMail => "以電郵退回",
        Action::Complete => "完成",
        Action::Reject => "拒絕",
    }
}

fn asks(action: Action, state: StateName) -> &'static str {
    match (action, state) {
        (Action::Save, _) => "草稿將會儲存。",
        (Action::Clone, _) => "系統將建立一份內容相同的新草稿，當中的聲明須重新確認。",
        (Action::Discard, _) => "草稿將會捨棄，無法復原。",
        (Action::Submit, _) => "申請將準備就緒，待發送至 HKEX。",
        (Action::Reclaim, StateName::Sent) => "申請將從 HKEX 取回，並如確認前一樣由你處理。",
        (Action::Reclaim, _) => "申請將會取回，並還原為草稿。",
        (Action::Claim, _) => {
            "申請將由你處理。在你放回申請或認領時限屆滿之前，其他人不能就此作決定。申請會顯示該時限。"
        }
        (Action::HandOver, _) => "申請將由你的同事處理，並以電郵通知該同事。其他人不能就此作決定。",
        (Action::TakeOver, StateName::Draft) => {
            "你將成為此草稿的填報人。其後你亦屬其填報人之一，不能覆核此申請。"
        }
        (Action::TakeOver, _) => "申請將由你接手處理，並以電郵通知現時處理的職員。",
        (Action::Release | Action::ReleaseForAbsence, _) => "申請將放回待辦事項，供其他人認領。",
        (Action::Return | Action::ReturnByMail, _) => "申請將退回填報人，並還原為草稿。",
        (Action::Confirm | Action::ConfirmByMail, _) => "申請將發送至 HKEX。",
        (Action::Complete, _) => "申請將會完成並生效，所有相關人士將獲通知。",
        (Action::Reject, _) => "申請將被拒絕，無法復原；填報人及覆核人將獲告知原因。",
    }
}

fn acted(action: Action) -> &'static str {
    match action {
        Action::Save => "已儲存",
        Action::Clone => "已複製",
        Action::Discard => "已捨棄",
        Action::Submit => "已提交",
        Action::Reclaim => "已取回",
        Action::Claim => "已認領",
        Action::Release => "已放回",
        Action::ReleaseForAbsence => "因處理人暫離或已離任而放回",
        Action::HandOver => "已轉交",
        Action::TakeOver => "已接手",
        Action::Return => "已退回",
        Action::Confirm => "已確認",
        Action::ConfirmByMail => "已以電郵確認",
        Action::ReturnByMail => "已以電郵退回",
        Action::Complete => "已完成",
        Action::Reject => "已拒絕",
    }
}

fn did(action: Action, to: StateName, end: End) -> String {
    match (action, to) {
        (Action::Reclaim, StateName::Claimed) => "已從 HKEX 取回".to_owned(),
        (Action::Confirm | Action::ConfirmByMail, StateName::ReadyToSend) => [
            acted(action),
            WORDS.colon,
            wording::checked_once(Language::TraditionalChinese),
        ]
        .concat(),
        _ if names_its_end(action, to) => acted(action).to_owned(),
        _ => format!(
            "{}：{}",
            acted(action),
            wording::status_in(to, end, Language::TraditionalChinese)
        ),
    }
}

fn campaign(campaign: &Campaign, now: Timestamp) -> String {
    let (opens, deadline) = (shown_day(campaign.opens()), shown_day(campaign.deadline()));
    if !campaign.is_open(now) {
        format!("登記於 {opens} 開始。在此之前不能儲存或提交。")
    } else if campaign.guarantees(now) {
        format!("請於 {deadline} 或之前提交，以確保並行運作開始時雙重認證可用。")
    } else {
        format!("限期已於 {deadline} 屆滿。申請仍獲受理，但不保證於並行運作開始前完成。")
    }
}
