//! Cognito's pre-token-generation trigger (version 2): adds to the access token what the directory knows.
//!
//! Cognito knows a person's company and their ID in the directory, from attributes that only administrators can write.
//! Everything else comes from the directory, the only source of names, contacts and rights. The pool's own ID of a person
//! (`sub`) counts for nothing, so that a new pool orphans nobody.

use countersign_application::access::claim;
use countersign_domain::actor::Right;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use serde_json::{Map, Value, json};

/// Answers the trigger's event with claims and groups. Someone who is not in the directory, or has been removed from it,
/// gets neither: they can sign in and do nothing.
pub async fn handle(app: App, mut event: Value) -> Result<Value, Failure> {
    let attributes = &event["request"]["userAttributes"];
    let company = attributes["custom:company"].as_str().and_then(CompanyId::parse);
    let person = attributes["custom:person"].as_str().and_then(PersonId::parse);
    let (mut claims, mut groups) = (Map::new(), Vec::new());
    if let (Some(company), Some(person)) = (company, person) {
        let store = app.store();
        let found = tokio::join!(store.company(&company), store.person(&company, &person));
        let failed = |error| {
            tracing::error!(%error, "directory");
            Failure
        };
        let (profile, person) = (found.0.map_err(failed)?, found.1.map_err(failed)?);
        if let (Some(profile), Some(person)) = (profile, person.filter(|person| !person.is_removed())) {
            let own: Vec<String> = profile.participantships.iter().map(ToString::to_string).collect();
            let known = [
                (claim::PARTICIPANTSHIPS, own.join(";")),
                (claim::COMPANY, company.to_string()),
                (claim::COMPANY_NAME, profile.name),
                (claim::PERSON, person.id.to_string()),
                (claim::NAME, person.name),
                (claim::EMAIL, person.email),
            ];
            claims.extend(known.map(|(name, value)| (name.to_owned(), json!(value))));
            let contact = claim::CONTACT.into_iter().zip(person.contact);
            claims.extend(contact.filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))));
            groups.extend(person.rights.into_iter().map(Right::as_str));
        }
    }
    event["response"]["claimsAndScopeOverrideDetails"] = json!({
        "accessTokenGeneration": { "claimsToAddOrOverride": claims },
        "groupOverrideDetails": { "groupsToOverride": groups },
    });
    Ok(event)
}
