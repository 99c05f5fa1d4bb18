//! The deadline as an entry in a calendar (RFC 5545).
//!
//! A crate for such files would add a second date library and one for random UUIDs, for one component of a dozen lines.

use std::fmt::Write as _;

use countersign_domain::calendar::working_day_up_to;
use countersign_domain::campaign::Campaign;
use countersign_domain::time;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Maximum length of a line in octets, without its ending (RFC 5545, section 3.1).
const MAX_OCTETS: usize = 75;

/// An entry for the deadline's day.
pub(super) struct Entry<'a> {
    pub(super) campaign: &'a Campaign,
    /// The domain that makes its ID unique.
    pub(super) domain: &'a str,
    /// When the reminder's contents were collected.
    pub(super) day: Date,
    pub(super) as_of: Timestamp,
    pub(super) summary: &'a str,
    pub(super) description: &'a str,
    pub(super) url: &'a str,
}

impl Entry<'_> {
    /// The whole file. It names no method, so mail programs offer to add the entry and don't ask to accept an invitation.
    ///
    /// The entry lasts the whole day: calendars show it at the top of that date in every time zone. An entry until 23:59:59
    /// would appear late in the evening, and on another date in Europe; the summary has the time instead. The alarm is
    /// relative to the day, because some calendars ignore one at an absolute time.
    pub(super) fn file(&self) -> String {
        let mut file = File::default();
        let deadline = self.campaign.deadline();
        let day = |day: Date| day.strftime("%Y%m%d").to_string();
        let stamp = self.as_of.strftime("%Y%m%dT%H%M%SZ").to_string();
        // It stays the same if the deadline moves, so that the entry moves too.
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

/// Minutes from the reminder's time on the last working day before the deadline to the start of the deadline's day.
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

    /// A property. A line that is too long is folded between characters, never inside one.
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

/// Text as a value (RFC 5545, section 3.3.11). Control characters other than line breaks are dropped.
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
