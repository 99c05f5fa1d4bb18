//! A drawing of progress against the deadline: how many had an address at the end of which day. It is drawn here, so it
//! needs no script, and a table beside it says the same.

use countersign_domain::campaign::Campaign;
use countersign_domain::register::Progress;
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::wording::Words;

/// The drawing's own units; the template's `viewBox` has them too.
const LEFT: i64 = 84;
const RIGHT: i64 = 700;
const TOP: i64 = 76;
const BOTTOM: i64 = 384;

/// Days after the deadline up to which today is drawn, so that the days that mattered keep their width.
const MOST_DAYS_AFTER: i32 = 60;

/// A drawing.
pub(crate) struct Chart {
    pub(crate) text: String,
    pub(crate) total: u32,
    /// The line of those who have an address, and the same closed to an area.
    pub(crate) line: String,
    pub(crate) area: String,
    pub(crate) deadline: Mark,
    pub(crate) today: Option<Mark>,
    pub(crate) starts: String,
    pub(crate) ends: String,
    /// Days, and how many had an address at the end of them.
    pub(crate) rows: Vec<(String, u32)>,
}

/// A day that is marked.
pub(crate) struct Mark {
    pub(crate) x: i64,
    /// Where its label stands, and to which side of it.
    pub(crate) label_x: i64,
    pub(crate) anchor: &'static str,
}

/// The days that are drawn.
struct Span {
    first: Date,
    last: Date,
}

impl Span {
    fn of(progress: &Progress, campaign: &Campaign, today: Date) -> Self {
        let (opens, deadline) = (campaign.opens(), campaign.deadline());
        let first_change = progress.by_day.keys().next().copied();
        let last_change = progress.by_day.keys().next_back().copied();
        let furthest = deadline.saturating_add(MOST_DAYS_AFTER.days());
        Self {
            first: first_change.map_or(opens, |day| day.min(opens)),
            last: last_change
                .unwrap_or(deadline)
                .max(deadline)
                .max(today.min(furthest)),
        }
    }

    fn holds(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    fn x(&self, day: Date) -> i64 {
        let all = days_between(self.first, self.last).max(1);
        let gone = days_between(self.first, day).clamp(0, all);
        LEFT + gone * (RIGHT - LEFT) / all
    }

    fn mark(&self, day: Date) -> Mark {
        let x = self.x(day);
        if x > i64::midpoint(LEFT, RIGHT) {
            Mark {
                x,
                label_x: x - 8,
                anchor: "end",
            }
        } else {
            Mark {
                x,
                label_x: x + 8,
                anchor: "start",
            }
        }
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |between| i64::from(between.get_days()))
}

fn y(registered: u32, total: u32) -> i64 {
    BOTTOM - i64::from(registered) * (BOTTOM - TOP) / i64::from(total.max(1))
}

impl Chart {
    /// Draws progress.
    pub(crate) fn of(progress: &Progress, campaign: &Campaign, now: Timestamp, w: &Words) -> Self {
        let (today, total) = (time::day_of(now), progress.counts.total());
        let span = Span::of(progress, campaign, today);
        let cumulative = progress.cumulative();
        let mut line = format!("M{} {BOTTOM}", span.x(span.first));
        for (day, registered) in &cumulative {
            line = format!("{line}H{}V{}", span.x(*day), y(*registered, total));
        }
        // What will be nobody knows, so the line ends with today.
        let end = span.x(today.min(span.last));
        line = format!("{line}H{end}");
        let deadline = time::shown_day(campaign.deadline());
        Self {
            text: (w.on_readiness.chart_text)(progress.counts.registered(), total, &deadline),
            total,
            area: format!("{line}V{BOTTOM}Z"),
            line,
            deadline: span.mark(campaign.deadline()),
            today: span.holds(today).then(|| span.mark(today)),
            starts: time::shown_day(span.first),
            ends: time::shown_day(span.last),
            rows: cumulative
                .into_iter()
                .map(|(day, registered)| (time::shown_day(day), registered))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::campaign::Dates;
    use countersign_domain::language::Language;
    use countersign_domain::register::Counts;
    use jiff::civil::{Time, date};

    use super::*;

    fn drawn(by_day: &[(Date, u32)], today: &str) -> Chart {
        let campaign = Campaign::new(Dates {
            opens: date(2023, 3, 20),
            deadline: date(2023, 4, 28),
            parallel_run: None,
            reminder_days: [].into(),
            reminder_time: Time::midnight(),
        })
        .unwrap();
        let registered = by_day.iter().map(|(_, more)| more).sum();
        let progress = Progress {
            counts: Counts {
                ready: registered,
                not_registered: 10 - registered,
                ..Counts::default()
            },
            by_day: by_day.iter().copied().collect(),
        };
        let words = crate::wording::words(Language::English);
        Chart::of(&progress, &campaign, time::parse(today).unwrap(), words)
    }

    #[test]
    fn the_line_climbs_on_the_days_of_registrations_and_ends_with_today() {
        let chart = drawn(
            &[(date(2023, 3, 20), 2), (date(2023, 4, 28), 8)],
            "2023-04-28T12:00:00+08:00",
        );
        assert_eq!(chart.line, "M84 384H84V323H700V76H700");
        assert_eq!((chart.deadline.x, chart.deadline.anchor), (RIGHT, "end"));
        assert_eq!(chart.today.map(|mark| mark.x), Some(RIGHT));
        assert_eq!(
            chart.rows,
            [("20-Mar-2023".to_owned(), 2), ("28-Apr-2023".to_owned(), 10)]
        );
        assert_eq!(
            (chart.starts.as_str(), chart.ends.as_str()),
            ("20-Mar-2023", "28-Apr-2023")
        );
    }

    #[test]
    fn days_before_the_opening_and_after_the_deadline_are_drawn_too_but_not_for_years() {
        let early = drawn(&[(date(2023, 2, 7), 1)], "2023-02-07T12:00:00+08:00");
        assert_eq!(
            (early.starts.as_str(), early.ends.as_str()),
            ("07-Feb-2023", "28-Apr-2023")
        );
        let unopened = drawn(&[], "2023-03-01T12:00:00+08:00");
        assert!(unopened.today.is_none() && unopened.rows.is_empty());
        assert_eq!(unopened.line, "M84 384H84");
        let late = drawn(&[(date(2023, 5, 5), 1)], "2023-05-08T12:00:00+08:00");
        assert_eq!(late.ends, "08-May-2023");
        assert!(late.deadline.x < RIGHT && late.today.is_some());
        let long_after = drawn(&[], "2025-01-01T12:00:00+08:00");
        assert_eq!(long_after.ends, "27-Jun-2023");
        assert!(long_after.today.is_none());
    }
}
