//! A reply to a mail of the mailbox, or a new mail to where its replies go, as a mail program writes them (RFC 5322).

use std::fmt::Write;

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::message_id::MessageId;

use crate::ses::Mail;
use crate::ses::raw::address;

/// The whole message: what its writer says on top, and the mail that it answers quoted below. `sent` is when that was
/// sent, as a mail program shows it.
pub fn reply_message(mail: &Mail, from: &str, said: &str, (sent, now): (&str, Timestamp)) -> Vec<u8> {
    let original = &mail.message;
    let to = original.reply_to.first().unwrap_or(&original.from);
    let domain = from.rsplit('@').next().unwrap_or_default();
    let message = MessageBuilder::new()
        .from(address(from))
        .to(address(to))
        .date(now.as_second())
        .subject(subject(&original.subject))
        .message_id(format!("{}@{domain}", crate::random::hex::<16>()))
        .in_reply_to(mail.message_id())
        .references(MessageId::new_list(references(mail).into_iter()))
        .text_body(text(mail, said, sent));
    // Writing to memory does not fail.
    message.write_to_vec().unwrap_or_default()
}

/// A new mail, which quotes and answers none: a link in a mail opened it.
pub fn new_message((from, to): (&str, &str), subject: &str, said: &str, now: Timestamp) -> Vec<u8> {
    let domain = from.rsplit('@').next().unwrap_or_default();
    let message = MessageBuilder::new()
        .from(address(from))
        .to(address(to))
        .date(now.as_second())
        .subject(subject)
        .message_id(format!("{}@{domain}", crate::random::hex::<16>()))
        .text_body(said);
    // Writing to memory does not fail.
    message.write_to_vec().unwrap_or_default()
}

/// The subject of an answer, which says once that it is one.
fn subject(of_original: &str) -> String {
    let start = of_original.get(..3);
    if start.is_some_and(|start| start.eq_ignore_ascii_case("re:")) {
        return of_original.to_owned();
    }
    format!("Re: {of_original}")
}

/// The mails before this one, oldest first (RFC 5322, section 3.6.4).
fn references(mail: &Mail) -> Vec<String> {
    let headers = mail.message.headers.iter();
    let before = headers
        .filter(|header| header.name.eq_ignore_ascii_case("references"))
        .flat_map(|header| header.value.split_whitespace())
        .map(|id| id.trim_matches(['<', '>']).to_owned());
    before.chain([mail.message_id()]).collect()
}

fn text(mail: &Mail, said: &str, sent: &str) -> String {
    let original = &mail.message;
    let mut text = said.replace("\r\n", "\n").trim_end().to_owned();
    let _ = writeln!(text, "\n\nOn {sent}, {} wrote:\n", original.from);
    for line in original.text.as_deref().unwrap_or_default().lines() {
        let _ = match line {
            "" => writeln!(text, ">"),
            line => writeln!(text, "> {line}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ses::tests::mail;

    #[test]
    fn a_reply_quotes_and_names_the_mails_that_it_answers() {
        let mail = mail("已認領", "one\n\ntwo");
        let now = "2023-02-07T02:45:00Z".parse().unwrap();
        let written = reply_message(&mail, "bob@abc.example", "YES\r\n", ("07-Feb-2023", now));
        let written = String::from_utf8(written).unwrap();
        let (headers, body) = written.split_once("\r\n\r\n").unwrap();
        for header in [
            "To: <answers@mail.example>",
            "In-Reply-To: <0100-1-000000@ap-southeast-1.amazonses.com>",
            "<first@a.example>",
            "Date: Tue, 7 Feb 2023 02:45:00 +0000",
            "Content-Type: text/plain; charset=\"utf-8\"",
        ] {
            assert!(headers.contains(header), "{header}: {headers}");
        }
        assert!(written.is_ascii());
        assert!(body.starts_with("YES") && body.contains("> one"), "{body}");
    }

    #[test]
    fn a_new_mail_says_what_its_writer_says_and_no_more() {
        let now = "2023-02-07T02:45:00Z".parse().unwrap();
        let ends = ("bob@abc.example", "answers@mail.example");
        let written = new_message(ends, "已認領", "YES\r\n", now);
        let written = String::from_utf8(written).unwrap();
        let (headers, body) = written.split_once("\r\n\r\n").unwrap();
        assert!(headers.contains("To: <answers@mail.example>"), "{headers}");
        assert!(!headers.contains("In-Reply-To") && !headers.contains("References"));
        assert_eq!(body.trim_end(), "YES");
    }

    #[test]
    fn the_subject_says_once_that_it_is_a_reply() {
        assert_eq!(subject("Ready"), "Re: Ready");
        assert_eq!(subject("RE: Ready"), "RE: Ready");
        assert_eq!(subject("已"), "Re: 已");
    }
}
