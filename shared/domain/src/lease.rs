//! How long a checker may hold a claim: a number of working hours, with a warning before they end.

use jiff::Timestamp;

use crate::calendar::{BeyondCalendar, WorkingHours};
use crate::request::Head;
use crate::time;

/// The rule for a checker's claims.
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

    /// Returns the latest end of a claim whose holder is to be warned by `now`. If the calendar ends first, returns the
    /// calendar's end, or `now` if that is later: no claim can end after it.
    pub fn warned_through(&self, now: Timestamp) -> Timestamp {
        match self.hours.after(now, self.warning) {
            Ok(last) => last.max(now),
            Err(BeyondCalendar(day)) => time::start_of_day(day).map_or(now, |start| start.max(now)),
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
        time::parse(&format!("{text}:00+08:00")).unwrap()
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

    #[test]
    fn no_claim_whose_holder_is_warned_by_now_ends_later() {
        for (now, last) in [
            ("2023-02-07T10:45", "2023-02-07T11:45"),
            ("2023-02-10T17:45", "2023-02-13T09:45"),
            ("2023-02-11T12:00", "2023-02-13T10:00"),
        ] {
            assert_eq!(lease().warned_through(at(now)), at(last), "{now}");
            let next = at(last) + jiff::SignedDuration::from_secs(1);
            assert!(lease().warns(next).unwrap() > at(now), "{now}");
        }
    }

    #[test]
    fn at_the_end_of_the_calendar_everyone_is_warned_who_has_an_end() {
        let (_, last) = crate::calendar::years();
        let evening = at(&format!("{last}-12-31T17:45"));
        assert_eq!(
            lease().warned_through(evening),
            at(&format!("{}-01-01T00:00", last + 1))
        );
        let beyond = at(&format!("{}-03-01T12:00", last + 1));
        assert_eq!(lease().warned_through(beyond), beyond);
    }
}
