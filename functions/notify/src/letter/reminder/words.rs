//! The wording of reminders: one file per language, one type for both.

use countersign_domain::language::Language;

use super::{en, zh};

/// The lists of a reminder, the farthest from done first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// Administrators for whom nobody has done anything.
    NotRegistered,
    /// Drafts that are not submitted.
    Drafts,
    /// Requests that are waiting to be claimed.
    Waiting,
    /// Claimed requests without a decision.
    Claimed,
}

/// Whose task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A company's: to register.
    Company,
    /// The exchange's: to complete.
    Exchange,
}

/// Wording for a number of things: for one, and for any other number `{n}`.
pub(super) struct Counted {
    pub(super) one: &'static str,
    pub(super) more: &'static str,
}

/// The wording of a list.
pub(super) struct ListWords {
    /// How many there are, for the subject.
    pub(super) count: Counted,
    /// The list's title.
    pub(super) title: &'static str,
}

/// The wording that differs between companies and the exchange.
pub(super) struct SideWords {
    /// What happens if it is not done by the deadline.
    pub(super) consequence: &'static str,
    /// The same, if the start of the parallel run is known.
    pub(super) consequence_on: &'static str,
    /// Why someone with something to do gets it.
    pub(super) why: &'static str,
    /// The title of the calendar entry.
    pub(super) summary: &'static str,
}

/// The wording of reminders. Names in braces are slots; none in the subject holds typed text.
pub(super) struct Words {
    pub(super) list: fn(Matter, Side) -> ListWords,
    pub(super) side: fn(Side) -> SideWords,
    /// The first part of the subject, and on the last day.
    pub(super) days: Counted,
    pub(super) last_day: &'static str,
    /// The heading, and on the last day.
    pub(super) heading: Counted,
    pub(super) heading_today: &'static str,
    /// What it is about.
    pub(super) details: &'static str,
    pub(super) preheader: &'static str,
    /// The opening for someone with something to do.
    pub(super) opening: &'static str,
    /// The opening for everyone, in the last days.
    pub(super) opening_everyone: &'static str,
    /// For someone without the right to act.
    pub(super) ask: &'static str,
    /// What is left, in the subject and in the opening, for someone who can only see to it that there are enough people.
    pub(super) too_few: &'static str,
    pub(super) opening_too_few: &'static str,
    /// The table of dates.
    pub(super) dates: &'static str,
    pub(super) company: &'static str,
    pub(super) deadline: &'static str,
    pub(super) days_left: &'static str,
    pub(super) today: &'static str,
    pub(super) working_days_left: &'static str,
    pub(super) parallel_run: &'static str,
    pub(super) as_of: &'static str,
    /// A request without a reference.
    pub(super) draft: &'static str,
    /// How long a request has been where it is, and who has it.
    pub(super) open_since: &'static str,
    pub(super) open_with: &'static str,
    pub(super) waiting_since: &'static str,
    pub(super) claimed_by_you: &'static str,
    pub(super) claimed_by: &'static str,
    pub(super) claim_ends: &'static str,
    /// The end of a list that is cut off.
    pub(super) and_more: Counted,
    pub(super) new_request: &'static str,
    pub(super) open_tasks: &'static str,
    /// About the attachment.
    pub(super) attached: &'static str,
    pub(super) why_everyone: &'static str,
    /// The text of the calendar entry.
    pub(super) description: &'static str,
}

impl Counted {
    /// The words for a number of things.
    pub(super) fn of(&self, n: usize) -> &'static str {
        if n == 1 { self.one } else { self.more }
    }
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::TraditionalChinese => &zh::WORDS,
    }
}
