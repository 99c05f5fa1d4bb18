//! What completing a request changes in its company's directory, as a definition says it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{EService, Field, When};
use crate::actor::Right;

/// An effect on the directory, if the form's choice is this one.
#[derive(Debug)]
pub struct DirectoryEffect {
    /// The choice's field.
    pub field: &'static str,
    /// The value that has this effect.
    pub is: &'static str,
    /// What changes, and which fields say how.
    pub fields: DirectoryFields,
}

/// What changes in the directory, with the names of the fields that say how.
#[derive(Debug)]
pub enum DirectoryFields {
    /// A person is entered.
    Enter {
        /// The name that others see.
        name: &'static str,
        /// The address.
        email: &'static str,
        /// The settings.
        settings: SettingsFields,
    },
    /// A system is entered: a program of the company's own.
    EnterSystem {
        /// The name that others see.
        name: &'static str,
    },
    /// A person gets another name, another address or other settings.
    Details {
        /// The person.
        person: &'static str,
        /// The name that others see. Left empty, it stays.
        name: &'static str,
        /// The address. Left empty, it stays.
        email: &'static str,
        /// The settings.
        settings: SettingsFields,
    },
    /// A person is away.
    Away {
        /// The person.
        person: &'static str,
        /// The first day.
        from: &'static str,
        /// The last day.
        until: &'static str,
    },
    /// A person is no longer away.
    Back {
        /// The person.
        person: &'static str,
    },
    /// A person is removed.
    Remove {
        /// The person.
        person: &'static str,
    },
    /// A person is invited again.
    Invite {
        /// The person.
        person: &'static str,
    },
    /// A person's second factor is reset.
    ResetSecondFactor {
        /// The person.
        person: &'static str,
    },
    /// The company gets other settings.
    Company {
        /// How many checkers a request needs.
        checkers: &'static str,
        /// Whether checkers may decide by replying to an e-mail.
        approves_by_mail: &'static str,
        /// Whether the record also has who saw what.
        records_views: &'static str,
    },
}

impl DirectoryFields {
    /// The fields with a person's settings, if there are any.
    pub fn settings(&self) -> Option<&SettingsFields> {
        match self {
            Self::Enter { settings, .. } | Self::Details { settings, .. } => Some(settings),
            Self::EnterSystem { .. }
            | Self::Away { .. }
            | Self::Back { .. }
            | Self::Remove { .. }
            | Self::Invite { .. }
            | Self::ResetSecondFactor { .. }
            | Self::Company { .. } => None,
        }
    }

    /// The field with the name that somebody gets.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Enter { name, .. } | Self::Details { name, .. } | Self::EnterSystem { name } => Some(name),
            Self::Away { .. }
            | Self::Back { .. }
            | Self::Remove { .. }
            | Self::Invite { .. }
            | Self::ResetSecondFactor { .. }
            | Self::Company { .. } => None,
        }
    }

    /// The field with the address that somebody gets.
    pub fn address(&self) -> Option<&'static str> {
        if let Self::Enter { email, .. } | Self::Details { email, .. } = self {
            Some(email)
        } else {
            None
        }
    }

    /// The field with the last day of an absence.
    pub fn last_day(&self) -> Option<&'static str> {
        if let Self::Away { until, .. } = self {
            Some(until)
        } else {
            None
        }
    }
}

/// The fields with a person's settings.
#[derive(Debug)]
pub struct SettingsFields {
    /// Which choice gives which right.
    pub rights: &'static [(When, Right)],
    /// The language of mail.
    pub language: &'static str,
    /// How mail that only informs comes.
    pub progress: &'static str,
    /// Whether reminders come.
    pub reminders: &'static str,
}

/// The value of a choice between yes and no that means yes.
pub const YES: &str = "Yes";

impl EService {
    /// Returns the effect that changes the details of the person in a field, if there is one.
    pub fn changing_details_of(&self, person: &str) -> Option<&'static DirectoryEffect> {
        let is_it = |effect: &&DirectoryEffect| match effect.fields {
            DirectoryFields::Details { person: field, .. } => field == person,
            DirectoryFields::Enter { .. }
            | DirectoryFields::EnterSystem { .. }
            | DirectoryFields::Away { .. }
            | DirectoryFields::Back { .. }
            | DirectoryFields::Remove { .. }
            | DirectoryFields::Invite { .. }
            | DirectoryFields::ResetSecondFactor { .. }
            | DirectoryFields::Company { .. } => false,
        };
        self.directory.iter().find(is_it)
    }

    /// Returns the field with the person whose details a form with these values changes, if it changes any.
    pub fn changes_details_of(&self, form: &Json) -> Option<&'static Field> {
        let DirectoryFields::Details { person, .. } = self.change_in(form)? else {
            return None;
        };
        self.field(person)
    }

    /// Returns what a form with these values starts with if it changes the details of somebody who has these rights: a text
    /// for each choice about rights. Whatever else it says stays empty unless it is to change, so that a checker sees each
    /// change, and none is undone that was made meanwhile.
    pub fn prefill(&self, form: &Json, now: &BTreeSet<Right>) -> Vec<(&'static str, String)> {
        let Some(DirectoryFields::Details { settings: fields, .. }) = self.change_in(form) else {
            return Vec::new();
        };
        let choices: BTreeSet<&'static str> = fields.rights.iter().map(|(when, _)| when.field).collect();
        choices
            .into_iter()
            .filter_map(|choice| Some((choice, self.option_granting(fields, choice, now)?.to_owned())))
            .collect()
    }

    /// The option of a choice that grants those of the rights that the choice decides about, and no other.
    fn option_granting(
        &self,
        fields: &SettingsFields,
        choice: &str,
        rights: &BTreeSet<Right>,
    ) -> Option<&'static str> {
        let own = fields.rights.iter().filter(|(when, _)| when.field == choice);
        let own: Vec<&(When, Right)> = own.collect();
        let fits = |option: &str| {
            own.iter()
                .all(|(when, right)| when.is.contains(&option) == rights.contains(right))
        };
        let options = self.field(choice)?.choice()?.options.iter();
        options.map(|option| option.value).find(|option| fits(option))
    }

    fn change_in(&self, form: &Json) -> Option<&'static DirectoryFields> {
        let is_it =
            |effect: &&DirectoryEffect| form.get(effect.field).and_then(Json::as_str) == Some(effect.is);
        self.directory.iter().find(is_it).map(|effect| &effect.fields)
    }
}
