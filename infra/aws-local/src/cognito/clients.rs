//! App clients that programs enter, for client credentials alone: a system's ID, its secrets and its scopes.
//!
//! A client has a secret from the start and can get a second one, so that its owner can go over to the new one before the
//! old one is deleted.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq as _;

use super::Cognito;
use super::administration::{Refusal, invalid};
use crate::Error;
use crate::files::KeptFile;

/// The one flow that these clients have.
const FLOW: &str = "client_credentials";
/// The most clients of one list.
const MOST_LISTED: usize = 60;
/// The most secrets that a client has at a time.
const MOST_SECRETS: usize = 2;

/// A client as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppClient {
    pub(super) id: String,
    name: String,
    /// The oldest first.
    secrets: Vec<ClientSecret>,
    pub(super) scopes: Vec<String>,
    pub(super) access_token_validity: Duration,
    created: Timestamp,
    modified: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ClientSecret {
    id: String,
    value: String,
    created: Timestamp,
}

impl ClientSecret {
    fn new(now: Timestamp) -> Self {
        Self {
            id: crate::random::uuid(),
            value: crate::random::hex::<26>(),
            created: now,
        }
    }

    fn described(&self, value: Option<&str>) -> Json {
        let mut described = json!({
            "ClientSecretId": self.id,
            "ClientSecretCreateDate": self.created.as_second(),
        });
        if let Some(value) = value {
            described["ClientSecretValue"] = json!(value);
        }
        described
    }
}

impl AppClient {
    /// Whether a secret is one of the client's. Every try takes the same time.
    pub(super) fn has_secret(&self, secret: &str) -> bool {
        let is = |own: &ClientSecret| bool::from(own.value.as_bytes().ct_eq(secret.as_bytes()));
        self.secrets.iter().fold(false, |found, own| is(own) | found)
    }

    fn described(&self, pool: &str) -> Json {
        json!({
            "UserPoolId": pool,
            "ClientId": self.id,
            "ClientName": self.name,
            "ClientSecret": self.secrets.first().map(|secret| &secret.value),
            "AllowedOAuthFlows": [FLOW],
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": self.scopes,
            "AccessTokenValidity": self.access_token_validity.as_secs(),
            "TokenValidityUnits": { "AccessToken": "seconds" },
            "CreationDate": self.created.as_second(),
            "LastModifiedDate": self.modified.as_second(),
        })
    }
}

/// The clients that programs entered, kept in a file.
pub struct Clients {
    by_id: Mutex<BTreeMap<String, AppClient>>,
    file: KeptFile,
}

impl Clients {
    /// What was kept in the file.
    pub fn open(file: Option<PathBuf>) -> Result<Self, Error> {
        let file = KeptFile(file);
        Ok(Self {
            by_id: Mutex::new(file.load()?),
            file,
        })
    }

    pub(super) fn get(&self, id: &str) -> Option<AppClient> {
        let all = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    /// A page of those after an ID, and whether there are more.
    fn page(&self, after: &str, most: usize) -> (Vec<AppClient>, bool) {
        let all = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = all.range::<str, _>((Bound::Excluded(after), Bound::Unbounded));
        let page = left
            .by_ref()
            .take(most)
            .map(|(_, client)| client.clone())
            .collect();
        (page, left.next().is_some())
    }

    /// Keeps a client as it is from now on, or forgets it.
    fn keep(&self, id: &str, client: Option<AppClient>) -> io::Result<()> {
        let mut all = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        match client {
            Some(client) => all.insert(id.to_owned(), client),
            None => all.remove(id),
        };
        self.file.save(&*all)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListClients {
    user_pool_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateClient {
    user_pool_id: String,
    client_name: String,
    #[serde(default)]
    generate_secret: bool,
    #[serde(default, rename = "AllowedOAuthFlows")]
    flows: Vec<String>,
    #[serde(default, rename = "AllowedOAuthFlowsUserPoolClient")]
    uses_flows: bool,
    #[serde(default, rename = "AllowedOAuthScopes")]
    scopes: Vec<String>,
    /// None here signs a user in.
    #[serde(default)]
    explicit_auth_flows: Vec<String>,
    access_token_validity: u32,
    token_validity_units: Units,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Units {
    access_token: String,
}

/// A call that says no more than which client it is about.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OneClient {
    user_pool_id: String,
    client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneSecret {
    #[serde(rename = "UserPoolId")]
    pool: String,
    #[serde(rename = "ClientId")]
    client: String,
    #[serde(rename = "ClientSecretId")]
    secret: String,
}

impl Cognito {
    pub(super) fn create_client(&self, call: CreateClient) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        if call.flows != [FLOW] || !call.uses_flows || !call.generate_secret {
            return Err(invalid(
                "This stand-in makes clients for client credentials alone, with a secret.",
            ));
        }
        if let Some(flow) = call
            .explicit_auth_flows
            .iter()
            .find(|flow| *flow != "ALLOW_REFRESH_TOKEN_AUTH")
        {
            return Err(invalid(&format!("{flow} would sign users in.")));
        }
        let known = &self.setup.pool.resource_scopes;
        if call.scopes.is_empty() || call.scopes.iter().any(|scope| !known.contains(scope)) {
            let reason = "Invalid scope requested.".to_owned();
            return Err(Refusal("ScopeDoesNotExistException", reason));
        }
        let unit = match call.token_validity_units.access_token.as_str() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 60 * 60,
            _ => return Err(invalid("The unit has to be seconds, minutes or hours.")),
        };
        let now = self.setup.clock.now();
        let client = AppClient {
            id: crate::random::hex::<13>(),
            name: call.client_name,
            secrets: vec![ClientSecret::new(now)],
            scopes: call.scopes,
            access_token_validity: Duration::from_secs(u64::from(call.access_token_validity) * unit),
            created: now,
            modified: now,
        };
        self.keep_client(&client.id, Some(client.clone()))?;
        Ok(json!({ "UserPoolClient": client.described(&self.setup.pool.id) }))
    }

    /// A page of the clients that programs entered, by their IDs. The template's own are not among them.
    pub(super) fn list_clients(&self, call: &ListClients) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        let most = call.max_results.unwrap_or(MOST_LISTED);
        if !(1..=MOST_LISTED).contains(&most) {
            return Err(invalid("MaxResults has to be from 1 to 60."));
        }
        let after = call.next_token.as_deref().unwrap_or_default();
        let (page, has_more) = self.setup.clients.page(after, most);
        let described = |client: &AppClient| {
            json!({
                "ClientId": client.id,
                "ClientName": client.name,
                "UserPoolId": self.setup.pool.id,
            })
        };
        let mut answer = json!({ "UserPoolClients": page.iter().map(described).collect::<Vec<_>>() });
        if let (Some(last), true) = (page.last(), has_more) {
            answer["NextToken"] = json!(last.id);
        }
        Ok(answer)
    }

    pub(super) fn describe_client(&self, call: &OneClient) -> Result<Json, Refusal> {
        let client = self.one_client(call)?;
        Ok(json!({ "UserPoolClient": client.described(&self.setup.pool.id) }))
    }

    pub(super) fn delete_client(&self, call: &OneClient) -> Result<Json, Refusal> {
        self.one_client(call)?;
        self.keep_client(&call.client_id, None)?;
        Ok(json!({}))
    }

    pub(super) fn add_client_secret(&self, call: &OneClient) -> Result<Json, Refusal> {
        let mut client = self.one_client(call)?;
        if client.secrets.len() >= MOST_SECRETS {
            let reason = "The app client already has 2 secrets.".to_owned();
            return Err(Refusal("LimitExceededException", reason));
        }
        let secret = ClientSecret::new(self.setup.clock.now());
        client.secrets.push(secret.clone());
        self.keep_client(&call.client_id, Some(client))?;
        Ok(json!({ "ClientSecretDescriptor": secret.described(Some(&secret.value)) }))
    }

    pub(super) fn list_client_secrets(&self, call: &OneClient) -> Result<Json, Refusal> {
        let client = self.one_client(call)?;
        let secrets = client.secrets.iter().map(|secret| secret.described(None));
        Ok(json!({ "ClientSecrets": secrets.collect::<Vec<_>>() }))
    }

    pub(super) fn delete_client_secret(&self, call: OneSecret) -> Result<Json, Refusal> {
        let one = OneClient {
            user_pool_id: call.pool,
            client_id: call.client,
        };
        let mut client = self.one_client(&one)?;
        let is_known = client.secrets.iter().any(|secret| secret.id == call.secret);
        if !is_known {
            return Err(no_such("Client secret"));
        }
        if client.secrets.len() == 1 {
            return Err(invalid("The only secret of an app client can't be deleted."));
        }
        client.secrets.retain(|secret| secret.id != call.secret);
        self.keep_client(&one.client_id, Some(client))?;
        Ok(json!({}))
    }

    fn one_client(&self, call: &OneClient) -> Result<AppClient, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        let client = self.setup.clients.get(&call.client_id);
        client.ok_or_else(|| no_such("User pool client"))
    }

    fn keep_client(&self, id: &str, client: Option<AppClient>) -> Result<(), Refusal> {
        let kept = self.setup.clients.keep(id, client);
        kept.map_err(|error| Refusal("InternalErrorException", error.to_string()))
    }
}

fn no_such(what: &str) -> Refusal {
    Refusal("ResourceNotFoundException", format!("{what} does not exist."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_kept_with_its_secrets_and_knows_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clients.json");
        let now = Timestamp::UNIX_EPOCH;
        let client = AppClient {
            id: "id".to_owned(),
            name: "name".to_owned(),
            secrets: vec![ClientSecret::new(now), ClientSecret::new(now)],
            scopes: vec!["api/read".to_owned()],
            access_token_validity: Duration::from_mins(15),
            created: now,
            modified: now,
        };
        let clients = Clients::open(Some(path.clone())).unwrap();
        clients.keep("id", Some(client.clone())).unwrap();
        let kept = Clients::open(Some(path.clone())).unwrap().get("id").unwrap();
        assert!(client.secrets.iter().all(|secret| kept.has_secret(&secret.value)));
        assert!(!kept.has_secret("") && !kept.has_secret(&client.secrets[0].value[1..]));
        clients.keep("id", None).unwrap();
        assert!(Clients::open(Some(path)).unwrap().get("id").is_none());
    }
}
