//! How long a checker or an officer may hold a claim: a number of working hours, with a warning before they end.

use jiff::Timestamp;

use crate::calendar::{BeyondCalendar, WorkingHours};
use crate::request::{Head, StateName};

/// The rule for claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    hours: WorkingHours,
    length: u16,
    warning: u16,
}

impl Lease {
    /// Creates a lease of `length` working hours, with a warning `warning` working hours before its end. `None` unless
    /// `warning` is less than `length`.
    pub fn new(hours: WorkingHours, length: u16, warning: u16) -> Option<Self> {
        (warning < length).then_some(Self {
            hours,
            length,
            warning,
        })
    }

    /// When a claim made at this instant ends.
    pub fn ends(&self, claimed: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.hours.after(claimed, self.length)
    }

    /// When the holder of a claim that ends at this instant is warned.
    pub fn warns(&self, ends: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.hours.before(ends, self.warning)
    }
}

/// The rules for the claims of each desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leases {
    /// The rule for a checker's claims.
    pub checkers: Lease,
    /// The rule for an officer's claims.
    pub officers: Lease,
}

impl Leases {
    /// The rule for a claim of a request in this state; `None` if nobody holds such a request.
    pub fn of(&self, state: StateName) -> Option<&Lease> {
        match state {
            StateName::Claimed => Some(&self.checkers),
            StateName::Processing => Some(&self.officers),
            StateName::Draft
            | StateName::ReadyToSend
            | StateName::Sent
            | StateName::Completed
            | StateName::Rejected
            | StateName::Discarded => None,
        }
    }
}

/// When the claim that made this version ends, if its holder still has it.
pub fn runs_until(head: &Head, version: u32, now: Timestamp) -> Option<Timestamp> {
    let ends = head.state.lease_ends().filter(|_| head.version == version);
    ends.filter(|ends| now < *ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        crate::time::parse(&format!("{text}:00+08:00")).unwrap()
    }

    fn lease() -> Lease {
        Lease::new(WorkingHours::parse("09:00-18:00").unwrap(), 8, 1).unwrap()
    }

    #[test]
    fn a_claim_at_10_45_ends_on_the_next_working_day_at_09_45() {
        for (claimed, ends, warns) in [
            ("2023-02-07T10:45", "2023-02-08T09:45", "2023-02-07T17:45"),
            ("2023-02-10T10:45", "2023-02-13T09:45", "2023-02-10T17:45"),
            // Good Friday to Easter Monday, after Ching Ming.
            ("2023-04-06T10:45", "2023-04-11T09:45", "2023-04-06T17:45"),
            ("2023-04-04T17:00", "2023-04-06T16:00", "2023-04-06T15:00"),
            // At night, and early enough for the whole lease to fit into the day.
            ("2023-02-07T22:00", "2023-02-08T17:00", "2023-02-08T16:00"),
            ("2023-02-07T07:00", "2023-02-07T17:00", "2023-02-07T16:00"),
        ] {
            assert_eq!(lease().ends(at(claimed)).unwrap(), at(ends), "{claimed}");
            assert_eq!(lease().warns(at(ends)).unwrap(), at(warns), "{claimed}");
        }
    }
}
