//! The kinds of field that a form can have. Each kind can read, normalise, show and compare its values, and describe
//! itself in JSON Schema. Values are JSON. One that is not filled in is an empty text, or null for a number.

use serde_json::{Value as Json, json};

use crate::contact::UserIdRule;
use crate::fault::FaultKind;
use crate::id::ParticipantId;
use crate::language::Language;
use crate::register::Standings;

mod address;
mod choice;
mod date;
mod declaration;
mod email;
mod name;
mod note;
mod number;
mod person;
mod rows;
mod telephone;
mod text;
mod user_id;

pub use address::PostalAddress;
pub use choice::{Choice, ChoiceOption, Milestone, Milestones, Offered};
pub use date::DateValue;
pub use declaration::Declaration;
pub use email::Email;
pub use name::PersonName;
pub use note::{Note, Standing};
pub use number::WholeNumber;
pub use person::PersonOfCompany;
pub use rows::{Column, Purpose, Rows};
pub use telephone::TelephoneNumber;
pub use text::{Lines, Text, free_text};
pub use user_id::{UserIdValue, Whose};

/// What a field accepts.
#[derive(Debug)]
pub enum FieldKind {
    /// One value.
    Value {
        /// Its kind.
        kind: ValueKind,
        /// Whether it must be filled in to submit.
        required: bool,
    },
    /// A box that must be ticked to submit.
    Declaration(Declaration),
    /// Rows of values.
    Rows(Rows),
}

/// The kinds of a single value, in a field of its own or in a column of rows.
#[derive(Debug)]
pub enum ValueKind {
    /// One of several options.
    Choice(Choice),
    /// Text of one or more lines.
    Text(Text),
    /// A whole number.
    Number(WholeNumber),
    /// A day.
    Date(DateValue),
    /// A person's name.
    Name(PersonName),
    /// One e-mail address.
    Email(Email),
    /// A telephone number.
    Telephone(TelephoneNumber),
    /// A postal address.
    Address(PostalAddress),
    /// A User ID of the form's participant.
    UserId(UserIdValue),
    /// A person of the company that makes the request.
    Person(PersonOfCompany),
}

/// What a kind needs to read values, besides its definition.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The rule that says which User IDs belong to a participant.
    pub user_ids: &'a UserIdRule,
    /// The form's participant, if it is readable.
    pub participant: Option<&'a ParticipantId>,
    /// The dates that decide which options are offered; `None` accepts every option, as for stored forms.
    pub milestones: Option<Milestones>,
}

/// Which version of a field JSON Schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As people may send it.
    Sent,
    /// As it is stored and returned.
    Kept,
}

/// What every kind of value can do.
pub trait Kind {
    /// Reads a value that was sent, which is not null, into the one form in which it is stored.
    fn read(&self, sent: &Json, context: &Context<'_>) -> Result<Json, FaultKind>;

    /// The value of a field that is not filled in.
    fn blank(&self) -> Json {
        json!("")
    }

    /// Turns text from a page, a spreadsheet or a command line into JSON for [`Kind::read`].
    fn typed(&self, text: &str) -> Json {
        json!(text)
    }

    /// The value as people read it.
    fn shown(&self, value: &Json, _language: Language) -> String {
        text_of(value)
    }

    /// A key that is equal for two values with the same meaning.
    fn key(&self, value: &Json) -> String {
        text_of(value)
    }

    /// What a reader should know besides the value.
    fn notes(&self, _value: &Json) -> Vec<Note> {
        Vec::new()
    }

    /// The JSON Schema of a value, filled in or blank.
    fn schema(&self, stage: Stage, user_id_suffix: &str) -> Json;

    /// A valid value for this participant; a different `n` gives a different value where possible.
    fn example(&self, participant: &ParticipantId, n: usize) -> Json;
}

impl ValueKind {
    /// The kind's behaviour.
    pub fn kind(&self) -> &dyn Kind {
        match self {
            Self::Choice(kind) => kind,
            Self::Text(kind) => kind,
            Self::Number(kind) => kind,
            Self::Date(kind) => kind,
            Self::Name(kind) => kind,
            Self::Email(kind) => kind,
            Self::Telephone(kind) => kind,
            Self::Address(kind) => kind,
            Self::UserId(kind) => kind,
            Self::Person(kind) => kind,
        }
    }

    /// What a reader should know besides the value. Without standings, there are no notes on the register.
    pub fn notes(&self, value: &Json, standings: Option<&Standings>) -> Vec<Note> {
        let mut notes = self.kind().notes(value);
        if let (Self::UserId(kind), Some(standings)) = (self, standings) {
            notes.extend(kind.standing(&text_of(value), standings).map(Note::Register));
        }
        notes
    }

    /// Whether it takes the User ID of an administrator in the register.
    pub fn is_known_user_id(&self) -> bool {
        matches!(self, Self::UserId(UserIdValue { whose: Whose::Known }))
    }

    /// Whether a value can hold somebody's name, address or number. What it refers to by an ID identifies nobody by
    /// itself.
    pub fn can_identify(&self) -> bool {
        match self {
            Self::Text(_) | Self::Name(_) | Self::Email(_) | Self::Telephone(_) | Self::Address(_) => true,
            Self::Choice(_) | Self::Number(_) | Self::Date(_) | Self::UserId(_) | Self::Person(_) => false,
        }
    }

    /// Whether a value is not filled in.
    pub fn is_blank(&self, value: &Json) -> bool {
        value.is_null() || *value == self.kind().blank()
    }
}

/// A value as text: a string as it is, nothing for null, and other values as JSON writes them.
pub fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// Reads one line of text. Removes white space around it, and fails on a character that is refused.
fn line(sent: &Json, first_refused: impl Fn(&str) -> Option<FaultKind>) -> Result<String, FaultKind> {
    let typed = sent
        .as_str()
        .ok_or(FaultKind::NotA(crate::fault::JsonType::Text))?;
    let lines = text::lines(typed);
    let start = lines.trim_start();
    let before = lines.chars().count() - start.chars().count();
    match first_refused(start.trim_end()) {
        Some(FaultKind::Character(mut at)) => {
            at.position += before;
            Err(FaultKind::Character(at))
        }
        Some(other) => Err(other),
        None => Ok(start.trim_end().to_owned()),
    }
}

/// Reads a line without invisible characters, in its narrow form.
fn plain_line(sent: &Json) -> Result<String, FaultKind> {
    let line = line(sent, |text| {
        let found = crate::character::first_control(text, &[]);
        found
            .or_else(|| crate::character::first_invisible(text))
            .map(FaultKind::Character)
    })?;
    Ok(crate::character::narrow(&line).trim().to_owned())
}

/// Reads a line of prose.
fn prose_line(sent: &Json, max: usize) -> Result<String, FaultKind> {
    let line = line(sent, |text| {
        let found = crate::character::first_control(text, &[]);
        found
            .or_else(|| crate::character::first_invisible_in_prose(text))
            .map(FaultKind::Character)
    })?;
    if line.chars().count() > max {
        Err(FaultKind::TooLong(max))
    } else {
        Ok(line)
    }
}

/// The schema of a text, which may be blank. Where it is sent, null also means blank.
fn text_schema(stage: Stage, more: Json) -> Json {
    let mut schema = match stage {
        Stage::Sent => json!({"type": ["string", "null"]}),
        Stage::Kept => json!({"type": "string"}),
    };
    if let (Some(schema), Json::Object(more)) = (schema.as_object_mut(), more) {
        schema.extend(more);
    }
    schema
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Reads a value for participant `B01234`.
    pub(crate) fn read(kind: &dyn Kind, sent: &Json) -> Result<Json, FaultKind> {
        let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
        let participant = participant();
        let context = Context {
            user_ids: &rule,
            participant: Some(&participant),
            milestones: None,
        };
        kind.read(sent, &context)
    }

    pub(crate) fn participant() -> ParticipantId {
        ParticipantId::parse("B01234").unwrap()
    }
}
