//! The user pool, through Cognito's API for administrators.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, ExplicitAuthFlowsType, MessageActionType, OAuthFlowType, TimeUnitsType,
    TokenValidityUnitsType, UserStatusType,
};
use countersign_domain::id::{CompanyId, PersonId};
use countersign_platform::App;
use countersign_platform::config::UserPoolSettings;
use countersign_platform::identity::SYSTEM_SCOPE;

use crate::error::AccountError;

const COMPANY: &str = "custom:company";
const PERSON: &str = "custom:person";
const EMAIL: &str = "email";
const EMAIL_VERIFIED: &str = "email_verified";
const LOCALE: &str = "locale";

/// How many clients the pool lists at a time.
const CLIENTS_AT_ONCE: i32 = 60;

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

    fn types(&self) -> Result<Vec<AttributeType>, BuildError> {
        let attribute =
            |(name, value): (&&str, &String)| AttributeType::builder().name(*name).value(value).build();
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
        let mut config = aws_sdk_cognitoidentityprovider::config::Builder::from(app.sdk());
        config.set_endpoint_url(app.config().cognito_endpoint().map(str::to_owned));
        let client = Client::from_conf(config.build());
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

    /// The account of that user name or address.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Account>, AccountError> {
        let call = self.client.admin_get_user().user_pool_id(&self.id).username(name);
        let user = match call.send().await {
            Ok(user) => user,
            Err(error) if error.code() == Some("UserNotFoundException") => return Ok(None),
            Err(error) => return Err(failed("AdminGetUser", &error)),
        };
        let attributes = user.user_attributes.unwrap_or_default().into_iter();
        Ok(Some(Account {
            user: user.username,
            attributes: attributes
                .filter_map(|attribute| Some((attribute.name, attribute.value?)))
                .collect(),
            is_enabled: user.enabled,
            is_invited: user.user_status == Some(UserStatusType::ForceChangePassword),
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
        let attributes = attributes.types().map_err(|_| malformed(OPERATION))?;
        let call = self
            .client
            .admin_create_user()
            .user_pool_id(&self.id)
            .username(email)
            .set_user_attributes(Some(attributes))
            .temporary_password(password)
            .message_action(MessageActionType::Suppress);
        match call.send().await {
            Ok(answer) => {
                let user = answer.user.and_then(|user| user.username);
                user.map(Created::Yes).ok_or_else(|| malformed(OPERATION))
            }
            // Also the answer to a retry whose first try was lost.
            Err(error) if error.code() == Some("UsernameExistsException") => Ok(Created::Exists),
            Err(error) => Err(failed(OPERATION, &error)),
        }
    }

    /// Has an account say this.
    pub(crate) async fn update(&self, user: &str, attributes: &Attributes) -> Result<(), AccountError> {
        const OPERATION: &str = "AdminUpdateUserAttributes";
        let attributes = attributes.types().map_err(|_| malformed(OPERATION))?;
        let call = self
            .client
            .admin_update_user_attributes()
            .user_pool_id(&self.id)
            .username(user)
            .set_user_attributes(Some(attributes));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("AliasExistsException") => Err(AccountError::AddressTaken),
            Err(error) => Err(failed(OPERATION, &error)),
        }
    }

    /// Sets a temporary password in place of the present one.
    pub(crate) async fn invite(&self, user: &str, password: &str) -> Result<(), AccountError> {
        let call = self
            .client
            .admin_set_user_password()
            .user_pool_id(&self.id)
            .username(user)
            .password(password)
            .permanent(false);
        let answer = call.send().await;
        answer
            .map(|_| ())
            .map_err(|error| failed("AdminSetUserPassword", &error))
    }

    /// Forgets the authenticator app, so that the next sign-in sets one up.
    ///
    /// `AdminSetUserMFAPreference` would do nothing in a pool that requires a second factor.
    pub(crate) async fn reset_second_factor(&self, user: &str) -> Result<(), AccountError> {
        let call = self.client.admin_delete_software_token();
        let answer = call.user_pool_id(&self.id).username(user).send().await;
        match answer {
            // There is none: it was never set up, or the last try came this far.
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(()),
            answer => answer
                .map(|_| ())
                .map_err(|error| failed("AdminDeleteSoftwareToken", &error)),
        }
    }

    /// Ends every session: no refresh token of the user's works any more.
    pub(crate) async fn sign_out(&self, user: &str) -> Result<(), AccountError> {
        let call = self.client.admin_user_global_sign_out();
        let answer = call.user_pool_id(&self.id).username(user).send().await;
        answer
            .map(|_| ())
            .map_err(|error| failed("AdminUserGlobalSignOut", &error))
    }

    /// Has the account let nobody in any more.
    pub(crate) async fn disable(&self, user: &str) -> Result<(), AccountError> {
        let call = self.client.admin_disable_user();
        let answer = call.user_pool_id(&self.id).username(user).send().await;
        answer
            .map(|_| ())
            .map_err(|error| failed("AdminDisableUser", &error))
    }

    /// Makes a client for a system, with a secret, and returns its ID. It signs no user in.
    pub(crate) async fn create_client(&self, name: &str) -> Result<String, AccountError> {
        const OPERATION: &str = "CreateUserPoolClient";
        let units = TokenValidityUnitsType::builder().access_token(TimeUnitsType::Minutes);
        let call = self
            .client
            .create_user_pool_client()
            .user_pool_id(&self.id)
            .client_name(name)
            .generate_secret(true)
            .allowed_o_auth_flows_user_pool_client(true)
            .allowed_o_auth_flows(OAuthFlowType::ClientCredentials)
            .allowed_o_auth_scopes(SYSTEM_SCOPE)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth)
            .access_token_validity(i32::from(self.token_minutes))
            .token_validity_units(units.build());
        let answer = call.send().await.map_err(|error| failed(OPERATION, &error))?;
        let client = answer.user_pool_client.and_then(|client| client.client_id);
        client.ok_or_else(|| malformed(OPERATION))
    }

    /// The clients of that name.
    pub(crate) async fn clients_named(&self, name: &str) -> Result<Vec<String>, AccountError> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let call = self
                .client
                .list_user_pool_clients()
                .user_pool_id(&self.id)
                .max_results(CLIENTS_AT_ONCE)
                .set_next_token(next);
            let page = call.send().await;
            let page = page.map_err(|error| failed("ListUserPoolClients", &error))?;
            let clients = page.user_pool_clients.unwrap_or_default().into_iter();
            let named = clients.filter(|client| client.client_name.as_deref() == Some(name));
            found.extend(named.filter_map(|client| client.client_id));
            next = page.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Deletes the client of a system that has been removed.
    pub(crate) async fn delete_client(&self, client: &str) -> Result<(), AccountError> {
        let call = self.client.delete_user_pool_client();
        let answer = call.user_pool_id(&self.id).client_id(client).send().await;
        match answer {
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(()),
            answer => answer
                .map(|_| ())
                .map_err(|error| failed("DeleteUserPoolClient", &error)),
        }
    }

    /// Deletes the account of somebody who has been removed, whose address somebody else has now.
    pub(crate) async fn delete(&self, user: &str) -> Result<(), AccountError> {
        let call = self.client.admin_delete_user();
        let answer = call.user_pool_id(&self.id).username(user).send().await;
        match answer {
            Err(error) if error.code() == Some("UserNotFoundException") => Ok(()),
            answer => answer
                .map(|_| ())
                .map_err(|error| failed("AdminDeleteUser", &error)),
        }
    }
}

fn malformed(operation: &'static str) -> AccountError {
    AccountError::Pool {
        operation,
        code: "malformed".to_owned(),
    }
}

/// The exception's name alone: its message may repeat an address.
fn failed<E: ProvideErrorMetadata, R>(operation: &'static str, error: &SdkError<E, R>) -> AccountError {
    let code = match error {
        SdkError::ServiceError(_) => error.code().unwrap_or("no code"),
        SdkError::TimeoutError(_) => "it took too long",
        SdkError::ResponseError(_) => "its answer can't be read",
        SdkError::ConstructionFailure(_) => "malformed",
        _ => "it was not reached",
    };
    AccountError::Pool {
        operation,
        code: code.to_owned(),
    }
}
