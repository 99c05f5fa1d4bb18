//! Replying to a mail on the mailbox's pages: a form, and what was handed over. Both work without scripts.

use std::fmt::Write;

use axum::body::to_bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::arrival::{Arrival, CHECKS, Fault, LEFT_OUT, Verdict, address};
use super::endpoint::Desk;
use super::problem::Problem;
use super::reply;
use crate::html::escaped;
use crate::mail::mailbox::Mail;
use crate::mail::message::bare;
use crate::mail::page::{not_found, page, shown_subject};

/// The longest form.
const FORM_LIMIT: usize = 1024 * 1024;

/// What is in the form.
struct Reply {
    from: String,
    text: String,
    /// A word for each of [`CHECKS`].
    verdicts: [String; CHECKS.len()],
}

impl Reply {
    /// The form as it is first shown, with what a link says.
    fn to(mail: &Mail, say: &str) -> Self {
        let recipient = mail.message.to.first().map(String::as_str);
        Self {
            from: bare(recipient.unwrap_or_default()).to_owned(),
            text: say.to_owned(),
            verdicts: CHECKS.map(|_| Verdict::Pass.as_str().to_owned()),
        }
    }

    /// The form as it was sent.
    fn read(mail: &Mail, form: &[u8]) -> Self {
        let mut reply = Self::to(mail, "");
        for (name, value) in form_urlencoded::parse(form) {
            match name.as_ref() {
                "from" => reply.from = value.into_owned(),
                "text" => reply.text = value.into_owned(),
                other => {
                    if let Some(place) = CHECKS.iter().position(|check| *check == other) {
                        reply.verdicts[place] = value.into_owned();
                    }
                }
            }
        }
        reply
    }

    /// What it arrives with, as a script would say it.
    fn arrival(&self, mail: &Mail) -> Result<Arrival, Problem> {
        let from = address(&self.from).map_err(|detail| {
            let parameter = "Sender".to_owned();
            Problem::Parameters(vec![Fault { parameter, detail }])
        })?;
        let to = mail.message.reply_to.first().map(String::as_str);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", &from);
        query.append_pair("to", bare(to.unwrap_or_default()));
        for (check, word) in CHECKS.iter().zip(&self.verdicts) {
            query.append_pair(check, word);
        }
        Arrival::read(&query.finish()).map_err(Problem::Parameters)
    }
}

/// The form.
pub(super) async fn form(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(mail) = answerable(&desk, &id) else {
        return not_found(false);
    };
    let query = query.unwrap_or_default();
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let say = parameters.find(|(name, _)| name == "say");
    let say = say.map_or_else(String::new, |(_, say)| say.into_owned());
    shown_form(StatusCode::OK, &mail, &Reply::to(&mail, &say), None)
}

/// Takes the reply in, or shows the form again with what is wrong.
pub(super) async fn send(State(desk): State<Desk>, Path(id): Path<String>, request: Request) -> Response {
    let Some(mail) = answerable(&desk, &id) else {
        return not_found(false);
    };
    let is_own_page = desk.origins.is_own_page(request.headers());
    let Ok(form) = to_bytes(request.into_body(), FORM_LIMIT).await else {
        let problem = Problem::TooLarge;
        return shown_form(problem.status(), &mail, &Reply::to(&mail, ""), Some(&problem));
    };
    let reply = Reply::read(&mail, &form);
    let taken = if is_own_page {
        take(&desk, &mail, &reply)
    } else {
        Err(Problem::OtherOrigin)
    };
    match taken {
        Ok(taken) => shown_taken(&mail, &taken),
        Err(problem) => shown_form(problem.status(), &mail, &reply, Some(&problem)),
    }
}

/// What was handed over.
struct Taken {
    id: String,
    arrival: Arrival,
    message: Vec<u8>,
}

fn take(desk: &Desk, mail: &Mail, reply: &Reply) -> Result<Taken, Problem> {
    let arrival = reply.arrival(mail)?;
    let now = desk.inbound.clock.now();
    let message = reply::message(mail, &arrival.from, &reply.text, now).map_err(|error| {
        tracing::error!(%error, "a reply could not be written");
        Problem::NotKept
    })?;
    Ok(Taken {
        id: desk.inbound.take(&arrival, &message)?,
        arrival,
        message,
    })
}

/// A mail that says where answers go.
fn answerable(desk: &Desk, id: &str) -> Option<Mail> {
    let mail = desk.ses.mailbox.find(id)?;
    (!mail.message.reply_to.is_empty()).then_some(mail)
}

fn shown_form(status: StatusCode, mail: &Mail, reply: &Reply, problem: Option<&Problem>) -> Response {
    let problem = problem.map_or_else(String::new, |problem| {
        let detail = escaped(&problem.detail());
        format!("<div class=\"problem\" role=\"alert\"><p>{detail}</p></div>\n")
    });
    let id = escaped(&mail.id);
    // A line feed that follows the start of a text area directly is not part of it.
    let shown = format!(
        "<p><a href=\"/mailbox/{id}\">{}</a></p>\n<h1>Reply</h1>\n{problem}\
         <p>To {}. The mail is quoted below what you write.</p>\n{}\
         <form class=\"reply\" method=\"post\" action=\"/mailbox/{id}/reply\">\n\
         <label for=\"from\">Sender</label>\n\
         <input id=\"from\" name=\"from\" type=\"text\" inputmode=\"email\" autocomplete=\"off\" \
         spellcheck=\"false\" value=\"{}\">\n\
         <label for=\"text\">Text</label>\n\
         <textarea id=\"text\" name=\"text\" rows=\"5\">\n{}</textarea>\n{}\
         <button>Send</button>\n</form>\n",
        shown_subject(mail),
        escaped(&mail.message.reply_to.join(", ")),
        ways(mail),
        escaped(&reply.from),
        escaped(&reply.text),
        choices(reply)
    );
    page(status, "Reply", &shown)
}

/// Links that fill the text with the words that count, if the mail is about a request.
fn ways(mail: &Mail) -> String {
    let Some(reference) = reply::reference(mail) else {
        return String::new();
    };
    let mut ways = String::from("<nav class=\"say\" aria-label=\"What to say\">");
    for (word, end) in [("CONFIRM", ""), ("RETURN", " ")] {
        let say = format!("{word} {reference}{end}");
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("say", &say)
            .finish();
        let _ = write!(
            ways,
            "<a href=\"/mailbox/{}/reply?{}\">{word} {reference}</a>",
            escaped(&mail.id),
            escaped(&query)
        );
    }
    ways.push_str("</nav>\n");
    ways
}

/// What SES shall find, to choose.
fn choices(reply: &Reply) -> String {
    let mut shown = String::from(
        "<fieldset><legend>What SES finds</legend>\n\
         <p>Anything but PASS for spam, virus and DMARC has a reply passed over; NONE leaves a verdict out.</p>\n",
    );
    let words = || Verdict::ALL.into_iter().map(Verdict::as_str).chain([LEFT_OUT[0]]);
    for (check, chosen) in CHECKS.iter().zip(&reply.verdicts) {
        let option = |word: &str| {
            let selected = if word == chosen { " selected" } else { "" };
            format!("<option{selected}>{word}</option>")
        };
        let _ = writeln!(
            shown,
            "<div><label for=\"{check}\">{}</label>\n<select id=\"{check}\" name=\"{check}\">{}</select></div>",
            title(check),
            words().map(option).collect::<Vec<_>>().concat()
        );
    }
    shown.push_str("</fieldset>\n");
    shown
}

/// A check as people write it.
fn title(check: &str) -> String {
    match check {
        "spam" => "Spam".to_owned(),
        "virus" => "Virus".to_owned(),
        acronym => acronym.to_ascii_uppercase(),
    }
}

fn shown_taken(mail: &Mail, taken: &Taken) -> Response {
    let Taken { id, arrival, message } = taken;
    let verdicts = arrival.verdicts.each().map(|(check, verdict)| {
        let word = verdict.map_or("none", Verdict::as_str);
        format!("{} {word}", title(check))
    });
    let shown = format!(
        "<h1>Handed over</h1>\n<p>The reply to “{}” came in. What becomes of it shows in the request's history, and \
         whoever is told of it gets a mail.</p>\n<p><a href=\"/mailbox\">Mailbox</a></p>\n\
         <dl>\n<dt>From</dt><dd>{}</dd>\n<dt>To</dt><dd>{}</dd>\n<dt>SES finds</dt><dd>{}</dd>\n\
         <dt>SES's ID</dt><dd>{}</dd>\n</dl>\n<h2>Raw</h2>\n<pre>{}</pre>\n",
        shown_subject(mail),
        escaped(&arrival.from),
        escaped(&arrival.to.join(", ")),
        escaped(&verdicts.collect::<Vec<_>>().join(", ")),
        escaped(id),
        escaped(&String::from_utf8_lossy(message))
    );
    page(StatusCode::OK, "Handed over", &shown)
}
