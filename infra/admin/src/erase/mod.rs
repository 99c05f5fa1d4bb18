//! `countersign-admin erase`: erases a person who has been removed, so that every hash still verifies.
//!
//! It may be cut off anywhere and is simply run again: the person's own entry goes last, and what is erased is not
//! found again.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::trail::Identity;
use countersign_platform::store::Store;
use countersign_platform::store::directory::DirectoryPerson;

use crate::export::company;
use crate::{AdminError, Deployment, requests};

mod request;

use request::Due;

/// Whom to erase, and how.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The person's company
    #[arg(long, value_name = "ID", value_parser = company)]
    pub company: CompanyId,
    /// The person's ID in the directory
    #[arg(long, value_name = "ID", value_parser = person)]
    pub person: PersonId,
    /// Another name, address or telephone number of theirs; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub also: Vec<String>,
    /// Erase; without it, only what would be erased is shown
    #[arg(long)]
    pub write: bool,
}

fn person(text: &str) -> Result<PersonId, String> {
    PersonId::parse(text).ok_or_else(|| "no person has such an ID".to_owned())
}

/// Shows what would be erased, and erases it if it is told to.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let store = &deployment.store;
    let (company, id) = (&arguments.company, &arguments.person);
    let Some(person) = store.person(company, id).await? else {
        writeln!(out, "{company} has nobody with the ID {id}.")?;
        return Ok(ExitCode::FAILURE);
    };
    if person.is_system {
        writeln!(out, "{id} is a system, not a person.")?;
        return Ok(ExitCode::FAILURE);
    }
    if !person.is_removed() {
        writeln!(
            out,
            "{id} still works for {company}. Have them removed first (AM 1)."
        )?;
        return Ok(ExitCode::FAILURE);
    }
    if person.is_erased && arguments.also.is_empty() {
        writeln!(out, "{id} is erased already.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let identity = identity(&person, &arguments.also);
    let due = find(store, company, id, &identity).await?;
    let blocking: Vec<&Due> = due.iter().filter(|due| due.is_blocked).collect();
    for due in &due {
        writeln!(out, "{due}")?;
    }
    for user_id in registered(store, company, &identity).await? {
        writeln!(
            out,
            "The register has an address of theirs for {user_id}. It stays until a request changes it."
        )?;
    }
    if !blocking.is_empty() {
        writeln!(
            out,
            "{} open requests need {id}. Nothing was erased: decide or discard them first.",
            blocking.len()
        )?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(
        out,
        "And the entry in the directory: all but the ID and when they were removed."
    )?;
    if !arguments.write {
        writeln!(
            out,
            "Nothing was erased. To erase it, run the same command with --write."
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let is_whole = erase_all(store, due).await?;
    let also = arguments.also.iter().map(String::as_str);
    let names: Vec<&str> = also.chain([person.name.as_str()]).collect();
    if !is_whole
        || !store
            .erase_person(company, id, (&names, &person.email), deployment.now())
            .await?
    {
        writeln!(
            out,
            "Some of it changed meanwhile and is still there. Run the same command again."
        )?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "{id} is erased.")?;
    Ok(ExitCode::SUCCESS)
}

/// Erases what was found, and returns whether nothing of it changed meanwhile.
async fn erase_all(store: &Store, found: Vec<Due>) -> Result<bool, AdminError> {
    let progress = requests::progress("erasing", found.len());
    let mut is_whole = true;
    for due in found {
        is_whole &= due.erase(store).await?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(is_whole)
}

/// What identifies a person: what the directory has, and what the operator adds.
fn identity(person: &DirectoryPerson, also: &[String]) -> Identity {
    let [contact_name, contact_email, telephone] = person.contact.each_ref().map(Option::as_deref);
    let is_number = |text: &&str| !text.chars().any(char::is_alphabetic);
    let own = (!person.is_erased).then_some([person.name.as_str(), person.email.as_str()]);
    let former = person.former_names.iter().map(String::as_str);
    let also: Vec<&str> = also.iter().map(String::as_str).collect();
    let words = also.iter().copied().filter(|text| !is_number(text));
    let words = words.chain(own.into_iter().flatten()).chain(former);
    let numbers = also.iter().copied().filter(is_number);
    Identity::of(
        words.chain(contact_name).chain(contact_email),
        numbers.chain(telephone),
    )
}

/// Finds what is to be erased in the requests that the person could have seen: the company's, or for an officer
/// everybody's.
async fn find(
    store: &Store,
    company: &CompanyId,
    person: &PersonId,
    identity: &Identity,
) -> Result<Vec<Due>, AdminError> {
    let companies = if company.is_exchange() {
        let all = store.companies(None, None).await?;
        all.into_iter().map(|listed| listed.id).collect()
    } else {
        vec![company.clone()]
    };
    let mut due = Vec::new();
    for company in &companies {
        let heads = requests::of_company(store, company).await?;
        let progress = requests::progress("searching", heads.len());
        for stored in heads {
            due.extend(Box::pin(Due::find(store, stored, person, identity)).await?);
            progress.inc(1);
        }
        progress.finish_and_clear();
    }
    Ok(due)
}

/// The User IDs for which the register has an address of the person.
async fn registered(
    store: &Store,
    company: &CompanyId,
    identity: &Identity,
) -> Result<Vec<String>, AdminError> {
    let Some(company) = store.company(company).await? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for participant in company.participants() {
        let standings = store.standings(&participant).await?;
        let theirs = standings
            .into_iter()
            .filter(|(_, email)| email.as_deref().is_some_and(|email| identity.is_in(email)));
        found.extend(theirs.map(|(user_id, _)| user_id));
    }
    Ok(found)
}
