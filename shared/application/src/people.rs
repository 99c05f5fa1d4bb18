//! The caller's own entry in the directory: their company's participantships, and their choices.

use std::collections::BTreeSet;

use countersign_domain::actor::{Person, Right};
use countersign_domain::contact::EmailAddress;
use countersign_domain::directory::Names;
use countersign_domain::eservice::EServiceId;
use countersign_domain::id::CompanyId;
use countersign_domain::participantship::Participantship;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::directory::{Choices, MailChoices};
use jiff::Timestamp;

use crate::access::{AccessError, Caller};

/// Reads the participantships of the caller's company.
pub async fn participantships(app: &App, caller: &Caller) -> Result<BTreeSet<Participantship>, AccessError> {
    let company = app.store().company(&caller.member.company).await?;
    Ok(company
        .map(|company| company.participantships)
        .unwrap_or_default())
}

/// How many sign-ins a person's entry remembers.
const SIGN_INS: usize = 5;

/// What the directory knows of the caller that they may see and choose.
#[derive(Debug)]
pub struct Profile {
    /// Which mail they want.
    pub mail: MailChoices,
    /// Whether they approve by reply. `None` if they may not check requests, or if their company or this
    /// deployment does not allow it.
    pub replies: Option<bool>,
    /// When they last signed in, newest first.
    pub sign_ins: Vec<Timestamp>,
}

/// Returns the caller's profile.
pub async fn profile(app: &App, caller: &Caller) -> Result<Profile, AccessError> {
    let member = &caller.member;
    let store = app.store();
    let (company, person) = tokio::join!(
        store.company(&member.company),
        store.person(&member.company, &member.person.id)
    );
    let by_mail = |id: &EServiceId| id.definition().is_approved_by_mail() && member.may_check(*id);
    let checks = EServiceId::ALL.iter().any(by_mail);
    let lets =
        app.config().approval_by_reply && checks && company?.is_some_and(|company| company.approves_by_mail);
    let person = person?.ok_or(AccessError::NotInDirectory)?;
    Ok(Profile {
        mail: person.mail,
        replies: lets.then_some(person.approves_by_mail),
        sign_ins: person.sign_ins,
    })
}

/// Stores what the caller chose about themselves.
pub async fn choose(app: &App, caller: &Caller, choices: Choices) -> Result<(), AccessError> {
    let member = &caller.member;
    app.store()
        .choose(&member.company, &member.person.id, choices)
        .await?;
    Ok(())
}

/// Remembers that the caller signed in at this time, and returns the tag of the language that they chose, if any. A time
/// that is remembered already is not added again. If it can't be stored, the caller is signed in all the same.
pub async fn sign_in(app: &App, caller: &Caller, at: Timestamp) -> Result<Option<String>, AccessError> {
    let (store, member) = (app.store(), &caller.member);
    let Some(person) = store.person(&member.company, &member.person.id).await? else {
        return Ok(None);
    };
    if person.sign_ins.first() != Some(&at) {
        let mut sign_ins = person.sign_ins;
        sign_ins.insert(0, at);
        sign_ins.truncate(SIGN_INS);
        let remembered = store
            .remember_sign_ins(&member.company, &member.person.id, &sign_ins)
            .await;
        if let Err(error) = remembered {
            tracing::warn!(%error, "remembering a sign-in");
        }
    }
    Ok(person.language)
}

/// Returns the people of the caller's company who may make, check or process requests, by name.
pub async fn colleagues(app: &App, caller: &Caller) -> Result<Vec<Person>, AccessError> {
    let people = app.store().people(&caller.member.company).await?;
    let mut people: Vec<Person> = people
        .into_iter()
        .filter(|person| !person.rights.is_empty())
        .map(|person| person.named())
        .collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(people)
}

/// Returns everybody who may be named in the history of the caller's company's requests as one of its people, by name.
pub async fn everybody(app: &App, caller: &Caller) -> Result<Vec<Person>, AccessError> {
    let people = app.store().everybody(&caller.member.company).await?;
    let mut people: Vec<Person> = people.iter().map(DirectoryPerson::named).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(people)
}

/// Returns the names of everybody who was ever in a company, for whoever shows a form that names people. Empty for the
/// form of an eService that names none.
pub async fn names(app: &App, company: &CompanyId, eservice: EServiceId) -> Result<Names, StoreError> {
    if !eservice.definition().names_people() {
        return Ok(Names::new());
    }
    let people = app.store().everybody(company).await?;
    Ok(people
        .into_iter()
        .map(|person| (person.id.to_string(), person.name))
        .collect())
}

/// Another person of the caller's company, to ask for help.
#[derive(Debug)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The address; `None` if the directory's is not valid.
    pub email: Option<EmailAddress>,
}

/// Returns the people of the caller's company who make and check requests, or manage its people; for officers, the other
/// officers.
pub async fn contacts(app: &App, caller: &Caller) -> Result<Vec<Contact>, AccessError> {
    let member = &caller.member;
    let helpful = [Right::Operations, Right::UserMaintenance, Right::ManageUsers];
    let people = app.store().people(&member.company).await?;
    let others = people.into_iter().filter(|person| {
        person.id != member.person.id && helpful.iter().any(|right| person.rights.contains(right))
    });
    Ok(others
        .map(|person| Contact {
            email: EmailAddress::parse(&person.email).ok(),
            name: person.name,
        })
        .collect())
}

/// Stores the tag of the language that the caller chose.
pub async fn choose_language(app: &App, caller: &Caller, tag: &str) -> Result<(), AccessError> {
    let member = &caller.member;
    app.store()
        .choose_language(&member.company, &member.person.id, tag)
        .await?;
    Ok(())
}
