//! What is wrong in a form, and why a step was refused, in Traditional Chinese. English has these words in the domain,
//! since the API says them too.

use countersign_domain::campaign::Campaign;
use countersign_domain::fault::{FaultKind, JsonType};
use countersign_domain::field::PostalAddress;
use countersign_domain::request::Checks;
use countersign_domain::time::shown_day;
use countersign_domain::workflow::{Action, Refusal};

use super::{WORDS, action};
use crate::wording::Language;

pub(super) fn fault(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Missing => "請填寫此欄。".to_owned(),
        FaultKind::Unknown => "此表格沒有這個欄位。".to_owned(),
        FaultKind::NotA(JsonType::Text) => "此處須為文字。".to_owned(),
        FaultKind::NotA(JsonType::Flag) => "此處須為是或否。".to_owned(),
        FaultKind::NotA(JsonType::List) => "此處須為清單。".to_owned(),
        FaultKind::NotA(JsonType::Object) => "此處須為一組欄位。".to_owned(),
        FaultKind::TooLong(max) => format!("最多 {max} 個字元。"),
        FaultKind::Character(at) => {
            let named = at.named(Language::TraditionalChinese);
            format!("請刪除第 {} 個字元：{named}。", at.position)
        }
        FaultKind::NotAnOption(options) => {
            let labels: Vec<&str> = options.iter().map(|option| option.label.zh).collect();
            format!("請選擇其中一項：{}。", labels.join("、"))
        }
        FaultKind::TooFewRows(min) => format!("請加入至少 {min} 項。"),
        FaultKind::TooManyRows(max) => format!("最多 {max} 項。其餘請另行提交申請。"),
        FaultKind::Duplicate(row) => format!("與第 {row} 項重複。"),
        FaultKind::UserId { participant, suffix } => {
            format!(
                "此並非參與者 {participant} 的用戶識別碼：須以 {participant} 開首，後接符合 {suffix} 的尾碼。"
            )
        }
        FaultKind::Number { min, max } => format!("請輸入 {min} 至 {max} 的整數。"),
        FaultKind::Date => "請輸入日曆上的日期，例如 2023-02-07。".to_owned(),
        FaultKind::Address => format!(
            "請輸入 {} 至 {} 行的郵寄地址，每行最多 {} 個字元。",
            PostalAddress::MIN_LINES,
            PostalAddress::MAX_LINES,
            PostalAddress::MAX_LINE_CHARS
        ),
        FaultKind::NotForChoice => "此項不屬於你所選擇的申請。請刪除此項，或另作選擇。".to_owned(),
        FaultKind::Email => "請輸入一個電郵地址，例如 name@company.com.hk。".to_owned(),
        FaultKind::Telephone => "請輸入 8 位香港號碼，或國際號碼，例如 +85229797111。".to_owned(),
        FaultKind::Undeclared => "提交前請先確認聲明。".to_owned(),
        FaultKind::NotOwnParticipantship => "此並非貴公司的參與者身分。".to_owned(),
        FaultKind::UnknownEService => "沒有此電子服務。".to_owned(),
        FaultKind::InRegister => "登記冊已有此用戶識別碼。".to_owned(),
        FaultKind::NotInRegister => "登記冊並無此用戶識別碼。".to_owned(),
        FaultKind::SubjectInOpenRequest(None) => {
            "另一份處理中的申請已涉及此項。同一時間只可有一份。".to_owned()
        }
        FaultKind::SubjectInOpenRequest(Some(reference)) => {
            format!("處理中的申請 {reference} 已涉及此項。同一時間只可有一份。")
        }
        FaultKind::NotInDirectory => "貴公司並無此人士。".to_owned(),
        FaultKind::NotForSystem => "這是系統，並無可更改的權限、缺勤或個人登入資料，只可移除。".to_owned(),
        FaultKind::NameTaken => {
            "貴公司現有或以往有人士的名稱與此看來相同。請加以區分，例如 D Wong (Settlement)。".to_owned()
        }
        FaultKind::AddressTaken => "貴公司已有人士使用此地址。每人須以各自的地址登入及接收電郵。".to_owned(),
        FaultKind::RightNotForCompany(right) => {
            format!("{} 存取權限不適用於貴公司。", right.as_str())
        }
        FaultKind::AbsenceEndsFirst => "最後一日早於首日。".to_owned(),
        FaultKind::InOpenRequest(None) => {
            "此用戶識別碼已載於另一份處理中的申請。同一時間只可載於一份申請。".to_owned()
        }
        FaultKind::InOpenRequest(Some(reference)) => {
            format!("此用戶識別碼已載於處理中的申請 {reference}。同一時間只可載於一份申請。")
        }
    }
}

pub(super) fn refusal(refusal: &Refusal, step: Action, status: Option<&str>, campaign: &Campaign) -> String {
    let verb = action(step);
    match refusal {
        Refusal::NotFound => "沒有此申請。".to_owned(),
        Refusal::RightMissing(right) => (WORDS.right_missing)(*right),
        Refusal::RightWithdrawn(right) => format!(
            "系統並無執行任何操作：你已沒有 {} 存取權限。如屬錯誤，請向貴公司的管理員查詢。",
            right.as_str()
        ),
        Refusal::OwnRequest => "此申請由你填報或編輯，須由貴公司另一人覆核。".to_owned(),
        Refusal::CheckedFirst => "此申請由你首次覆核，須由貴公司另一人再作覆核。".to_owned(),
        Refusal::AboutActor => "此申請與你有關，須由貴公司另一人覆核。".to_owned(),
        Refusal::TooFewManagers => "系統並無執行任何操作：否則貴公司可管理用戶的人士將少於兩名。".to_owned(),
        Refusal::NotItsMaker => format!("只有此申請的填報人可{verb}。"),
        Refusal::NotItsConfirmer => format!("只有確認此申請的覆核人可{verb}。"),
        Refusal::NoLongerPossible => match status {
            Some(status) => format!("現時不能{verb}此申請。其狀態為：{status}。"),
            None => format!("現時不能{verb}此申請。"),
        },
        Refusal::Stale => "你查閱此申請後，申請已有更改。請重新查閱後再作決定。".to_owned(),
        Refusal::NotOpenYet => format!("{} 起接受申請。", shown_day(campaign.opens())),
        Refusal::MessageMissing => "請在給下一位處理人的訊息中說明原因。".to_owned(),
        Refusal::MakerIsThere => {
            "此申請的填報人現可繼續處理。填報人暫離、已離開公司或不再可填報此類申請時，方可接手其草稿。"
                .to_owned()
        }
        Refusal::ColleagueMissing => "請選擇將申請轉交給哪位同事。".to_owned(),
        Refusal::ColleagueCannotCheck => {
            "該同事不能覆核此申請：其曾填報或編輯此申請、暫離或沒有存取權限。請另選同事。".to_owned()
        }
    }
}

pub(super) fn no_other_checker(checks: Checks) -> &'static str {
    match checks {
        Checks::One => {
            "貴公司並無其他人士可覆核此申請。須另有一人獲授 EU_UserMaintenance 存取權限（AM 1 則為 EU_ManageUsers），你方可提交。"
        }
        Checks::FirstOfTwo | Checks::LastOfTwo => {
            "此申請須由貴公司另外兩人覆核，但可覆核的人數不足。須另有人士獲授 EU_UserMaintenance 存取權限，你方可提交。"
        }
    }
}
