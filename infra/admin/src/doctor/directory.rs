//! The directory: whether each company has people who can manage its users, and whether everybody can sign in.

use countersign_domain::actor::Right;
use countersign_domain::id::CompanyId;
use countersign_platform::store::StoreError;
use countersign_platform::store::accounts::{Obstacle, Roster};
use futures_util::{StreamExt as _, stream};

use super::finding::Finding;
use crate::Deployment;
use crate::import::LEAST_MANAGERS;

/// How many companies are read at once.
const LANES: usize = 16;
/// How many companies are named.
const NAMED: usize = 10;

const MANAGERS: &str = "managers";
const ADDRESSES: &str = "addresses";

/// Companies in which something is not as it should be.
#[derive(Default)]
struct Companies {
    count: usize,
    /// Those with too few people who can manage users.
    short: Vec<CompanyId>,
    /// Those with people whose address somebody else signs in with.
    waiting: Vec<CompanyId>,
}

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    match companies(deployment).await {
        Ok(companies) => vec![managers(&companies), addresses(&companies)],
        Err(error) => [MANAGERS, ADDRESSES]
            .map(|check| Finding::not_answered(check, error.to_string()))
            .into(),
    }
}

async fn companies(deployment: &Deployment) -> Result<Companies, StoreError> {
    let store = &deployment.store;
    let listed = store.companies(None, None).await?;
    let mut found = Companies {
        count: listed.len(),
        ..Companies::default()
    };
    let read = listed.into_iter().map(|company| async move {
        let roster = store.roster(&company.id).await?;
        Ok::<_, StoreError>((company.id, roster))
    });
    let mut read = stream::iter(read).buffered(LANES);
    while let Some(read) = read.next().await {
        let (company, roster) = read?;
        if roster.as_ref().map_or(0, count_managers) < LEAST_MANAGERS {
            found.short.push(company.clone());
        }
        if roster.as_ref().is_some_and(has_waiting) {
            found.waiting.push(company);
        }
    }
    Ok(found)
}

fn count_managers(roster: &Roster) -> usize {
    let people = roster.people.iter().filter(|(person, _)| !person.is_removed());
    people
        .filter(|(person, _)| person.rights.contains(&Right::ManageUsers))
        .count()
}

fn has_waiting(roster: &Roster) -> bool {
    let mut people = roster.people.iter().filter(|(person, _)| !person.is_removed());
    people.any(|(_, record)| record.obstacle == Some(Obstacle::AddressInUse))
}

fn managers(companies: &Companies) -> Finding {
    let Companies { count, short, .. } = companies;
    let wrong = named(short, |names| {
        format!(
            "{} of {count} companies have fewer than {LEAST_MANAGERS} people with EU_ManageUsers: {names}",
            short.len()
        )
    });
    Finding::of(
        MANAGERS,
        &wrong,
        format!("{count} companies, each with {LEAST_MANAGERS} people or more who can manage users"),
        "Import their people with the right (docs/ADMIN.md, import)",
    )
}

fn addresses(companies: &Companies) -> Finding {
    let waiting = &companies.waiting;
    let wrong = named(waiting, |names| {
        format!(
            "{} companies have people whose address somebody else signs in with: {names}",
            waiting.len()
        )
    });
    Finding::of(
        ADDRESSES,
        &wrong,
        "everybody has an address of their own",
        "Have them change the address by AM 1 (docs/RUNBOOK.md, UnprovisionedAccountsAlarm)",
    )
}

/// What is wrong with these companies, the first of them named; nothing without any.
fn named(companies: &[CompanyId], wrong: impl Fn(&str) -> String) -> Vec<String> {
    let names: Vec<&str> = companies.iter().take(NAMED).map(CompanyId::as_str).collect();
    let more = if companies.len() > NAMED {
        " and others"
    } else {
        ""
    };
    let wrong = (!companies.is_empty()).then(|| wrong(&format!("{}{more}", names.join(", "))));
    wrong.into_iter().collect()
}
