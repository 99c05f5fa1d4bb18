//! A company's own systems, in tests.

use countersign_domain::id::{CompanyId, PersonId};
use serde_json::{Value, json};

use crate::market::app;
use crate::{User, World};

/// The form that adds a system.
pub fn adding(name: &str) -> Value {
    json!({"eService": "AM1", "maintenanceRequest": "AddSystem", "name": name})
}

/// The form that removes a system.
pub fn removing(system: &str) -> Value {
    json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": system})
}

/// Has two people of a company complete a request of AM 1, and the user pool follow it. Returns the request's ID, which is
/// the new system's as well.
pub async fn manage(world: &World, maker: &User, checker: &User, form: &Value) -> String {
    let submitted = maker.submit(form).await;
    let claimed = checker.act(&submitted, "claim").await.expect(200);
    let done = checker.act(&claimed, "confirm").await.expect(200);
    world.local.settle().await;
    done.id()
}

/// The client of a company's system, if the pool was ever given one and the ledger still has it.
pub async fn client_of(world: &World, company: &str, system: &str) -> Option<String> {
    let company = CompanyId::parse(company)?;
    let store = app(world, world.local.clock().clone());
    let roster = store.store().roster(&company).await.ok()??;
    let mut people = roster.people.into_iter();
    let (_, record) = people.find(|(person, _)| PersonId::parse(system).as_ref() == Some(&person.id))?;
    record.user
}

/// The secret that the pool has for a client.
pub async fn secret_of(world: &World, client: &str) -> String {
    let answer = world
        .administer("DescribeUserPoolClient", json!({ "ClientId": client }))
        .await;
    let secret = answer["UserPoolClient"]["ClientSecret"].as_str();
    secret.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Adds a system to a company, and signs it in. Returns its ID, its client and a caller with its token.
pub async fn system(world: &World, maker: &User, checker: &User, name: &str) -> (String, String, User) {
    let id = manage(world, maker, checker, &adding(name)).await;
    let client = client_of(world, "abc", &id).await;
    let client = client.unwrap_or_else(|| panic!("{name} has no client"));
    let (status, answer) = world
        .client_credentials(&client, &secret_of(world, &client).await)
        .await;
    let token = answer["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{status}: {answer}"));
    let system = world.system(token);
    (id, client, system)
}
