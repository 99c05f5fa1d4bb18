//! Cognito's API for administrators on its real wire, as far as the product uses it: JSON 1.1, one operation a call.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json as Body, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::Cognito;
use super::password::{Secret, is_allowed};
use super::users::{Account, EMAIL, UserError, temporary_until};

/// What every operation's name starts with.
const SERVICE: &str = "AWSCognitoIdentityProviderService.";

/// The most users of one list.
const MOST_LISTED: usize = 60;

/// Why a call is refused: the exception and its message.
pub(super) struct Refusal(pub(super) &'static str, pub(super) String);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct CreateUser {
    user_pool_id: String,
    username: String,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    temporary_password: String,
    message_action: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct UpdateAttributes {
    user_pool_id: String,
    username: String,
    user_attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SetPassword {
    user_pool_id: String,
    username: String,
    password: String,
    permanent: bool,
}

/// A call that says no more than whom it is about.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct OneUser {
    user_pool_id: String,
    username: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListUsers {
    user_pool_id: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
    filter: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    value: String,
}

/// The endpoint.
pub fn router(cognito: Arc<Cognito>) -> Router {
    Router::new().route("/", post(serve)).with_state(cognito)
}

async fn serve(
    State(cognito): State<Arc<Cognito>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix(SERVICE));
    let operation = operation.unwrap_or_default().to_owned();
    // The users are kept in a file, which blocks.
    let done = tokio::task::spawn_blocking(move || cognito.administer(&operation, &body));
    let answer = done
        .await
        .map_err(|error| Refusal("InternalErrorException", error.to_string()))??;
    Ok(([(CONTENT_TYPE, "application/x-amz-json-1.1")], Body(answer)).into_response())
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal("SerializationException", error.to_string()))
}

impl Cognito {
    fn administer(&self, operation: &str, body: &Bytes) -> Result<Json, Refusal> {
        match operation {
            "AdminCreateUser" => self.create_user(read(body)?),
            "AdminUpdateUserAttributes" => self.update_attributes(read(body)?),
            "AdminSetUserPassword" => self.set_password(&read(body)?),
            "ListUsers" => self.list_users(&read(body)?),
            "AdminGetUser" => {
                let account = self.one(&read(body)?)?;
                let mut user = described(&account, "UserAttributes");
                if account.has_software_token {
                    user["UserMFASettingList"] = json!(["SOFTWARE_TOKEN_MFA"]);
                    user["PreferredMfaSetting"] = json!("SOFTWARE_TOKEN_MFA");
                }
                Ok(user)
            }
            "AdminDisableUser" => self.change(&read(body)?, |account| account.is_enabled = false),
            "AdminEnableUser" => self.change(&read(body)?, |account| account.is_enabled = true),
            "AdminDeleteSoftwareToken" => {
                self.change(&read(body)?, |account| account.has_software_token = false)
            }
            "AdminUserGlobalSignOut" => {
                let account = self.one(&read(body)?)?;
                self.sign_out_everywhere(&account.sub);
                Ok(json!({}))
            }
            "AdminDeleteUser" => {
                let account = self.one(&read(body)?)?;
                self.setup.users.delete(&account.sub)?;
                self.sign_out_everywhere(&account.sub);
                Ok(json!({}))
            }
            "CreateUserPoolClient" => self.create_client(read(body)?),
            "ListUserPoolClients" => self.list_clients(&read(body)?),
            "DescribeUserPoolClient" => self.describe_client(&read(body)?),
            "DeleteUserPoolClient" => self.delete_client(&read(body)?),
            "AddUserPoolClientSecret" => self.add_client_secret(&read(body)?),
            "ListUserPoolClientSecrets" => self.list_client_secrets(&read(body)?),
            "DeleteUserPoolClientSecret" => self.delete_client_secret(read(body)?),
            _ => {
                let reason =
                    "This stand-in knows administrators' operations on users and on systems' clients alone.";
                Err(Refusal("UnknownOperationException", reason.to_owned()))
            }
        }
    }

    fn create_user(&self, call: CreateUser) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        if call.message_action != "SUPPRESS" {
            return Err(invalid("This stand-in sends no invitations: suppress them."));
        }
        if !call.username.contains('@') {
            return Err(invalid("Username should be an email."));
        }
        self.check_password(&call.temporary_password)?;
        let mut attributes = self.attributes(call.user_attributes)?;
        attributes.insert(EMAIL.to_owned(), call.username);
        let now = self.setup.clock.now();
        let secret = Secret::new(&call.temporary_password);
        let mut account = Account::new(crate::random::uuid(), attributes, secret, now);
        account.temporary_until = Some(self.temporary_until(now));
        match self.setup.users.add(account.clone()) {
            Ok(()) => Ok(json!({ "User": described(&account, "Attributes") })),
            Err(UserError::EmailTaken) => Err(Refusal(
                "UsernameExistsException",
                "An account with the given email already exists.".to_owned(),
            )),
            Err(error) => Err(error.into()),
        }
    }

    fn update_attributes(&self, call: UpdateAttributes) -> Result<Json, Refusal> {
        let attributes = self.attributes(call.user_attributes)?;
        let who = OneUser {
            user_pool_id: call.user_pool_id,
            username: call.username,
        };
        self.change(&who, |account| account.attributes.extend(attributes))
    }

    fn set_password(&self, call: &SetPassword) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        self.check_password(&call.password)?;
        let now = self.setup.clock.now();
        let until = (!call.permanent).then(|| self.temporary_until(now));
        let set = |account: &mut Account| account.set_password(&call.password, until);
        self.setup.users.change(&call.username, now, set)?;
        Ok(json!({}))
    }

    /// A page of users by their IDs. A filter is an attribute, `=` or `^=`, and a text in quotes.
    fn list_users(&self, call: &ListUsers) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        let filter = call.filter.as_deref().map(Filter::parse).transpose()?;
        let limit = call.limit.unwrap_or(MOST_LISTED);
        if !(1..=MOST_LISTED).contains(&limit) {
            return Err(invalid("Limit has to be from 1 to 60."));
        }
        let from = call.pagination_token.as_deref().unwrap_or_default();
        let all = self.setup.users.all().into_iter();
        let mut found = all
            .filter(|account| account.sub.as_str() > from)
            .filter(|account| filter.as_ref().is_none_or(|filter| filter.takes(account)));
        let page: Vec<_> = found.by_ref().take(limit).collect();
        let users: Vec<_> = page
            .iter()
            .map(|account| described(account, "Attributes"))
            .collect();
        let mut answer = json!({ "Users": users });
        if let (Some(last), Some(_)) = (page.last(), found.next()) {
            answer["PaginationToken"] = json!(last.sub);
        }
        Ok(answer)
    }

    fn one(&self, call: &OneUser) -> Result<Account, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        Ok(self.setup.users.get(&call.username).ok_or(UserError::NotFound)?)
    }

    fn change(&self, call: &OneUser, change: impl FnOnce(&mut Account)) -> Result<Json, Refusal> {
        self.check_pool(&call.user_pool_id)?;
        let now = self.setup.clock.now();
        self.setup.users.change(&call.username, now, change)?;
        Ok(json!({}))
    }

    pub(super) fn check_pool(&self, id: &str) -> Result<(), Refusal> {
        if id == self.setup.pool.id {
            return Ok(());
        }
        let reason = format!("User pool {id} does not exist.");
        Err(Refusal("ResourceNotFoundException", reason))
    }

    fn check_password(&self, password: &str) -> Result<(), Refusal> {
        if is_allowed(&self.setup.pool.password_policy, password) {
            return Ok(());
        }
        let reason = "Password did not conform with policy".to_owned();
        Err(Refusal("InvalidPasswordException", reason))
    }

    /// Attributes by their names, each of which the pool has to have.
    fn attributes(&self, given: Vec<Attribute>) -> Result<BTreeMap<String, String>, Refusal> {
        let own = &self.setup.pool.attributes;
        let is_known = |name: &str| match name.strip_prefix("custom:") {
            Some(name) => own.iter().any(|own| own == name),
            None => [EMAIL, "email_verified", "locale", "name"].contains(&name),
        };
        if let Some(unknown) = given.iter().find(|attribute| !is_known(&attribute.name)) {
            let reason = format!(
                "Attributes did not conform to the schema: {} is unknown",
                unknown.name
            );
            return Err(invalid(&reason));
        }
        Ok(given
            .into_iter()
            .map(|attribute| (attribute.name, attribute.value))
            .collect())
    }

    fn temporary_until(&self, now: Timestamp) -> Timestamp {
        temporary_until(
            now,
            self.setup.pool.password_policy.temporary_password_validity_days,
        )
    }

    /// Ends every session of a user: no refresh token and no code of theirs works any more.
    fn sign_out_everywhere(&self, sub: &str) {
        self.sessions.drop_all(|session| session.sub == sub);
        self.codes.drop_all(|code| code.session.sub == sub);
        self.refreshes.drop_all(|grant| grant.session.sub == sub);
    }
}

/// A user as operations answer it, with its attributes under that name.
fn described(account: &Account, attributes: &str) -> Json {
    let own = [("sub", account.sub.as_str())].into_iter();
    let all = own.chain(account.attributes.iter().map(|(name, value)| (&**name, &**value)));
    let all: Vec<_> = all
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    json!({
        "Username": account.sub,
        attributes: all,
        "Enabled": account.is_enabled,
        "UserStatus": account.status(),
        "UserCreateDate": account.created.as_second(),
        "UserLastModifiedDate": account.modified.as_second(),
    })
}

struct Filter {
    attribute: String,
    is_prefix: bool,
    text: String,
}

impl Filter {
    fn parse(filter: &str) -> Result<Self, Refusal> {
        let parsed = || {
            let (left, text) = filter.split_once('=')?;
            let attribute = left
                .trim()
                .trim_end_matches('^')
                .trim()
                .trim_matches('"')
                .to_owned();
            let text = text
                .trim()
                .strip_prefix('"')?
                .strip_suffix('"')?
                .replace("\\\"", "\"");
            let is_known = attribute == "sub" || attribute == EMAIL;
            is_known.then(|| Self {
                attribute,
                is_prefix: left.ends_with('^'),
                text,
            })
        };
        parsed().ok_or_else(|| invalid("This stand-in filters by sub and email, with = or ^=."))
    }

    fn takes(&self, account: &Account) -> bool {
        let value = match self.attribute.as_str() {
            "sub" => account.sub.clone(),
            _ => account.email().to_ascii_lowercase(),
        };
        let text = self.text.to_ascii_lowercase();
        value == text || self.is_prefix && value.starts_with(&text)
    }
}

pub(super) fn invalid(reason: &str) -> Refusal {
    Refusal("InvalidParameterException", reason.to_owned())
}

impl From<UserError> for Refusal {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotFound => Self("UserNotFoundException", "User does not exist.".to_owned()),
            UserError::EmailTaken => Self(
                "AliasExistsException",
                "An account with the email already exists.".to_owned(),
            ),
            UserError::Journal(error) => Self("InternalErrorException", error.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(exception, message) = self;
        let status = match exception {
            "InternalErrorException" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Body(json!({ "__type": exception, "message": message }))).into_response()
    }
}
