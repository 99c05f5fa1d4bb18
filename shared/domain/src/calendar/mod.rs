//! Hong Kong's working days and working hours. Working days are Mondays to Fridays that are not general holidays.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::time;

mod holidays;

/// A day that the list of general holidays does not cover, so that nobody can tell whether it is a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeyondCalendar(pub Date);

impl fmt::Display for BeyondCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = years();
        write!(
            f,
            "{} is outside of the list of Hong Kong's general holidays, which has the years {first} to {last}; \
             add the missing ones to shared/domain/src/calendar/holidays.rs",
            self.0
        )
    }
}

impl std::error::Error for BeyondCalendar {}

/// The first and the last year in the list of general holidays.
pub fn years() -> (i16, i16) {
    let year = |year: Option<&(i16, &[Date])>| year.map_or(0, |(year, _)| *year);
    (year(holidays::YEARS.first()), year(holidays::YEARS.last()))
}

/// Whether a day is a working day.
pub fn is_working_day(day: Date) -> Result<bool, BeyondCalendar> {
    let known = holidays::YEARS.iter().find(|(year, _)| *year == day.year());
    let (_, holidays) = known.ok_or(BeyondCalendar(day))?;
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    Ok(!is_weekend && !holidays.contains(&day))
}

/// The day itself if it is a working day, otherwise the last working day before it.
pub fn working_day_up_to(day: Date) -> Result<Date, BeyondCalendar> {
    let mut day = day;
    while !is_working_day(day)? {
        day = day.yesterday().map_err(|_| BeyondCalendar(day))?;
    }
    Ok(day)
}

/// Counts the working days after one day, up to and including another.
pub fn working_days_between(after: Date, through: Date) -> Result<u32, BeyondCalendar> {
    let mut days = 0;
    let mut day = after;
    while day < through {
        day = day.tomorrow().map_err(|_| BeyondCalendar(day))?;
        days += u32::from(is_working_day(day)?);
    }
    Ok(days)
}

/// The hours of a working day, in Hong Kong time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingHours {
    from: Time,
    to: Time,
}

impl WorkingHours {
    /// Parses hours such as `09:00-18:00`. `None` if the text has another form, or if they end before they begin.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (time::time_of_day(from)?, time::time_of_day(to)?);
        (from < to).then_some(Self { from, to })
    }

    /// The instant this many working hours after `start`. Time outside working hours does not count.
    pub fn after(&self, start: Timestamp, hours: u16) -> Result<Timestamp, BeyondCalendar> {
        let local = time::local(start);
        let (mut day, mut left) = (local.date(), SignedDuration::from_hours(hours.into()));
        let mut from = local.time().max(self.from);
        loop {
            if is_working_day(day)? && from < self.to {
                let today = self.to.duration_since(from);
                if left <= today {
                    let end = DateTime::from_parts(day, from).checked_add(left);
                    let end = end.ok().and_then(time::instant);
                    return end.ok_or(BeyondCalendar(day));
                }
                left -= today;
            }
            day = day.checked_add(1.day()).map_err(|_| BeyondCalendar(day))?;
            from = self.from;
        }
    }

    /// The instant this many working hours before `end`. Time outside working hours does not count.
    pub fn before(&self, end: Timestamp, hours: u16) -> Result<Timestamp, BeyondCalendar> {
        let local = time::local(end);
        let (mut day, mut left) = (local.date(), SignedDuration::from_hours(hours.into()));
        let mut to = local.time().min(self.to);
        loop {
            if is_working_day(day)? && self.from < to {
                let today = to.duration_since(self.from);
                if left <= today {
                    let start = DateTime::from_parts(day, to).checked_sub(left);
                    let start = start.ok().and_then(time::instant);
                    return start.ok_or(BeyondCalendar(day));
                }
                left -= today;
            }
            day = day.checked_sub(1.day()).map_err(|_| BeyondCalendar(day))?;
            to = self.to;
        }
    }
}

#[cfg(test)]
mod tests;
