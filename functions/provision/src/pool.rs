//! The user pool, through Cognito's API for administrators.

use std::collections::BTreeMap;

use countersign_domain::id::{CompanyId, PersonId};
use countersign_platform::App;
use countersign_platform::aws_json::{COGNITO, CallError, Client};
use countersign_platform::config::UserPoolSettings;
use countersign_platform::identity::SYSTEM_SCOPE;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::AccountError;

const COMPANY: &str = "custom:company";
const PERSON: &str = "custom:person";
const EMAIL: &str = "email";
const EMAIL_VERIFIED: &str = "email_verified";
const LOCALE: &str = "locale";

/// How many clients the pool lists at a time.
const CLIENTS_AT_ONCE: u32 = 60;
/// The status of an account whose password is a temporary one.
const INVITED: &str = "FORCE_CHANGE_PASSWORD";

/// An attribute, as the pool has it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    value: Option<String>,
}

/// What the pool says of an account.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    username: String,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    enabled: bool,
    user_status: String,
}

/// What the pool says of an account that it has just made.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewUser {
    user: Named,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    username: String,
}

/// What the pool says of a client that it has just made.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewClient {
    user_pool_client: PoolClient,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolClient {
    client_id: String,
    client_name: String,
}

/// Some of the pool's clients.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Clients {
    user_pool_clients: Vec<PoolClient>,
    next_token: Option<String>,
}

/// The user pool.
pub(crate) struct Pool {
    client: Client,
    id: String,
    token_minutes: u16,
}

/// An account of the pool.
#[derive(Debug)]
pub(crate) struct Account {
    /// The user name that the pool gave.
    pub(crate) user: String,
    attributes: BTreeMap<String, String>,
    /// Whether the account lets anybody in.
    pub(crate) is_enabled: bool,
    /// Whether its password is a temporary one.
    pub(crate) is_invited: bool,
}

/// What an account says about its person.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attributes(BTreeMap<&'static str, String>);

/// What came of making an account.
pub(crate) enum Created {
    /// It was made. Holds its user name.
    Yes(String),
    /// There is an account with that address.
    Exists,
}

impl Attributes {
    /// What an account has to say. The pool asks nobody whether the address is theirs: two people of the company said so.
    pub(crate) fn new(company: &CompanyId, person: &PersonId, email: &str, language: Option<&str>) -> Self {
        let all = [
            (COMPANY, Some(company.to_string())),
            (PERSON, Some(person.to_string())),
            (EMAIL, Some(email.to_owned())),
            (EMAIL_VERIFIED, Some("true".to_owned())),
            (LOCALE, language.map(str::to_owned)),
        ];
        let all = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Self(all.collect())
    }

    fn members(&self) -> Vec<Attribute> {
        let attribute = |(name, value): (&&str, &String)| Attribute {
            name: (*name).to_owned(),
            value: Some(value.clone()),
        };
        self.0.iter().map(attribute).collect()
    }
}

impl Account {
    /// Whether it says all this.
    pub(crate) fn says(&self, attributes: &Attributes) -> bool {
        let mut wanted = attributes.0.iter();
        wanted.all(|(name, value)| self.attributes.get(*name) == Some(value))
    }

    /// The address that signs in with it.
    pub(crate) fn email(&self) -> Option<&str> {
        self.attributes.get(EMAIL).map(String::as_str)
    }

    /// The company and the person that it is for. An account from before people had IDs of their own is the person's of
    /// its user name.
    pub(crate) fn holder(&self) -> Option<(CompanyId, PersonId)> {
        let company = CompanyId::parse(self.attributes.get(COMPANY)?)?;
        let person = self.attributes.get(PERSON).unwrap_or(&self.user);
        Some((company, PersonId::parse(person)?))
    }
}

impl Pool {
    /// The function's pool, over a client that shares its connections with the app's other clients.
    pub(crate) fn new(app: &App, settings: &UserPoolSettings) -> Self {
        let client = Client::new(app.sdk(), COGNITO).at(app.config().cognito_endpoint());
        Self {
            client,
            id: settings.id.clone(),
            token_minutes: settings.token_minutes,
        }
    }

    /// Its ID.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Calls an operation on this pool.
    async fn call<A: DeserializeOwned>(
        &self,
        operation: &'static str,
        mut members: Value,
    ) -> Result<A, CallError> {
        members["UserPoolId"] = json!(self.id);
        self.client.call(operation, &members).await
    }

    /// Calls an operation that answers nothing. The exception of that name, if one is given, says that there is nothing left
    /// to do.
    async fn have_done(
        &self,
        operation: &'static str,
        members: Value,
        done: Option<&str>,
    ) -> Result<(), AccountError> {
        match self.call::<IgnoredAny>(operation, members).await {
            Err(error) if done.is_some() && error.code() == done => Ok(()),
            answer => answer.map(|_| ()).map_err(failed(operation)),
        }
    }

    /// The account of that user name or address.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Account>, AccountError> {
        const OPERATION: &str = "AdminGetUser";
        let user: Described = match self.call(OPERATION, json!({ "Username": name })).await {
            Ok(user) => user,
            Err(error) if error.code() == Some("UserNotFoundException") => return Ok(None),
            Err(error) => return Err(failed(OPERATION)(error)),
        };
        let attributes = user.user_attributes.into_iter();
        Ok(Some(Account {
            user: user.username,
            attributes: attributes
                .filter_map(|attribute| Some((attribute.name, attribute.value?)))
                .collect(),
            is_enabled: user.enabled,
            is_invited: user.user_status == INVITED,
        }))
    }

    /// Makes an account with a temporary password. The pool sends nothing; the invitation is the product's own.
    pub(crate) async fn create(
        &self,
        email: &str,
        attributes: &Attributes,
        password: &str,
    ) -> Result<Created, AccountError> {
        const OPERATION: &str = "AdminCreateUser";
        let account = json!({
            "Username": email,
            "UserAttributes": attributes.members(),
            "TemporaryPassword": password,
            "MessageAction": "SUPPRESS",
        });
        match self.call::<NewUser>(OPERATION, account).await {
            Ok(made) => Ok(Created::Yes(made.user.username)),
            // Also the answer to a retry whose first try was lost.
            Err(error) if error.code() == Some("UsernameExistsException") => Ok(Created::Exists),
            Err(error) => Err(failed(OPERATION)(error)),
        }
    }

    /// Has an account say this.
    pub(crate) async fn update(&self, user: &str, attributes: &Attributes) -> Result<(), AccountError> {
        const OPERATION: &str = "AdminUpdateUserAttributes";
        let account = json!({ "Username": user, "UserAttributes": attributes.members() });
        match self.call::<IgnoredAny>(OPERATION, account).await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("AliasExistsException") => Err(AccountError::AddressTaken),
            Err(error) => Err(failed(OPERATION)(error)),
        }
    }

    /// Sets a temporary password in place of the present one.
    pub(crate) async fn invite(&self, user: &str, password: &str) -> Result<(), AccountError> {
        let account = json!({ "Username": user, "Password": password, "Permanent": false });
        self.have_done("AdminSetUserPassword", account, None).await
    }

    /// Forgets the authenticator app, so that the next sign-in sets one up.
    ///
    /// `AdminSetUserMFAPreference` would do nothing in a pool that requires a second factor.
    pub(crate) async fn reset_second_factor(&self, user: &str) -> Result<(), AccountError> {
        let account = json!({ "Username": user });
        // There is none: it was never set up, or the last try came this far.
        let done = Some("ResourceNotFoundException");
        self.have_done("AdminDeleteSoftwareToken", account, done).await
    }

    /// Ends every session: no refresh token of the user's works any more.
    pub(crate) async fn sign_out(&self, user: &str) -> Result<(), AccountError> {
        let account = json!({ "Username": user });
        self.have_done("AdminUserGlobalSignOut", account, None).await
    }

    /// Has the account let nobody in any more.
    pub(crate) async fn disable(&self, user: &str) -> Result<(), AccountError> {
        let account = json!({ "Username": user });
        self.have_done("AdminDisableUser", account, None).await
    }

    /// Makes a client for a system, with a secret, and returns its ID. It signs no user in.
    pub(crate) async fn create_client(&self, name: &str) -> Result<String, AccountError> {
        const OPERATION: &str = "CreateUserPoolClient";
        let client = json!({
            "ClientName": name,
            "GenerateSecret": true,
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": [SYSTEM_SCOPE],
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "AccessTokenValidity": self.token_minutes,
            "TokenValidityUnits": { "AccessToken": "minutes" },
        });
        let made: NewClient = self.call(OPERATION, client).await.map_err(failed(OPERATION))?;
        Ok(made.user_pool_client.client_id)
    }

    /// The clients of that name.
    pub(crate) async fn clients_named(&self, name: &str) -> Result<Vec<String>, AccountError> {
        const OPERATION: &str = "ListUserPoolClients";
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let mut page = json!({ "MaxResults": CLIENTS_AT_ONCE });
            if let Some(next) = next {
                page["NextToken"] = Value::String(next);
            }
            let page: Clients = self.call(OPERATION, page).await.map_err(failed(OPERATION))?;
            let clients = page.user_pool_clients.into_iter();
            let named = clients.filter(|client| client.client_name == name);
            found.extend(named.map(|client| client.client_id));
            next = page.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Deletes the client of a system that has been removed.
    pub(crate) async fn delete_client(&self, client: &str) -> Result<(), AccountError> {
        let client = json!({ "ClientId": client });
        let done = Some("ResourceNotFoundException");
        self.have_done("DeleteUserPoolClient", client, done).await
    }

    /// Deletes the account of somebody who has been removed, whose address somebody else has now.
    pub(crate) async fn delete(&self, user: &str) -> Result<(), AccountError> {
        let account = json!({ "Username": user });
        let done = Some("UserNotFoundException");
        self.have_done("AdminDeleteUser", account, done).await
    }
}

/// The exception's name alone: its message may repeat an address.
fn failed(operation: &'static str) -> impl Fn(CallError) -> AccountError {
    move |error| AccountError::Pool { operation, error }
}
