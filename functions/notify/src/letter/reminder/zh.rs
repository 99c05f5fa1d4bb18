//! Traditional Chinese as Hong Kong uses it.

use super::words::{Counted, ListWords, Matter, Side, SideWords, Words};

pub(super) static WORDS: Words = Words {
    list,
    side,
    days: any("尚餘 {n} 天"),
    last_day: "今天是最後一天",
    heading: any("距離限期尚餘 {n} 天"),
    heading_today: "今天是最後一天",
    details: "CCASS/CCMS 授權管理員的電郵地址",
    preheader: "限期：{deadline}。截至 {as_of}。",
    opening: "限期將至，{company} 尚有你可處理的事項。以下為 {as_of} 的情況。",
    opening_everyone: "限期已十分接近，因此 {company} 的所有用戶均收到此電郵。以下為 {as_of} 尚待處理的所有事項，以及由誰負責。",
    ask: "你沒有 {right} 存取權限，不能自行處理以下事項。請聯絡有此權限的同事處理。",
    too_few: "人手不足，申請未能通過",
    opening_too_few: "限期將至，{company} 於 {as_of} 尚待處理的事項，以現時人手未能完成。",
    dates: "限期",
    company: "公司",
    deadline: "限期",
    days_left: "尚餘日數",
    today: "今天",
    working_days_left: "尚餘工作日",
    parallel_run: "並行運作開始日期",
    as_of: "截至",
    draft: "草稿",
    open_since: "自 {since} 起尚未提交。",
    open_with: "由 {with} 填報，自 {since} 起尚未提交。",
    waiting_since: "自 {since} 起等候認領。",
    claimed_by_you: "你已於 {since} 認領。",
    claimed_by: "{with} 已於 {since} 認領。",
    claim_ends: "認領將於 {ends} 結束。",
    and_more: any("另有 {n} 項"),
    new_request: "建立新申請",
    open_tasks: "開啟「待辦事項」",
    attached: "附件 {file} 可將限期加入你的日曆。日後提示電郵的附件會取代此項目。",
    why_everyone: "你收到此電郵，是因為你屬於 {company}，而限期將至。",
    description: "限期為 {deadline}。",
};

/// Chinese puts every number alike.
const fn any(words: &'static str) -> Counted {
    Counted {
        one: words,
        more: words,
    }
}

fn side(side: Side) -> SideWords {
    match side {
        Side::Company => SideWords {
            consequence: "授權管理員的電郵地址如未於限期或之前登記，並行運作開始時將不能啟動雙重認證（2FA）。",
            consequence_on: "授權管理員的電郵地址如未於限期或之前登記，並行運作於 {parallel_run} 開始時將不能啟動雙重認證（2FA）。",
            why: "你收到此電郵，是因為你可填報及覆核 {company} 的申請。",
            summary: "限期 23:59:59 HKT：登記授權管理員的電郵地址（2FA）",
        },
        Side::Exchange => SideWords {
            consequence: "公司於限期或之前發送的申請，保證於並行運作開始前完成。",
            consequence_on: "公司於限期或之前發送的申請，保證於並行運作在 {parallel_run} 開始前完成。",
            why: "你收到此電郵，是因為你負責處理交易所的申請。",
            summary: "限期 23:59:59 HKT：獲保證的授權管理員申請（2FA）",
        },
    }
}

fn list(matter: Matter, side: Side) -> ListWords {
    match (matter, side) {
        (Matter::NotRegistered, Side::Company | Side::Exchange) => ListWords {
            count: any("{n} 名授權管理員沒有可用的電郵地址"),
            title: "尚未登記電郵地址或電郵遭退回的授權管理員",
        },
        (Matter::Drafts, Side::Company | Side::Exchange) => ListWords {
            count: any("{n} 份草稿尚未提交"),
            title: "尚未提交的草稿",
        },
        (Matter::Waiting, Side::Company) => ListWords {
            count: any("{n} 項申請等候覆核人認領"),
            title: "等候覆核人認領的申請",
        },
        (Matter::Waiting, Side::Exchange) => ListWords {
            count: any("{n} 項申請在交易所等候認領"),
            title: "在交易所等候認領的申請",
        },
        (Matter::Claimed, Side::Company | Side::Exchange) => ListWords {
            count: any("{n} 項已認領的申請尚未有決定"),
            title: "已認領而尚未有決定的申請",
        },
    }
}
