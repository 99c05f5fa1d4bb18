//! Cognito's pre-token-generation trigger (version 3): adds to the access token what the directory knows.
//!
//! Cognito knows a person's company and their ID in the directory, from attributes that only administrators can write. Of a
//! system it knows the client, and the table says which system the client is for. Everything else comes from the directory,
//! the only source of names, contacts and rights. The pool's own ID of a person (`sub`) counts for nothing, so that a new
//! pool orphans nobody.

use countersign_application::access::claim;
use countersign_domain::actor::Right;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::telemetry::{self, Count};
use serde_json::{Map, Value, json};

/// Why Cognito calls when a client asks for a token of its own.
const OF_A_CLIENT: &str = "TokenGeneration_ClientCredentials";

/// Answers the trigger's event with claims and, for a person, groups. Whoever is not in the directory, or has been removed
/// from it, gets neither: they can sign in and do nothing.
pub async fn handle(app: App, mut event: Value) -> Result<Value, Failure> {
    let is_client = event["triggerSource"] == OF_A_CLIENT;
    let (mut claims, mut groups) = (Map::new(), Vec::new());
    let known = find(&app, &event, is_client).await.map_err(|error| {
        tracing::error!(%error, "directory");
        Failure
    })?;
    if let Some((id, company, person)) = known.filter(|(_, _, person)| person.is_system == is_client) {
        telemetry::acts(&id, &person.id);
        claims = known_of(&id, company, &person);
        groups.extend(person.rights.into_iter().map(Right::as_str));
    } else {
        telemetry::count(Count::SignInsRefused, 1);
    }
    let mut details = json!({ "accessTokenGeneration": { "claimsToAddOrOverride": claims } });
    // Cognito has groups of users alone. A system's one right follows from its claim.
    if !is_client {
        details["groupOverrideDetails"] = json!({ "groupsToOverride": groups });
    }
    event["response"]["claimsAndScopeOverrideDetails"] = details;
    Ok(event)
}

/// Finds whom the token is for, if the directory has them and they have not been removed.
async fn find(
    app: &App,
    event: &Value,
    is_client: bool,
) -> Result<Option<(CompanyId, Company, DirectoryPerson)>, StoreError> {
    let store = app.store();
    let named = if is_client {
        let client = event["callerContext"]["clientId"].as_str().unwrap_or_default();
        store.client(client).await?
    } else {
        let attributes = &event["request"]["userAttributes"];
        let company = attributes["custom:company"].as_str().and_then(CompanyId::parse);
        let person = attributes["custom:person"].as_str().and_then(PersonId::parse);
        company.zip(person)
    };
    let Some((id, person)) = named else {
        return Ok(None);
    };
    let (profile, person) = tokio::try_join!(store.company(&id), store.person(&id, &person))?;
    let person = person.filter(|person| !person.is_removed());
    Ok(profile.zip(person).map(|(profile, person)| (id, profile, person)))
}

fn known_of(id: &CompanyId, company: Company, person: &DirectoryPerson) -> Map<String, Value> {
    let own: Vec<String> = company.participantships.iter().map(ToString::to_string).collect();
    let [contact_name, contact_email, contact_telephone] = claim::CONTACT;
    let [name, email, telephone] = person.contact.clone();
    let known = [
        (claim::PARTICIPANTSHIPS, Some(own.join(";"))),
        (claim::COMPANY, Some(id.to_string())),
        (claim::COMPANY_NAME, Some(company.name)),
        (claim::PERSON, Some(person.id.to_string())),
        (claim::NAME, Some(person.name.clone())),
        (claim::EMAIL, (!person.is_system).then(|| person.email.clone())),
        (
            claim::SYSTEM,
            person.is_system.then(|| claim::IS_SYSTEM.to_owned()),
        ),
        (contact_name, name),
        (contact_email, email),
        (contact_telephone, telephone),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
    known
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}
