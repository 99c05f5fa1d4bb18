//! The catalogue of eServices. Each has one file, which holds everything that the workspace knows about it.
//!
//! A definition is data. [`crate::form::Form`] interprets it; pages, letters, spreadsheets and openapi.json are
//! generated from it. `docs/ADD-AN-ESERVICE.md` explains how to add another one.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::actor::Right;
use crate::campaign::Campaign;
use crate::field::{Choice, Column, FieldKind, Milestones, Purpose, Rows, ValueKind};
use crate::id::ParticipantId;
use crate::language::Bilingual;
use crate::request::Checks;

mod am1;
mod common;
mod da3;
mod directory;
mod place;
mod scard1;
mod scard2;
mod scard3;
mod smartcard;
#[cfg(test)]
mod tests;

pub use common::MAX_TEXT_CHARS;
pub use common::{ACTING_AS, COMPANY_INFORMATION, FROM};
pub use directory::{DirectoryEffect, DirectoryFields, SettingsFields, YES};

macro_rules! catalogue {
    ($($(#[$doc:meta])* $id:ident => $definition:path,)+) => {
        /// An eService of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EServiceId {
            $($(#[$doc])* $id,)+
        }

        impl EServiceId {
            /// Every eService, in the order of the catalogue.
            pub const ALL: [Self; [$(stringify!($id)),+].len()] = [$(Self::$id),+];

            /// Returns its definition.
            pub fn definition(self) -> &'static EService {
                match self {
                    $(Self::$id => &$definition,)+
                }
            }
        }
    };
}

// The guideline's table (step b) first, in its order; AM 1, which is ours, last.
catalogue! {
    /// Smartcard Maintenance for User (PG or Special Request).
    SCard2 => scard2::SCARD2,
    /// Smartcard Maintenance for User and DA.
    SCard1 => scard1::SCARD1,
    /// Order Smartcard Reader(s).
    SCard3 => scard3::SCARD3,
    /// CCASS/ CCMS Delegated Administrator Application/ Maintenance Form.
    Da3 => da3::DA3,
    /// Access Management: User Maintenance.
    Am1 => am1::AM1,
}

impl EServiceId {
    /// Its code on the wire and in reference numbers, such as `DA3`.
    pub fn code(self) -> &'static str {
        self.definition().code
    }

    /// The codes of the eServices whose requests end there.
    pub fn ending(end: End) -> Vec<String> {
        let all = Self::ALL.into_iter().filter(|id| id.definition().end == end);
        all.map(|id| id.code().to_owned()).collect()
    }

    /// What a person needs to check its requests.
    pub fn checkers_right(self) -> Right {
        self.definition().right
    }

    /// What lets a person make its requests: any of these.
    pub fn makers_rights(self) -> Vec<Right> {
        let right = self.definition().right;
        let of_a_system = (right == Right::UserMaintenance).then_some(Right::SystemMaker);
        [right].into_iter().chain(of_a_system).collect()
    }

    /// The eService that the campaign is for.
    pub fn of_campaign() -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|id| id.definition().period == Period::Campaign)
    }

    /// Parses what [`Self::code`] returns.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.code() == code)
    }
}

impl fmt::Display for EServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for EServiceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for EServiceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom("not an eService of the catalogue"))
    }
}

/// An eService: a row of the catalogue (guideline, step b) and its form.
#[derive(Debug)]
pub struct EService {
    /// Its identifier in the code.
    pub id: EServiceId,
    /// Its code on the wire, and the start of its reference numbers.
    pub code: &'static str,
    /// The catalogue's Classification column. Programs read the English.
    pub classification: Bilingual,
    /// The catalogue's Id column.
    pub label: &'static str,
    /// The catalogue's Function column.
    pub function: Bilingual,
    /// When its requests are accepted.
    pub period: Period,
    /// How many people of the company check one of its requests.
    pub checkers: Checkers,
    /// What a person needs to make its requests and to check those of others.
    pub right: Right,
    /// Where its requests end.
    pub end: End,
    /// The sections of its form, after the company section that every form has.
    pub sections: &'static [Section],
    /// What completing one of its requests changes in the register.
    pub effects: &'static [Effect],
    /// What completing one of its requests changes in the company's directory, by a choice.
    pub directory: &'static [DirectoryEffect],
}

/// Where an eService's requests end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At the exchange, which completes or rejects them. They are for one of the company's participantships.
    AtTheExchange,
    /// At the company: the checker's confirmation completes them. They are for the company itself.
    AtTheCompany,
}

/// When an eService's requests are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// At any time.
    Always,
    /// From the campaign's first day on. People are reminded of the deadline, and requests that meet it are guaranteed
    /// to be completed before the parallel run.
    Campaign,
}

/// How many people of the company check a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkers {
    /// One, whatever the company says. A company whose people can't change its settings any more would be stuck.
    One,
    /// As many as the company's directory says.
    CompanyDecides,
    /// Two, whatever the company says.
    Two,
}

impl Checkers {
    /// The checks that a request needs if it is submitted now, by a company that asks for this many checkers.
    pub fn checks(self, company: u8) -> Checks {
        match self {
            Self::One => Checks::One,
            Self::CompanyDecides if company < 2 => Checks::One,
            Self::CompanyDecides | Self::Two => Checks::FirstOfTwo,
        }
    }
}

/// A section of a form.
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub title: Bilingual,
    /// Its fields, in order.
    pub fields: &'static [Field],
}

/// A field of a form.
#[derive(Debug)]
pub struct Field {
    /// The member's name on the wire.
    pub name: &'static str,
    /// The name that people read.
    pub label: Bilingual,
    /// One line about what to fill in.
    pub hint: Option<Bilingual>,
    /// A longer explanation, for people who need it.
    pub help: Option<Bilingual>,
    /// What it accepts.
    pub kind: FieldKind,
    /// When it is part of the form; `None` for always.
    pub shown: Option<When>,
}

/// A condition on a choice of the same form.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The choice's field.
    pub field: &'static str,
    /// The values that meet the condition.
    pub is: &'static [&'static str],
}

/// What completing a request changes in the register, for each row of a field that is part of its form. While such a
/// request is open, no other open request may contain the same User ID.
#[derive(Debug, Clone, Copy)]
pub enum Effect {
    /// An administrator in the register gets another address.
    ChangeEmail(RowsWithAddress),
    /// An administrator who is not in the register is added.
    AddAdministrator(RowsWithAddress),
    /// An administrator in the register is removed.
    RemoveAdministrator {
        /// The field with the rows.
        rows: &'static str,
        /// The column with the User ID.
        user_id: &'static str,
    },
}

/// Where a form holds User IDs with their addresses.
#[derive(Debug, Clone, Copy)]
pub struct RowsWithAddress {
    /// The field with the rows.
    pub rows: &'static str,
    /// The column with the User ID.
    pub user_id: &'static str,
    /// The column with the address.
    pub email: &'static str,
}

impl EService {
    /// Whether its requests are accepted now.
    pub fn is_open(&self, campaign: &Campaign, now: Timestamp) -> bool {
        match self.period {
            Period::Always => true,
            Period::Campaign => campaign.is_open(now),
        }
    }

    /// Whether a request submitted now meets the campaign's deadline; `None` if the campaign is not for this eService.
    pub fn guarantees(&self, campaign: &Campaign, now: Timestamp) -> Option<bool> {
        match self.period {
            Period::Always => None,
            Period::Campaign => Some(campaign.guarantees(now)),
        }
    }

    /// Whether its forms are for one of the company's participantships.
    pub fn is_for_a_participant(&self) -> bool {
        self.end == End::AtTheExchange
    }

    /// Whether its checkers may decide by replying to an e-mail. Nobody becomes a checker by e-mail.
    pub fn is_approved_by_mail(&self) -> bool {
        self.directory.is_empty()
    }

    /// Whether its forms name people of the company.
    pub fn names_people(&self) -> bool {
        self.fields().any(Field::is_person)
    }

    /// Whether its forms name administrators who must be in the register, or must not be.
    pub fn relies_on_the_register(&self) -> bool {
        !self.effects.is_empty()
    }

    /// Its fields, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.sections.iter().flat_map(|section| section.fields)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    /// The rows of the field with this name.
    pub fn rows(&self, name: &str) -> Option<&'static Rows> {
        self.field(name)?.rows()
    }

    /// The fields for contact persons.
    pub fn contact_fields(&self) -> impl Iterator<Item = (&'static Field, &'static Rows)> + use<> {
        let with_rows = self.fields().filter_map(|field| Some((field, field.rows()?)));
        with_rows.filter(|(_, rows)| rows.purpose == Purpose::ContactPersons)
    }

    /// Whether a field is part of a form with these values. If the form holds no choice that is offered, the
    /// preselected option counts.
    pub fn is_shown(&self, field: &Field, form: &Json, milestones: Option<Milestones>) -> bool {
        let Some(when) = field.shown else {
            return true;
        };
        let Some(choice) = self.field(when.field).and_then(Field::choice) else {
            return false;
        };
        let given = form.get(when.field).and_then(Json::as_str);
        let is_offered = |value: &&str| choice.offered(milestones).any(|option| option.value == *value);
        let chosen = given.filter(is_offered).or(choice.preselection(milestones));
        chosen.is_some_and(|chosen| when.is.contains(&chosen))
    }
}

impl Field {
    /// Its rows, if it is a field of rows.
    pub fn rows(&self) -> Option<&Rows> {
        match &self.kind {
            FieldKind::Rows(rows) => Some(rows),
            FieldKind::Value { .. } | FieldKind::Declaration(_) => None,
        }
    }

    /// A valid example value, for documents and for tests that fill in any form.
    pub fn example(&self, participant: &ParticipantId) -> Json {
        match &self.kind {
            FieldKind::Value { kind, .. } => kind.kind().example(participant, 0),
            FieldKind::Declaration(_) => Json::Bool(true),
            FieldKind::Rows(rows) => {
                let value =
                    |column: &Column| (column.name.to_owned(), column.kind.kind().example(participant, 1));
                Json::Array(vec![Json::Object(rows.columns.iter().map(value).collect())])
            }
        }
    }

    /// Its choice, if it is a choice.
    pub fn choice(&self) -> Option<&Choice> {
        match &self.kind {
            FieldKind::Value {
                kind: ValueKind::Choice(choice),
                ..
            } => Some(choice),
            FieldKind::Value { .. } | FieldKind::Rows(_) | FieldKind::Declaration(_) => None,
        }
    }
}
