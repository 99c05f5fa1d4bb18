//! What the tests share: a world that runs the whole product in this process, and users who call its API.
//!
//! Every reply is checked against the API's own description, whatever the test is about.

#![allow(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign_local::Local;
use countersign_local::options::{Data, Options};
use countersign_local::template;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

pub mod admin;
pub mod cast;
pub mod contract;
pub mod grants;
pub mod market;
pub mod measure;
pub mod pool;
pub mod portal;
pub mod post;
pub mod reply;
pub mod runtime;
pub mod scene;
pub mod seed;
pub mod stage;
pub mod systems;
pub mod wire;

/// The guideline's day, before the campaign opened: 07-Feb-2023 10:43 HKT.
pub const GUIDELINE_START: &str = "2023-02-07T10:43:00+08:00";

/// The running product.
pub struct World {
    /// The runner of the product.
    pub local: Local,
    http: reqwest::Client,
}

/// A user with an access token.
#[derive(Clone)]
pub struct User {
    base: Arc<str>,
    token: Arc<str>,
    http: reqwest::Client,
}

/// A reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body: a string if it is CSV or JSON Lines, null if it is neither of them nor JSON.
    pub body: Value,
}

/// A call that is being built.
pub struct Call {
    builder: reqwest::RequestBuilder,
    method: Method,
    path: String,
}

/// Options for a world on the guideline's day: the campaign has opened, and the next reference is the guideline's.
pub fn guideline_day() -> Options {
    let options = Options::in_memory().set("CampaignOpens", "2023-02-01");
    Options {
        clock: GUIDELINE_START.parse().ok(),
        first_references: [(countersign_domain::eservice::EServiceId::Da3, 13361)].into(),
        ..options
    }
}

/// A name that no other world of this or another process has.
fn stack_of_its_own() -> String {
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    format!("world-{}-{number}", std::process::id())
}

/// The value of a variable that template.yaml sets for every function, with the parameters' defaults.
pub fn of_the_template(variable: &str) -> Option<String> {
    let template = template::load(&BTreeMap::new()).ok()?;
    template.functions.first()?.environment.get(variable).cloned()
}

/// The guideline's form (steps c to f).
pub fn guideline_form() -> Value {
    json!({
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "maintenanceRequest": "Change",
        "changes": [{"userId": "B01234X1", "email": "ABC@bank.com.hk"}],
        "remarks": "",
        "declaration": true,
        "contacts": [{"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"}],
    })
}

/// The guideline's form for another User ID of ABC Company. The register has the administrators numbered 1 to 9; see
/// [`seed::administrators`] for more.
pub fn form_for(number: usize) -> Value {
    let mut form = guideline_form();
    form["changes"][0]["userId"] = json!(format!("B01234X{number}"));
    form
}

impl World {
    /// Starts the product on the guideline's day.
    pub async fn start() -> Self {
        Self::with(guideline_day()).await
    }

    /// Starts the product with options. Where `COUNTERSIGN_DYNAMODB` names another DynamoDB, a world that would keep its
    /// table in memory makes one of its own there.
    pub async fn with(options: Options) -> Self {
        let options = match (std::env::var("COUNTERSIGN_DYNAMODB"), &options.data) {
            (Ok(endpoint), Data::InMemory) => Options {
                data: Data::Elsewhere(endpoint),
                stack: stack_of_its_own(),
                ..options
            },
            _ => options,
        };
        let local = Local::start(options)
            .await
            .unwrap_or_else(|error| panic!("the runner did not start: {error}"));
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build();
        Self {
            local,
            http: http.unwrap_or_default(),
        }
    }

    /// Signs in one of the demonstration's people.
    pub async fn sign_in(&self, username: &str) -> User {
        let form = [
            ("grant_type", "password"),
            ("username", username),
            ("password", "countersign-demo"),
        ];
        let body: String = form
            .map(|(name, value)| format!("{name}={}", value.replace('@', "%40")))
            .join("&");
        let reply = self
            .http
            .post(format!("{}/oauth2/token", self.local.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let body: Value = reply.json().await.unwrap_or_default();
        let token = body["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{username} got no token: {body}"));
        self.bearer(token)
    }

    /// A user with this token.
    pub fn bearer(&self, token: &str) -> User {
        User {
            base: self.local.url().into(),
            token: token.into(),
            http: self.http.clone(),
        }
    }

    /// A company's own system with this token: it calls below `/systems`.
    pub fn system(&self, token: &str) -> User {
        User {
            base: format!("{}/systems", self.local.url()).into(),
            ..self.bearer(token)
        }
    }

    /// Asks the token endpoint for a system's token. Answers with the status and the body.
    pub async fn client_credentials(&self, client: &str, secret: &str) -> (u16, Value) {
        let reply = self
            .http
            .post(format!("{}/oauth2/token", self.local.url()))
            .basic_auth(client, Some(secret))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials")
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        (reply.status().as_u16(), reply.json().await.unwrap_or_default())
    }

    /// Calls an operation of the user pool, as an administrator does.
    pub async fn administer(&self, operation: &str, mut call: Value) -> Value {
        call["UserPoolId"] = json!(self.local.template().user_pool.id);
        let reply = self
            .http
            .post(self.local.users_endpoint())
            .header(
                "x-amz-target",
                format!("AWSCognitoIdentityProviderService.{operation}"),
            )
            .body(call.to_string())
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        reply.json().await.unwrap_or_default()
    }

    /// Sets the clock of everything that runs.
    pub fn at(&self, time: &str) {
        let time: Timestamp = time.parse().unwrap_or_else(|error| panic!("{time}: {error}"));
        self.local.clock().set(time);
    }
}

impl User {
    /// The access token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A call with the user's token.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut builder = self.http.request(method.clone(), format!("{}{path}", self.base));
        if !self.token.is_empty() {
            builder = builder.bearer_auth(&self.token);
        }
        Call {
            builder,
            method,
            path: path.to_owned(),
        }
    }

    /// Sends a GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    /// Saves a new draft.
    pub async fn create(&self, form: &Value) -> Reply {
        self.call(Method::POST, "/requests").json(form).send().await
    }

    /// Takes a step on a request at the version of `on`.
    pub async fn act(&self, on: &Reply, action: &str) -> Reply {
        self.action(&on.id(), action).if_match(&on.etag()).send().await
    }

    /// Takes a step at the version of `on`, with a message.
    pub async fn act_saying(&self, on: &Reply, action: &str, message: &str) -> Reply {
        let call = self.action(&on.id(), action).if_match(&on.etag());
        call.json(&json!({"message": message})).send().await
    }

    /// A call that takes a step, without `If-Match`.
    pub fn action(&self, id: &str, action: &str) -> Call {
        match action {
            "save" => self.call(Method::PUT, &format!("/requests/{id}")),
            "discard" => self.call(Method::DELETE, &format!("/requests/{id}")),
            other => self.call(Method::POST, &format!("/requests/{id}/{other}")),
        }
    }

    /// Saves and submits a form.
    pub async fn submit(&self, form: &Value) -> Reply {
        let draft = self.create(form).await.expect(201);
        self.act(&draft, "submit").await.expect(200)
    }
}

impl Call {
    /// Adds `If-Match`.
    #[must_use]
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self {
            builder: self.builder.header(name, value),
            ..self
        }
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        Self {
            builder: self.builder.json(body),
            ..self
        }
    }

    /// Adds a body as it is.
    #[must_use]
    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self {
            builder: self.builder.body(body),
            ..self
        }
    }

    /// Sends the call and checks the reply against the API's description.
    pub async fn send(self) -> Reply {
        let response = self
            .builder
            .send()
            .await
            .unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // As bytes, because decoding to text would drop a byte order mark.
        let octets = response.bytes().await.unwrap_or_default();
        let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
        let is_text = |kind: &str| kind.starts_with("text/csv") || kind.starts_with("application/jsonl");
        let body = if content_type.is_some_and(is_text) {
            Value::String(String::from_utf8_lossy(&octets).into_owned())
        } else {
            serde_json::from_slice(&octets).unwrap_or(Value::Null)
        };
        contract::check(self.method.as_str(), &self.path, status, content_type, &body);
        Reply {
            status,
            headers,
            body,
        }
    }
}

impl Reply {
    /// Checks the status.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The `ETag` with its quotes, without the part that only `If-None-Match` needs.
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        let tag = tag.unwrap_or_else(|| panic!("no ETag: {}", self.body));
        match tag.split_once('.') {
            Some((receipt, _)) => format!("{receipt}\""),
            None => tag.to_owned(),
        }
    }

    /// The request's ID.
    pub fn id(&self) -> String {
        self["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id: {}", self.body))
            .to_owned()
    }

    /// The name at the end of a problem's type.
    pub fn problem(&self) -> &str {
        let kind = self["type"].as_str().unwrap_or_default();
        kind.strip_prefix("urn:countersign:problem:").unwrap_or_default()
    }

    /// The JSON Pointer of each of a problem's errors.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .filter_map(|error| error["pointer"].as_str())
            .collect()
    }
}

impl<I: serde_json::value::Index> std::ops::Index<I> for Reply {
    type Output = Value;

    fn index(&self, index: I) -> &Value {
        &self.body[index]
    }
}
