//! Changes a company's directory: what a request that ends at the company does.

use countersign_domain::directory::{PersonChange, PersonDetails, Staff, name_digest};
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::form::{DirectoryChange, DirectoryChangeKind};
use countersign_domain::id::PersonId;
use countersign_domain::workflow::Refusal;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::transaction::{Part, Refused, Transaction};

use super::prepare::Prepared;
use super::{Execution, Rejection};

impl Execution<'_> {
    /// The change that the form makes to the directory.
    pub(super) fn directory_change(&self, prepared: &Prepared) -> Option<DirectoryChange> {
        prepared.complete.as_ref()?.directory_change(self.now)
    }

    /// Compares what the form changes with the directory as it was read. The conditions of the writes test it again.
    pub(super) fn hold_directory(&self, prepared: &Prepared) -> Result<(), Rejection> {
        let eservice = prepared
            .head
            .as_ref()
            .map(|stored| stored.head.eservice.definition());
        if eservice.is_some_and(|eservice| eservice.directory.is_empty()) {
            return Ok(());
        }
        let change = self.directory_change(prepared);
        let Some((change, member)) = change.zip(self.command.actor.member()) else {
            return Err(self.refused(Refusal::NoLongerPossible, None));
        };
        let faults = change.faults(&member.company, &prepared.staff());
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Invalid(faults))
        }
    }

    /// Changes the directory, on the condition that nothing in it has changed since it was read.
    pub(super) fn change_directory(&self, transaction: &mut Transaction<'_>, prepared: &Prepared) {
        let (Some(change), Some(profile), Some(member)) = (
            self.directory_change(prepared),
            prepared.company(),
            self.command.actor.member(),
        ) else {
            return;
        };
        let (company, mut settings) = (&member.company, None);
        match change.kind {
            DirectoryChangeKind::Enter {
                name,
                email,
                settings,
            } => {
                let staff = prepared.staff();
                let returning = staff.returning(&email).cloned();
                if let Some(id) = returning
                    .clone()
                    .or_else(|| PersonId::parse(&self.id.to_string()))
                {
                    let mut person = DirectoryPerson::new(id, name, email, settings.rights);
                    person.mail.language = settings.language.map(|language| language.tag().to_owned());
                    person.mail.progress = settings.progress.unwrap_or_default();
                    person.mail.reminders = settings.reminders.unwrap_or(true);
                    match returning {
                        Some(_) => {
                            if staff.bearer(&person.name).is_none() {
                                transaction.keep_name(company, &person.id, &person.name);
                            }
                            let former = prepared.former_name(&person.id, &person.name);
                            transaction.restore_person(company, &person, former);
                        }
                        None => transaction.enter_person(company, &person),
                    }
                }
            }
            DirectoryChangeKind::EnterSystem { name } => {
                if let Some(id) = PersonId::parse(&self.id.to_string()) {
                    transaction.enter_person(company, &DirectoryPerson::system(id, name));
                }
            }
            DirectoryChangeKind::Person(person, change) => {
                let mut former = None;
                if let PersonChange::Details(PersonDetails { name: Some(name), .. }) = &change {
                    former = prepared.former_name(&person, name);
                    if prepared.staff().bearer(name).is_none() {
                        transaction.keep_name(company, &person, name);
                    }
                }
                transaction.change_person(company, &person, &change, former);
            }
            DirectoryChangeKind::Company(changed) => settings = Some(changed),
        }
        transaction.change_company(company, profile.revision, settings.as_ref());
    }

    /// Returns the faults of what the directory contradicts: a person who is not there, or a name that is.
    pub(super) fn directory_faults(&self, refused: &Refused, prepared: &Prepared) -> Vec<Fault> {
        let Some(change) = self.directory_change(prepared) else {
            return Vec::new();
        };
        if refused.has(Part::PersonName) {
            vec![Fault::new(
                change.name.unwrap_or(change.pointer),
                FaultKind::NameTaken,
            )]
        } else if refused.has(Part::Person) {
            vec![Fault::new(change.pointer, FaultKind::NotInDirectory)]
        } else {
            Vec::new()
        }
    }
}

impl Prepared {
    /// Everybody who is or was in the company, as they were read. Nobody is compared to somebody who has been erased.
    pub(super) fn staff(&self) -> Staff {
        let everybody = self.directory.iter().flat_map(|(_, everybody)| everybody);
        let mut staff = Staff::default();
        for person in everybody.filter(|person| !person.is_erased) {
            let rights = Some(&person.rights).filter(|_| !person.is_removed());
            for former in &person.former_names {
                staff.take_in_former(&person.id, former);
            }
            staff.take_in(&person.id, &person.name, &person.email, rights);
        }
        staff
    }

    /// The name that a person had as they were read, if it reads otherwise than this one.
    fn former_name(&self, person: &PersonId, name: &str) -> Option<&str> {
        let mut everybody = self.directory.iter().flat_map(|(_, everybody)| everybody);
        let found = everybody.find(|one| one.id == *person)?;
        Some(found.name.as_str()).filter(|former| name_digest(former) != name_digest(name))
    }

    /// The company's profile, as it was read.
    fn company(&self) -> Option<&Company> {
        self.directory.as_ref().map(|(company, _)| company)
    }
}
