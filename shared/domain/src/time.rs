//! Instants: stored in UTC, shown in Hong Kong time.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Hong Kong time. It has been UTC+8 without daylight saving since 1979, so it needs no time zone database.
const HKT: Offset = Offset::constant(8);

/// Formats an instant for storage: RFC 3339 in UTC with exactly three decimals, so that text order is time order.
pub fn stored(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Parses what [`stored`] wrote, or any other RFC 3339 instant.
pub fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Cuts an instant to the milliseconds that storage keeps, so that what is read equals what was written.
pub fn to_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Formats an instant as the guideline shows every time: `07-Feb-2023 10:43 HKT` (steps i, m and n).
pub fn shown(at: Timestamp) -> String {
    HKT.to_datetime(at).strftime("%d-%b-%Y %H:%M HKT").to_string()
}

/// Formats an instant to the second: `28-Apr-2023 23:59:59 HKT`.
pub fn shown_to_the_second(at: Timestamp) -> String {
    HKT.to_datetime(at).strftime("%d-%b-%Y %H:%M:%S HKT").to_string()
}

/// Formats the day of an instant as the Tasks list shows the last update: `07-Feb-2023` (guideline, step k).
pub fn shown_date(at: Timestamp) -> String {
    HKT.to_datetime(at).strftime("%d-%b-%Y").to_string()
}

/// Formats an instant's time of day: `10:43`.
pub fn shown_time(at: Timestamp) -> String {
    HKT.to_datetime(at).strftime("%H:%M").to_string()
}

/// Formats a calendar day: `28-Apr-2023`.
pub fn shown_day(day: Date) -> String {
    day.strftime("%d-%b-%Y").to_string()
}

/// The IANA name of the time zone for all pages, messages and schedules.
pub const ZONE: &str = "Asia/Hong_Kong";

/// The first instant of a Hong Kong day.
pub fn start_of_day(day: Date) -> Option<Timestamp> {
    instant(day.to_datetime(Time::midnight()))
}

/// The date and time that Hong Kong's clocks show at an instant.
pub fn local(at: Timestamp) -> DateTime {
    HKT.to_datetime(at)
}

/// The instant at which Hong Kong's clocks show this date and time.
pub fn instant(local: DateTime) -> Option<Timestamp> {
    TimeZone::fixed(HKT).to_timestamp(local).ok()
}

/// Parses a time of day such as `09:00`: hours and minutes, two digits each.
pub fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let fits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse().ok()).flatten()
    };
    Time::new(two_digits(hour)?, two_digits(minute)?, 0, 0).ok()
}

/// The Hong Kong calendar day of an instant.
pub fn day_of(at: Timestamp) -> Date {
    HKT.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_stored_in_utc_and_shown_in_hong_kong_time() {
        let at = parse("2023-02-07T10:43:00+08:00").unwrap();
        assert_eq!(stored(at), "2023-02-07T02:43:00.000Z");
        assert_eq!(shown(at), "07-Feb-2023 10:43 HKT");
        assert_eq!(shown_date(at), "07-Feb-2023");
        assert_eq!(shown_time(at), "10:43");
    }

    #[test]
    fn a_hong_kong_day_starts_eight_hours_before_utc() {
        let day = jiff::civil::date(2023, 4, 29);
        assert_eq!(stored(start_of_day(day).unwrap()), "2023-04-28T16:00:00.000Z");
        assert_eq!(day_of(start_of_day(day).unwrap()), day);
    }
}
