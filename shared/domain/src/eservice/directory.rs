//! What completing a request changes in its company's directory, as a definition says it.

use super::When;
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
    /// A person gets other settings.
    Settings {
        /// The person.
        person: &'static str,
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
            Self::Enter { settings, .. } | Self::Settings { settings, .. } => Some(settings),
            Self::EnterSystem { .. }
            | Self::Away { .. }
            | Self::Back { .. }
            | Self::Remove { .. }
            | Self::Invite { .. }
            | Self::ResetSecondFactor { .. }
            | Self::Company { .. } => None,
        }
    }

    /// The field with a new person's address.
    pub fn address(&self) -> Option<&'static str> {
        if let Self::Enter { email, .. } = self {
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
