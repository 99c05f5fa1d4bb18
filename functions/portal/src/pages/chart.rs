//! A drawing of progress against the deadline: how many had an address at the end of which day. It is drawn here, so it
//! needs no script, and a table beside it says the same.

use countersign_domain::campaign::Campaign;
use countersign_domain::register::Progress;
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::wording::Words;

/// The drawing's own units; the template's `viewBox` has them too.
const LEFT: i64 = 44;
const RIGHT: i64 = 700;
const TOP: i64 = 52;
const BOTTOM: i64 = 212;

/// How far a tick's label stays from another label: across, the width of a date; up, the height of a line.
const DATE_WIDTH: i64 = 90;
const LINE_HEIGHT: i64 = 18;

/// Ticks on an axis, at most, besides its two ends.
const MOST_TICKS: i64 = 5;

/// Days after the deadline up to which today is drawn, so that the days that mattered keep their width.
const MOST_DAYS_AFTER: i32 = 60;

/// A drawing.
pub(crate) struct Chart {
    pub(crate) text: String,
    /// The line of those who have an address, and the same closed to an area.
    pub(crate) line: String,
    pub(crate) area: String,
    pub(crate) deadline: Mark,
    pub(crate) today: Option<Mark>,
    /// Days along the bottom, with their labels, and where the label of each stands.
    pub(crate) days: Vec<Tick>,
    /// Numbers up the side: of nobody, of all, and round ones between them.
    pub(crate) numbers: Vec<Tick>,
    /// The end of the line, and how many have an address there.
    pub(crate) reached: Mark,
    pub(crate) reached_y: i64,
    pub(crate) registered: u32,
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

/// A place on an axis, and what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) at: i64,
    pub(crate) label: String,
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

    /// The first and the last day, and whole weeks between them where their labels have room.
    fn ticks(&self) -> Vec<Tick> {
        let all = days_between(self.first, self.last);
        let mut step = 7;
        while all / step > MOST_TICKS {
            step *= 2;
        }
        let between = (1..=all / step).filter_map(|number| {
            let day = self.first.saturating_add((number * step).days());
            let at = self.x(day);
            let label: String = time::shown_day(day).chars().take("07-Feb".len()).collect();
            let has_room = at - LEFT >= DATE_WIDTH && RIGHT - at >= DATE_WIDTH;
            has_room.then_some(tick(at, label, "middle"))
        });
        let start = tick(LEFT, time::shown_day(self.first), "start");
        let end = tick(RIGHT, time::shown_day(self.last), "end");
        [start].into_iter().chain(between).chain([end]).collect()
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

fn tick(at: i64, label: String, anchor: &'static str) -> Tick {
    Tick { at, label, anchor }
}

/// Round numbers between nobody and all, with both.
fn numbers(total: u32) -> Vec<Tick> {
    let rounds = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.saturating_pow(power)));
    let is_wide = |step: &u32| i64::from(total / step) <= MOST_TICKS;
    let step = rounds.take(30).find(is_wide).unwrap_or(total.max(1));
    let between = (1..=total / step)
        .map(|number| number * step)
        .filter(|number| y(*number, total) - TOP >= LINE_HEIGHT && BOTTOM - y(*number, total) >= LINE_HEIGHT);
    let all = [0].into_iter().chain(between).chain((total > 0).then_some(total));
    all.map(|number| tick(y(number, total), number.to_string(), "end"))
        .collect()
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
            area: format!("{line}V{BOTTOM}Z"),
            line,
            deadline: span.mark(campaign.deadline()),
            today: span.holds(today).then(|| span.mark(today)),
            days: span.ticks(),
            numbers: numbers(total),
            reached: span.mark(today.min(span.last).max(span.first)),
            reached_y: y(progress.counts.registered(), total) - 8,
            registered: progress.counts.registered(),
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
        assert_eq!(chart.line, "M44 212H44V180H700V52H700");
        assert_eq!((chart.deadline.x, chart.deadline.anchor), (RIGHT, "end"));
        assert_eq!(chart.today.as_ref().map(|mark| mark.x), Some(RIGHT));
        assert_eq!(
            chart.rows,
            [("20-Mar-2023".to_owned(), 2), ("28-Apr-2023".to_owned(), 10)]
        );
        assert_eq!(ends(&chart), ("20-Mar-2023", "28-Apr-2023"));
        assert_eq!(
            (chart.registered, chart.reached.x, chart.reached_y),
            (10, RIGHT, TOP - 8)
        );
    }

    fn ends(chart: &Chart) -> (&str, &str) {
        let [first, .., last] = chart.days.as_slice() else {
            panic!("{:?}", chart.days);
        };
        (&first.label, &last.label)
    }

    #[test]
    fn both_axes_have_ticks_with_values_that_do_not_touch() {
        let chart = drawn(&[(date(2023, 3, 20), 2)], "2023-04-05T12:00:00+08:00");
        let labels = |ticks: &[Tick]| ticks.iter().map(|tick| tick.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&chart.numbers), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(
            labels(&chart.days),
            [
                "20-Mar-2023",
                "27-Mar",
                "03-Apr",
                "10-Apr",
                "17-Apr",
                "28-Apr-2023"
            ]
        );
        for total in [0, 1, 3, 9, 99, 12_345] {
            let ticks = numbers(total);
            let gaps = ticks.windows(2).map(|pair| pair[0].at - pair[1].at);
            assert!(
                total == 0 || gaps.min() >= Some(LINE_HEIGHT),
                "{total}: {ticks:?}"
            );
            assert!(ticks.len() <= 7, "{total}: {ticks:?}");
        }
    }

    #[test]
    fn days_before_the_opening_and_after_the_deadline_are_drawn_too_but_not_for_years() {
        let early = drawn(&[(date(2023, 2, 7), 1)], "2023-02-07T12:00:00+08:00");
        assert_eq!(ends(&early), ("07-Feb-2023", "28-Apr-2023"));
        let unopened = drawn(&[], "2023-03-01T12:00:00+08:00");
        assert!(unopened.today.is_none() && unopened.rows.is_empty());
        assert_eq!(unopened.line, "M44 212H44");
        let late = drawn(&[(date(2023, 5, 5), 1)], "2023-05-08T12:00:00+08:00");
        assert_eq!(ends(&late).1, "08-May-2023");
        assert!(late.deadline.x < RIGHT && late.today.is_some());
        let long_after = drawn(&[], "2025-01-01T12:00:00+08:00");
        assert_eq!(ends(&long_after).1, "27-Jun-2023");
        assert!(long_after.today.is_none());
    }
}
