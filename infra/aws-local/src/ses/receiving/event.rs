//! What SES stores of a mail that comes in, and how it tells a function of it ("Contents of notifications for Amazon
//! SES email receiving", SES Developer Guide).

use jiff::Timestamp;
use mail_parser::{Address, MessageParser};
use serde_json::{Map, Value as Json, json};

use super::envelope::{Envelope, Verdict, Verdicts};
use crate::REGION;
use crate::ses::Header;
use crate::ses::event::milliseconds;
use crate::ses::mailbox::date;

/// The longest headers that SES tells; what is behind them is left out.
const HEADERS: usize = 10 * 1024;

/// What SES does with a mail by the rule that it meets.
pub(super) struct Receipt<'a> {
    /// The ID that SES gives the mail.
    pub(super) id: &'a str,
    pub(super) at: Timestamp,
    /// The envelope's recipients that the rule is for.
    pub(super) recipients: Vec<&'a str>,
    pub(super) verdicts: Verdicts,
    /// The ARN of the function.
    pub(super) function: &'a str,
}

/// The message as it is stored: SES puts its own headers before the sender's.
pub(super) fn stored(envelope: &Envelope, receipt: &Receipt<'_>, raw: &[u8]) -> Vec<u8> {
    let word = |check: &str| receipt.verdicts.of(check).map(Verdict::as_str);
    let domain = envelope.from.rsplit('@').next().unwrap_or_default();
    let mut lines = vec![
        format!("Return-Path: <{}>", envelope.from),
        format!(
            "Received: from localhost (localhost [127.0.0.1])\r\n by inbound-smtp.{REGION}.amazonaws.com with SMTP \
             id {}\r\n for {};\r\n {}",
            receipt.id,
            receipt.recipients.join(", "),
            date(receipt.at)
        ),
    ];
    for (name, check) in [("X-SES-Spam-Verdict", "spam"), ("X-SES-Virus-Verdict", "virus")] {
        lines.extend(word(check).map(|word| format!("{name}: {word}")));
    }
    let found = ["spf", "dkim", "dmarc"].map(|check| {
        let word = word(check).unwrap_or("none").to_ascii_lowercase();
        format!(";\r\n {check}={word}")
    });
    lines.push(format!(
        "Authentication-Results: amazonses.com{} header.from={domain}",
        found.concat()
    ));
    let mut message = lines.join("\r\n").into_bytes();
    message.extend_from_slice(b"\r\n");
    message.extend(on_the_wire(raw));
    message
}

/// A message whose lines end in line feeds alone, as a file's on this machine do, has them end as SMTP wants it. One
/// that knows both is left as it is: which of them ends a line is then for its reader to doubt.
fn on_the_wire(raw: &[u8]) -> Vec<u8> {
    if raw.windows(2).any(|pair| pair == b"\r\n") {
        return raw.to_vec();
    }
    let mut message = Vec::with_capacity(raw.len() + raw.len() / 32);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(content) => message.extend([content, b"\r\n"].concat()),
            None => message.extend_from_slice(line),
        }
    }
    message
}

/// The event that the function gets.
pub(super) fn of(envelope: &Envelope, receipt: &Receipt<'_>, message: &[u8]) -> Json {
    let at = milliseconds(receipt.at);
    let (headers, is_truncated) = headers(message, envelope.truncates_headers);
    let common = common_headers(envelope, message);
    let mut told = Map::new();
    told.insert("timestamp".to_owned(), json!(at));
    told.insert("processingTimeMillis".to_owned(), json!(1));
    told.insert("recipients".to_owned(), json!(receipt.recipients));
    for (check, verdict) in receipt.verdicts.each() {
        if let Some(verdict) = verdict {
            told.insert(format!("{check}Verdict"), json!({ "status": verdict.as_str() }));
        }
    }
    // Only a mail that failed has its sender's domain's policy in the event.
    if receipt.verdicts.of("dmarc") == Some(Verdict::Fail) {
        told.insert("dmarcPolicy".to_owned(), json!("reject"));
    }
    let action = json!({ "type": "Lambda", "functionArn": receipt.function, "invocationType": "Event" });
    told.insert("action".to_owned(), action);
    json!({
        "Records": [{
            "eventSource": "aws:ses",
            "eventVersion": "1.0",
            "ses": {
                "mail": {
                    "timestamp": at,
                    "source": envelope.from,
                    "messageId": receipt.id,
                    "destination": destination(envelope, message),
                    "headersTruncated": is_truncated,
                    "headers": headers,
                    "commonHeaders": common,
                },
                "receipt": told,
            },
        }],
    })
}

/// The headers of the event, and whether some are left out.
fn headers(message: &[u8], truncate: bool) -> (Vec<Header>, bool) {
    let mut told = fields(message);
    let mut octets = 0;
    let fits = told.iter().take_while(|header| {
        octets += header.name.len() + header.value.len();
        octets <= HEADERS
    });
    let fitting = fits.count();
    let is_truncated = truncate || fitting < told.len();
    told.truncate(fitting);
    (told, is_truncated)
}

/// The fields of a message's header, each on one line.
fn fields(message: &[u8]) -> Vec<Header> {
    let parsed = MessageParser::default().parse_headers(message);
    let fields = parsed.iter().flat_map(mail_parser::Message::headers_raw);
    let field = |(name, value): (&str, &str)| Header {
        name: name.to_owned(),
        value: value.trim().replace("\r\n", "").replace('\n', ""),
    };
    fields.map(field).collect()
}

/// The addresses that the message's own headers name, or else the envelope's.
fn destination(envelope: &Envelope, message: &[u8]) -> Vec<String> {
    let parsed = MessageParser::default().parse_headers(message);
    let named: Vec<String> = parsed
        .iter()
        .flat_map(|message| [message.to(), message.cc()])
        .flatten()
        .flat_map(Address::iter)
        .filter_map(|one| one.address().map(str::to_owned))
        .collect();
    if named.is_empty() {
        return envelope.to.clone();
    }
    named
}

/// The headers that every mail has, as far as this one has them.
fn common_headers(envelope: &Envelope, message: &[u8]) -> Json {
    let mut common = Map::new();
    let mut add = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            common.insert(name.to_owned(), value);
        }
    };
    add("returnPath", Some(json!(envelope.from)));
    let fields = fields(message);
    let field = |name: &str| {
        let mut all = fields.iter();
        let found = all.find(|field| field.name.eq_ignore_ascii_case(name))?;
        Some(json!(found.value))
    };
    if let Some(parsed) = MessageParser::default().parse_headers(message) {
        add("from", parsed.from().map(shown));
        add("date", field("Date"));
        add("to", parsed.to().map(shown));
        add("cc", parsed.cc().map(shown));
        add("replyTo", parsed.reply_to().map(shown));
        add("messageId", field("Message-ID"));
        add("subject", parsed.subject().map(|subject| json!(subject)));
    }
    Json::Object(common)
}

fn shown(addresses: &Address<'_>) -> Json {
    let one = |address: &mail_parser::Addr<'_>| {
        let bare = address.address().unwrap_or_default();
        match address.name() {
            Some(name) => format!("{name} <{bare}>"),
            None => bare.to_owned(),
        }
    };
    addresses.iter().map(one).collect()
}
