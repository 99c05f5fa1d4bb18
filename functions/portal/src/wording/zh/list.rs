//! Lists in Traditional Chinese.

use countersign_domain::workflow::Action;

use crate::wording::list::ListWords;

pub(crate) static LIST: ListWords = ListWords {
    search_hint: "參考編號、用戶識別碼、電郵地址或姓名",
    filters: "篩選",
    clear: "清除所有條件",
    any: "不限",
    eservice: "電子服務",
    participantship: "參與者身分",
    participant_hint: "參與者編號，例如 B01234",
    maker: "填報人",
    makers_mine: "本人",
    makers_all: "本公司所有用戶",
    with: "處理人",
    with_you: "你",
    with_checkers: "覆核人",
    with_exchange: "HKEX",
    with_nobody: "無",
    from: "更新日期由",
    to: "更新日期至",
    download: "下載 CSV",
    nothing_matches: "沒有符合的申請。請更改搜尋內容，或清除篩選條件。",
    claim_selected: "認領所選",
    confirm_selected: "確認所選",
    not_opened: "請先打開並查閱此申請：你尚未打開此版本。",
    select_all: "全選",
    selected: "項已選",
    pick_first: "未有選擇任何申請。請先選擇申請。",
    no_longer: "列表顯示後，此申請已有更改。",
    fault_choice: "請從清單中選擇。",
    fault_date: "請輸入日期，例如 2023-02-07。",
    fault_order: "此日期早於開始日期。",
    fault_participant: "請輸入參與者編號，例如 B01234。",
    fault_long: "搜尋內容最多 200 個字元。",
    bounded: |most| format!("只檢視了首 {most} 項申請。如要查詢其他申請，請搜尋參考編號或用戶識別碼。"),
    forms_bounded: |most| format!("只搜尋了 {most} 份表格的填報內容。如要搜尋其他表格，請使用篩選條件。"),
    file_bounded: |most| {
        format!("CSV 最多載有此列表的首 {most} 項申請；如有未載列的申請，會在檔案末行註明。")
    },
    taken: |action, taken, all| {
        let verb = match action {
            Action::Confirm => "確認",
            _ => "認領",
        };
        format!("已{verb} {all} 項申請中的 {taken} 項")
    },
    pick: |name| format!("選擇 {name}"),
};
