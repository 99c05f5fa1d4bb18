//! The mailbox: what SES sent, to look at. A mail's HTML is shown in a frame of its own, where it can't do anything but be
//! seen and have its links followed.
//!
//! With `Accept: application/json`, `/mailbox` answers `[{id, sentAt, from, to, replyTo, subject, text, html,
//! attachments, headers, tags, configurationSet, outcomes}]`, newest first; `/mailbox/{id}` answers one of them with its
//! `raw` text. `attachments` is an array of `{fileName, contentType, size, content}` with the content in base64;
//! `headers` is an array of `{name, value}` in their order; `outcomes` says what became of the mail at each of `to`.
//! `?to=` leaves the mails that were sent to that address.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Console, accepts, page};
use crate::Site;
use crate::console::schedules::{LastRun, Row as ScheduleRow};
use crate::ses::{DeliveryOutcome, Header, Mail, Outgoing};

/// The most mails that the page lists. The JSON has all of them.
const LISTED: usize = 200;

/// What a mail's HTML may do: look as it wants to, and open a link in a window of its own.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    to: String,
    #[serde(default)]
    ran: String,
}

/// What the pages show of a mail.
pub(super) struct Summary {
    pub(super) id: String,
    pub(super) subject: String,
    sent: String,
    recipients: Vec<Recipient>,
}

/// A recipient, with what became of the mail there if it did not simply arrive.
struct Recipient {
    address: String,
    outcome: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    site: &'static str,
    to: String,
    mails: Vec<Summary>,
    older: usize,
    schedules: Vec<ScheduleRow>,
    last_run: Option<Result<LastRun, String>>,
    /// Each queue's messages, newest first.
    queues: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    site: &'static str,
    mail: Summary,
    message: &'a Outgoing,
    text: Vec<TextPart<'a>>,
    headers: Vec<Header>,
    raw: &'a str,
}

/// A piece of a mail's text, which is a web address or not.
struct TextPart<'a> {
    text: &'a str,
    is_link: bool,
}

impl Summary {
    pub(super) fn of(mail: &Mail, site: Site) -> Self {
        let recipients = mail.recipients().map(|(address, outcome)| Recipient {
            address: address.to_owned(),
            outcome: (outcome != DeliveryOutcome::Delivered).then(|| outcome.word()),
        });
        Self {
            id: mail.id.clone(),
            subject: match mail.message.subject.trim() {
                "" => "(no subject)".to_owned(),
                subject => subject.to_owned(),
            },
            sent: (site.show_time)(mail.sent_at),
            recipients: recipients.collect(),
        }
    }
}

pub(super) async fn list(
    State(console): State<Console>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let to = asked.to.trim();
    let mut mails = console.ses.mails();
    mails.retain(|mail| to.is_empty() || mail.was_sent_to(to));
    if wants_json(&headers) {
        let mails: Vec<Value> = mails.iter().map(as_json).collect();
        return json_answer(StatusCode::OK, &json!(mails));
    }
    let shown = mails.iter().take(LISTED);
    let queues = console.queues.all().into_iter().map(|(name, messages)| {
        let texts = messages.iter().rev();
        let text = |message| serde_json::to_string_pretty(message).unwrap_or_default();
        (name, texts.map(text).collect())
    });
    let list = MailboxPage {
        site: console.site.name,
        mails: shown.map(|mail| Summary::of(mail, console.site)).collect(),
        older: mails.len().saturating_sub(LISTED),
        schedules: super::schedules::rows(&console),
        last_run: super::schedules::last_run(&console, &asked.ran),
        queues: queues.collect(),
        to: to.to_owned(),
    };
    page(StatusCode::OK, &list)
}

pub(super) async fn one(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let is_json = wants_json(&headers);
    let Some(mail) = console.ses.mail(&id) else {
        if is_json {
            return json_answer(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" }));
        }
        return console.no_such_mail();
    };
    let raw = mail
        .raw()
        .unwrap_or_else(|error| format!("It can't be shown: {error}"));
    if is_json {
        let mut json = as_json(&mail);
        json["raw"] = raw.into();
        return json_answer(StatusCode::OK, &json);
    }
    let shown = MailPage {
        site: console.site.name,
        mail: Summary::of(&mail, console.site),
        text: links(mail.message.text.as_deref().unwrap_or_default()),
        headers: mail.all_headers(),
        message: &mail.message,
        raw: &raw,
    };
    page(StatusCode::OK, &shown)
}

/// A mail's HTML alone, for the frame. Its links open beside it.
pub(super) async fn html(State(console): State<Console>, Path(id): Path<String>) -> Response {
    let Some(html) = console.ses.mail(&id).and_then(|mail| mail.message.html) else {
        return console.no_such_mail();
    };
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, MAIL_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    (headers, Html(html)).into_response()
}

/// An attachment, to be kept and never to be shown: the browser opens nothing of it.
pub(super) async fn attachment(
    State(console): State<Console>,
    Path((id, number)): Path<(String, usize)>,
) -> Response {
    let mail = console.ses.mail(&id);
    let Some(file) = mail.and_then(|mail| mail.message.attachments.into_iter().nth(number)) else {
        return console.no_such_mail();
    };
    let header =
        |text: &str, otherwise| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(otherwise));
    let headers = [
        (
            CONTENT_TYPE,
            header(&file.content_type, "application/octet-stream"),
        ),
        (
            CONTENT_DISPOSITION,
            header(&disposition(&file.file_name), "attachment"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file.bytes()).into_response()
}

/// A file name as Content-Disposition has it (RFC 6266): what is not plain in it is escaped.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._ ".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let whole = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// Whether a caller names JSON and no page.
fn wants_json(headers: &HeaderMap) -> bool {
    accepts(headers, "application/json") && !accepts(headers, "text/html")
}

fn as_json(mail: &Mail) -> Value {
    let mut json = json!(mail);
    json["headers"] = json!(mail.all_headers());
    json
}

fn json_answer(status: StatusCode, json: &Value) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Json(json)).into_response()
}

/// Splits a text at the web addresses in it.
fn links(text: &str) -> Vec<TextPart<'_>> {
    let part = |text, is_link| TextPart { text, is_link };
    let parts = text.split_inclusive(char::is_whitespace).flat_map(|word| {
        let start = word.find("http://").or_else(|| word.find("https://"));
        let (before, rest) = word.split_at(start.unwrap_or(word.len()));
        let address = rest.trim_end_matches(|end: char| end.is_whitespace() || ".,;:!?)>\"'".contains(end));
        let after = &rest[address.len()..];
        [part(before, false), part(address, true), part(after, false)]
    });
    parts.filter(|part| !part.text.is_empty()).collect()
}
