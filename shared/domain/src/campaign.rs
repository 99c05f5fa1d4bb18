//! The dates that matter.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::time;

/// When registration opens and ends. Both are Hong Kong days, stored as the instants that bound them.
#[derive(Debug, Clone)]
pub struct Campaign {
    opens: Date,
    deadline: Date,
    opens_at: Timestamp,
    deadline_passed_at: Timestamp,
}

impl Campaign {
    /// A campaign from the start of the day `opens` through 23:59:59 HKT of the day `deadline`. `None` if it ends
    /// before it opens.
    pub fn new(opens: Date, deadline: Date) -> Option<Self> {
        let opens_at = time::start_of_day(opens)?;
        let deadline_passed_at = time::start_of_day(deadline.tomorrow().ok()?)?;
        (opens <= deadline).then_some(Self {
            opens,
            deadline,
            opens_at,
            deadline_passed_at,
        })
    }

    /// The first day on which requests are accepted.
    pub fn opens(&self) -> Date {
        self.opens
    }

    /// The last day on which a registration counts for the start of the parallel run.
    pub fn deadline(&self) -> Date {
        self.deadline
    }

    /// The first instant after the deadline.
    pub fn deadline_passed_at(&self) -> Timestamp {
        self.deadline_passed_at
    }

    /// Whether requests are accepted. They are after the deadline too.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now >= self.opens_at
    }

    /// Whether what is done now is in time: completed before the parallel run (guideline, closing remark).
    pub fn guarantees(&self, now: Timestamp) -> bool {
        now < self.deadline_passed_at
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_second_of_the_deadline_day_is_guaranteed_and_the_next_is_not() {
        let campaign = Campaign::new(date(2023, 3, 20), date(2023, 4, 28)).unwrap();
        assert!(campaign.guarantees(time::parse("2023-04-28T23:59:59+08:00").unwrap()));
        assert!(!campaign.guarantees(time::parse("2023-04-29T00:00:00+08:00").unwrap()));
    }

    #[test]
    fn requests_are_accepted_from_the_first_second_of_the_opening_day() {
        let campaign = Campaign::new(date(2023, 3, 20), date(2023, 4, 28)).unwrap();
        assert!(!campaign.is_open(time::parse("2023-03-19T23:59:59+08:00").unwrap()));
        assert!(campaign.is_open(time::parse("2023-03-20T00:00:00+08:00").unwrap()));
        assert!(campaign.is_open(time::parse("2024-01-01T00:00:00+08:00").unwrap()));
    }

    #[test]
    fn a_campaign_cannot_end_before_it_opens() {
        assert!(Campaign::new(date(2023, 4, 29), date(2023, 4, 28)).is_none());
    }
}
