//! Replying to a mail of the mailbox, or writing a new mail that a link in it starts: a form, and what was handed over.

use askama::Template;
use aws_local::problem::Problem;
use aws_local::ses::receiving::{CHECKS, Envelope, VERDICT_WORDS, new_message, reply_message};
use aws_local::ses::{Mail, bare_address};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use countersign_domain::time;
use serde::Deserialize;

use super::{Pages, inbound, mailbox, page};

/// What a link of the mail starts the form with, by the names that `mailto:` has for it (RFC 6068).
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    body: String,
    subject: Option<String>,
}

/// What is in the form.
struct Reply {
    from: String,
    /// Of a new mail. A reply has the subject of the mail that it answers.
    subject: Option<String>,
    text: String,
    /// A word for each of [`CHECKS`].
    verdicts: [String; CHECKS.len()],
}

#[derive(Template)]
#[template(path = "reply.html")]
struct ReplyPage<'a> {
    mail: &'a Mail,
    problem: &'a str,
    reply: &'a Reply,
}

#[derive(Template)]
#[template(path = "received.html")]
struct ReceivedPage<'a> {
    mail: &'a Mail,
    envelope: Envelope,
    verdicts: String,
    id: String,
    raw: String,
}

impl Reply {
    /// The form as it is first shown.
    fn to(mail: &Mail, asked: Asked) -> Self {
        let recipient = mail.message.to.first().map(String::as_str);
        Self {
            from: bare_address(recipient.unwrap_or_default()).to_owned(),
            subject: asked.subject,
            text: asked.body,
            verdicts: CHECKS.map(|_| VERDICT_WORDS[0].to_owned()),
        }
    }

    /// The form as it was sent.
    fn read(mail: &Mail, form: Vec<(String, String)>) -> Self {
        let nothing = Asked {
            body: String::new(),
            subject: None,
        };
        let mut reply = Self::to(mail, nothing);
        for (name, value) in form {
            let check = CHECKS.iter().position(|check| *check == name);
            match (name.as_str(), check) {
                ("from", _) => reply.from = value,
                ("subject", _) => reply.subject = Some(value),
                ("text", _) => reply.text = value,
                (_, Some(place)) => reply.verdicts[place] = value,
                _ => {}
            }
        }
        reply
    }

    fn title(&self) -> &'static str {
        match self.subject {
            Some(_) => "New e-mail",
            None => "Reply",
        }
    }

    /// Each check as people write it, its field's name, and each word for it with whether that is chosen.
    fn checks(
        &self,
    ) -> impl Iterator<Item = (String, &'static str, [(&'static str, bool); VERDICT_WORDS.len()])> {
        let checks = CHECKS.into_iter().zip(&self.verdicts);
        checks.map(|(name, chosen)| {
            (
                title(name),
                name,
                VERDICT_WORDS.map(|word| (word, word == chosen)),
            )
        })
    }

    fn envelope(&self, mail: &Mail) -> Result<Envelope, String> {
        // Nobody replies without an address, which an envelope may have none of.
        if self.from.trim().is_empty() {
            return Err("from: It has to be one e-mail address.".to_owned());
        }
        let ends = [("from", self.from.as_str()), ("to", goes_to(mail))];
        let verdicts = CHECKS.into_iter().zip(self.verdicts.iter().map(String::as_str));
        Envelope::parse(ends.into_iter().chain(verdicts))
    }
}

pub(super) async fn form(
    State(pages): State<Pages>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mail = answerable(&pages, &id)?;
    Ok(form_page(&mail, &Reply::to(&mail, asked), None))
}

/// Takes the reply in, or shows the form again with what is wrong.
pub(super) async fn send(
    State(pages): State<Pages>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mail = answerable(&pages, &id)?;
    let reply = Reply::read(&mail, form);
    Ok(match receive(&pages, &mail, &reply) {
        Ok(received) => page(StatusCode::OK, &received),
        Err(problem) => form_page(&mail, &reply, Some(&problem)),
    })
}

fn receive<'a>(pages: &Pages, mail: &'a Mail, reply: &Reply) -> Result<ReceivedPage<'a>, Problem> {
    let envelope = reply.envelope(mail).map_err(inbound::malformed)?;
    let (sent, now) = (time::shown(mail.sent_at), pages.receiving.now());
    let message = match &reply.subject {
        Some(subject) => new_message((&envelope.from, goes_to(mail)), subject, &reply.text, now),
        None => reply_message(mail, &envelope.from, &reply.text, (&sent, now)),
    };
    let id = pages.receiving.receive(&envelope, &message);
    let verdicts = envelope.verdicts.each().map(|(check, verdict)| {
        let word = verdict.map_or("none", |verdict| verdict.as_str());
        format!("{} {word}", title(check))
    });
    Ok(ReceivedPage {
        mail,
        id: id.map_err(inbound::not_received)?,
        verdicts: verdicts.collect::<Vec<_>>().join(", "),
        envelope,
        raw: String::from_utf8_lossy(&message).into_owned(),
    })
}

/// A mail that says where answers go.
fn answerable(pages: &Pages, id: &str) -> Result<Mail, Problem> {
    let mail = mailbox::find(pages, id)?;
    if mail.message.reply_to.is_empty() {
        return Err(mailbox::no_such_mail());
    }
    Ok(mail)
}

fn form_page(mail: &Mail, reply: &Reply, problem: Option<&Problem>) -> Response {
    let form = ReplyPage {
        mail,
        problem: problem.map_or("", |problem| &problem.detail),
        reply,
    };
    page(problem.map_or(StatusCode::OK, |problem| problem.status), &form)
}

/// Where the mail's replies go.
fn goes_to(mail: &Mail) -> &str {
    bare_address(mail.message.reply_to.first().map_or("", String::as_str))
}

/// A check as people write it.
fn title(check: &str) -> String {
    match check {
        "spam" => "Spam".to_owned(),
        "virus" => "Virus".to_owned(),
        acronym => acronym.to_ascii_uppercase(),
    }
}
