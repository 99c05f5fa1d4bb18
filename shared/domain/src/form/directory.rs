//! What completing a request changes in its company's directory, and whether the directory allows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CompleteForm, Form};
use crate::actor::Right;
use crate::directory::{
    Absence, CompanySettings, FEWEST_MANAGERS, PersonChange, PersonDetails, PersonSettings, Staff,
    name_digest,
};
use crate::eservice::{DirectoryFields, SettingsFields, YES};
use crate::fault::{Fault, FaultKind};
use crate::field::{ValueKind, text_of};
use crate::id::{CompanyId, PersonId};
use crate::language::Language;
use crate::mail::ProgressMail;

/// What completing a request changes in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryChange {
    /// The place in the form of what is changed: a person, a name, or the choice itself.
    pub pointer: String,
    /// The place of the last day, if it is about days.
    pub end: Option<String>,
    /// The place of the name that a person gets.
    pub name: Option<String>,
    /// The place of the address that a person gets.
    pub address: Option<String>,
    /// The place of the choice that grants each right.
    pub granted: BTreeMap<Right, String>,
    /// The change.
    pub kind: DirectoryChangeKind,
}

/// The kinds of change to the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectoryChangeKind {
    /// A person is entered.
    Enter {
        /// The name that others see.
        name: String,
        /// The address.
        email: String,
        /// The settings.
        settings: PersonSettings,
    },
    /// A system is entered.
    EnterSystem {
        /// The name that others see.
        name: String,
    },
    /// A person is changed.
    Person(PersonId, PersonChange),
    /// The company's settings are changed.
    Company(CompanySettings),
}

impl DirectoryChange {
    /// The name of what it is about, if this person submits it. No two open requests of a company are about the same,
    /// except that what somebody wants for themselves doesn't keep the others from changing or removing them. Of two that
    /// give one name to two people, the confirmation refuses the later.
    pub fn subject(&self, submitter: &PersonId) -> String {
        match &self.kind {
            DirectoryChangeKind::Enter { name, .. } | DirectoryChangeKind::EnterSystem { name } => {
                format!("NAME#{}", name_digest(name))
            }
            DirectoryChangeKind::Person(person, _) if person == submitter => format!("SELF#{person}"),
            DirectoryChangeKind::Person(person, _) => format!("PERSON#{person}"),
            DirectoryChangeKind::Company(_) => "PROFILE".to_owned(),
        }
    }

    /// Whether the company keeps enough people who can manage its users.
    pub fn leaves_managers(&self, staff: &Staff) -> bool {
        let before = staff.managers().count();
        let after = match &self.kind {
            DirectoryChangeKind::Enter { .. }
            | DirectoryChangeKind::EnterSystem { .. }
            | DirectoryChangeKind::Company(_) => before,
            DirectoryChangeKind::Person(person, change) => {
                let keeps = match change {
                    PersonChange::Details(details) => details.settings.rights.contains(&Right::ManageUsers),
                    PersonChange::Remove(_) => false,
                    PersonChange::Away(_) | PersonChange::Invite | PersonChange::ResetSecondFactor => true,
                };
                let others = staff.managers().filter(|manager| *manager != person).count();
                let stays = keeps && staff.people.contains_key(person);
                others + usize::from(stays)
            }
        };
        after >= before || after >= FEWEST_MANAGERS
    }

    /// Returns where the directory contradicts the change.
    pub fn faults(&self, company: &CompanyId, staff: &Staff) -> Vec<Fault> {
        let absence = match &self.kind {
            DirectoryChangeKind::Person(_, PersonChange::Away(absence)) => *absence,
            DirectoryChangeKind::Enter { .. }
            | DirectoryChangeKind::EnterSystem { .. }
            | DirectoryChangeKind::Person(..)
            | DirectoryChangeKind::Company(_) => None,
        };
        let days = absence.filter(|absence| absence.until < absence.from);
        let days = days.zip(self.end.clone());
        let days = days.map(|(_, end)| Fault::new(end, FaultKind::AbsenceEndsFirst));
        let idle = self.granted.iter().filter(|(right, _)| !right.counts_at(company));
        let idle =
            idle.map(|(right, place)| Fault::new(place.clone(), FaultKind::RightNotForCompany(*right)));
        let of_people = self.faults_of_people(staff).into_iter().flatten();
        of_people.chain(days).chain(idle).collect()
    }

    /// Returns what contradicts it of the people who are or were there: their names, their addresses, and who they are.
    fn faults_of_people(&self, staff: &Staff) -> [Option<Fault>; 3] {
        let of_name = |bearer: Option<&PersonId>| {
            let place = bearer.and(self.name.clone());
            place.map(|place| Fault::new(place, FaultKind::NameTaken))
        };
        let of_address = |holder: Option<&PersonId>| {
            let place = holder.and(self.address.clone());
            place.map(|place| Fault::new(place, FaultKind::AddressTaken))
        };
        let (person, change) = match &self.kind {
            DirectoryChangeKind::Enter { name, email, .. } => {
                let is_anothers = |bearer: &&PersonId| staff.returning(email) != Some(*bearer);
                let bearer = staff.bearer(name).filter(is_anothers);
                return [of_name(bearer), of_address(staff.holder(email)), None];
            }
            DirectoryChangeKind::EnterSystem { name } => return [of_name(staff.bearer(name)), None, None],
            DirectoryChangeKind::Company(_) => return [None, None, None],
            DirectoryChangeKind::Person(person, change) => (person, change),
        };
        let fits_a_system = matches!(change, PersonChange::Remove(_));
        let kind = match staff.people.get(person) {
            None => Some(FaultKind::NotInDirectory),
            Some(held) if held.contains(&Right::SystemMaker) && !fits_a_system => {
                Some(FaultKind::NotForSystem)
            }
            Some(_) => None,
        };
        let fault = kind.map(|kind| Fault::new(self.pointer.clone(), kind));
        let PersonChange::Details(PersonDetails { name, email, .. }) = change else {
            return [None, None, fault];
        };
        let is_another = |one: &&PersonId| *one != person;
        let bearer = name.as_ref().and_then(|name| staff.bearer(name));
        // The address of somebody who was removed is theirs, too: they come back by it.
        let holder = email
            .as_ref()
            .and_then(|email| staff.holder(email).or_else(|| staff.returning(email)));
        [
            of_name(bearer.filter(is_another)),
            of_address(holder.filter(is_another)),
            fault,
        ]
    }
}

impl Form {
    /// The person whom the request is about, if it is about one.
    pub fn about(&self) -> Option<PersonId> {
        let values = self.values().into_iter();
        let mut people = values.filter(|value| matches!(value.kind, ValueKind::Person(_)));
        people.find_map(|value| PersonId::parse(&text_of(value.value)))
    }
}

impl CompleteForm {
    /// Returns what completing the request at this time changes in the directory.
    pub fn directory_change(&self, now: Timestamp) -> Option<DirectoryChange> {
        let form = self.form();
        let mut effects = form.eservice.directory.iter();
        let effect = effects.find(|effect| self.text(effect.field) == effect.is)?;
        let person = |field: &str, change| {
            let person = PersonId::parse(&self.text(field))?;
            Some((field.to_owned(), DirectoryChangeKind::Person(person, change)))
        };
        let (field, kind) = match &effect.fields {
            DirectoryFields::Enter {
                name,
                email,
                settings,
            } => {
                let kind = DirectoryChangeKind::Enter {
                    name: self.text(name),
                    email: self.text(email),
                    settings: self.settings(settings),
                };
                ((*name).to_owned(), kind)
            }
            DirectoryFields::EnterSystem { name } => {
                let given = self.text(name);
                (
                    (*name).to_owned(),
                    DirectoryChangeKind::EnterSystem { name: given },
                )
            }
            DirectoryFields::Details {
                person: who,
                name,
                email,
                settings,
            } => person(who, PersonChange::Details(self.details(name, email, settings)))?,
            DirectoryFields::Away {
                person: who,
                from,
                until,
            } => person(who, PersonChange::Away(Some(self.absence(from, until)?)))?,
            DirectoryFields::Back { person: who } => person(who, PersonChange::Away(None))?,
            DirectoryFields::Remove { person: who } => person(who, PersonChange::Remove(now))?,
            DirectoryFields::Invite { person: who } => person(who, PersonChange::Invite)?,
            DirectoryFields::ResetSecondFactor { person: who } => {
                person(who, PersonChange::ResetSecondFactor)?
            }
            DirectoryFields::Company {
                checkers,
                approves_by_mail,
                records_views,
            } => {
                let settings = self.company_settings([checkers, approves_by_mail, records_views])?;
                (effect.field.to_owned(), DirectoryChangeKind::Company(settings))
            }
        };
        let settings = effect.fields.settings().into_iter();
        let place = |field: &str| format!("/{field}");
        let of_a_system = matches!(kind, DirectoryChangeKind::EnterSystem { .. });
        let of_a_system = of_a_system.then(|| (Right::SystemMaker, place(effect.field)));
        Some(DirectoryChange {
            pointer: place(&field),
            end: effect.fields.last_day().map(place),
            name: effect.fields.name().map(place),
            address: effect.fields.address().map(place),
            granted: settings
                .flat_map(|fields| self.granted(fields))
                .chain(of_a_system)
                .collect(),
            kind,
        })
    }

    fn text(&self, field: &str) -> String {
        self.form().get(field).map(text_of).unwrap_or_default()
    }

    fn company_settings(
        &self,
        [checkers, approves_by_mail, records_views]: [&str; 3],
    ) -> Option<CompanySettings> {
        Some(CompanySettings {
            checkers: self.text(checkers).parse().ok()?,
            approves_by_mail: self.text(approves_by_mail) == YES,
            records_views: self.text(records_views) == YES,
        })
    }

    fn details(&self, name: &str, email: &str, settings: &SettingsFields) -> PersonDetails {
        let given = |field: &str| Some(self.text(field)).filter(|text| !text.is_empty());
        PersonDetails {
            name: given(name),
            email: given(email),
            settings: self.settings(settings),
        }
    }

    fn settings(&self, fields: &SettingsFields) -> PersonSettings {
        let reminders = self.text(fields.reminders);
        PersonSettings {
            rights: self.granted(fields).map(|(right, _)| right).collect(),
            language: Language::parse(&self.text(fields.language)),
            progress: ProgressMail::parse(&self.text(fields.progress)),
            reminders: (!reminders.is_empty()).then(|| reminders == YES),
        }
    }

    /// The rights that were chosen, each with the place of the choice.
    fn granted(&self, fields: &SettingsFields) -> impl Iterator<Item = (Right, String)> {
        let granted = fields.rights.iter().filter(|(when, _)| {
            let chosen = self.text(when.field);
            when.is.contains(&chosen.as_str())
        });
        granted.map(|(when, right)| (*right, format!("/{}", when.field)))
    }

    fn absence(&self, from: &str, until: &str) -> Option<Absence> {
        let day = |field: &str| self.text(field).parse::<Date>().ok();
        Some(Absence {
            from: day(from)?,
            until: day(until)?,
        })
    }
}
