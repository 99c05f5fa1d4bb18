//! A request in full: its form, history, notes, refused attempts and undelivered e-mails.

use countersign_application::colleagues::Offered;
use countersign_domain::audit::Attempt;
use countersign_domain::field::{Note, UserIdValue, ValueKind, Whose, text_of};
use countersign_domain::form::{FilledValue, Form, FormSeal};
use countersign_domain::history::{HistoryRow, RowSeals};
use countersign_domain::language::Language;
use countersign_domain::mail::Mail;
use countersign_domain::register::Standings;
use countersign_domain::request::StateName;
use countersign_domain::{time, wording};
use countersign_platform::store::StoreError;
use countersign_platform::store::requests::StoredRequest;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Name, Summary, Viewer};

/// A request in full.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Whole<'r> {
    #[serde(flatten)]
    summary: Summary,
    form: &'r RawValue,
    form_hash: String,
    form_seal: &'r FormSeal,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hand_over_to: Vec<Colleague>,
    history: Vec<HistoryView>,
    undelivered: Vec<Undelivered>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused_attempts: Vec<RefusedAttempt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    register: Vec<RegisterView>,
}

/// A colleague to whom the caller can hand the request.
#[derive(Debug, Serialize)]
struct Colleague {
    id: String,
    name: String,
}

/// A note that a reader needs beside a value.
#[derive(Debug, Serialize)]
struct NoteView {
    pointer: String,
    detail: String,
    caution: bool,
}

impl NoteView {
    fn of((value, note): (FilledValue<'_>, Note)) -> Self {
        Self {
            pointer: value.pointer,
            detail: note.text(Language::English),
            caution: note.is_caution(),
        }
    }
}

/// What the register holds for a User ID.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RegisterView {
    pointer: String,
    user_id: String,
    known: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl RegisterView {
    /// Returns the entry for a User ID that the form expects in the register, or expects not to be there.
    fn of(value: &FilledValue<'_>, standings: &Standings) -> Option<Self> {
        match value.kind {
            ValueKind::UserId(UserIdValue {
                whose: Whose::Known | Whose::New,
            }) if !value.is_blank() => {}
            _ => return None,
        }
        let user_id = text_of(value.value);
        let entry = standings.get(&user_id);
        Some(Self {
            pointer: value.pointer.clone(),
            known: entry.is_some(),
            email: entry.cloned().flatten(),
            user_id,
        })
    }
}

/// An e-mail that was not delivered, or not yet.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Undelivered {
    version: u32,
    audience: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    email: String,
    status: &'static str,
    at: String,
}

impl Undelivered {
    fn of(mail: &Mail) -> Self {
        Self {
            version: mail.version,
            audience: mail.audience.as_str(),
            name: mail.name.clone(),
            email: mail.address.clone(),
            status: mail.status.as_str(),
            at: time::stored(mail.at),
        }
    }
}

/// Attempts at a step that were refused.
#[derive(Debug, Serialize)]
struct RefusedAttempt {
    actor: Name,
    action: &'static str,
    reason: &'static str,
    times: u32,
    first: String,
    last: String,
}

impl RefusedAttempt {
    fn of(attempt: &Attempt) -> Self {
        Self {
            actor: Name {
                name: attempt.actor.name.clone(),
            },
            action: attempt.action.as_str(),
            reason: attempt.reason.as_str(),
            times: attempt.times,
            first: time::stored(attempt.first),
            last: time::stored(attempt.last),
        }
    }
}

/// A row of the history.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HistoryView {
    version: u32,
    action: &'static str,
    actor: Name,
    at: String,
    shown_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<StateName>,
    to: StateName,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handed_to: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloned_from: Option<String>,
    form_hash: String,
    previous_hash: String,
    hash: String,
    record: String,
    seals: RowSeals,
}

impl HistoryView {
    fn of(row: &HistoryRow) -> Self {
        Self {
            version: row.version,
            action: row.action.as_str(),
            actor: Name {
                name: row.actor.name.clone(),
            },
            at: time::stored(row.at),
            shown_at: time::shown(row.at),
            from: row.from,
            to: row.to,
            status: wording::status_after(row),
            message: row.message.clone(),
            handed_to: row.handed_to.as_ref().map(|person| Name {
                name: person.name.clone(),
            }),
            cloned_from: row.cloned_from.map(|id| id.to_string()),
            form_hash: row.form_hash.to_string(),
            previous_hash: row.previous.to_string(),
            hash: row.digest().to_string(),
            record: row.record(),
            seals: row.seals.clone(),
        }
    }
}

impl Viewer<'_> {
    /// Returns a request in full, with what the caller can do with it, the attempts that were refused, the undelivered
    /// e-mails about it and, where `standings` are given, what the register holds for its User IDs.
    pub fn whole<'r>(
        &self,
        request: &'r StoredRequest,
        offered: &Offered,
        (attempts, mails): (&[Attempt], &[Mail]),
        standings: Option<&Standings>,
    ) -> Result<Whole<'r>, StoreError> {
        // A form that today's rules refuse gets neither notes nor entries of the register.
        let form = Form::parse(&request.form.json()?, &self.app.kept_terms()).ok();
        // A note on the register repeats what `register` shows, unless it is a caution.
        let is_to_be_noted = |note: &Note| note.is_caution() || !matches!(note, Note::Register(_));
        let notes = form.iter().flat_map(|form| form.notes(standings));
        let notes = notes.filter(|(_, note)| is_to_be_noted(note));
        let named = form.iter().flat_map(Form::values);
        let register = named.filter_map(|value| RegisterView::of(&value, standings?));
        Ok(Whole {
            summary: Summary {
                allowed_actions: offered.actions.iter().map(|action| action.as_str()).collect(),
                ..self.summary(&request.stored)
            },
            form: request.form.raw()?,
            form_hash: request.stored.head.form_hash.to_string(),
            form_seal: request.form.seal(),
            hand_over_to: offered
                .colleagues
                .iter()
                .map(|person| Colleague {
                    id: person.id.to_string(),
                    name: person.name.clone(),
                })
                .collect(),
            history: request.history.iter().map(HistoryView::of).collect(),
            undelivered: mails.iter().map(Undelivered::of).collect(),
            refused_attempts: attempts.iter().map(RefusedAttempt::of).collect(),
            notes: notes.map(NoteView::of).collect(),
            register: register.collect(),
        })
    }
}
