//! What the companies do in the year, by the last digit of their number.

use countersign_domain::workflow::Action;
use countersign_tests::market::{Firm, Role};
use jiff::civil::{Date, date};

/// What somebody does, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned {
    pub(crate) day: Date,
    pub(crate) hour: i8,
    pub(crate) deed: Deed,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    /// The maker starts a draft for some of the administrators.
    Draft(Share),
    /// Somebody takes a step on the last draft.
    Step(Role, Action),
    /// An officer takes a step on it.
    Officer(Action),
    /// Nobody does anything until the clock ends a claim.
    ClaimEnds,
}

/// Some of a company's administrators.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Share {
    All,
    First,
    AllButFirst,
}

impl Share {
    pub(crate) fn of(self, firm: &Firm) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::All => 1..=firm.administrators,
            Self::First => 1..=1,
            Self::AllButFirst => 2..=firm.administrators,
        }
    }
}

const fn on(month: i8, day: i8, hour: i8, deed: Deed) -> Planned {
    Planned {
        day: date(2023, month, day),
        hour,
        deed,
    }
}

const fn draft(month: i8, day: i8, share: Share) -> Planned {
    on(month, day, 10, Deed::Draft(share))
}

const fn submit(month: i8, day: i8) -> Planned {
    on(month, day, 11, Deed::Step(Role::Maker, Action::Submit))
}

const fn claim(month: i8, day: i8) -> Planned {
    on(month, day, 14, Deed::Step(Role::Checker, Action::Claim))
}

const fn confirm(month: i8, day: i8) -> Planned {
    on(month, day, 15, Deed::Step(Role::Checker, Action::Confirm))
}

const fn take(month: i8, day: i8) -> Planned {
    on(month, day, 16, Deed::Officer(Action::Claim))
}

const fn complete(month: i8, day: i8) -> Planned {
    on(month, day, 17, Deed::Officer(Action::Complete))
}

/// Does everything in the first week.
const AT_ONCE: &[Planned] = &[
    draft(3, 22, Share::All),
    submit(3, 22),
    claim(3, 22),
    confirm(3, 22),
    take(3, 23),
    complete(3, 23),
];

/// Registers one administrator at first, and the rest later.
const IN_TWO_PARTS: &[Planned] = &[
    draft(3, 24, Share::First),
    submit(3, 24),
    claim(3, 24),
    confirm(3, 24),
    take(3, 27),
    complete(3, 27),
    draft(4, 17, Share::AllButFirst),
    submit(4, 17),
    claim(4, 18),
    confirm(4, 18),
    take(4, 19),
    complete(4, 19),
];

/// Leaves a draft until the last days.
const LEFT_AS_A_DRAFT: &[Planned] = &[
    draft(3, 22, Share::All),
    submit(4, 26),
    claim(4, 26),
    confirm(4, 26),
    take(4, 27),
    complete(4, 27),
];

/// Leaves the request on the desk for two weeks, except for a claim that its holder forgets.
const LEFT_ON_THE_DESK: &[Planned] = &[
    draft(4, 11, Share::All),
    submit(4, 11),
    claim(4, 12),
    on(4, 13, 14, Deed::ClaimEnds),
    claim(4, 26),
    confirm(4, 26),
    take(4, 27),
    complete(4, 27),
];

/// Claims in the afternoon before the last day, and confirms on that day.
const CLAIMED_LATE: &[Planned] = &[
    draft(4, 13, Share::All),
    submit(4, 13),
    on(4, 27, 15, Deed::Step(Role::SecondChecker, Action::Claim)),
    on(4, 28, 10, Deed::Step(Role::SecondChecker, Action::Confirm)),
    take(4, 28),
    complete(4, 28),
];

const NOTHING: &[Planned] = &[];

const TOO_LATE: &[Planned] = &[
    draft(5, 2, Share::All),
    submit(5, 2),
    claim(5, 3),
    confirm(5, 3),
    take(5, 4),
    complete(5, 4),
];

/// Discards a draft, starts again, has it returned, and completes it after all.
const WITH_DETOURS: &[Planned] = &[
    draft(3, 21, Share::First),
    on(3, 21, 12, Deed::Step(Role::Maker, Action::Discard)),
    draft(3, 28, Share::All),
    submit(3, 28),
    claim(3, 28),
    on(3, 28, 15, Deed::Step(Role::Checker, Action::Return)),
    submit(4, 12),
    claim(4, 14),
    confirm(4, 14),
    take(4, 14),
    complete(4, 14),
];

/// Leaves a draft that nobody else could check.
const ALONE: &[Planned] = &[draft(4, 3, Share::All)];

/// Has its request rejected by the exchange.
const REFUSED: &[Planned] = &[
    draft(4, 12, Share::All),
    submit(4, 12),
    claim(4, 12),
    confirm(4, 12),
    take(4, 20),
    on(4, 20, 17, Deed::Officer(Action::Reject)),
];

const PLANS: [&[Planned]; 10] = [
    AT_ONCE,
    IN_TWO_PARTS,
    LEFT_AS_A_DRAFT,
    LEFT_ON_THE_DESK,
    CLAIMED_LATE,
    NOTHING,
    TOO_LATE,
    WITH_DETOURS,
    ALONE,
    REFUSED,
];

/// A company and its plan.
pub(crate) fn of(number: usize) -> (Firm, &'static [Planned]) {
    let plan = PLANS[number % PLANS.len()];
    let firm = Firm {
        number,
        administrators: 2 + number % 7,
        registered: 0,
        has_checkers: !std::ptr::eq(plan, ALONE),
    };
    (firm, plan)
}
