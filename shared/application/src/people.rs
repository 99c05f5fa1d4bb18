//! The caller's own entry in the directory: their company's participantships, and their choices.

use std::collections::BTreeSet;

use countersign_domain::actor::Person;
use countersign_domain::participantship::Participantship;
use countersign_platform::App;

use crate::access::{AccessError, Caller};

/// Reads the participantships of the caller's company.
pub async fn participantships(app: &App, caller: &Caller) -> Result<BTreeSet<Participantship>, AccessError> {
    let company = app.store().company(&caller.member.company).await?;
    Ok(company
        .map(|company| company.participantships)
        .unwrap_or_default())
}

/// Returns the people of the caller's company who may make, check or process requests, by name.
pub async fn colleagues(app: &App, caller: &Caller) -> Result<Vec<Person>, AccessError> {
    let people = app.store().people(&caller.member.company).await?;
    let mut people: Vec<Person> = people
        .into_iter()
        .filter(|person| !person.rights.is_empty())
        .map(|person| Person {
            id: person.id,
            name: person.name,
        })
        .collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(people)
}

/// Returns whether the caller approves by reply. `None` if they may not make requests, or their company does not allow
/// it.
pub async fn approves_by_mail(app: &App, caller: &Caller) -> Result<Option<bool>, AccessError> {
    let member = &caller.member;
    if !member.works_for_a_company() {
        return Ok(None);
    }
    let store = app.store();
    let (company, person) = tokio::join!(
        store.company(&member.company),
        store.person(&member.company, &member.person.id)
    );
    let lets = company?.is_some_and(|company| company.approves_by_mail);
    Ok(person?.filter(|_| lets).map(|person| person.approves_by_mail))
}

/// Stores whether the caller approves by reply.
pub async fn choose_approval_by_mail(app: &App, caller: &Caller, wants: bool) -> Result<(), AccessError> {
    let member = &caller.member;
    let store = app.store();
    store
        .choose_approval_by_mail(&member.company, &member.person.id, wants)
        .await?;
    Ok(())
}

/// Returns the tag of the language that the caller chose, if any.
pub async fn language(app: &App, caller: &Caller) -> Result<Option<String>, AccessError> {
    let member = &caller.member;
    let person = app.store().person(&member.company, &member.person.id).await?;
    Ok(person.and_then(|person| person.language))
}

/// Stores the tag of the language that the caller chose.
pub async fn choose_language(app: &App, caller: &Caller, tag: &str) -> Result<(), AccessError> {
    let member = &caller.member;
    app.store()
        .choose_language(&member.company, &member.person.id, tag)
        .await?;
    Ok(())
}
