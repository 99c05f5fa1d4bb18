//! The document and template.yaml have the same routes with the same sign-in.

use std::collections::BTreeMap;

use countersign_local::template::{self, Access, Route, Template};
use countersign_tests::World;
use countersign_tests::contract::{document, documented};
use serde_json::{Value, json};

use super::operation;

#[test]
fn the_document_has_exactly_the_routes_of_the_template() {
    let template = template::load(&BTreeMap::new()).unwrap();
    let mut routes: Vec<String> = api(&template).map(Route::key).collect();
    routes.sort();
    let mut operations: Vec<String> = documented()
        .flat_map(|(method, path, _)| {
            let below = move |server: &str| format!("{method} {server}{path}");
            let systems = is_for_systems(operation(method, path)).then(|| below(SYSTEMS));
            [Some(below("")), systems].into_iter().flatten()
        })
        .collect();
    operations.sort();
    assert_eq!(operations, routes);
}

/// What the paths of companies' own systems start with.
const SYSTEMS: &str = "/systems";

/// Whether an operation says that a company's own system may call it.
pub(super) fn is_for_systems(operation: &Value) -> bool {
    let scheme = json!({ "System": [] });
    let is_let_in = operation["security"]
        .as_array()
        .is_some_and(|schemes| schemes.contains(&scheme));
    let calls = operation["responses"]["429"]["$ref"].as_str();
    let is_counted = calls == Some("#/components/responses/TooManyCalls");
    assert_eq!(is_let_in, is_counted, "{}", operation["operationId"]);
    is_let_in
}

/// The API's routes, without the portal's pages.
fn api(template: &Template) -> impl Iterator<Item = &Route> {
    template
        .routes()
        .filter(|(_, function)| function.binary != "portal")
        .map(|(route, _)| route)
}

#[test]
fn an_operation_asks_for_a_sign_in_exactly_where_the_template_does() {
    assert_eq!(
        document()["security"],
        json!([{ "SignedIn": [] }, { "OpenIdConnect": [] }])
    );
    let scheme = &document()["components"]["securitySchemes"]["SignedIn"];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&json!("http"), &json!("bearer"))
    );
    let template = template::load(&BTreeMap::new()).unwrap();
    for route in api(&template) {
        let path = route.path.strip_prefix(SYSTEMS);
        let operation = operation(&route.method, path.unwrap_or(&route.path));
        let has_401 = operation["responses"].get("401").is_some();
        match route.access {
            Access::SignedIn => {
                let of_systems = is_for_systems(operation);
                let is_every = operation.get("security").is_none();
                assert!(is_every != of_systems && has_401, "{}", route.key());
            }
            // The function verifies a system's token itself.
            Access::Open if path.is_some() => {
                assert!(is_for_systems(operation) && has_401, "{}", route.key());
            }
            Access::Open => {
                assert_eq!(operation["security"], json!([]), "{}", route.key());
                assert!(!has_401, "{}", route.key());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_to_anyone_with_the_address_where_a_token_comes_from() {
    let world = World::start().await;
    let served = world.bearer("").get("/openapi.json").await.expect(200);
    let mut expected = document().clone();
    let discovery = "/components/securitySchemes/OpenIdConnect/openIdConnectUrl";
    let address = served.body.pointer(discovery).unwrap().as_str().unwrap();
    let said = expected.pointer_mut(discovery).unwrap();
    assert!(address.ends_with(said.as_str().unwrap()), "{address}");
    let there: Value = reqwest::get(address).await.unwrap().json().await.unwrap();
    assert!(there["token_endpoint"].is_string(), "{there}");
    *said = json!(address);
    assert_eq!(served.body, expected);
    world.local.stop().await;
}
