//! What passed on a clock that can be set, for somebody who looks at it now and then.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// How far a reading may be from where the clock would have come to by itself. Beyond, it was set.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(1);

/// The last look at a clock.
pub(super) struct ClockPoll {
    reading: Timestamp,
    at: Instant,
}

impl ClockPoll {
    /// The first look.
    pub(super) fn new(reading: Timestamp, at: Instant) -> Self {
        Self { reading, at }
    }

    /// What passed on the clock since the last look: after the first time, until the second one.
    ///
    /// A clock that was set ahead skipped what lies between. That time did not pass, and as with EventBridge nothing
    /// happens for it: it is not made up for, and what passed is no more than the while between the two looks.
    pub(super) fn passed(&mut self, reading: Timestamp, at: Instant) -> (Timestamp, Timestamp) {
        let between = at.saturating_duration_since(self.at);
        let between = SignedDuration::try_from(between).unwrap_or(SignedDuration::MAX);
        let by_itself = reading.saturating_sub(between).unwrap_or(reading);
        let was_set = by_itself.duration_since(self.reading).abs() > TOLERANCE;
        let after = if was_set { by_itself } else { self.reading };
        // A clock that went back a little shows no time twice.
        self.reading = if was_set {
            reading
        } else {
            reading.max(self.reading)
        };
        self.at = at;
        (after, reading)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2023-04-25T{time}Z").parse().unwrap()
    }

    /// What passes when the clock shows each of these times, so many milliseconds after the one before.
    fn passed(first: &str, looks: &[(&str, u64)]) -> Vec<(Timestamp, Timestamp)> {
        let mut moment = Instant::now();
        let mut all = ClockPoll::new(at(first), moment);
        let look = |&(reading, later): &(&str, u64)| {
            moment += Duration::from_millis(later);
            all.passed(at(reading), moment)
        };
        looks.iter().map(look).collect()
    }

    #[test]
    fn each_while_begins_where_the_last_one_ended_even_if_a_look_comes_late() {
        let looks = [("00:59:59.9", 200), ("01:00:00.11", 200), ("01:03:00", 180_000)];
        assert_eq!(
            passed("00:59:59.7", &looks),
            [
                (at("00:59:59.7"), at("00:59:59.9")),
                (at("00:59:59.9"), at("01:00:00.11")),
                (at("01:00:00.11"), at("01:03:00")),
            ]
        );
    }

    #[test]
    fn what_a_clock_skips_when_it_is_set_did_not_pass_forwards_or_backwards() {
        let looks = [("09:00:00.1", 200), ("09:00:00.3", 200), ("07:00:00", 200)];
        assert_eq!(
            passed("00:30:00", &looks),
            [
                (at("08:59:59.9"), at("09:00:00.1")),
                (at("09:00:00.1"), at("09:00:00.3")),
                (at("06:59:59.8"), at("07:00:00")),
            ]
        );
    }

    #[test]
    fn a_clock_that_goes_back_a_little_shows_no_time_twice() {
        let looks = [("00:59:59.8", 200), ("01:00:00.2", 200)];
        let passed = passed("01:00:00.1", &looks);
        assert_eq!(passed[0], (at("01:00:00.1"), at("00:59:59.8")));
        assert_eq!(passed[1], (at("01:00:00.1"), at("01:00:00.2")));
    }
}
