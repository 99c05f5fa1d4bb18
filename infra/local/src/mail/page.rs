//! The mailbox: what was sent, to look at. Its pages work without scripts, and every word of a mail is escaped; a
//! mail's HTML is shown in a frame of its own, where it can't do anything but be seen and have its links followed.
//!
//! With `Accept: application/json`, `/mailbox` answers `[{id, sentAt, from, to, replyTo, subject, text, html,
//! attachments, headers, tags, configurationSet, fates}]`, newest first; `/mailbox/{id}` answers one of them with its
//! `raw` text. `to` and `replyTo` are arrays of addresses; `attachments` is an array of `{fileName, contentType, size,
//! content}`, the content in base64; `headers` is an array of `{name, value}`, which keeps their order and allows for one
//! twice; `fates` says what became of the mail at each of `to`. `?to=` leaves the mails that were sent to that one
//! address, in any case.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{FromRef, Path, RawQuery, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use countersign_domain::time;
use serde_json::{Value, json};

use super::fate::Fate;
use super::mailbox::Mail;
use super::{Ses, attachment, raw};
use crate::html::escaped;
use crate::schedule::{self, Schedules};
use crate::sign_in;

/// Where the mailbox is.
pub(crate) const PATH: &str = "/mailbox";

/// The most mails that the page lists. The JSON has all of them.
const LISTED: usize = 200;

const STYLE_PATH: &str = "/mailbox/style.css";

/// What a page of the mailbox may do: no scripts, a frame of the runner's own.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// What a mail's HTML may do: look as it wants to, and open a link in a window of its own.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// What the list of mails shows.
#[derive(Clone)]
struct Listed {
    ses: Arc<Ses>,
    schedules: Arc<Schedules>,
}

impl FromRef<Listed> for Arc<Ses> {
    fn from_ref(listed: &Listed) -> Self {
        listed.ses.clone()
    }
}

/// The mailbox's pages.
pub(crate) fn router(ses: Arc<Ses>, schedules: Arc<Schedules>) -> Router {
    Router::new()
        .route(PATH, get(list))
        .route(STYLE_PATH, get(style))
        .route("/mailbox/{id}", get(one))
        .route("/mailbox/{id}/html", get(html))
        .route("/mailbox/{id}/attachments/{number}", get(attachment::download))
        .with_state(Listed { ses, schedules })
}

async fn list(
    State(Listed { ses, schedules }): State<Listed>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let asked = |parameter: &str| {
        let mut all = form_urlencoded::parse(query.as_bytes());
        let value = all.find(|(name, _)| name == parameter)?.1.trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let to = asked("to");
    let mut mails = ses.mailbox.sent();
    if let Some(to) = &to {
        mails.retain(|mail| mail.was_sent_to(to));
    }
    if wants_json(&headers) {
        let mails: Vec<Value> = mails.iter().map(as_json).collect();
        return json_answer(StatusCode::OK, &json!(mails));
    }
    let main = format!(
        "<h1>Mailbox</h1>\n{}{}{}{}{}",
        asked("ran").map_or_else(String::new, |ran| schedule::page::ended(&schedules, &ran)),
        filter(to.as_deref()),
        table(&mails, to.is_some()),
        schedule::page::section(&schedules),
        queues(&ses)
    );
    page(StatusCode::OK, "Mailbox", &main)
}

async fn one(State(ses): State<Arc<Ses>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let is_json = wants_json(&headers);
    let Some(mail) = ses.mailbox.find(&id) else {
        return not_found(is_json);
    };
    let raw = raw::rendered(&mail).unwrap_or_else(|error| format!("It can't be shown: {error}"));
    if is_json {
        let mut json = as_json(&mail);
        json["raw"] = raw.into();
        return json_answer(StatusCode::OK, &json);
    }
    let shown = [letter(&mail), attachment::list(&mail), source(&mail, &raw)].concat();
    page(
        StatusCode::OK,
        &format!("{} – Mailbox", mail.message.subject),
        &shown,
    )
}

/// A mail's HTML alone, for the frame. Its links open beside it.
async fn html(State(ses): State<Arc<Ses>>, Path(id): Path<String>) -> Response {
    let Some(html) = ses.mailbox.find(&id).and_then(|mail| mail.message.html) else {
        return not_found(false);
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

async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("style.css")).into_response()
}

/// Whoever names JSON and no page wants JSON.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json") && !accept.contains("text/html"))
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

pub(super) fn not_found(is_json: bool) -> Response {
    if is_json {
        return json_answer(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" }));
    }
    let main = "<h1>There is no such mail</h1>\n<p><a href=\"/mailbox\">Mailbox</a></p>";
    page(StatusCode::NOT_FOUND, "There is no such mail", main)
}

fn filter(to: Option<&str>) -> String {
    let all = match to {
        Some(_) => " <a href=\"/mailbox\">All mails</a>",
        None => "",
    };
    format!(
        r#"<form class="filter" method="get" action="/mailbox">
<label for="to">Sent to</label>
<input id="to" name="to" type="text" inputmode="email" autocomplete="off" spellcheck="false" value="{}">
<button>Filter</button>{all}
</form>
"#,
        escaped(to.unwrap_or_default())
    )
}

fn table(mails: &[Mail], filtered: bool) -> String {
    if mails.is_empty() {
        let reason = if filtered {
            "No mail was sent to that address."
        } else {
            "Nothing was sent yet. Take a step with a request, and mails to those whom it concerns arrive here."
        };
        return format!("<p>{reason}</p>\n");
    }
    let mut rows = String::new();
    for mail in mails.iter().take(LISTED) {
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td><a href=\"/mailbox/{}\">{}</a></td><td>{}</td></tr>",
            recipients(mail),
            escaped(&mail.id),
            shown_subject(mail),
            time::shown(mail.sent_at)
        );
    }
    let more = match mails.len().checked_sub(LISTED) {
        Some(more) if more > 0 => format!("<p>{more} older mails are not listed.</p>\n"),
        _ => String::new(),
    };
    format!(
        "<table>\n<thead><tr><th scope=\"col\">To</th><th scope=\"col\">Subject</th><th scope=\"col\">Sent</th></tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n{more}"
    )
}

pub(super) fn shown_subject(mail: &Mail) -> String {
    match mail.message.subject.trim() {
        "" => "(no subject)".to_owned(),
        subject => escaped(subject),
    }
}

/// The recipients, each with what became of the mail there if it did not simply arrive.
fn recipients(mail: &Mail) -> String {
    let shown = mail.recipients().map(|(address, fate)| match fate {
        Fate::Delivered => escaped(address),
        other => format!(
            "{} <strong class=\"fate\">{}</strong>",
            escaped(address),
            other.word()
        ),
    });
    shown.collect::<Vec<_>>().join("<br>")
}

fn queues(ses: &Ses) -> String {
    let mut shown = String::from("<h2>Failure queues</h2>\n");
    for (name, length) in ses.queues.lengths() {
        if length == 0 {
            let _ = writeln!(shown, "<p class=\"queue\">{}: 0</p>", escaped(&name));
            continue;
        }
        let _ = writeln!(
            shown,
            "<details class=\"queue\"><summary>{}: {length}</summary>",
            escaped(&name)
        );
        for message in ses.queues.messages(&name).iter().rev() {
            let text = serde_json::to_string_pretty(message).unwrap_or_default();
            let _ = writeln!(shown, "<pre>{}</pre>", escaped(&text));
        }
        shown.push_str("</details>\n");
    }
    shown
}

/// What the recipient sees: who, what, and the text and the HTML of it.
fn letter(mail: &Mail) -> String {
    let message = &mail.message;
    let terms = [
        ("From", escaped(&message.from)),
        ("To", recipients(mail)),
        ("Reply to", escaped(&message.reply_to.join(", "))),
        ("Sent", time::shown(mail.sent_at)),
    ];
    let terms = terms
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = message.text.as_deref().map_or_else(
        || "<p>It has no text.</p>".to_owned(),
        |text| format!("<pre class=\"text\">{}</pre>", linked(text)),
    );
    let html = match &message.html {
        Some(_) => format!(
            "<iframe title=\"The mail as HTML\" src=\"/mailbox/{}/html\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\" referrerpolicy=\"no-referrer\"></iframe>",
            escaped(&mail.id)
        ),
        None => "<p>It has no HTML.</p>".to_owned(),
    };
    let reply = if message.reply_to.is_empty() {
        String::new()
    } else {
        let id = escaped(&mail.id);
        format!("<p><a class=\"button\" href=\"/mailbox/{id}/reply\">Reply</a></p>\n")
    };
    let attachments = if message.attachments.is_empty() {
        ""
    } else {
        "<a href=\"#attachments\">Attachments</a> "
    };
    format!(
        "<p><a href=\"/mailbox\">Mailbox</a></p>\n<h1>{}</h1>\n<dl>\n{terms}</dl>\n{reply}\
         <nav aria-label=\"Parts of the mail\"><a href=\"#text\">Text</a> <a href=\"#html\">HTML</a> {attachments}\
         <a href=\"#headers\">Headers</a> <a href=\"#raw\">Raw</a></nav>\n\
         <h2 id=\"text\">Text</h2>\n{text}\n<h2 id=\"html\">HTML</h2>\n{html}\n",
        shown_subject(mail)
    )
}

/// What a mail server sees.
fn source(mail: &Mail, raw: &str) -> String {
    let rows = mail
        .all_headers()
        .iter()
        .map(|header| {
            let (name, value) = (escaped(&header.name), escaped(&header.value));
            format!("<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>\n")
        })
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<h2 id=\"headers\">Headers</h2>\n<table>\n<tbody>\n{rows}</tbody>\n</table>\n\
         <h2 id=\"raw\">Raw</h2>\n<pre>{}</pre>\n",
        escaped(raw)
    )
}

/// Text whose web addresses can be followed.
fn linked(text: &str) -> String {
    let mut html = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let start = word.find("http://").or_else(|| word.find("https://"));
        let Some(start) = start else {
            html.push_str(&escaped(word));
            continue;
        };
        let (before, rest) = word.split_at(start);
        let address = rest.trim_end_matches(|end: char| end.is_whitespace() || ".,;:!?)>\"'".contains(end));
        let (address, after) = (escaped(address), escaped(&rest[address.len()..]));
        let _ = write!(
            html,
            "{}<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\">{address}</a>{after}",
            escaped(before)
        );
    }
    html
}

pub(crate) fn page(status: StatusCode, title: &str, main: &str) -> Response {
    let (title, shared) = (escaped(title), sign_in::STYLE_PATH);
    let html = format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Countersign</title>
<link rel="stylesheet" href="{shared}">
<link rel="stylesheet" href="{STYLE_PATH}">
<link rel="icon" href="data:,">
</head>
<body>
<header><p>Countersign</p><a href="/">Portal</a></header>
<main>
{main}
</main>
<footer><p>This mailbox stands in for Amazon SES. No mail leaves this machine.</p></footer>
</body>
</html>
"#
    );
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-frame-options"), "DENY"),
    ];
    (status, headers, Html(html)).into_response()
}
