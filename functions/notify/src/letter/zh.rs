//! Traditional Chinese as Hong Kong uses it.

use countersign_domain::language::Language;
use countersign_domain::wording;
use countersign_domain::workflow::Audience;

use super::kind::Kind;
use super::words::{Wording, Words};

mod bounced;
mod check;
mod claim;
mod colleague;
mod company;
mod reply;

pub(super) static WORDS: Words = Words {
    product: "Countersign",
    colon: "：",
    comma: "，",
    list_comma: "、",
    dear: "{name}：",
    dear_administrator: "授權管理員：",
    hello: "你好：",
    some_checker: "一位覆核人",
    message: "{actor} 的訊息",
    your_reason: "你的原因",
    you_also_wrote: "你另外寫道",
    steps: "下一步",
    undo: "如要撤銷此決定",
    link_hint: "或開啟以下網址：",
    in_time: "請於 {deadline} 或之前發送至 HKEX，以確保並行運作開始時雙重認證（2FA）可用。",
    late: "不保證如期：此申請於限期 {deadline} 之後提交。申請仍會處理，但不保證於並行運作開始前完成。",
    late_completed: "不保證如期：此申請於限期 {deadline} 之後提交。電郵地址雖已登記，但不保證並行運作開始時其雙重認證（2FA）可用。",
    late_registered: "不保證如期：此申請於限期 {deadline} 之後提交。電郵地址雖已登記，但不保證並行運作開始時可用於雙重認證（2FA）。",
    works: "由並行運作開始起，有關電郵地址可用於雙重認證（2FA）。",
    works_for_you: "由並行運作開始起，你可用此地址啟動雙重認證（2FA），以登入 CCASS/CCMS 終端機。",
    who_checks: "申請須由貴公司另一人覆核，方可發送至 HKEX。",
    who_checks_two: "申請須由貴公司另外兩人覆核，方可發送至 HKEX。",
    confirming: "申請便會發送至 HKEX。",
    confirming_first: "申請隨後須由另一人再作覆核，方可發送至 HKEX。",
    first_checked_by: "首次覆核人",
    submitted_by: "提交人",
    confirmed_by: "確認人",
    confirmed_by_mail: "以電郵確認人",
    user_ids: "用戶識別碼數目",
    registered_addresses: "已登記的電郵地址",
    user_id: "用戶識別碼",
    email_address: "電郵地址",
    none: "沒有",
    if_wrong: "如資料有誤，請致電",
    replies: "請勿回覆此電郵，回覆不會獲處理。",
    only_such_replies: "寄往回覆地址的電郵，只有按上述方法作出方為有效。",
    what_you_check: "你覆核的版本",
    version: "版本",
    form_sha256: "表格的 SHA-256",
    or_by_mail: "你亦可以電郵作決定，無須登入，方法載於申請內容之後。",
    by_mail: "或以電郵作決定",
    by_mail_intro: "請先覆核以上申請，然後使用以下其中一個連結。每個連結會開啟一封新電郵，收件地址及所需的第一行均已填妥。",
    confirm_by_mail: "以電郵確認",
    confirm_does: "按原樣發出該電郵，即確認此申請的版本 {version} 並發送至 HKEX。在第一行以下加上的文字，會成為你的訊息一併發送。",
    confirm_does_first: "按原樣發出該電郵，即由你首次覆核並確認此申請的版本 {version}；申請隨後須由另一人再作覆核，方可發送至 HKEX。在第一行以下加上的文字，會成為你的訊息一併發送。",
    return_by_mail: "以電郵退回",
    return_does: "緊接第一行之下（中間不留空行）寫上原因（最多 {most} 個字元），然後發出該電郵，申請便會退回給 {maker}，還原為草稿。",
    without_links: "如連結未能開啟電郵，請回覆此電郵：在第一行先寫 CONFIRM（確認）或 RETURN（退回），空一格，再寫參考編號 {reference}。訊息或原因則寫在下一行。",
    again: "如何作決定",
    again_in_the_portal: "以下方連結開啟申請，然後在平台上作決定。",
    again_by_mail: "或返回原先請你覆核的電郵（並非此電郵），使用其中的「以電郵確認」或「以電郵退回」連結。確認只適用於此申請的版本 {version}。",
    again_without_links: "或回覆該電郵：在所有內容之上的第一行先寫 CONFIRM（確認）或 RETURN（退回），空一格，再寫參考編號 {reference}。訊息或原因（最多 {most} 個字元）則寫在下一行。",
    when_it_counts: "回覆何時有效",
    it_arrives: "送達時限",
    it_comes_from: "寄自",
    otherwise: "如申請在你的回覆送達前已被認領或更改，回覆將不會生效，你會收到電郵通知。",
    keep_to_yourself: "請勿轉寄此電郵：其回覆地址只供你本人使用。",
    status_now: "申請目前的狀態為：{status}。",
    claimed: "已由 {holder} 於 {since} 認領",
    no_further_reply: "再次回覆該電郵亦不會生效。如要作決定或查看進度，請開啟申請。",
    last_answer: "這是你今天收到的最後一封同類答覆。在香港時間午夜之前，未有生效的回覆將不再獲答覆。如要作決定，請登入並開啟申請。",
    not_you: "如該回覆並非由你發出，請通知 {company} 的電郵管理人員。",
    why_returned: "你收到此電郵，是因為此申請以你的名義退回。",
    why_replied: "你收到此電郵，是因為你的地址曾回覆有關此申請的電郵。",
    wording,
    without_addresses,
    why: |audience| match audience {
        Audience::Checkers => "你收到此電郵，是因為你可覆核 {company} 的申請。",
        Audience::OtherCheckers => "你收到此電郵，是因為你曾獲通知覆核此申請。你可在個人資料中關閉此類電郵。",
        Audience::Colleagues => {
            "你收到此電郵，是因為此申請的填報人 {maker} 暫離、已離任或不再可填報申請，而你可填報 {company} 的申請。"
        }
        Audience::Maker => "你收到此電郵，是因為此申請由你填報。",
        Audience::Checker => "你收到此電郵，是因為此申請以你的名義確認。",
        Audience::Holder | Audience::Officer => "你收到此電郵，是因為此申請由你認領。",
        Audience::LastHolder | Audience::LastOfficer => "你收到此電郵，是因為你曾認領此申請。",
        Audience::ExchangeDesk => "你收到此電郵，是因為你負責處理 HKEX 的申請。",
        Audience::ContactPersons => "你收到此電郵，是因為 {company} 在此申請中將你列為聯絡人。",
        Audience::NewAddresses => "你收到此電郵，是因為 {company} 登記了此電郵地址。",
        Audience::PersonConcerned => "你收到此電郵，是因為此申請與你有關。",
    },
    status: |state, end| wording::brief_status(state, end, Language::TraditionalChinese),
};

fn without_addresses(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Completed => Some(&["HKEX 已於 {at} 完成你的申請。"]),
        Kind::CompletedAsConfirmed => Some(&["HKEX 已於 {at} 完成由你確認的申請。"]),
        Kind::CompletedForContact => {
            Some(&["HKEX 已於 {at} 完成 {company} 的申請。此申請由 {maker} 填報，並由 {checker} 確認。"])
        }
        Kind::Rejected => Some(&["HKEX 的 {actor} 已於 {at} 拒絕你的申請，決定為最終。"]),
        Kind::RejectedAsConfirmed => Some(&[
            "此申請由你確認。HKEX 的 {actor} 已於 {at} 拒絕此申請，決定為最終。",
            "你無須處理。填報人 {maker} 亦會獲通知。",
        ]),
        Kind::ToCheck
        | Kind::ToCheckAgain
        | Kind::CheckedOnce
        | Kind::FirstCheckReceipt
        | Kind::ToCheckHere
        | Kind::Done
        | Kind::AboutYou
        | Kind::DoneByColleague
        | Kind::Withdrawn
        | Kind::ClaimEndsSoon
        | Kind::ClaimEnded
        | Kind::HandedOver
        | Kind::BackOnTheDesk
        | Kind::OfficersClaimEndsSoon
        | Kind::OfficersClaimEnded
        | Kind::TakenOver
        | Kind::ReturnedByChecker
        | Kind::ReturnedByMail
        | Kind::ReturnReceipt
        | Kind::ReturnedByColleague
        | Kind::ReturnedWithoutItsMaker
        | Kind::ReturnedByExchange
        | Kind::ReturnedToItsMaker
        | Kind::Sent
        | Kind::ConfirmedByColleague
        | Kind::SentByMail
        | Kind::OnTheDesk
        | Kind::Receipt
        | Kind::OffTheDesk
        | Kind::Registered
        | Kind::CheckersUnreachable
        | Kind::AddressBounced
        | Kind::Declined(_) => None,
    }
}

fn wording(kind: Kind) -> Wording {
    match kind {
        Kind::ToCheck => check::TO_CHECK,
        Kind::ToCheckAgain => check::TO_CHECK_AGAIN,
        Kind::CheckedOnce => check::CHECKED_ONCE,
        Kind::FirstCheckReceipt => check::FIRST_RECEIPT,
        Kind::ToCheckHere => company::TO_CHECK_HERE,
        Kind::Done => company::DONE,
        Kind::AboutYou => company::ABOUT_YOU,
        Kind::DoneByColleague => company::DONE_BY_COLLEAGUE,
        Kind::Withdrawn => WITHDRAWN,
        Kind::ClaimEndsSoon => claim::ENDS_SOON,
        Kind::ClaimEnded => claim::ENDED,
        Kind::HandedOver => claim::HANDED_OVER,
        Kind::BackOnTheDesk => claim::BACK_ON_THE_DESK,
        Kind::OfficersClaimEndsSoon => claim::OFFICERS_ENDS_SOON,
        Kind::OfficersClaimEnded => claim::OFFICERS_ENDED,
        Kind::TakenOver => claim::TAKEN_OVER,
        Kind::ReturnedByChecker => RETURNED_BY_CHECKER,
        Kind::ReturnedByMail => reply::RETURNED,
        Kind::ReturnReceipt => reply::RETURN_RECEIPT,
        Kind::ReturnedByColleague => colleague::RETURNED,
        Kind::ReturnedWithoutItsMaker => colleague::WITHOUT_ITS_MAKER,
        Kind::ReturnedByExchange => RETURNED_BY_EXCHANGE,
        Kind::ReturnedToItsMaker => RETURNED_TO_ITS_MAKER,
        Kind::Sent => SENT,
        Kind::ConfirmedByColleague => colleague::CONFIRMED,
        Kind::SentByMail => SENT_BY_MAIL,
        Kind::OnTheDesk => ON_THE_DESK,
        Kind::Receipt => RECEIPT,
        Kind::OffTheDesk => OFF_THE_DESK,
        Kind::Completed => COMPLETED,
        Kind::CompletedAsConfirmed => COMPLETED_AS_CONFIRMED,
        Kind::CompletedForContact => COMPLETED_FOR_CONTACT,
        Kind::Registered => REGISTERED,
        Kind::Rejected => REJECTED,
        Kind::RejectedAsConfirmed => REJECTED_AS_CONFIRMED,
        Kind::CheckersUnreachable => colleague::CHECKERS_UNREACHABLE,
        Kind::AddressBounced => bounced::ADDRESS,
        Kind::Declined(why) => reply::declined(why),
    }
}

const OPEN: Option<&str> = Some("開啟申請");

const WITHDRAWN: Wording = Wording {
    subject: "已取回，無須覆核",
    preheader: "{actor} 已於 {at} 取回，你無須處理。",
    heading: "填報人已取回申請",
    opening: &[
        "{company} 的 {actor} 已於 {at} 取回此申請，申請已還原為草稿。",
        "你無須處理。如申請再次提交，你會再收到電郵。",
    ],
    steps: &[],
    link: None,
};

const RETURNED_BY_CHECKER: Wording = Wording {
    subject: "已退回給你",
    preheader: "{actor} 已於 {at} 退回並說明原因。",
    heading: "已退回給你",
    opening: &["{actor} 覆核後，已於 {at} 將你的申請退回給你。申請已還原為草稿，並未發送至 HKEX。"],
    steps: &[
        "開啟申請，然後按「編輯」。",
        "按訊息所述更正。",
        "按「預覽」，再按「提交」，並在彈出的方格中按「確認」。參考編號維持不變，覆核人會獲通知。",
    ],
    link: OPEN,
};

const RETURNED_BY_EXCHANGE: Wording = Wording {
    subject: "被 HKEX 退回",
    preheader: "HKEX 的 {actor} 已於 {at} 退回並說明原因。",
    heading: "被 HKEX 退回",
    opening: &["HKEX 的 {actor} 已於 {at} 將你的申請退回給你。申請已還原為草稿。"],
    steps: &[
        "開啟申請，然後按「編輯」。",
        "按訊息所述更正。",
        "按「預覽」，再按「提交」，並在彈出的方格中按「確認」。參考編號維持不變，申請須再次覆核方可發送至 HKEX。",
    ],
    link: OPEN,
};

const RETURNED_TO_ITS_MAKER: Wording = Wording {
    subject: "被 HKEX 退回填報人",
    preheader: "HKEX 的 {actor} 已於 {at} 退回給 {maker}。",
    heading: "被 HKEX 退回填報人",
    opening: &[
        "此申請曾由你確認。HKEX 的 {actor} 已於 {at} 將申請退回填報人 {maker}，申請已還原為草稿。",
        "你現時無須處理。{maker} 再次提交後，申請須再次覆核，屆時你會再收到電郵。",
    ],
    steps: &[],
    link: OPEN,
};

const SENT: Wording = Wording {
    subject: "已發送至 HKEX",
    preheader: "{actor} 已於 {at} 確認，你無須處理。",
    heading: "已發送至 HKEX",
    opening: &[
        "{actor} 已確認你的申請，並於 {at} 發送至 HKEX。",
        "你無須處理。HKEX 完成、退回或拒絕申請後，你會再收到電郵。",
    ],
    steps: &[],
    link: OPEN,
};

const SENT_BY_MAIL: Wording = Wording {
    opening: &[
        "{actor} 已以電郵確認你的申請，申請已於 {at} 發送至 HKEX。",
        "你無須處理。HKEX 完成、退回或拒絕申請後，你會再收到電郵。",
    ],
    ..SENT
};

const ON_THE_DESK: Wording = Wording {
    subject: "HKEX 待辦事項有新申請",
    preheader: "{company} 已於 {at} 發送。",
    heading: "HKEX 待辦事項有新申請",
    opening: &["{company} 已於 {at} 發送此申請，現等候職員認領。"],
    steps: &[
        "以下方連結開啟申請，或在「待辦事項」內找出 {reference}，然後按「認領」。",
        "審閱後按「完成」。如要退回填報人，請按「退回」；如要拒絕（無法復原），請按「拒絕」。兩者均須在訊息中說明原因。",
    ],
    link: OPEN,
};

const RECEIPT: Wording = Wording {
    subject: "你已以電郵確認",
    preheader: "已於 {at} 發送至 HKEX。如非你的本意，現時仍可取回。",
    heading: "你已以電郵確認此申請",
    opening: &["你已以電郵確認此申請，申請已於 {at} 發送至 HKEX。"],
    steps: &[
        "開啟申請並按「取回」。在 HKEX 職員認領之前均可取回；其後請要求 HKEX 退回。",
        "申請隨即由你認領。請按「退回」並說明原因，或重新覆核後再確認。",
        "如非由你確認，亦請通知 {maker} 及 {company} 的電郵管理人員。",
    ],
    link: Some("開啟申請以取回"),
};

const OFF_THE_DESK: Wording = Wording {
    subject: "已從 HKEX 待辦事項取回",
    preheader: "{actor} 已於 {at} 取回，你無須處理。",
    heading: "已從 HKEX 待辦事項取回",
    opening: &[
        "{company} 的 {actor} 曾確認此申請，現已於 {at} 取回。申請已不在 HKEX 的待辦事項內。",
        "你無須處理。如申請再次發送，你會再收到電郵。",
    ],
    steps: &[],
    link: None,
};

const COMPLETED: Wording = Wording {
    subject: "已完成",
    preheader: "HKEX 已於 {at} 完成此申請。",
    heading: "已完成",
    opening: &["HKEX 已於 {at} 完成你的申請。以下電郵地址已經登記，並會各自收到通知電郵。"],
    steps: &[],
    link: OPEN,
};

const COMPLETED_AS_CONFIRMED: Wording = Wording {
    opening: &["HKEX 已於 {at} 完成你確認的申請。以下電郵地址已經登記，並會各自收到通知電郵。"],
    ..COMPLETED
};

const COMPLETED_FOR_CONTACT: Wording = Wording {
    opening: &[
        "HKEX 已於 {at} 完成 {company} 的一項申請。申請由 {maker} 填報，並由 {checker} 確認。",
        "以下電郵地址已經登記，並會各自收到通知電郵。電郵會列出你的聯絡資料，以便收件人在資料有誤時致電。",
    ],
    link: None,
    ..COMPLETED
};

const REGISTERED: Wording = Wording {
    subject: "你的電郵地址已登記",
    preheader: "{company} 已於 {at} 登記此電郵地址。",
    heading: "你的電郵地址已登記",
    opening: &[
        "此電郵地址 {address} 已於 {at} 登記，用於以下用戶識別碼。登記由 {company} 以 {participantship} 身分申請：{maker} 填報，{checker} 確認，並由 HKEX 完成。",
        "你可於 DMS 的保安管理功能（Security Management Functions）內，查閱用戶資料列表（User Profile Listing）。",
    ],
    steps: &[],
    link: None,
};

const REJECTED: Wording = Wording {
    subject: "被 HKEX 拒絕",
    preheader: "HKEX 的 {actor} 已於 {at} 拒絕並說明原因。",
    heading: "被 HKEX 拒絕",
    opening: &["HKEX 的 {actor} 已於 {at} 拒絕你的申請，決定為最終。申請內的電郵地址均未登記。"],
    steps: &[
        "開啟申請，然後按「複製」，建立一份內容相同的新草稿。",
        "按訊息所述更正，並重新確認聲明。",
        "按「預覽」，再按「提交」，並在彈出的方格中按「確認」。新申請會獲編配新的參考編號。",
    ],
    link: OPEN,
};

const REJECTED_AS_CONFIRMED: Wording = Wording {
    opening: &[
        "此申請曾由你確認。HKEX 的 {actor} 已於 {at} 拒絕此申請，決定為最終。申請內的電郵地址均未登記。",
        "你無須處理。填報人 {maker} 亦會獲通知。",
    ],
    steps: &[],
    ..REJECTED
};
