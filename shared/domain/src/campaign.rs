//! The dates of the campaign.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::{self, BeyondCalendar};
use crate::time;

/// From this many days before the deadline, everyone in a company is reminded, not only those whose turn it is.
pub const LAST_DAYS: u16 = 3;

/// When registration opens and ends, and when people are reminded. Days are Hong Kong days. The bounds are also kept as
/// instants.
#[derive(Debug, Clone)]
pub struct Campaign {
    dates: Dates,
    opens_at: Timestamp,
    deadline_passed_at: Timestamp,
}

/// The dates that define a campaign.
#[derive(Debug, Clone)]
pub struct Dates {
    /// The first day on which requests are accepted.
    pub opens: Date,
    /// The last day on which a registration counts for the start of the parallel run.
    pub deadline: Date,
    /// The day on which the parallel run starts, once it is known.
    pub parallel_run: Option<Date>,
    /// How many days before the deadline people are reminded.
    pub reminder_days: BTreeSet<u16>,
    /// The time of day for reminders.
    pub reminder_time: Time,
}

/// Why dates do not make a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// It would end before it opens.
    DeadlineBeforeOpening,
    /// The parallel run would start before registration ends.
    ParallelRunBeforeDeadline,
    /// The list of general holidays does not cover its days.
    BeyondCalendar,
}

/// A day on which people are reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReminderDay {
    /// The day that it is planned for.
    pub day: Date,
    /// The day on which it is sent: a later one if nothing was sent on the planned one.
    pub sent_on: Date,
    /// Calendar days left until the deadline; 0 on its day.
    pub days_left: u32,
    /// Working days left, the day of the deadline included.
    pub working_days_left: u32,
    /// Whether everyone in a company is reminded.
    pub is_for_everyone: bool,
}

impl Campaign {
    /// Creates a campaign that runs from the start of its opening day through 23:59:59 HKT on the day of the deadline.
    pub fn new(dates: Dates) -> Result<Self, Contradiction> {
        if dates.deadline < dates.opens {
            return Err(Contradiction::DeadlineBeforeOpening);
        }
        if dates.parallel_run.is_some_and(|start| start <= dates.deadline) {
            return Err(Contradiction::ParallelRunBeforeDeadline);
        }
        let after = dates.deadline.tomorrow().ok().and_then(time::start_of_day);
        let bounds = time::start_of_day(dates.opens).zip(after);
        let (opens_at, deadline_passed_at) = bounds.ok_or(Contradiction::BeyondCalendar)?;
        let campaign = Self {
            dates,
            opens_at,
            deadline_passed_at,
        };
        // Fails at start-up rather than on the morning when nobody is reminded.
        match campaign.reminders() {
            Ok(_) => Ok(campaign),
            Err(BeyondCalendar(_)) => Err(Contradiction::BeyondCalendar),
        }
    }

    /// The first day on which requests are accepted.
    pub fn opens(&self) -> Date {
        self.dates.opens
    }

    /// The last day on which a registration counts for the start of the parallel run.
    pub fn deadline(&self) -> Date {
        self.dates.deadline
    }

    /// The day on which the parallel run starts, once it is known.
    pub fn parallel_run(&self) -> Option<Date> {
        self.dates.parallel_run
    }

    /// The time of day at which people are reminded.
    pub fn reminder_time(&self) -> Time {
        self.dates.reminder_time
    }

    /// The first instant after the deadline.
    pub fn deadline_passed_at(&self) -> Timestamp {
        self.deadline_passed_at
    }

    /// The last second that is still in time.
    pub fn last_second(&self) -> Timestamp {
        let second = jiff::SignedDuration::from_secs(1);
        self.deadline_passed_at
            .saturating_sub(second)
            .unwrap_or(self.deadline_passed_at)
    }

    /// Whether requests are accepted. They still are after the deadline.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now >= self.opens_at
    }

    /// Whether a step taken now is in time: completed before the parallel run (guideline, closing remark).
    pub fn guarantees(&self, now: Timestamp) -> bool {
        now < self.deadline_passed_at
    }

    /// Calendar days left until the deadline: 0 on its day, `None` once it has passed.
    pub fn days_left(&self, now: Timestamp) -> Option<u32> {
        let left = self.deadline().since(time::day_of(now)).ok()?.get_days();
        u32::try_from(left).ok()
    }

    /// Returns the days on which people are reminded, in order. A day off moves to the last working day before it, and
    /// two that fall on the same day become one. Days before the campaign opens are left out: nobody could do anything
    /// yet.
    pub fn reminders(&self) -> Result<Vec<ReminderDay>, BeyondCalendar> {
        let mut found: Vec<ReminderDay> = Vec::new();
        for before in self.dates.reminder_days.iter().rev() {
            let beyond = BeyondCalendar(self.deadline());
            let due = self.deadline().checked_sub(i32::from(*before).days());
            let day = calendar::working_day_up_to(due.map_err(|_| beyond)?)?;
            if day < self.opens() {
                continue;
            }
            let mut reminder = self.reminder(day, day)?;
            reminder.is_for_everyone = *before <= LAST_DAYS;
            found.retain(|other| other.day != day);
            found.push(reminder);
        }
        Ok(found)
    }

    /// The reminder planned for a day, as it reads on the day on which it is sent.
    fn reminder(&self, day: Date, sent_on: Date) -> Result<ReminderDay, BeyondCalendar> {
        let left = self.deadline().since(sent_on);
        let left = left.map_err(|_| BeyondCalendar(self.deadline()))?.get_days();
        let days_left = u32::try_from(left).unwrap_or_default();
        Ok(ReminderDay {
            day,
            sent_on,
            days_left,
            working_days_left: calendar::working_days_between(sent_on, self.deadline())?,
            is_for_everyone: days_left <= u32::from(LAST_DAYS),
        })
    }

    /// The reminder that a run of the job for a day is to send, if it has not been sent yet: the last one planned up to
    /// that day, as it reads today. There is none after the deadline, nor once the next one is due, which then has the run
    /// of its own day.
    pub fn reminder_due(&self, run: Date, today: Date) -> Option<ReminderDay> {
        let today = today.max(run);
        // `new` refuses a campaign with days that the calendar does not cover.
        let reminders = self.reminders().unwrap_or_default();
        let last = reminders.iter().rfind(|reminder| reminder.day <= run)?;
        let is_overtaken = self.reminder_after(last.day).is_some_and(|next| next <= today);
        if is_overtaken || today > self.deadline() {
            return None;
        }
        let mut due = self.reminder(last.day, today).ok()?;
        due.is_for_everyone |= last.is_for_everyone;
        Some(due)
    }

    /// The next day after this one on which people are reminded.
    pub fn reminder_after(&self, day: Date) -> Option<Date> {
        let reminders = self.reminders().unwrap_or_default();
        reminders
            .into_iter()
            .map(|reminder| reminder.day)
            .find(|next| *next > day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn dates(opens: Date, deadline: Date) -> Dates {
        Dates {
            opens,
            deadline,
            parallel_run: None,
            reminder_days: [30, 14, 7, 3, 1, 0].into(),
            reminder_time: Time::constant(9, 0, 0, 0),
        }
    }

    fn guideline() -> Campaign {
        Campaign::new(dates(date(2023, 3, 20), date(2023, 4, 28))).unwrap()
    }

    #[test]
    fn the_last_second_of_the_deadline_day_is_guaranteed_and_the_next_is_not() {
        let campaign = guideline();
        assert!(campaign.guarantees(time::parse("2023-04-28T23:59:59+08:00").unwrap()));
        assert!(!campaign.guarantees(time::parse("2023-04-29T00:00:00+08:00").unwrap()));
    }

    #[test]
    fn the_days_that_are_left_are_counted_by_hong_kongs_calendar() {
        let campaign = guideline();
        for (at, left) in [
            ("2023-03-20T00:00:00+08:00", Some(39)),
            ("2023-04-27T23:59:59+08:00", Some(1)),
            ("2023-04-28T23:59:59+08:00", Some(0)),
            ("2023-04-29T00:00:00+08:00", None),
        ] {
            assert_eq!(campaign.days_left(time::parse(at).unwrap()), left, "{at}");
        }
    }

    #[test]
    fn requests_are_accepted_from_the_first_second_of_the_opening_day() {
        let campaign = guideline();
        assert!(!campaign.is_open(time::parse("2023-03-19T23:59:59+08:00").unwrap()));
        assert!(campaign.is_open(time::parse("2023-03-20T00:00:00+08:00").unwrap()));
        assert!(campaign.is_open(time::parse("2024-01-01T00:00:00+08:00").unwrap()));
    }

    #[test]
    fn dates_that_contradict_each_other_are_no_campaign() {
        let (opens, deadline) = (date(2023, 3, 20), date(2023, 4, 28));
        let found = |dates| Campaign::new(dates).err();
        assert_eq!(
            found(dates(date(2023, 4, 29), deadline)),
            Some(Contradiction::DeadlineBeforeOpening)
        );
        let parallel_run = Some(deadline);
        assert_eq!(
            found(Dates {
                parallel_run,
                ..dates(opens, deadline)
            }),
            Some(Contradiction::ParallelRunBeforeDeadline)
        );
        let (_, last) = calendar::years();
        assert_eq!(
            found(dates(opens, date(last + 1, 6, 1))),
            Some(Contradiction::BeyondCalendar)
        );
    }

    #[test]
    fn people_are_reminded_on_the_days_before_the_deadline() {
        let days = guideline().reminders().unwrap();
        let shown: Vec<_> = days
            .iter()
            .map(|at| {
                (
                    time::shown_day(at.day),
                    at.days_left,
                    at.working_days_left,
                    at.is_for_everyone,
                )
            })
            .collect();
        let expected = [
            ("29-Mar-2023", 30, 19, false),
            ("14-Apr-2023", 14, 10, false),
            ("21-Apr-2023", 7, 5, false),
            ("25-Apr-2023", 3, 3, true),
            ("27-Apr-2023", 1, 1, true),
            ("28-Apr-2023", 0, 0, true),
        ];
        let expected: Vec<_> = expected
            .map(|(day, left, working, everyone)| (day.to_owned(), left, working, everyone))
            .into();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_run_sends_the_last_planned_reminder_as_it_reads_on_that_day_until_the_next_one_is_due() {
        let campaign = guideline();
        let due = |run, today| {
            let due = campaign.reminder_due(run, today)?;
            assert_eq!(due.sent_on, today);
            Some((due.day, due.days_left, due.working_days_left, due.is_for_everyone))
        };
        let planned = date(2023, 4, 14);
        // On its own day, on the next ones, and by a run that comes a day late.
        assert_eq!(due(planned, planned), Some((planned, 14, 10, false)));
        assert_eq!(
            due(date(2023, 4, 17), date(2023, 4, 17)),
            Some((planned, 11, 9, false))
        );
        assert_eq!(due(planned, date(2023, 4, 15)), Some((planned, 13, 10, false)));
        // The next one is due: its own run sends it, and the late run of the day before sends nothing.
        let next = date(2023, 4, 21);
        assert_eq!(due(next, next), Some((next, 7, 5, false)));
        assert_eq!(due(date(2023, 4, 20), next), None);
        // In the last days it is for everyone; after the deadline there is none.
        assert_eq!(
            due(date(2023, 4, 26), date(2023, 4, 26)),
            Some((date(2023, 4, 25), 2, 2, true))
        );
        assert_eq!(due(date(2023, 4, 28), date(2023, 4, 29)), None);
        assert_eq!(due(date(2023, 4, 29), date(2023, 4, 29)), None);
        assert_eq!(
            due(date(2023, 3, 28), date(2023, 3, 28)),
            None,
            "none was planned yet"
        );
    }

    #[test]
    fn a_reminder_that_would_come_on_a_holiday_comes_on_the_working_day_before() {
        // The Tuesday after Easter: 3 days before is Easter Saturday, 1 day before Easter Monday, and the last working
        // day before both is Thursday.
        let campaign = Campaign::new(dates(date(2023, 3, 20), date(2023, 4, 11))).unwrap();
        let days: Vec<_> = campaign
            .reminders()
            .unwrap()
            .into_iter()
            .map(|at| (at.day, at.working_days_left, at.is_for_everyone))
            .collect();
        assert_eq!(
            days,
            [
                (date(2023, 3, 28), 7, false),
                (date(2023, 4, 4), 2, false),
                (date(2023, 4, 6), 1, true),
                (date(2023, 4, 11), 0, true),
            ]
        );
    }
}
