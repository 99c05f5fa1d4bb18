//! Replying to a mail of the mailbox: a form, and what was handed over.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::mailbox::Summary;
use super::{Console, page, receive};
use crate::problem::Problem;
use crate::ses::receiving::{CHECKS, Envelope, ParameterError, VERDICT_WORDS, reply_message};
use crate::ses::{Mail, bare_address};

/// The longest form.
const FORM_LIMIT: usize = 1024 * 1024;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    say: String,
}

/// What is in the form.
struct Reply {
    from: String,
    text: String,
    /// A word for each of [`CHECKS`].
    verdicts: [String; CHECKS.len()],
}

struct Suggestion {
    text: String,
    /// The query of the form that starts with the text.
    query: String,
}

struct Check {
    name: &'static str,
    title: String,
    options: Vec<(&'static str, bool)>,
}

#[derive(Template)]
#[template(path = "reply.html")]
struct ReplyPage<'a> {
    site: &'static str,
    mail: Summary,
    problem: &'a str,
    to: String,
    suggestions: Vec<Suggestion>,
    from: &'a str,
    text: &'a str,
    checks: Vec<Check>,
}

#[derive(Template)]
#[template(path = "received.html")]
struct ReceivedPage {
    site: &'static str,
    subject: String,
    from: String,
    to: String,
    verdicts: String,
    id: String,
    raw: String,
}

impl Reply {
    /// The form as it is first shown.
    fn to(mail: &Mail, text: String) -> Self {
        let recipient = mail.message.to.first().map(String::as_str);
        Self {
            from: bare_address(recipient.unwrap_or_default()).to_owned(),
            text,
            verdicts: CHECKS.map(|_| VERDICT_WORDS[0].to_owned()),
        }
    }

    /// The form as it was sent.
    fn read(mail: &Mail, form: &[u8]) -> Self {
        let mut reply = Self::to(mail, String::new());
        for (name, value) in form_urlencoded::parse(form) {
            let check = CHECKS.iter().position(|check| *check == name);
            match (name.as_ref(), check) {
                ("from", _) => reply.from = value.into_owned(),
                ("text", _) => reply.text = value.into_owned(),
                (_, Some(place)) => reply.verdicts[place] = value.into_owned(),
                _ => {}
            }
        }
        reply
    }

    fn envelope(&self, mail: &Mail) -> Result<Envelope, Vec<ParameterError>> {
        // Nobody replies without an address, which an envelope may have none of.
        if self.from.trim().is_empty() {
            return Err(vec![ParameterError {
                parameter: "from".to_owned(),
                detail: "It has to be one e-mail address.",
            }]);
        }
        let to = mail.message.reply_to.first().map(String::as_str);
        let ends = [
            ("from", self.from.as_str()),
            ("to", bare_address(to.unwrap_or_default())),
        ];
        let verdicts = CHECKS.into_iter().zip(self.verdicts.iter().map(String::as_str));
        Envelope::parse(ends.into_iter().chain(verdicts))
    }
}

pub(super) async fn form(
    State(console): State<Console>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match answerable(&console, &id) {
        Some(mail) => form_page(&console, &mail, &Reply::to(&mail, asked.say), None),
        None => console.no_such_mail(),
    }
}

/// Takes the reply in, or shows the form again with what is wrong.
pub(super) async fn send(
    State(console): State<Console>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some(mail) = answerable(&console, &id) else {
        return console.no_such_mail();
    };
    let origin = console.check_origin(request.headers());
    let Ok(form) = to_bytes(request.into_body(), FORM_LIMIT).await else {
        let reply = Reply::to(&mail, String::new());
        return form_page(&console, &mail, &reply, Some(&receive::too_large()));
    };
    let reply = Reply::read(&mail, &form);
    match origin.and_then(|()| received(&console, &mail, &reply)) {
        Ok(received) => page(StatusCode::OK, &received),
        Err(problem) => form_page(&console, &mail, &reply, Some(&problem)),
    }
}

fn received(console: &Console, mail: &Mail, reply: &Reply) -> Result<ReceivedPage, Problem> {
    let envelope = reply
        .envelope(mail)
        .map_err(|errors| receive::malformed(&errors))?;
    let message = reply_message(
        mail,
        &envelope.from,
        &reply.text,
        console.receiving.now(),
        console.site,
    );
    let id = console.receiving.receive(&envelope, &message);
    let verdicts = envelope.verdicts.each().map(|(check, verdict)| {
        let word = verdict.map_or("none", |verdict| verdict.as_str());
        format!("{} {word}", check_title(check))
    });
    Ok(ReceivedPage {
        site: console.site.name,
        id: id.map_err(receive::not_received)?,
        subject: Summary::of(mail, console.site).subject,
        verdicts: verdicts.collect::<Vec<_>>().join(", "),
        to: envelope.to.join(", "),
        from: envelope.from,
        raw: String::from_utf8_lossy(&message).into_owned(),
    })
}

/// A mail that says where answers go.
fn answerable(console: &Console, id: &str) -> Option<Mail> {
    let mail = console.ses.mail(id)?;
    (!mail.message.reply_to.is_empty()).then_some(mail)
}

fn form_page(console: &Console, mail: &Mail, reply: &Reply, problem: Option<&Problem>) -> Response {
    let suggestions = (console.site.suggest_replies)(mail).into_iter().map(|text| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("say", &text).finish();
        Suggestion { text, query }
    });
    let checks = CHECKS
        .into_iter()
        .zip(&reply.verdicts)
        .map(|(name, chosen)| Check {
            name,
            title: check_title(name),
            options: VERDICT_WORDS.map(|word| (word, word == chosen)).to_vec(),
        });
    let form = ReplyPage {
        site: console.site.name,
        mail: Summary::of(mail, console.site),
        problem: problem.map_or("", |problem| &problem.detail),
        to: mail.message.reply_to.join(", "),
        suggestions: suggestions.collect(),
        from: &reply.from,
        text: &reply.text,
        checks: checks.collect(),
    };
    page(problem.map_or(StatusCode::OK, |problem| problem.status), &form)
}

/// A check as people write it.
fn check_title(check: &str) -> String {
    match check {
        "spam" => "Spam".to_owned(),
        "virus" => "Virus".to_owned(),
        acronym => acronym.to_ascii_uppercase(),
    }
}
