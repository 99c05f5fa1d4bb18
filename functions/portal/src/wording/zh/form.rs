//! The form in Hong Kong's Traditional Chinese.

use crate::import::{ImportFault, Source};
use crate::wording::form::FormWords;

pub(crate) static FORM: FormWords = FormWords {
    kept: "你上次離開此頁時，有內容尚未儲存。",
    kept_there: "你曾填寫此表格但尚未儲存。要繼續填寫原有內容，還是以剛才所選的資料填寫新表格？",
    continue_kept: "繼續填寫原有內容",
    put_back: "還原",
    throw_away: "捨棄",
    characters_left_one: "尚可輸入 1 個字元",
    characters_left: "尚可輸入 {} 個字元",
    characters_over_one: "超出 1 個字元",
    characters_over: "超出 {} 個字元",
    date_hint: "例如 2023-05-02",
    choose: "顯示相關欄位",
    fill_in: "填入現有權限",
    filled_in: "已填入此人現有的權限，你已輸入的內容維持不變。無須更改的項目請留空。",
    import: "批量貼上或上載",
    import_file: "或選擇 CSV 檔案",
    import_filed: "所選檔案的資料",
    import_filed_hint: "如另選檔案，將取代以下資料。",
    import_button: "加入以上項目",
    import_nothing: "未有加入任何項目：",
    left_out: "已加入各項。以下欄位並不屬於此表格，已略去：",
    list_separator: "、",
    drafts_there: "你有此表格的草稿。你可繼續填寫草稿，或以所選的用戶識別碼填寫新表格。",
    continue_draft: "繼續填寫草稿：",
    start_anew: "填寫新表格",
    glossary: "欄位說明",
    format: "格式",
    reference_column: "參考文件",
    no_history: "尚未儲存，因此沒有歷史記錄。",
    whose_register: "本平台亦有列出，見",
    pasted: "已貼上 {lines} 行；取代了 {replaced} 格原有內容；略去 {out} 格。",
    paste_too_many: "未有貼上任何內容：最多可有 {most} 項，而這些資料需要 {lines} 項。",
    undo: "復原",
    no_source: "沒有",
    campaign_source: "2023 年 2 月 28 日的指引及通告",
    between: |min, max| format!("{min} 至 {max}"),
    address_hint: |least, most| format!("{least} 至 {most} 行，與信封上的寫法相同"),
    import_paste: |labels| format!("每行：{}", labels.join(",")),
    import_hint: |example, most| {
        let example = example.map(|line| format!("，例如 {line}")).unwrap_or_default();
        format!("每行一項{example}。最多 {most} 項。新增項目會列於以上各項之後。")
    },
    at_most: |most| format!("最多 {most} 個字元"),
    import_fault: |told| {
        let source = match told.source {
            Some(Source::Pasted) => "貼上的資料：",
            Some(Source::File) => "檔案：",
            None => "",
        };
        [source, &import_fault(&told.fault)].concat()
    },
};

fn import_fault(problem: &ImportFault) -> String {
    match problem {
        ImportFault::NotText => {
            "未能讀取檔案的文字。請在 Excel 另存為「CSV UTF-8（逗號分隔）」，再重新選擇檔案。".to_owned()
        }
        ImportFault::Nothing => "沒有可加入的內容。請貼上資料或選擇檔案。".to_owned(),
        ImportFault::NoColumn(label) => format!("標題行欠缺「{label}」一欄。"),
        ImportFault::ColumnTwice(label) => format!("標題行有多於一欄「{label}」。"),
        ImportFault::Columns { line, labels } => {
            format!("第 {line} 行：只須填寫以下各欄：{}。", labels.join("、"))
        }
        ImportFault::Quotes { line } => format!("第 {line} 行：引號沒有成對。"),
        ImportFault::Cell { line, kind } => format!("第 {line} 行：{}", super::refused::fault(kind)),
        ImportFault::Repeated { line, earlier } => format!("第 {line} 行：與第 {earlier} 行重複。"),
        ImportFault::RepeatsPasted { line, earlier } => {
            format!("第 {line} 行：與貼上的資料第 {earlier} 行重複。")
        }
        ImportFault::TooMany { most, found } => {
            format!("加入後將有 {found} 項，最多只可有 {most} 項。其餘請另行提交申請。")
        }
    }
}
