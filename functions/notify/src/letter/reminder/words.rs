//! What reminders say: one file a language, one type for both.

use countersign_domain::language::Language;

use super::{en, zh};

/// What one list of a reminder is about, the farthest from done first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// Administrators for whom nobody has done anything.
    NotRegistered,
    /// Drafts that were left open.
    Drafts,
    /// Requests that wait for somebody to claim them.
    Waiting,
    /// Requests that somebody has claimed and not decided on.
    Claimed,
}

/// Whose task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A company's, which registers.
    Company,
    /// The exchange's, which completes.
    Exchange,
}

/// How a number of things is put: one, and any other number, for which `{n}` stands.
pub(super) struct Counted {
    pub(super) one: &'static str,
    pub(super) more: &'static str,
}

/// What is said of one list.
pub(super) struct ListWords {
    /// How many there are, for the subject.
    pub(super) count: Counted,
    /// The list's title.
    pub(super) title: &'static str,
}

/// What is said differently to a company and to the exchange.
pub(super) struct SideWords {
    /// What happens if it is not done by the deadline.
    pub(super) consequence: &'static str,
    /// The same, once it is known when the parallel run starts.
    pub(super) consequence_on: &'static str,
    /// Why somebody gets it who has something to do.
    pub(super) why: &'static str,
    /// The entry in a calendar.
    pub(super) summary: &'static str,
}

/// Everything that a reminder says. Names in braces are slots; the subject has none that is typed.
pub(super) struct Words {
    pub(super) list: fn(Matter, Side) -> ListWords,
    pub(super) side: fn(Side) -> SideWords,
    /// The subject's first part, and on the last day.
    pub(super) days: Counted,
    pub(super) last_day: &'static str,
    /// The heading, and on the last day.
    pub(super) heading: Counted,
    pub(super) heading_today: &'static str,
    /// What it is about.
    pub(super) details: &'static str,
    pub(super) preheader: &'static str,
    /// To somebody who has something to do.
    pub(super) opening: &'static str,
    /// To everyone, since the last days have come.
    pub(super) opening_everyone: &'static str,
    /// To somebody without the right to do anything about it.
    pub(super) ask: &'static str,
    /// The table of dates, and what stands in it.
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
    /// Since when a request is where it is, and who has it.
    pub(super) open_since: &'static str,
    pub(super) open_with: &'static str,
    pub(super) waiting_since: &'static str,
    pub(super) claimed_by_you: &'static str,
    pub(super) claimed_by: &'static str,
    pub(super) claim_ends: &'static str,
    /// What follows a list that is cut off.
    pub(super) and_more: Counted,
    pub(super) new_request: &'static str,
    pub(super) open_tasks: &'static str,
    /// On the file beside the letter.
    pub(super) attached: &'static str,
    pub(super) why_everyone: &'static str,
    /// What the entry in a calendar says.
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
