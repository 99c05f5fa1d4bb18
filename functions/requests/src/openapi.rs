//! The API's OpenAPI 3.1 description: openapi.json, completed from the eServices' definitions and the deployment's settings.

use std::collections::BTreeSet;

use countersign_domain::eservice::EServiceId;
use countersign_domain::form;
use serde_json::{Value, json};

/// What is written by hand. A test compares the description with template.yaml and with what the handlers answer.
const WRITTEN: &str = include_str!("../openapi.json");

/// The place in it of the schemas that come from the eServices' definitions.
const ESERVICES: &str = "\"EServices\": {}";

/// The path of an issuer's metadata (`OpenID` Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Returns the description as JSON, for a deployment with this pattern of User IDs' suffixes. It names the token issuer by
/// its full address.
pub fn description(user_id_suffix: &str, token_issuer: &str) -> String {
    let schemas: Vec<String> = schemas(user_id_suffix)
        .into_iter()
        .map(|(name, schema)| format!("\"{name}\": {schema:#}"))
        .collect();
    let full = format!("\"{token_issuer}{DISCOVERY}\"");
    WRITTEN
        .replacen(ESERVICES, &schemas.join(",\n"), 1)
        .replacen(&format!("\"{DISCOVERY}\""), &full, 1)
}

fn schemas(user_id_suffix: &str) -> Vec<(String, Value)> {
    let classifications: BTreeSet<_> = EServiceId::ALL.map(|id| id.definition().classification.en).into();
    let code = json!({
        "type": "string",
        "description": "An eService of the catalogue.",
        "enum": EServiceId::ALL.map(EServiceId::code),
    });
    let classification = json!({
        "type": "string",
        "description": "The catalogue's column Classification.",
        "enum": classifications,
    });
    let mut schemas = vec![
        ("EServiceCode".to_owned(), code),
        ("Classification".to_owned(), classification),
    ];
    schemas.extend(form::schemas(user_id_suffix));
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(user_id_suffix: &str) -> Value {
        serde_json::from_str(&description(user_id_suffix, "https://issuer.example")).unwrap()
    }

    #[test]
    fn every_eservice_of_the_catalogue_is_in_the_description() {
        let described = described("[0-9]{3}");
        let schemas = &described["components"]["schemas"];
        for (name, schema) in form::schemas("[0-9]{3}") {
            assert_eq!(schemas[&name], schema, "{name}");
        }
        for stage in ["Draft", "Form"] {
            let mapping = &schemas[stage]["discriminator"]["mapping"];
            for code in EServiceId::ALL.map(EServiceId::code) {
                let name = mapping[code].as_str().unwrap().rsplit('/').next().unwrap();
                assert_eq!(schemas[name]["properties"]["eService"]["const"], code);
            }
        }
        assert!(schemas.get("EServices").is_none());
    }

    #[test]
    fn a_deployment_describes_its_own_user_ids_and_token_issuer() {
        let pattern = |described: &Value| {
            described["components"]["schemas"]["Da3ChangesForm"]["properties"]["userId"]["pattern"].clone()
        };
        let described = described("[0-9]{3}");
        assert!(pattern(&described).as_str().unwrap().contains("[0-9]{3}"));
        let issuer = format!("https://issuer.example{DISCOVERY}");
        assert_eq!(
            described["components"]["securitySchemes"]["OpenIdConnect"]["openIdConnectUrl"],
            issuer
        );
    }
}
