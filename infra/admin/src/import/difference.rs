//! What an import would change, company by company.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use countersign_domain::actor::Right;
use countersign_domain::contact::UserId;
use countersign_domain::id::{CompanyId, ParticipantId, PersonId};
use countersign_domain::request::StateName;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::import::Correction;
use countersign_platform::store::{Store, StoreError};

use super::plan::{Firm, LEAST_MANAGERS, Person};

/// What a company is in the table, compared with the files.
#[derive(Debug)]
pub(super) enum Difference {
    /// It is not there yet.
    New,
    /// It is there, and something has to be written. Never empty.
    Changed(Changes),
    /// It is there as the files have it, but for what requests have changed.
    Same(Kept),
}

/// What has to be written for a company that is there.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The company's revision when it was read.
    pub(super) revision: u32,
    /// The company as it has to be, if that differs.
    pub(super) company: Option<Company>,
    /// Whether its name differs, which the list of companies has too.
    pub(super) is_renamed: bool,
    /// Whom to enter.
    pub(super) new_people: Vec<Person>,
    /// Whom to correct.
    pub(super) people: Vec<Correction>,
    /// The User IDs that the register lacks.
    pub(super) administrators: Vec<(ParticipantId, UserId)>,
    /// Each change in a line for people.
    pub(super) lines: Vec<String>,
    /// What is left as it is.
    pub(super) kept: Kept,
}

/// What differs and stays, since requests have changed the company's directory: each in a line for people.
#[derive(Debug, Default)]
pub(super) struct Kept(pub(super) Vec<String>);

impl Changes {
    /// Whether the directory itself changes, and not only the register.
    pub(super) fn has_directory(&self) -> bool {
        self.company.is_some() || !self.new_people.is_empty() || !self.people.is_empty()
    }

    fn is_empty(&self) -> bool {
        !self.has_directory() && self.administrators.is_empty()
    }
}

/// Compares a company with the table. Fails in the inner result, with a sentence, if the company would be left without
/// people who can manage its users.
pub(super) async fn compare(
    store: &Store,
    firm: &Firm,
    overwrite: bool,
) -> Result<Result<Difference, String>, StoreError> {
    let Some(company) = store.company(&firm.id).await? else {
        return Ok(new(firm));
    };
    let everybody = store.everybody(&firm.id).await?;
    let mut changes = Changes {
        revision: company.revision,
        ..Changes::default()
    };
    // From its first own request on, who is in a company is the company's decision.
    let is_own = company.is_changed_by_requests() && !overwrite;
    compare_company(firm, &company, is_own, &mut changes);
    let managers = compare_people(firm, &everybody, is_own, &mut changes);
    let (missing, removed) = missing_administrators(store, firm, overwrite).await?;
    changes.administrators = missing;
    for (participant, user_id) in &removed {
        let line = format!("administrator {user_id} of {participant}: removed by a request");
        changes.kept.0.push(line);
    }
    for (participant, user_id) in &changes.administrators {
        changes
            .lines
            .push(format!("administrator {user_id} of {participant}: new"));
    }
    let changes_people = !changes.new_people.is_empty() || !changes.people.is_empty();
    if changes_people && let Err(refusal) = enough_managers(&firm.id, managers) {
        return Ok(Err(refusal));
    }
    Ok(Ok(if changes.is_empty() {
        Difference::Same(changes.kept)
    } else {
        Difference::Changed(changes)
    }))
}

/// The difference of a company that is not there yet.
pub(super) fn new(firm: &Firm) -> Result<Difference, String> {
    enough_managers(&firm.id, firm.managers()).map(|()| Difference::New)
}

fn enough_managers(company: &CompanyId, managers: usize) -> Result<(), String> {
    if managers >= LEAST_MANAGERS {
        return Ok(());
    }
    Err(format!(
        "The company {company} would have {managers} people with the right EU_ManageUsers. It needs {LEAST_MANAGERS} at \
         least, so that one can check what another one changes."
    ))
}

fn compare_company(firm: &Firm, there: &Company, is_own: bool, changes: &mut Changes) {
    let mut wanted = there.clone();
    let mut lines = Lines::default();
    wanted.name.clone_from(&firm.name);
    wanted.participantships.clone_from(&firm.participantships);
    lines.compare("name", &there.name, &wanted.name);
    lines.compare(
        "participantships",
        &joined(&there.participantships),
        &joined(&wanted.participantships),
    );
    let mut settings = Lines::default();
    let (checkers, mails, views) = (
        firm.checkers.unwrap_or(there.checkers),
        firm.approves_by_mail.unwrap_or(there.approves_by_mail),
        firm.records_views.unwrap_or(there.records_views),
    );
    settings.compare("checkers", &there.checkers, &checkers);
    settings.compare("approves_by_mail", &there.approves_by_mail, &mails);
    settings.compare("records_views", &there.records_views, &views);
    if is_own {
        changes.kept.0.extend(settings.0);
    } else {
        (wanted.checkers, wanted.approves_by_mail, wanted.records_views) = (checkers, mails, views);
        lines.0.extend(settings.0);
    }
    changes.is_renamed = there.name != wanted.name;
    changes.company = (!lines.0.is_empty()).then_some(wanted);
    changes.lines.extend(lines.0);
}

/// Returns how many people could manage users afterwards.
fn compare_people(firm: &Firm, everybody: &[DirectoryPerson], is_own: bool, changes: &mut Changes) -> usize {
    let address = |address: &str| address.to_ascii_lowercase();
    // Somebody who was removed may have come back with the same address. Who is there counts.
    let (removed, active): (Vec<_>, Vec<_>) = everybody.iter().partition(|person| person.is_removed());
    let by_address: BTreeMap<String, &DirectoryPerson> = removed
        .into_iter()
        .chain(active)
        .map(|person| (address(&person.email), person))
        .collect();
    let mut managers: BTreeSet<&PersonId> = everybody
        .iter()
        .filter(|person| person.rights.contains(&Right::ManageUsers))
        .map(|person| &person.id)
        .collect();
    let mut new_managers = 0;
    for person in &firm.people {
        let Some(there) = by_address.get(&address(person.email.as_str())) else {
            let line = format!("person {} <{}>: new", person.name, person.email);
            if is_own {
                changes.kept.0.push(line);
            } else {
                new_managers += usize::from(person.manages_users());
                changes.lines.push(line);
                changes.new_people.push(person.clone());
            }
            continue;
        };
        if there.is_removed() {
            let line = format!("person {} <{}>: removed by a request", there.name, there.email);
            changes.kept.0.push(line);
            continue;
        }
        let lines = compare_person(person, there);
        if lines.0.is_empty() {
            continue;
        }
        if is_own {
            changes.kept.0.extend(lines.0);
            continue;
        }
        if person.manages_users() {
            managers.insert(&there.id);
        } else {
            managers.remove(&there.id);
        }
        changes.lines.extend(lines.0);
        changes.people.push(correction(person, there));
    }
    managers.len() + new_managers
}

fn compare_person(person: &Person, there: &DirectoryPerson) -> Lines {
    let mut lines = Lines::default();
    let whose = |what: &str| format!("person {} <{}>: {what}", there.name, there.email);
    lines.compare(&whose("name"), &there.name, &person.name);
    let rights = |rights: &BTreeSet<_>| {
        let names: Vec<&str> = rights.iter().map(|right: &Right| right.as_str()).collect();
        names.join(" ")
    };
    lines.compare(&whose("rights"), &rights(&there.rights), &rights(&person.rights));
    for (what, (there, wanted)) in ["contact_name", "contact_email", "contact_telephone"]
        .into_iter()
        .zip(there.contact.iter().zip(&person.contact))
    {
        // A cell that is empty leaves it as it is.
        if let Some(wanted) = wanted {
            lines.compare(
                &whose(what),
                there.as_deref().unwrap_or_default(),
                wanted.as_str(),
            );
        }
    }
    lines
}

fn correction(person: &Person, there: &DirectoryPerson) -> Correction {
    let [name, email, telephone] = &person.contact;
    let contact = [name, email, telephone];
    let mut contact = contact.into_iter().zip(&there.contact);
    let mut next = || {
        let (wanted, there) = contact.next()?;
        wanted.clone().or_else(|| there.clone())
    };
    Correction {
        person: there.id.clone(),
        revision: there.revision,
        former: Some(there.name.clone()).filter(|name| *name != person.name),
        name: person.name.clone(),
        rights: person.rights.clone(),
        contact: [next(), next(), next()],
    }
}

/// User IDs with their participants.
pub(super) type Administrators = Vec<(ParticipantId, UserId)>;

/// The administrators that the register lacks: whom to enter, and whom a request has removed, unless that is to be
/// overwritten. A completed request keeps its locks, and only one that removes leaves none in the register.
pub(super) async fn missing_administrators(
    store: &Store,
    firm: &Firm,
    overwrite: bool,
) -> Result<(Administrators, Administrators), StoreError> {
    let participants: BTreeSet<&ParticipantId> = firm
        .administrators
        .iter()
        .map(|(participant, _)| participant)
        .collect();
    let (mut missing, mut removed) = (Vec::new(), Vec::new());
    for participant in participants {
        let standings = store.standings(participant).await?;
        let own = firm
            .administrators
            .iter()
            .filter(|(whose, user_id)| whose == participant && !standings.contains_key(user_id.as_str()));
        let own: Vec<_> = own.collect();
        let user_ids = own.iter().map(|(_, user_id)| user_id.to_string()).collect();
        let requests = store.requests_with_locks(participant, &user_ids).await?;
        let is_removed = |user_id: &UserId| {
            let last = requests.get(user_id.as_str());
            last.is_some_and(|last| last.head.state.name() == StateName::Completed) && !overwrite
        };
        for one in own {
            if is_removed(&one.1) {
                removed.push(one.clone());
            } else {
                missing.push(one.clone());
            }
        }
    }
    Ok((missing, removed))
}

fn joined(all: &BTreeSet<impl fmt::Display>) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join(", ")
}

/// Differences, each in a line.
#[derive(Default)]
struct Lines(Vec<String>);

impl Lines {
    fn compare<T: PartialEq + fmt::Debug + ?Sized>(&mut self, what: &str, there: &T, wanted: &T) {
        if there != wanted {
            self.0.push(format!("{what}: {there:?} -> {wanted:?}"));
        }
    }
}
