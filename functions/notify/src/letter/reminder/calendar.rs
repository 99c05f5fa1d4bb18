//! The deadline as an entry in a calendar (RFC 5545).
//!
//! The crate that writes such files brings a second library for dates and one for random UUIDs along; what is needed here
//! is one component with a dozen lines.

use std::fmt::Write as _;

use countersign_domain::calendar::working_day_up_to;
use countersign_domain::campaign::Campaign;
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Octets of a line at most, without its end (RFC 5545, section 3.1).
const MAX_OCTETS: usize = 75;

/// An entry for the deadline's day.
pub(super) struct Entry<'a> {
    pub(super) campaign: &'a Campaign,
    /// The domain that makes its ID unique.
    pub(super) domain: &'a str,
    /// The day of the reminder, and when what it says was found out.
    pub(super) day: Date,
    pub(super) as_of: Timestamp,
    pub(super) summary: &'a str,
    pub(super) description: &'a str,
    pub(super) url: &'a str,
}

impl Entry<'_> {
    /// The whole file. It names no method, so that it is an entry to keep, and mail programs ask nobody to accept it.
    ///
    /// The entry takes the whole day: calendars show that at its top, on that date in every time zone, without taking the
    /// day's hours. One that lasts until 23:59:59 would fill an evening that nobody looks at, on another date in Europe;
    /// the time stands in the summary instead. The alarm is set in relation to the day, which calendars understand that
    /// pass over one at a time of its own.
    pub(super) fn file(&self) -> String {
        let mut file = File::default();
        let deadline = self.campaign.deadline();
        let day = |day: Date| day.strftime("%Y%m%d").to_string();
        let stamp = self.as_of.strftime("%Y%m%dT%H%M%SZ").to_string();
        // It stays the same when the deadline moves, so that the entry moves along.
        let uid = format!("deadline-{}@{}", self.campaign.opens(), self.domain);
        let revision = self
            .day
            .since(self.campaign.opens())
            .map_or(0, |span| span.get_days());
        file.line("BEGIN", "VCALENDAR");
        file.line("VERSION", "2.0");
        file.line("PRODID", "-//Countersign//Reminders//EN");
        file.line("CALSCALE", "GREGORIAN");
        file.line("BEGIN", "VEVENT");
        file.line("UID", &uid);
        file.line("SEQUENCE", &revision.max(0).to_string());
        file.line("DTSTAMP", &stamp);
        file.line("DTSTART;VALUE=DATE", &day(deadline));
        file.line("DTEND;VALUE=DATE", &day(deadline.tomorrow().unwrap_or(deadline)));
        file.text("SUMMARY", self.summary);
        file.text("DESCRIPTION", self.description);
        file.line("URL", self.url);
        file.line("TRANSP", "TRANSPARENT");
        file.line("BEGIN", "VALARM");
        file.line("ACTION", "DISPLAY");
        file.text("DESCRIPTION", self.summary);
        file.line("TRIGGER", &format!("-PT{}M", minutes_before(self.campaign)));
        file.line("END", "VALARM");
        file.line("END", "VEVENT");
        file.line("END", "VCALENDAR");
        file.0
    }
}

/// Minutes from the last working day before the deadline's day, at the time at which people are reminded, to that day's
/// start.
fn minutes_before(campaign: &Campaign) -> i64 {
    let before = campaign.deadline().yesterday().ok();
    let working_day = before.and_then(|day| working_day_up_to(day).ok()).or(before);
    let alarm = working_day.and_then(|day| time::instant(day.to_datetime(campaign.reminder_time())));
    let start = time::start_of_day(campaign.deadline());
    let ahead = start.zip(alarm).map(|(start, alarm)| start.duration_since(alarm));
    // A calendar without the days around the deadline would have no campaign.
    ahead.unwrap_or(SignedDuration::from_hours(15)).as_mins()
}

#[derive(Default)]
struct File(String);

impl File {
    /// A property whose value is text.
    fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// A property, folded where its line is too long: between characters, never inside of one.
    fn line(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let (mut rest, mut room) = (line.as_str(), MAX_OCTETS);
        while rest.len() > room {
            let (now, later) = rest.split_at(rest.floor_char_boundary(room));
            let _ = write!(self.0, "{now}\r\n ");
            // The space counts.
            (rest, room) = (later, MAX_OCTETS - 1);
        }
        let _ = write!(self.0, "{rest}\r\n");
    }
}

/// Text as a value (RFC 5545, section 3.3.11). No control character is let in but the line's end.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_between_characters_before_it_is_too_long() {
        for text in [
            "a".repeat(400),
            "限期".repeat(100),
            format!("{}限期", "a".repeat(66)),
            "é,".repeat(80),
        ] {
            let mut file = File::default();
            file.text("SUMMARY", &text);
            for line in file.0.split("\r\n") {
                assert!(line.len() <= MAX_OCTETS, "{line}");
            }
            assert!(file.0.ends_with("\r\n") && !file.0.ends_with("\r\n \r\n"));
            let unfolded = file.0.replace("\r\n ", "");
            assert_eq!(unfolded, format!("SUMMARY:{}\r\n", escaped(&text)));
        }
    }

    #[test]
    fn text_is_escaped_and_ends_no_line() {
        let text = "a;b,c\\d\ne\r\nEND:VEVENT\u{0}\u{85}:\"x\"";
        assert_eq!(escaped(text), "a\\;b\\,c\\\\d\\ne\\nEND:VEVENT:\"x\"");
    }
}
