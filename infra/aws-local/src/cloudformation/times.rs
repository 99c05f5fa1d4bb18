//! When a schedule is due: `cron(…)` and `rate(…)` as EventBridge Scheduler reads them.

use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};
use croner::{CivilDateTime, Cron, CronDateTime, Resolution, Weekday};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};
use regex_lite::Regex;

/// When a schedule is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    pace: Pace,
    zone: TimeZone,
}

#[derive(Debug, Clone, PartialEq)]
enum Pace {
    /// At the times of day and days that an expression names.
    Cron(Box<Cron>),
    /// Every so often.
    Rate(SignedDuration),
}

impl Times {
    /// Reads an expression, or says what is wrong with it.
    pub fn parse(expression: &str, zone: &str) -> Result<Self, String> {
        let zone = TimeZone::get(zone).map_err(|_| format!("there is no time zone {zone}"))?;
        let inside = |kind: &str| expression.strip_prefix(kind)?.strip_suffix(')');
        let pace = if let Some(fields) = inside("cron(") {
            cron(fields).map(Box::new).map(Pace::Cron)
        } else if let Some(rate) = inside("rate(") {
            every(rate).map(Pace::Rate)
        } else {
            Err("it has to be cron(…) or rate(…)".to_owned())
        };
        let pace = pace.map_err(|reason| format!("{expression} is no schedule: {reason}"))?;
        Ok(Self { pace, zone })
    }

    /// The first time after `after`, if there is one. A rate counts from `start`.
    pub fn next(&self, after: Timestamp, start: Timestamp) -> Option<Timestamp> {
        match &self.pace {
            Pace::Cron(cron) => next(cron, &self.zone, after),
            Pace::Rate(every) => {
                let passed = (after.as_second() - start.as_second()).div_euclid(every.as_secs());
                let next = (passed + 1).checked_mul(every.as_secs())?;
                start.checked_add(SignedDuration::from_secs(next)).ok()
            }
        }
    }

    /// A time with the offset that the schedule's time zone has then, e.g. `2023-04-25T09:00:00+08:00`.
    pub fn shown(&self, at: Timestamp) -> String {
        at.display_with_offset(self.zone.to_offset(at)).to_string()
    }
}

/// A time that the zone's clocks leap over in spring is not due that day, and one that they show twice in autumn is due
/// once, as on AWS.
fn next(cron: &Cron, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let mut civil = Civil(zone.to_datetime(after));
    loop {
        civil = cron.find_next_occurrence(&civil, false).ok()?;
        let at = zone.to_ambiguous_timestamp(civil.0);
        if matches!(at.offset(), AmbiguousOffset::Gap { .. }) {
            continue;
        }
        let at = at.earlier().ok()?;
        if at > after {
            return Some(at);
        }
    }
}

/// AWS has no seconds, counts weekdays from 1 for Sunday, names a year, and wants `?` in one of the two fields for days.
/// What it knows less of than the parser is refused here: names elsewhere than for months and weekdays, and an eighth
/// day of the week.
fn cron(text: &str) -> Result<Cron, String> {
    let list = |item: &str| format!("[{item}][{item}/]*(,[{item}][{item}/]*)*");
    let (number, days, months, weekdays) = (r"\d*\-", r"\d*\-?LW", r"\da-zA-Z*\-", r"1-7a-zA-Z*\-?#");
    let fields = [number, number, days, months, weekdays, number].map(list);
    let pattern = format!(r"^\s*{}\s*$", fields.join(r"\s+"));
    let dialect = Regex::new(&pattern).map_err(|error| error.to_string())?;
    if !dialect.is_match(text) {
        let fields = "minutes, hours, day of month, month, day of week, year";
        return Err(format!(
            "cron takes six fields ({fields}), each a list of what AWS has there"
        ));
    }
    let days = text.split_whitespace().skip(2).step_by(2).take(2);
    if days.filter(|field| *field == "?").count() != 1 {
        return Err("one of day of month and day of week has to be ?".to_owned());
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Required)
        .year(Year::Required)
        .alternative_weekdays(true)
        // AWS's own way to say “every quarter of an hour from 0 on” is 0/15.
        .sloppy_ranges(true)
        .build();
    parser
        .parse(&format!("0 {}", text.trim()))
        .map_err(|error| error.to_string())
}

fn every(text: &str) -> Result<SignedDuration, String> {
    let refusal = || "rate takes a whole number from 1 on and minutes, hours or days".to_owned();
    let (number, unit) = text.trim().split_once(' ').ok_or_else(refusal)?;
    let minutes = match unit.trim() {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return Err(refusal()),
    };
    let number = number.parse::<u32>().ok().filter(|&number| number > 0);
    let minutes = number.map(i64::from).ok_or_else(refusal)? * minutes;
    Ok(SignedDuration::from_mins(minutes))
}

/// A time of day on a day, for the parser to count with. What a time zone makes of it comes later.
#[derive(Clone, Copy)]
struct Civil(DateTime);

impl CronDateTime for Civil {
    #[expect(clippy::cast_sign_loss, reason = "jiff's fields are in their ranges")]
    fn to_civil(&self) -> CivilDateTime {
        let Self(at) = self;
        let date =
            croner::CivilDate::from_parts_unchecked(at.year().into(), at.month() as u32, at.day() as u32);
        let time =
            croner::CivilTime::from_parts_unchecked(at.hour() as u32, at.minute() as u32, at.second() as u32);
        CivilDateTime::new(date, time)
    }

    #[expect(clippy::cast_sign_loss, reason = "from 0 to 6")]
    fn civil_weekday(&self) -> Weekday {
        Weekday::from_days_from_sunday(self.0.weekday().to_sunday_zero_offset() as u32)
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let part = |value: u32| i8::try_from(value).map_err(|_| CronError::InvalidDate);
        let year = i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?;
        DateTime::new(
            year,
            part(civil.month())?,
            part(civil.day())?,
            part(civil.hour())?,
            part(civil.minute())?,
            part(civil.second())?,
            0,
        )
        .map(|at| Resolution::Single(Self(at)))
        .map_err(|_| CronError::InvalidDate)
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0.checked_add(seconds.seconds()).ok().map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The first so many times after another one.
    fn due(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let times = Times::parse(expression, zone).unwrap();
        let first = times.next(at(after), at("2023-04-25T00:00:07Z"));
        std::iter::successors(first, |&after| times.next(after, at("2023-04-25T00:00:07Z")))
            .take(count)
            .map(|at| times.shown(at))
            .collect()
    }

    #[test]
    fn an_expression_is_due_at_its_time_of_day_in_its_time_zone_and_leading_zeros_count_for_nothing() {
        for expression in [
            "cron(00 09 * * ? *)",
            "cron(0 9 ? * * *)",
            "cron(  0 9 1-31 JAN-DEC ? * )",
        ] {
            assert_eq!(
                due(expression, "Asia/Hong_Kong", "2023-04-25T00:59:59.9Z", 2),
                ["2023-04-25T09:00:00+08:00", "2023-04-26T09:00:00+08:00"],
                "{expression}"
            );
            assert_eq!(
                due(expression, "UTC", "2023-04-25T09:00:00Z", 1),
                ["2023-04-26T09:00:00+00:00"],
                "{expression}"
            );
        }
    }

    #[test]
    fn days_are_counted_as_aws_counts_them() {
        let after = "2023-04-25T12:00:00Z";
        for (expression, days) in [
            ("cron(0 9 ? * 1 *)", ["2023-04-30", "2023-05-07"]),
            ("cron(0 9 ? * SUN *)", ["2023-04-30", "2023-05-07"]),
            ("cron(0 9 ? * mon-fri *)", ["2023-04-26", "2023-04-27"]),
            ("cron(0 9 ? * 7 *)", ["2023-04-29", "2023-05-06"]),
            ("cron(0 9 ? * 2#1 *)", ["2023-05-01", "2023-06-05"]),
            ("cron(0 9 ? * 6L *)", ["2023-04-28", "2023-05-26"]),
            ("cron(0 9 L * ? *)", ["2023-04-30", "2023-05-31"]),
            ("cron(0 9 LW * ? *)", ["2023-04-28", "2023-05-31"]),
            ("cron(0 9 30W * ? *)", ["2023-04-28", "2023-05-30"]),
            ("cron(0 9 29 2 ? *)", ["2024-02-29", "2028-02-29"]),
            ("cron(0 9 1 1 ? 2025-2199)", ["2025-01-01", "2026-01-01"]),
            ("cron(0 9 1/10 5,6 ? *)", ["2023-05-01", "2023-05-11"]),
        ] {
            let days = days.map(|day| format!("{day}T09:00:00+00:00"));
            assert_eq!(due(expression, "UTC", after, 2), days, "{expression}");
        }
        assert_eq!(
            due("cron(0/15 9-10 * * ? *)", "UTC", "2023-04-25T09:40:00Z", 3),
            [
                "2023-04-25T09:45:00+00:00",
                "2023-04-25T10:00:00+00:00",
                "2023-04-25T10:15:00+00:00"
            ]
        );
        assert!(due("cron(0 9 * * ? 2022)", "UTC", after, 1).is_empty());
        assert!(due("cron(0 9 30 2 ? *)", "UTC", after, 1).is_empty());
    }

    #[test]
    fn a_time_that_is_leapt_over_in_spring_is_left_out_and_one_that_comes_twice_in_autumn_counts_once() {
        let zone = "Europe/Berlin";
        assert_eq!(
            due("cron(30 2 * * ? *)", zone, "2023-03-25T12:00:00Z", 1),
            ["2023-03-27T02:30:00+02:00"]
        );
        assert_eq!(
            due("cron(30 2 * * ? *)", zone, "2023-10-28T12:00:00Z", 2),
            ["2023-10-29T02:30:00+02:00", "2023-10-30T02:30:00+01:00"]
        );
        // Within the hour that comes again.
        assert_eq!(
            due("cron(0/30 * * * ? *)", zone, "2023-10-29T01:10:00Z", 1),
            ["2023-10-29T03:00:00+01:00"]
        );
    }

    #[test]
    fn a_rate_counts_from_the_start_forwards_and_backwards() {
        let after = "2023-04-25T00:00:07Z";
        for (expression, first, second) in [
            ("rate(1 minute)", "2023-04-25T00:01:07", "2023-04-25T00:02:07"),
            ("rate(5 minutes)", "2023-04-25T00:05:07", "2023-04-25T00:10:07"),
            ("rate(12 hours)", "2023-04-25T12:00:07", "2023-04-26T00:00:07"),
            ("rate(1 day)", "2023-04-26T00:00:07", "2023-04-27T00:00:07"),
        ] {
            let both = [first, second].map(|at| format!("{at}+00:00"));
            assert_eq!(due(expression, "UTC", after, 2), both, "{expression}");
        }
        assert_eq!(
            due("rate(5 minutes)", "UTC", "2023-04-24T23:58:00Z", 1),
            ["2023-04-25T00:00:07+00:00"]
        );
    }

    #[test]
    fn what_aws_would_not_take_is_refused_with_the_expression() {
        for expression in [
            "cron(0 9 * * *)",
            "cron(0 0 9 * * ? *)",
            "cron(0 9 * * * *)",
            "cron(0 9 ? * ? *)",
            "cron(60 9 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 9 32 * ? *)",
            "cron(0 9 0 * ? *)",
            "cron(0 9 * 13 ? *)",
            "cron(0 9 ? * 0 *)",
            "cron(0 9 ? * 8 *)",
            "cron(0 9 ? * MON#6 *)",
            "cron(0 9 ? * MONDAY *)",
            "cron(MON 9 * * ? *)",
            "cron(? 9 * * ? *)",
            "cron(0, 9 * * ? *)",
            "cron(/5 9 * * ? *)",
            "cron(1/0 9 * * ? *)",
            "cron(0 9 * * ? * @daily)",
            "cron(+0 9 * * ? *)",
            "cron(0 9 ? * +MON *)",
            "cron()",
            "cron(0 9 * * ? *",
            "0 9 * * ? *",
            "CRON(0 9 * * ? *)",
            "at(2023-04-25T09:00:00)",
            "rate(0 minutes)",
            "rate(-1 minutes)",
            "rate(1.5 hours)",
            "rate(5 seconds)",
            "rate(5)",
            "rate()",
            "",
        ] {
            let refusal = Times::parse(expression, "UTC").unwrap_err();
            assert!(
                refusal.starts_with(&format!("{expression} is no schedule: ")),
                "{refusal}"
            );
        }
        let refusal = Times::parse("rate(1 day)", "Asia/Atlantis").unwrap_err();
        assert_eq!(refusal, "there is no time zone Asia/Atlantis");
    }
}
