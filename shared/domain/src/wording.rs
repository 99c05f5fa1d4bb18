//! The text that people read about a request: statuses, labels, refusals and faults.

use crate::actor::Right;
use crate::campaign::Campaign;
use crate::eservice::{EService, End};
use crate::fault::{FaultKind, JsonType, NamedOption};
use crate::field::PostalAddress;
use crate::history::HistoryRow;
use crate::id::Reference;
use crate::language::{Bilingual, Language, both};
use crate::request::{Checks, Head, State, StateName};
use crate::shortage::Shortage;
use crate::time;
use crate::workflow::{Action, Refusal};

/// The clock's name in the history.
pub const CLOCK_NAME: &str = "The clock";

/// What stands in place of a name that is erased.
pub const ERASED_NAME: &str = "Erased person";
/// What stands in place of a value of a form that is erased.
pub const ERASED: Bilingual = both("Erased", "已刪除");

/// The status of a request.
pub fn status_of(head: &Head, language: Language) -> String {
    status(&head.state, head.eservice.definition().end, language)
}

/// The status of a request that ends there. At the exchange, the English text is as the guideline words it (steps i, m and n).
pub fn status(state: &State, end: End, language: Language) -> String {
    match state {
        State::Claimed { holder, .. } => claimed(&holder.by.name, holder.at, language),
        State::Draft
        | State::ReadyToSend { .. }
        | State::Sent { .. }
        | State::Processing { .. }
        | State::Completed { .. }
        | State::Rejected { .. }
        | State::Discarded => brief_status(state, end, language).to_owned(),
    }
}

/// The status of a request without its holder.
pub fn brief_status(state: &State, end: End, language: Language) -> &'static str {
    match state {
        State::ReadyToSend { first_check: Some(_) } => checked_once(language),
        State::Draft
        | State::ReadyToSend { first_check: None }
        | State::Claimed { .. }
        | State::Sent { .. }
        | State::Processing { .. }
        | State::Completed { .. }
        | State::Rejected { .. }
        | State::Discarded => status_in(state.name(), end, language),
    }
}

/// The status of a request that waits for the second of two checkers.
pub fn checked_once(language: Language) -> &'static str {
    match language {
        Language::English => "Checked once",
        Language::TraditionalChinese => "已覆核一次",
    }
}

/// The status after a step.
pub fn status_after(row: &HistoryRow) -> String {
    match row.to {
        StateName::Claimed => {
            let holder = row.holder().unwrap_or(&row.actor);
            claimed(&holder.name, row.at, Language::English)
        }
        StateName::ReadyToSend if row.checks == Checks::LastOfTwo => {
            checked_once(Language::English).to_owned()
        }
        other => status_in(other, row.eservice.definition().end, Language::English).to_owned(),
    }
}

fn claimed(name: &str, at: jiff::Timestamp, language: Language) -> String {
    let at = time::shown(at);
    match language {
        Language::English => format!("Claimed By {name} on {at}"),
        Language::TraditionalChinese => format!("已由 {name} 於 {at} 認領"),
    }
}

/// The status text of a state, whoever holds or has checked a request that ends there.
pub fn status_in(state: StateName, end: End, language: Language) -> &'static str {
    match (state, end, language) {
        // Nothing of it goes to the exchange.
        (StateName::ReadyToSend, End::AtTheCompany, Language::English) => "Ready to Check",
        (StateName::ReadyToSend, End::AtTheCompany, Language::TraditionalChinese) => "待覆核",
        _ => plain_status(state, language),
    }
}

/// The status text of a state where it stands for requests of every eService, as in a filter.
pub fn plain_status(state: StateName, language: Language) -> &'static str {
    match language {
        Language::English => english_status(state),
        Language::TraditionalChinese => chinese_status(state),
    }
}

fn chinese_status(state: StateName) -> &'static str {
    match state {
        StateName::Draft => "草稿",
        StateName::ReadyToSend => "待發送至 HKEX",
        StateName::Claimed => "已認領",
        StateName::Sent => "已發送至 HKEX",
        StateName::Processing => "HKEX 處理中",
        StateName::Completed => "已完成",
        StateName::Rejected => "被 HKEX 拒絕",
        StateName::Discarded => "已捨棄",
    }
}

fn english_status(state: StateName) -> &'static str {
    match state {
        StateName::Draft => "Draft",
        StateName::ReadyToSend => "Ready to Send to HKEX",
        StateName::Claimed => "Claimed",
        StateName::Sent => "Sent to HKEX",
        StateName::Processing => "Processing by HKEX",
        StateName::Completed => "Completed",
        StateName::Rejected => "Rejected by HKEX",
        StateName::Discarded => "Discarded",
    }
}

/// The Details column of the Tasks list (guideline, step k).
pub fn details(reference: Option<&Reference>, eservice: &EService) -> String {
    match reference {
        Some(reference) => format!("{reference} - {}", eservice.function.en),
        None => eservice.function.en.to_owned(),
    }
}

/// The Company Participant ID column of the Tasks list (guideline, step k).
pub fn company_participant_id(head: &Head) -> String {
    match &head.participantship {
        Some(participantship) => format!("{} {}", head.company_name, participantship.id),
        None => head.company_name.clone(),
    }
}

/// The verb form of an action in a sentence.
fn doing(action: Action) -> &'static str {
    match action {
        Action::Save => "saved",
        Action::Clone => "cloned",
        Action::Discard => "discarded",
        Action::Submit => "submitted",
        Action::Reclaim => "reclaimed",
        Action::Claim => "claimed",
        Action::Release | Action::ReleaseForAbsence => "released",
        Action::HandOver => "handed over",
        Action::TakeOver => "taken over",
        Action::Return | Action::ReturnByMail => "returned",
        Action::Confirm | Action::ConfirmByMail => "confirmed",
        Action::Complete => "completed",
        Action::Reject => "rejected",
    }
}

/// Says why a step is refused. `status` is the text of the request's current status, if it is known.
pub fn refusal(refusal: &Refusal, action: Action, status: Option<&str>, campaign: &Campaign) -> String {
    let verb = doing(action);
    match refusal {
        Refusal::NotFound => "There is no such request.".to_owned(),
        Refusal::RightMissing(right) => right_missing(*right),
        Refusal::RightWithdrawn(right) => format!(
            "Nothing was done: you no longer have the access right {}. If that is a mistake, ask your company's administrator.",
            right.as_str()
        ),
        Refusal::OwnRequest => {
            "You made or edited this request, so another person of your company has to check it.".to_owned()
        }
        Refusal::CheckedFirst => {
            "You were the first to check this request, so another person of your company has to be the second.".to_owned()
        }
        Refusal::AboutActor => {
            "This request is about you, so another person of your company has to check it.".to_owned()
        }
        Refusal::TooFewManagers => {
            "Nothing was done: your company would keep fewer than two people who can manage its users."
                .to_owned()
        }
        Refusal::NotItsMaker => format!("Only the person who made this request can have it {verb}."),
        Refusal::NotItsConfirmer => {
            format!("Only the checker who confirmed this request can have it {verb}.")
        }
        Refusal::NoLongerPossible => match status {
            Some(status) => format!("This request can't be {verb} now. Its status is: {status}."),
            None => format!("This request can't be {verb} now."),
        },
        Refusal::Stale => {
            "This request has changed since you read it. Read it again, then decide.".to_owned()
        }
        Refusal::NotOpenYet => {
            format!(
                "Requests are accepted from {} on.",
                time::shown_day(campaign.opens())
            )
        }
        Refusal::MessageMissing => "Say why in a message to the next-step user.".to_owned(),
        Refusal::MakerIsThere => {
            "The person who made this request is there and can go on with it. A draft is taken over from someone who is \
             away, has left the company or may no longer make such a request."
                .to_owned()
        }
        Refusal::ColleagueMissing => "Say which colleague you hand this request to.".to_owned(),
        Refusal::ColleagueCannotCheck => {
            "This colleague can't check this request: they made or edited it, are away, or don't have the access right. \
             Choose another one."
                .to_owned()
        }
    }
}

/// Says that a company has too few people, and what to do about it.
pub fn shortage(shortage: &Shortage, language: Language) -> String {
    let Shortage { needed, there, away } = *shortage;
    match language {
        Language::English => {
            let others = if needed > 2 {
                "two others check it"
            } else {
                "another checks it"
            };
            let there = match there {
                0 => "nobody".to_owned(),
                1 => "only one person".to_owned(),
                there => format!("only {there} people"),
            };
            let away = match away {
                0 => String::new(),
                1 => ", since another person is away".to_owned(),
                away => format!(", since {away} others are away"),
            };
            format!(
                "Too few people: one person of your company makes a request and {others}, but {there} can do so now{away}. \
                 Somebody who manages your company’s users can give another person the right, with AM 1."
            )
        }
        Language::TraditionalChinese => {
            let others = if needed > 2 { "兩人" } else { "一人" };
            let away = if away > 0 {
                format!("，另有 {away} 人暫離")
            } else {
                String::new()
            };
            format!(
                "人手不足：貴公司的申請須由一人填報、另{others}覆核，現時可處理的只有 {there} 人{away}。負責管理貴公司用戶的同事可透過 AM 1 讓另一人取得權限。"
            )
        }
    }
}

/// Says which access right is missing.
pub fn right_missing(right: Right) -> String {
    format!("This needs the access right {}.", right.as_str())
}

const NAME_TAKEN: &str = "Somebody of your company has, or had, a name that reads the same. Tell the two apart, as in D Wong (Settlement).";
const NOT_FOR_SYSTEM: &str = "This is a system. It has no rights to change, no absence and no sign-in of a person's: it can only be removed.";

/// Says what is wrong with a value to people, who know the options of a choice by their labels.
pub fn fault_to_people(kind: &FaultKind) -> String {
    match kind {
        FaultKind::NotAnOption(options) => one_of(options, |option| option.label.en),
        kind => fault(kind),
    }
}

fn one_of(options: &[NamedOption], name: fn(&NamedOption) -> &'static str) -> String {
    let names: Vec<&str> = options.iter().map(name).collect();
    format!("Choose one of: {}.", names.join(", "))
}

/// Says what is wrong with a value, in a user's words. A program sends the options of a choice by their values.
pub fn fault(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Missing => "Fill this in.".to_owned(),
        FaultKind::Unknown => "There is no such field in this form.".to_owned(),
        FaultKind::NotA(expected) => not_a(*expected).to_owned(),
        FaultKind::TooLong(max) => format!("This can have {max} characters at most."),
        FaultKind::Character(at) => {
            let named = at.named(Language::English);
            format!("Take out the character at position {}: {named}.", at.position)
        }
        FaultKind::NotAnOption(options) => one_of(options, |option| option.value),
        FaultKind::TooFewRows(1) => "Add at least one.".to_owned(),
        FaultKind::TooFewRows(min) => format!("Add at least {min}."),
        FaultKind::TooManyRows(max) => {
            format!("There can be {max} at most. Put the others into a further request.")
        }
        FaultKind::Duplicate(row) => format!("This is in row {row} already."),
        FaultKind::UserId { participant, suffix } => {
            format!(
                "This is not a User ID of participant {participant}: it is {participant} followed by a suffix of the form {suffix}."
            )
        }
        FaultKind::Number { min, max } => format!("Give a whole number from {min} to {max}."),
        FaultKind::Date => "Give a day of the calendar, like 2023-02-07.".to_owned(),
        FaultKind::Address => format!(
            "Give a postal address of {} to {} lines, each with {} characters at most.",
            PostalAddress::MIN_LINES,
            PostalAddress::MAX_LINES,
            PostalAddress::MAX_LINE_CHARS
        ),
        FaultKind::NotForChoice => {
            "This is not part of the form for what you chose. Leave it out, or choose differently.".to_owned()
        }
        FaultKind::Email => "Give one e-mail address, like name@company.com.hk.".to_owned(),
        FaultKind::Telephone => {
            "Give a Hong Kong number of 8 digits, or an international one like +85229797111.".to_owned()
        }
        FaultKind::Undeclared => "Confirm the declaration before you submit.".to_owned(),
        FaultKind::NotOwnParticipantship => "This is not a participantship of your company.".to_owned(),
        FaultKind::UnknownEService => "There is no such eService.".to_owned(),
        FaultKind::InRegister => "The register has this User ID already.".to_owned(),
        FaultKind::NotInRegister => "The register does not have this User ID.".to_owned(),
        FaultKind::SubjectInOpenRequest(None) => {
            "Another open request is about this already. There can be one at a time.".to_owned()
        }
        FaultKind::SubjectInOpenRequest(Some(reference)) => {
            format!("The open request {reference} is about this already. There can be one at a time.")
        }
        FaultKind::NotInDirectory => "Your company has no such person.".to_owned(),
        FaultKind::NotForSystem => NOT_FOR_SYSTEM.to_owned(),
        FaultKind::NameTaken => NAME_TAKEN.to_owned(),
        FaultKind::AddressTaken => {
            "Somebody of your company has this address. Each person signs in and is written to by an address of their own."
                .to_owned()
        }
        FaultKind::RightNotForCompany(right) => {
            format!("The access right {} does not count at your company.", right.as_str())
        }
        FaultKind::AbsenceEndsFirst => "The last day is before the first.".to_owned(),
        FaultKind::InOpenRequest(None) => {
            "This User ID is in another open request already. It can be in one open request only.".to_owned()
        }
        FaultKind::InOpenRequest(Some(reference)) => {
            format!(
                "This User ID is in the open request {reference} already. It can be in one open request only."
            )
        }
    }
}

fn not_a(expected: JsonType) -> &'static str {
    match expected {
        JsonType::Text => "This has to be text.",
        JsonType::Flag => "This has to be true or false.",
        JsonType::List => "This has to be a list.",
        JsonType::Object => "This has to be an object.",
    }
}

/// Says that too few others in the company could check a request that needs these checks.
pub fn no_other_checker(checks: Checks) -> &'static str {
    match checks {
        Checks::One => {
            "Nobody else of your company can check this request. Another person needs the access right \
                EU_UserMaintenance (for AM 1, EU_ManageUsers) before you can submit it."
        }
        Checks::FirstOfTwo | Checks::LastOfTwo => {
            "Two other people of your company have to check this request, and fewer can. Another person needs the \
                access right EU_UserMaintenance (for AM 1, EU_ManageUsers) before you can submit it."
        }
    }
}
