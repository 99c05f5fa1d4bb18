//! What people see and choose of themselves.

use askama::Template;
use countersign_application::people::{self, Profile};
use countersign_domain::mail::ProgressMail;
use countersign_domain::time;
use countersign_platform::store::directory::{Choices, MailChoices};

use super::sign_in::hosted;
use crate::body::Fields;
use crate::done::JustDone;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::{Visit, language_cookie, shortcuts_cookie};
use crate::wording::{Language, Words};

#[derive(Template)]
#[template(path = "profile.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    name: String,
    email: String,
    company: String,
    rights: String,
    profile: Profile,
    is_kept: bool,
    password_url: String,
    needs_second_factor: bool,
    session_ends: Option<String>,
}

impl Page {
    /// Whether mail comes in this language, whatever the pages' is.
    fn mails_in(&self, tag: &str) -> bool {
        self.profile.mail.language.as_deref() == Some(tag)
    }

    /// The choices of mail that only informs, and which of them is made.
    fn progress_choices(&self) -> [(&'static str, &'static str, bool); 3] {
        let own = self.w.on_own;
        ProgressMail::ALL.map(|choice| {
            let label = match choice {
                ProgressMail::AtOnce => own.progress_at_once,
                ProgressMail::Daily => own.progress_daily,
                ProgressMail::Never => own.progress_never,
            };
            (choice.as_str(), label, self.profile.mail.progress == choice)
        })
    }

    fn sign_ins(&self) -> impl Iterator<Item = String> {
        self.profile.sign_ins.iter().map(|at| time::shown(*at))
    }
}

/// `GET /portal/profile`: anyone of the directory.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let caller = visit.caller()?;
    let identity = visit.identity().ok_or(Stop::Failed)?;
    let (frame, profile) = tokio::join!(
        Frame::of(visit, Place::Elsewhere),
        Box::pin(people::profile(&visit.app, caller))
    );
    let member = &caller.member;
    let rights: Vec<&str> = member.rights.iter().map(|right| right.as_str()).collect();
    Reply::page(&Page {
        frame,
        w: visit.words(),
        name: member.person.name.clone(),
        email: member.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        company: member.company_name.clone(),
        rights: rights.join(", "),
        profile: profile?,
        is_kept: visit.just_done() == Some(JustDone::Choices),
        password_url: identity.forgotten_url(hosted(visit.language)),
        needs_second_factor: identity.settings().needs_second_factor,
        session_ends: visit.session_ends().map(time::shown),
    })
}

/// `POST /portal/profile`: anyone of the directory, for themselves.
pub(crate) async fn keep(visit: &Visit) -> Answer {
    let caller = visit.caller()?;
    let fields = Fields::read(&visit.request).await?;
    let is_on = |name: &str| fields.get(name) == "on";
    let language = Language::parse(fields.get("language")).ok_or(Stop::Malformed)?;
    let mail = fields.get("mail_language");
    let mail_language = match Language::parse(mail) {
        Some(language) => Some(language.tag().to_owned()),
        None if mail.is_empty() => None,
        None => return Err(Stop::Malformed),
    };
    // The form has this choice only for those who have it.
    let profile = Box::pin(people::profile(&visit.app, caller)).await?;
    let choices = Choices {
        language: language.tag().to_owned(),
        mail: MailChoices {
            language: mail_language,
            progress: ProgressMail::parse(fields.get("progress")).ok_or(Stop::Malformed)?,
            reminders: is_on("reminders"),
        },
        approves_by_mail: profile.replies.map(|_| is_on("replies")),
    };
    people::choose(&visit.app, caller, choices).await?;
    Ok(Reply::see_done("/portal/profile".to_owned(), &JustDone::Choices)
        .with_cookie(language_cookie(language))
        .with_cookie(shortcuts_cookie(is_on("shortcuts"))))
}
