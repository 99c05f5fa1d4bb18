//! The mailbox: what SES sent, to look at. A mail's HTML is shown in a frame of its own, where it can't do anything but be
//! seen and have its links followed. It opens on that; `?show=` leads to its text, its headers and its source.
//!
//! With `Accept: application/json`, `/mailbox` answers `[{id, sentAt, from, to, replyTo, subject, text, html,
//! attachments, headers, tags, configurationSet, outcomes}]`, newest first; `/mailbox/{id}` answers one of them with its
//! `raw` text. `attachments` is an array of `{fileName, contentType, size, content}` with the content in base64;
//! `headers` is an array of `{name, value}` in their order; `outcomes` says what became of the mail at each of `to`.
//! `?to=` leaves the mails that were sent to that address.

use std::collections::BTreeSet;

use askama::Template;
use aws_local::problem::Problem;
use aws_local::ses::{DeliveryOutcome, Mail, bare_address};
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use countersign_domain::time;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Pages, page, wants_json, written};

/// The most mails that the page lists. The JSON has all of them.
const LISTED: usize = 200;

/// The longest beginning of a mail in the list, in characters.
const PREVIEW: usize = 140;

/// Within how many lines a mail greets.
const GREETS_WITHIN: usize = 4;

/// What a mail's HTML may do: look as it wants to, and open a link in a window of its own.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
pub(super) struct View {
    show: Option<Part>,
}

/// A way to look at a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Html,
    Text,
    Headers,
    Source,
}

impl Part {
    /// Each with its name and the word for it in an address.
    const ALL: [(Self, &str, &str); 4] = [
        (Self::Html, "HTML", "html"),
        (Self::Text, "Text", "text"),
        (Self::Headers, "Headers", "headers"),
        (Self::Source, "Source", "source"),
    ];

    fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(part, ..)| *part == self);
        found.map_or("", |(_, name, _)| name)
    }

    /// What a mail opens on: what people see of it.
    fn first_of(mail: &Mail) -> Self {
        match mail.message.html {
            Some(_) => Self::Html,
            None => Self::Text,
        }
    }
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    to: String,
    mails: Vec<Mail>,
    older: usize,
    /// Every address that a mail was sent to.
    addresses: BTreeSet<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    part: Part,
    /// Pieces of the text, each with where it leads if it is a link.
    text: Vec<(&'a str, Option<String>)>,
    raw: &'a str,
}

pub(super) fn subject(mail: &Mail) -> &str {
    match mail.message.subject.trim() {
        "" => "(no subject)",
        subject => subject,
    }
}

/// How a mail begins after the line that greets, if one does: enough to tell it from others.
fn preview(mail: &Mail) -> String {
    let text = mail.message.text.as_deref().unwrap_or_default();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let greets = |line: &&str| line.ends_with([',', '，', '：']);
    let begins = lines
        .iter()
        .take(GREETS_WITHIN)
        .position(greets)
        .map_or(0, |greeting| greeting + 1);
    let rest = lines[begins..].join(" ");
    match rest.char_indices().nth(PREVIEW) {
        Some((end, _)) => format!("{}…", rest[..end].trim_end()),
        None => rest,
    }
}

/// A time as people read it.
pub(super) fn shown(at: &Timestamp) -> String {
    time::shown(*at)
}

/// A mail that SES sent.
pub(super) fn find(pages: &Pages, id: &str) -> Result<Mail, Problem> {
    pages.ses.mail(id).ok_or_else(no_such_mail)
}

pub(super) fn no_such_mail() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-mail",
        "The mailbox does not hold it.",
    )
}

pub(super) async fn list(
    State(pages): State<Pages>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let to = asked.to.trim();
    let mut mails = pages.ses.mails();
    let recipients = mails.iter().flat_map(|mail| &mail.message.to);
    let addresses = recipients.map(|to| bare_address(to).to_owned()).collect();
    mails.retain(|mail| to.is_empty() || mail.was_sent_to(to));
    if wants_json(&headers) {
        let mails: Vec<Value> = mails.iter().map(as_json).collect();
        return super::json(StatusCode::OK, &mails);
    }
    let older = mails.len().saturating_sub(LISTED);
    mails.truncate(LISTED);
    let list = MailboxPage {
        mails,
        older,
        addresses,
        to: to.to_owned(),
    };
    page(StatusCode::OK, &list)
}

pub(super) async fn one(
    State(pages): State<Pages>,
    Path(id): Path<String>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mail = find(&pages, &id)?;
    let raw = mail.raw();
    let raw = raw.unwrap_or_else(|error| format!("It can't be shown: {error}"));
    if wants_json(&headers) {
        let mut json = as_json(&mail);
        json["raw"] = raw.into();
        return Ok(super::json(StatusCode::OK, &json));
    }
    let shown = MailPage {
        text: links(&mail),
        part: view.show.unwrap_or_else(|| Part::first_of(&mail)),
        mail: &mail,
        raw: &raw,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// A mail's HTML alone, for the frame. Its links open beside it.
pub(super) async fn html(State(pages): State<Pages>, Path(id): Path<String>) -> Result<Response, Problem> {
    let mail = find(&pages, &id)?;
    let html = mail.message.html.as_deref().ok_or_else(no_such_mail)?;
    let html = written::with_forms(&mail, html);
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, MAIL_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    Ok((headers, Html(html)).into_response())
}

/// An attachment, to be kept and never to be shown, whatever it says it is: the browser opens nothing of it.
pub(super) async fn attachment(
    State(pages): State<Pages>,
    Path((id, number)): Path<(String, usize)>,
) -> Result<Response, Problem> {
    let attachments = find(&pages, &id)?.message.attachments;
    let file = attachments.get(number).ok_or_else(no_such_mail)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CONTENT_DISPOSITION, &disposition(&file.file_name)),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, file.bytes()).into_response())
}

/// A file name as Content-Disposition has it (RFC 6266): what is not plain in it is escaped.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._ ".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let whole = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

fn as_json(mail: &Mail) -> Value {
    let mut json = json!(mail);
    json["headers"] = json!(mail.all_headers());
    json
}

/// Splits a mail's text at the links in it.
fn links(mail: &Mail) -> Vec<(&str, Option<String>)> {
    let text = mail.message.text.as_deref().unwrap_or_default();
    let parts = text.split_inclusive(char::is_whitespace).flat_map(|word| {
        let start = ["http://", "https://", "mailto:"]
            .into_iter()
            .find_map(|scheme| word.find(scheme));
        let (before, rest) = word.split_at(start.unwrap_or(word.len()));
        let address = rest.trim_end_matches(|end: char| end.is_whitespace() || ".,;:!?)>\"'".contains(end));
        let leads_to = if address.starts_with("mailto:") {
            written::form_of(mail, address)
        } else {
            Some(address.to_owned())
        };
        [
            (before, None),
            (address, leads_to),
            (&rest[address.len()..], None),
        ]
    });
    parts.filter(|(text, _)| !text.is_empty()).collect()
}
