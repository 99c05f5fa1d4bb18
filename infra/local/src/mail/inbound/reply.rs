//! A reply to a mail of the mailbox, as a mail program writes it (RFC 5322).

use std::fmt::Write;
use std::io;

use countersign_domain::id::Reference;
use countersign_domain::time;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::message_id::MessageId;

use crate::mail::mailbox::Mail;
use crate::mail::raw::address;

/// The whole message: what its writer says on top, and the mail that it answers quoted below.
pub(super) fn message(mail: &Mail, from: &str, said: &str, now: Timestamp) -> io::Result<Vec<u8>> {
    let original = &mail.message;
    let to = original.reply_to.first().unwrap_or(&original.from);
    let domain = from.rsplit('@').next().unwrap_or_default();
    let own_id = format!("{}@{domain}", crate::random::hex::<16>());
    MessageBuilder::new()
        .from(address(from))
        .to(address(to))
        .date(now.as_second())
        .subject(subject(&original.subject))
        .message_id(own_id)
        .in_reply_to(mail.message_id())
        .references(MessageId::new_list(references(mail).into_iter()))
        .text_body(text(mail, said))
        .write_to_vec()
}

/// The request that a mail is about, which its subject names first.
pub(super) fn reference(mail: &Mail) -> Option<Reference> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut words = mail.message.subject.split(|character| !is_part(character));
    words.find_map(Reference::parse)
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

fn text(mail: &Mail, said: &str) -> String {
    let original = &mail.message;
    let mut text = said.replace("\r\n", "\n").trim_end().to_owned();
    let sent = time::shown(mail.sent_at);
    // Writing to a text can't fail.
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
    use email_approval::message::{Said, read};

    use super::*;
    use crate::mail::{Header, Outgoing};

    fn mail(subject: &str, text: &str) -> Mail {
        Mail {
            id: "0100-1-000000".to_owned(),
            sent_at: "2023-02-07T02:43:00Z".parse().unwrap(),
            message: Outgoing {
                from: "Countersign <no-reply@countersign.example>".to_owned(),
                to: vec!["D Wong <checker@abc.example>".to_owned()],
                reply_to: vec!["approve+abcdefghijklmnopqrstuvwxyz@countersign.example".to_owned()],
                subject: subject.to_owned(),
                text: Some(text.to_owned()),
                html: None,
                attachments: Vec::new(),
                headers: vec![Header {
                    name: "References".to_owned(),
                    value: "<first@a.example> <second@a.example>".to_owned(),
                }],
                tags: std::collections::BTreeMap::new(),
                configuration_set: None,
            },
            fates: Vec::new(),
        }
    }

    fn written(mail: &Mail, said: &str) -> String {
        let now = "2023-02-07T02:45:00Z".parse().unwrap();
        String::from_utf8(message(mail, "checker@abc.example", said, now).unwrap()).unwrap()
    }

    #[test]
    fn a_reply_is_read_as_what_its_writer_says() {
        let confirm = "To confirm it, answer:\n\nCONFIRM DA3_00013362\n";
        let quoted = "On 7 Feb, someone wrote:\n> RETURN DA3_00013362 it\n\n-- \nCountersign – 已認領";
        for original in ["", confirm, quoted] {
            let mail = mail("DA3_00013361: ready for you to check", original);
            let reference = reference(&mail).unwrap();
            for (said, read_as) in [
                ("CONFIRM DA3_00013361", Said::Confirm(reference.clone())),
                ("confirm DA3_00013361\r\n\r\n", Said::Confirm(reference.clone())),
                (
                    "RETURN DA3_00013361 第一行\r\nRow 1.\r\n\r\nAnd row 2.",
                    Said::Return(reference.clone(), "第一行\nRow 1.\n\nAnd row 2.".to_owned()),
                ),
                ("Yes, please.", Said::Nothing),
                ("", Said::Nothing),
            ] {
                let message = read(written(&mail, said).as_bytes()).unwrap();
                assert_eq!(message.said, read_as, "{said:?} on {original:?}");
                assert_eq!(message.from.ascii(), "checker@abc.example");
                assert!(!message.is_automatic && message.message_id.is_some());
            }
        }
    }

    #[test]
    fn a_reply_names_the_mails_that_it_answers() {
        let written = written(&mail("已認領", "x"), "CONFIRM DA3_00013361");
        let (headers, _) = written.split_once("\r\n\r\n").unwrap();
        for header in [
            "To: <approve+abcdefghijklmnopqrstuvwxyz@countersign.example>",
            "In-Reply-To: <0100-1-000000@ap-southeast-1.amazonses.com>",
            "<first@a.example>",
            "Date: Tue, 7 Feb 2023 02:45:00 +0000",
            "Content-Type: text/plain; charset=\"utf-8\"",
        ] {
            assert!(headers.contains(header), "{header}: {headers}");
        }
        assert!(written.is_ascii());
    }

    #[test]
    fn the_subject_says_once_that_it_is_a_reply_and_names_the_request() {
        assert_eq!(subject("DA3_00013361: ready"), "Re: DA3_00013361: ready");
        assert_eq!(subject("RE: DA3_00013361: ready"), "RE: DA3_00013361: ready");
        assert_eq!(subject("已"), "Re: 已");
        let named = |subject| reference(&mail(subject, "")).map(|reference| reference.to_string());
        assert_eq!(
            named("Re: DA3_00013361：待閣下覆核").as_deref(),
            Some("DA3_00013361")
        );
        assert_eq!(named("Claimed"), None);
    }
}
