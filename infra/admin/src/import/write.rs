//! Writes what differs, a company in a transaction.

use std::collections::BTreeSet;
use std::time::Duration;

use countersign_domain::contact::UserId;
use countersign_domain::id::{ParticipantId, PersonId};
use countersign_domain::language::Language;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::transaction::{MAX_OPERATIONS, Outcome, Part, Refused, Transaction};
use countersign_platform::store::{Store, StoreError};

use super::difference::{Changes, Difference, compare, missing_administrators};
use super::plan::{Firm, Person};

/// How often a company is read anew because another one has changed it since.
const MAX_READS: u32 = 3;
/// How often a write is tried while the table throttles or fails.
const MAX_TRIES: u32 = 6;
/// The first pause before that. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// What became of a company.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It was entered.
    Entered,
    /// It was there, and its directory was changed.
    Changed,
    /// It was there, and its directory stayed as it was.
    Same,
}

/// Writes a company. Fails in the inner result, with a sentence, if the table refuses it.
pub(super) async fn write(
    store: &Store,
    firm: &Firm,
    difference: Difference,
    overwrite: bool,
) -> Result<Result<Written, String>, StoreError> {
    let mut difference = difference;
    let mut administrators: Vec<_> = firm.administrators.iter().cloned().collect();
    let mut why = String::new();
    for _ in 0..MAX_READS {
        let (outcome, written) = match &difference {
            Difference::Same(_) => return Ok(Ok(Written::Same)),
            Difference::New => (enter(store, firm, &administrators).await?, Written::Entered),
            Difference::Changed(changes) => {
                let written = if changes.has_directory() {
                    Written::Changed
                } else {
                    Written::Same
                };
                (change(store, firm, changes).await?, written)
            }
        };
        let Outcome::Refused(refused) = outcome else {
            return Ok(Ok(written));
        };
        why = explain(&refused);
        // Another run has written some of it, or a request has.
        (administrators, _) = missing_administrators(store, firm, overwrite).await?;
        difference = match compare(store, firm, overwrite).await? {
            Ok(difference) => difference,
            Err(refusal) => return Ok(Err(refusal)),
        };
    }
    Ok(Err(why))
}

/// Enters a company with its people, and before it what of its administrators does not fit into the same transaction.
async fn enter(
    store: &Store,
    firm: &Firm,
    administrators: &[(ParticipantId, UserId)],
) -> Result<Outcome, StoreError> {
    let company = Company {
        name: firm.name.clone(),
        participantships: firm.participantships.clone(),
        approves_by_mail: firm.approves_by_mail.unwrap_or(false),
        checkers: firm.checkers.unwrap_or(1),
        records_views: firm.records_views.unwrap_or(false),
        revision: 0,
        imports: 0,
    };
    let people = firm.people.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let room = MAX_OPERATIONS.saturating_sub(2 + 2 * people.len());
    let (together, before) = administrators.split_at(administrators.len().min(room));
    if let refused @ Outcome::Refused(_) = list(store, before).await? {
        return Ok(refused);
    }
    patiently(|| {
        let mut transaction = store.transaction();
        list_in(&mut transaction, together);
        for person in &people {
            transaction.enter_person(&firm.id, person);
        }
        transaction.enter_company(&firm.id, &company);
        transaction
    })
    .await
}

/// Changes a company that is there: first the register, which nothing else depends on.
async fn change(store: &Store, firm: &Firm, changes: &Changes) -> Result<Outcome, StoreError> {
    if let refused @ Outcome::Refused(_) = list(store, &changes.administrators).await? {
        return Ok(refused);
    }
    if !changes.has_directory() {
        return Ok(Outcome::Committed);
    }
    let people = changes
        .new_people
        .iter()
        .map(entry)
        .collect::<Result<Vec<_>, _>>()?;
    patiently(|| {
        let mut transaction = store.transaction();
        transaction.import_company(&firm.id, changes.revision, changes.company.as_ref());
        if changes.is_renamed {
            transaction.rename_listed(&firm.id, &firm.name);
        }
        for person in &people {
            transaction.enter_person(&firm.id, person);
        }
        for correction in &changes.people {
            transaction.correct_person(&firm.id, correction);
        }
        transaction
    })
    .await
}

/// Enters administrators, as many in a transaction as there is room for.
async fn list(store: &Store, administrators: &[(ParticipantId, UserId)]) -> Result<Outcome, StoreError> {
    for some in administrators.chunks(MAX_OPERATIONS) {
        let outcome = patiently(|| {
            let mut transaction = store.transaction();
            list_in(&mut transaction, some);
            transaction
        })
        .await?;
        if let refused @ Outcome::Refused(_) = outcome {
            return Ok(refused);
        }
    }
    Ok(Outcome::Committed)
}

fn list_in(transaction: &mut Transaction<'_>, administrators: &[(ParticipantId, UserId)]) {
    for (index, (participant, user_id)) in administrators.iter().enumerate() {
        transaction.list_administrator(Part::Register(index), participant, user_id);
    }
}

/// Commits a transaction, again after a while as long as the table throttles or fails. If the first try was written after
/// all, the second one is refused, and the company is compared again.
pub(super) async fn patiently<'s>(make: impl Fn() -> Transaction<'s>) -> Result<Outcome, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match make().commit().await {
            Err(StoreError::Busy | StoreError::Unavailable(_)) if tries < MAX_TRIES => {
                tokio::time::sleep(FIRST_PAUSE * (1 << tries)).await;
            }
            outcome => return outcome,
        }
    }
}

/// The entry of a new person. Their ID is random: it says nothing about them, so that what they did can stay when they are
/// erased.
fn entry(person: &Person) -> Result<DirectoryPerson, StoreError> {
    let (name, email) = (person.name.clone(), person.email.to_string());
    let mut entry = DirectoryPerson::new(new_id()?, name, email, person.rights.clone());
    entry.contact.clone_from(&person.contact);
    entry.mail.language = person.language.map(Language::tag).map(str::to_owned);
    Ok(entry)
}

/// A random UUID, as people's IDs are.
fn new_id() -> Result<PersonId, StoreError> {
    let failed = |reason: String| StoreError::Unavailable(format!("no random number: {reason}"));
    let mut octets = [0; 16];
    getrandom::fill(&mut octets).map_err(|error| failed(error.to_string()))?;
    octets[6] = octets[6] & 0x0f | 0x40;
    octets[8] = octets[8] & 0x3f | 0x80;
    let hex = octets.map(|octet| format!("{octet:02x}")).concat();
    let uuid = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    PersonId::parse(&uuid).ok_or_else(|| failed(uuid))
}

fn explain(refused: &Refused) -> String {
    let why: BTreeSet<&str> = [
        (
            Part::PersonName,
            "somebody of the company has or had the name of one of these people",
        ),
        (
            Part::Listed,
            "the list of companies has it, and the directory does not",
        ),
        (Part::Person, "a person was changed at the same time"),
        (Part::Company, "the company was changed at the same time"),
    ]
    .into_iter()
    .filter(|(part, _)| refused.has(*part))
    .map(|(_, why)| why)
    .collect();
    let why: Vec<&str> = why.into_iter().collect();
    if why.is_empty() {
        "it was changed at the same time".to_owned()
    } else {
        why.join("; ")
    }
}
