//! The caller's own company: its people and what they may do, its settings, and the requests that changed either.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use countersign_domain::actor::{Person, Right};
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::PersonId;
use countersign_domain::names::Names;
use countersign_domain::request::{Head, StateName};
use countersign_platform::App;
use countersign_platform::store::accounts::{AccountRecord, Obstacle, Roster};
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::requests::StoredForm;
use countersign_platform::store::{Store, StoreError};
use futures_util::future::try_join_all;

use crate::access::{AccessError, Caller};
use crate::requests::List;

/// How many of the company's requests are looked at to find what changed it.
const MOST_READ: usize = 500;
/// How many changes are shown.
pub const MOST_CHANGES: usize = 20;

/// A company as its own people see it.
#[derive(Debug)]
pub struct OwnCompany {
    /// Its settings and participantships.
    pub company: Company,
    /// Its people, by name.
    pub people: Vec<DirectoryPerson>,
    /// Those whose address does not do what it is for.
    pub addresses: BTreeMap<PersonId, AddressProblem>,
    /// Those who have been removed, last first.
    pub removed: Vec<DirectoryPerson>,
    /// What tells its people apart.
    pub names: Names,
    /// Who can check the requests of each eService that somebody there may make.
    pub duties: Vec<Duty>,
    /// What last changed it or its people, newest first.
    pub changes: Vec<Change>,
}

/// What is wrong with somebody's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// Somebody else signs in with it, so that they have no account yet.
    NoAccount,
    /// Somebody else signs in with it, so that they sign in with the address that they had before.
    SignsInAsBefore,
    /// No e-mail goes there: it bounced, or its owner complained.
    Suppressed,
}

/// Who can check the requests of an eService.
#[derive(Debug)]
pub struct Duty {
    /// The eService.
    pub eservice: EServiceId,
    /// How many checkers a request needs.
    pub needed: usize,
    /// Those who can check, as numbers in the list of people.
    pub checkers: Vec<usize>,
    /// How many of them are not away.
    pub present: usize,
}

impl Duty {
    /// Whether too few are there for one of them to make a request and for others to check it.
    pub fn is_short(&self) -> bool {
        self.present <= self.needed
    }
}

/// A request that changed the company or its people.
#[derive(Debug)]
pub struct Change {
    /// The request.
    pub head: Head,
    /// What it asked for.
    pub form: StoredForm,
}

/// Returns the caller's company to someone who may see its requests. Only those who manage its people learn when others
/// last signed in.
pub async fn own(app: &App, caller: &Caller) -> Result<OwnCompany, AccessError> {
    let (store, member) = (app.store(), &caller.member);
    let (roster, changes) = tokio::join!(store.roster(&member.company), Box::pin(changes(app, caller)));
    let Roster { company, people } = roster?.ok_or(AccessError::NotFound)?;
    let addresses = address_problems(store, &people).await?;
    let mut everybody: Vec<DirectoryPerson> = people.into_iter().map(|(person, _)| person).collect();
    if !member.may_manage_users() {
        for person in &mut everybody {
            person.sign_ins.clear();
        }
    }
    everybody.sort_by(|one, other| one.name.cmp(&other.name));
    let (mut removed, people): (Vec<_>, Vec<_>) =
        everybody.into_iter().partition(DirectoryPerson::is_removed);
    removed.sort_by_key(|person| Reverse(person.removed_at));
    let known: Vec<Person> = people
        .iter()
        .chain(&removed)
        .map(DirectoryPerson::named)
        .collect();
    Ok(OwnCompany {
        duties: duties(app, caller, &company, &people),
        company,
        names: Names::among(&known),
        people,
        addresses,
        removed,
        changes: changes?,
    })
}

/// What is wrong with the addresses of a company's people. Nobody learns who else has an address.
async fn address_problems(
    store: &Store,
    people: &[(DirectoryPerson, AccountRecord)],
) -> Result<BTreeMap<PersonId, AddressProblem>, StoreError> {
    let people = || people.iter().filter(|(person, _)| !person.is_removed());
    let address = |person: &DirectoryPerson| EmailAddress::parse(&person.email).ok();
    let addresses: Vec<EmailAddress> = people().filter_map(|(person, _)| address(person)).collect();
    let suppressions = store.suppressions(&addresses).await?;
    let mut problems = BTreeMap::new();
    for (person, record) in people() {
        let suppression = match address(person) {
            Some(address) => suppressions.of(&address)?,
            None => None,
        };
        let problem = match (record.obstacle, &record.user) {
            (Some(Obstacle::AddressInUse), Some(_)) => Some(AddressProblem::SignsInAsBefore),
            (Some(Obstacle::AddressInUse), None) => Some(AddressProblem::NoAccount),
            (None, _) => suppression.map(|_| AddressProblem::Suppressed),
        };
        problems.extend(problem.map(|problem| (person.id.clone(), problem)));
    }
    Ok(problems)
}

fn duties(app: &App, caller: &Caller, company: &Company, people: &[DirectoryPerson]) -> Vec<Duty> {
    let duty = |eservice: EServiceId| {
        let right = eservice.definition().right;
        let checkers = people.iter().enumerate();
        let checkers = checkers.filter(|(_, person)| person.rights.contains(&right));
        let checkers: Vec<usize> = checkers.map(|(number, _)| number).collect();
        let is_present = |number: &&usize| !people[**number].is_away(app.now());
        Duty {
            eservice,
            needed: eservice.definition().checkers.checks(company.checkers).needed(),
            present: checkers.iter().filter(is_present).count(),
            checkers,
        }
    };
    let counts = |eservice: &EServiceId| eservice.definition().right.counts_at(&caller.member.company);
    EServiceId::ALL.into_iter().filter(counts).map(duty).collect()
}

/// Reads what last changed the company or its people.
async fn changes(app: &App, caller: &Caller) -> Result<Vec<Change>, AccessError> {
    let list = List::Company(caller.member.company.clone());
    let page = list.page(app, MOST_READ, None).await?;
    let mut heads: Vec<Head> = page.items.into_iter().map(|stored| stored.head).collect();
    heads.retain(|head| {
        head.eservice.definition().right == Right::ManageUsers && head.state.name() == StateName::Completed
    });
    heads.sort_by_key(|head| Reverse(head.updated_at));
    heads.truncate(MOST_CHANGES);
    let reads = heads.into_iter().map(|head| async move {
        let found = app.store().head_and_form(head.id).await?;
        Ok::<_, AccessError>(found.map(|(_, form)| Change { head, form }))
    });
    let changes = try_join_all(reads).await?;
    Ok(changes.into_iter().flatten().collect())
}
