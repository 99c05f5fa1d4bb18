//! The directory: whether each company has people who can manage its users.

use countersign_domain::actor::Right;
use countersign_domain::id::CompanyId;
use futures_util::{StreamExt as _, stream};

use super::Finding;
use crate::Deployment;
use crate::import::LEAST_MANAGERS;

/// How many companies are read at once.
const LANES: usize = 16;
/// How many companies are named.
const NAMED: usize = 10;

pub(super) async fn check(deployment: &Deployment) -> Vec<Finding> {
    vec![managers(deployment).await]
}

async fn managers(deployment: &Deployment) -> Finding {
    const CHECK: &str = "managers";
    let store = &deployment.store;
    let companies = match store.companies(None, None).await {
        Ok(companies) => companies,
        Err(error) => return Finding::not_answered(CHECK, error.to_string()),
    };
    let count = companies.len();
    let read = companies.into_iter().map(|company| async move {
        let people = store.people(&company.id).await?;
        let managers = people
            .iter()
            .filter(|person| person.rights.contains(&Right::ManageUsers))
            .count();
        Ok((company.id, managers))
    });
    let mut read = stream::iter(read).buffered(LANES);
    let mut short: Vec<CompanyId> = Vec::new();
    while let Some(read) = read.next().await {
        match read {
            Ok((company, managers)) if managers < LEAST_MANAGERS => short.push(company),
            Ok(_) => {}
            Err(error) => {
                let error: countersign_platform::store::StoreError = error;
                return Finding::not_answered(CHECK, error.to_string());
            }
        }
    }
    let names: Vec<&str> = short.iter().take(NAMED).map(CompanyId::as_str).collect();
    let more = if short.len() > NAMED { " and others" } else { "" };
    let wrong = if short.is_empty() {
        vec![]
    } else {
        vec![format!(
            "{} of {count} companies have fewer than {LEAST_MANAGERS} people with EU_ManageUsers: {}{more}",
            short.len(),
            names.join(", ")
        )]
    };
    Finding::of(
        CHECK,
        &wrong,
        format!("{count} companies, each with {LEAST_MANAGERS} people or more who can manage users"),
        "Import their people with the right (docs/ADMIN.md, import)",
    )
}
