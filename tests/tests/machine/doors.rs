//! The ways in: the HTTP API, and the portal's forms as a browser without script sends them.

use std::collections::HashMap;

use countersign_tests::portal::{Browser, Page, guideline_fields};
use countersign_tests::{Reply, User, World, guideline_form};
use serde_json::{Value, json};

use crate::machine::model::{self, Who, firm, person};
use crate::machine::story::{Door, Flaw, FormSeed, Verb};

/// A command, ready to send.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sent {
    pub(crate) who: Who,
    pub(crate) verb: Verb,
    /// The request's ID, or `None` for a new request.
    pub(crate) id: Option<String>,
    pub(crate) door: Door,
    /// The tag of what the sender has read.
    pub(crate) tag: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) message: Option<&'static str>,
    /// Whom a claim is handed to.
    pub(crate) colleague: Option<Who>,
    pub(crate) form: Option<FormSeed>,
}

/// What the client learns from the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) is_taken: bool,
    pub(crate) status: u16,
    /// The location it leads to, or what it says about the request.
    pub(crate) says: String,
    pub(crate) tag: Option<String>,
}

/// The sessions of all people. They end when the clock jumps.
#[derive(Default)]
pub(crate) struct Sessions {
    users: HashMap<Who, User>,
}

impl Sessions {
    /// Ends all sessions.
    pub(crate) fn end(&mut self) {
        self.users.clear();
    }

    pub(crate) async fn user(&mut self, world: &World, who: Who) -> User {
        if let Some(user) = self.users.get(&who) {
            return user.clone();
        }
        let user = world.sign_in(person(who).user).await;
        self.users.insert(who, user.clone());
        user
    }
}

impl Sent {
    /// Whether a repeat is identical, as far as this way in compares it.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        let tag_matters = self.door == Door::Portal;
        // There are more seeds than User IDs, so two seeds can stand for the same form.
        let form = |sent: &Self| sent.form.map(|seed| api_form(sent.who, seed));
        (self.who, self.verb, self.door, &self.id) == (other.who, other.verb, other.door, &other.id)
            && (self.message, self.colleague, form(self)) == (other.message, other.colleague, form(other))
            && (!tag_matters || self.tag == other.tag)
    }

    pub(crate) async fn send(&self, world: &World, user: &User) -> Answer {
        match self.door {
            Door::Api => answer_of_api(&self.call(user).await),
            Door::Portal => {
                let browser = world.stranger().with_session(user.token());
                answer_of_portal(&self.post(&browser).await)
            }
        }
    }

    async fn call(&self, user: &User) -> Reply {
        let call = match &self.id {
            None => user.call(reqwest::Method::POST, "/requests"),
            Some(id) => user.action(id, self.verb.name()),
        };
        let call = match &self.tag {
            Some(tag) => call.if_match(&format!("\"{tag}\"")),
            None => call,
        };
        let call = match &self.key {
            Some(key) => call.header("idempotency-key", key),
            None => call,
        };
        let call = match (self.form, self.message, self.colleague) {
            (Some(form), ..) => call.json(&api_form(self.who, form)),
            (None, _, Some(colleague)) => call.json(&json!({ "colleague": person(colleague).id })),
            (None, Some(message), None) => call.json(&json!({ "message": message })),
            (None, None, None) => call,
        };
        call.send().await
    }

    async fn post(&self, browser: &Browser) -> Page {
        let tag = self.tag.as_deref().unwrap_or_default();
        let key = self.key.as_deref().unwrap_or_default();
        if let Some(form) = self.form {
            let path = match &self.id {
                None => "/portal/requests/new".to_owned(),
                Some(id) => format!("/portal/requests/{id}/edit"),
            };
            let fields = portal_fields(self.who, form, tag, key);
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            return browser.post(&path, &fields).await;
        }
        let id = self.id.as_deref().unwrap_or_default();
        let path = format!("/portal/requests/{id}/{}", self.verb.name());
        let message = self.message.unwrap_or_default();
        let colleague = self.colleague.map_or("", |colleague| person(colleague).id);
        let fields = [
            ("tag", tag),
            ("key", key),
            ("message", message),
            ("colleague", colleague),
        ];
        browser.post(&path, &fields).await
    }
}

fn answer_of_api(reply: &Reply) -> Answer {
    let is_taken = matches!(reply.status, 200 | 201);
    assert!(is_taken || (400..500).contains(&reply.status), "{}", reply.body);
    Answer {
        is_taken,
        status: reply.status,
        says: reply.body.to_string(),
        tag: is_taken.then(|| reply.etag().trim_matches('"').to_owned()),
    }
}

fn answer_of_portal(page: &Page) -> Answer {
    let is_taken = page.status == 303;
    assert!(
        is_taken || (400..500).contains(&page.status),
        "{}: {}",
        page.status,
        page.body
    );
    assert!(
        !is_taken || page.location().starts_with("/portal/requests/"),
        "{}",
        page.location()
    );
    Answer {
        is_taken,
        status: page.status,
        // A page that refuses is different each time.
        says: if is_taken {
            page.location().to_owned()
        } else {
            String::new()
        },
        tag: None,
    }
}

/// The company that a form is for, and the form's rows.
fn contents(who: Who, seed: FormSeed) -> (model::Firm, Vec<(String, String)>) {
    let company = person(who).company;
    let own = firm(company);
    let mut rows: Vec<_> = model::registrations(company, seed).into_iter().collect();
    let mut shown = own;
    match seed.flaw {
        Flaw::None | Flaw::Undeclared => {}
        Flaw::NotOwn => {
            shown = firm(if company == "bank" { "abc" } else { "bank" });
            for ((user, _), other) in rows.iter_mut().zip(shown.users) {
                (*other).clone_into(user);
            }
        }
        Flaw::WrongUserId => "Z99999X1".clone_into(&mut rows[0].0),
    }
    (shown, rows)
}

fn api_form(who: Who, seed: FormSeed) -> Value {
    let (firm, rows) = contents(who, seed);
    let row = |(user, address): &(String, String)| json!({"userId": user, "email": address});
    let mut body = guideline_form();
    body["participantship"] = json!({"kind": firm.kind, "id": firm.participant});
    body["changes"] = rows.iter().map(row).collect();
    body["declaration"] = json!(seed.flaw != Flaw::Undeclared);
    body
}

fn portal_fields(who: Who, seed: FormSeed, tag: &str, key: &str) -> Vec<(String, String)> {
    let (firm, rows) = contents(who, seed);
    let is_kept = |name: &str| {
        let is_other = name == "participantship" || name.starts_with("changes.");
        !is_other && (name != "declaration" || seed.flaw != Flaw::Undeclared)
    };
    let fields = guideline_fields(tag, key, "save")
        .into_iter()
        .filter(|(name, _)| is_kept(name));
    let mut fields: Vec<_> = fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    fields.push((
        "participantship".to_owned(),
        format!("{} ({})", firm.kind, firm.participant),
    ));
    for (number, (user, address)) in rows.into_iter().enumerate() {
        fields.push((format!("changes.{number}.userId"), user));
        fields.push((format!("changes.{number}.email"), address));
    }
    fields
}
