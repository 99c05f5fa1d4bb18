//! The kinds of field that a form can have. Each knows how to read, normalise, show and compare what it holds, and how to
//! describe itself in JSON Schema. What a field holds is JSON; an empty text, or null for a number, is one that is not
//! filled in yet.

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
pub use rows::{Column, Purpose, Rows};
pub use telephone::TelephoneNumber;
pub use text::{Lines, Text, free_text};
pub use user_id::{UserIdValue, Whose};

/// What a field of a form takes.
#[derive(Debug)]
pub enum FieldKind {
    /// One value.
    Value {
        /// Its kind.
        kind: ValueKind,
        /// Whether submitting needs it.
        required: bool,
    },
    /// A box that has to be ticked before submitting.
    Declaration(Declaration),
    /// Rows of values.
    Rows(Rows),
}

/// The kinds of one value, in a field of its own or in a column of rows.
#[derive(Debug)]
pub enum ValueKind {
    /// One of some options.
    Choice(Choice),
    /// Text of one or several lines.
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
}

/// What a kind reads values by, besides its definition.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Which User IDs belong to a participant.
    pub user_ids: &'a UserIdRule,
    /// The form's participant, where it has a readable one.
    pub participant: Option<&'a ParticipantId>,
    /// Which options are offered; `None` takes every option, as for what was kept before.
    pub milestones: Option<Milestones>,
}

/// As what JSON Schema describes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As somebody may send it.
    Sent,
    /// As it is kept and answered.
    Kept,
}

/// What every kind of value can do.
pub trait Kind {
    /// Reads what was sent, which is not null, into the one form in which it is kept.
    fn read(&self, sent: &Json, context: &Context<'_>) -> Result<Json, FaultKind>;

    /// What stands where nothing is filled in.
    fn blank(&self) -> Json {
        json!("")
    }

    /// What a page, a spreadsheet or a command line has as text, as [`Kind::read`] takes it.
    fn typed(&self, text: &str) -> Json {
        json!(text)
    }

    /// What people read of a value.
    fn shown(&self, value: &Json, _language: Language) -> String {
        text_of(value)
    }

    /// What two values have in common that mean the same.
    fn key(&self, value: &Json) -> String {
        text_of(value)
    }

    /// What a reader has to know of a value besides the value.
    fn notes(&self, _value: &Json) -> Vec<Note> {
        Vec::new()
    }

    /// The JSON Schema of a value that is filled in or blank.
    fn schema(&self, stage: Stage, user_id_suffix: &str) -> Json;

    /// A value that is right for this participant, the nth of several that differ.
    fn example(&self, participant: &ParticipantId, n: usize) -> Json;
}

impl ValueKind {
    /// What it can do.
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
        }
    }

    /// What a reader has to know of a value besides the value. Without standings nothing is said of the register.
    pub fn notes(&self, value: &Json, standings: Option<&Standings>) -> Vec<Note> {
        let mut notes = self.kind().notes(value);
        if let (Self::UserId(kind), Some(standings)) = (self, standings) {
            notes.extend(kind.standing(&text_of(value), standings).map(Note::Register));
        }
        notes
    }

    /// Whether a value is not filled in.
    pub fn is_blank(&self, value: &Json) -> bool {
        value.is_null() || *value == self.kind().blank()
    }
}

/// A value as text: a string as it stands, nothing for null, other JSON as JSON writes it.
pub fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// The text of one line that was sent: without white space around it, and without a character that can't be in it.
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

/// A line in which every character is to be seen, in its narrow form.
fn plain_line(sent: &Json) -> Result<String, FaultKind> {
    let line = line(sent, |text| {
        let found = crate::character::first_control(text, &[]);
        found
            .or_else(|| crate::character::first_invisible(text))
            .map(FaultKind::Character)
    })?;
    Ok(crate::character::narrow(&line).trim().to_owned())
}

/// A line that people wrote.
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

/// The schema of a text, which may be blank; null stands for blank where it is sent.
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
