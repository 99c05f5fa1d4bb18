//! Shared people and requests of the behaviour tests: who takes part, a request in any state, and users with made-up
//! tokens.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_local::options::Data;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Reply, User, World, form_for, guideline_day, guideline_form};

/// The message of every step that takes one.
pub const MESSAGE: &str = "Please have a look at row 1.";

/// Everyone who matters to a request of ABC Company, signed in.
#[derive(Clone)]
pub struct Cast {
    /// The request's maker.
    pub maker: User,
    /// The checker who claims and confirms it.
    pub checker: User,
    /// Another checker of the company.
    pub checker2: User,
    /// A colleague without rights.
    pub norights: User,
    /// Someone of another company with the same right.
    pub stranger: User,
    /// The officer who handles it.
    pub officer: User,
    /// Another officer.
    pub officer2: User,
}

impl Cast {
    /// Signs everyone in.
    pub async fn sign_in(world: &World) -> Self {
        Self {
            maker: world.sign_in("maker@abc.example").await,
            checker: world.sign_in("checker@abc.example").await,
            checker2: world.sign_in("checker2@abc.example").await,
            norights: world.sign_in("norights@abc.example").await,
            stranger: world.sign_in("maker@bank.example").await,
            officer: world.sign_in("officer@exchange.example").await,
            officer2: world.sign_in("officer2@exchange.example").await,
        }
    }

    /// Makes a request of ABC Company for the User ID with this number and brings it to a state. Every open request
    /// needs its own number.
    pub async fn request_in(&self, state: StateName, number: usize) -> Reply {
        let draft = self.maker.create(&form_for(number)).await.expect(201);
        self.bring(draft, state).await
    }

    /// Brings one of the maker's drafts to a state.
    pub async fn bring(&self, draft: Reply, state: StateName) -> Reply {
        use StateName::{Claimed, Completed, Discarded, Draft, Processing, ReadyToSend, Rejected, Sent};
        let (submit, claim, confirm) = (
            (&self.maker, "submit"),
            (&self.checker, "claim"),
            (&self.checker, "confirm"),
        );
        let (take, complete, reject) = (
            (&self.officer, "claim"),
            (&self.officer, "complete"),
            (&self.officer, "reject"),
        );
        let steps = match state {
            Draft => vec![],
            Discarded => vec![(&self.maker, "discard")],
            ReadyToSend => vec![submit],
            Claimed => vec![submit, claim],
            Sent => vec![submit, claim, confirm],
            Processing => vec![submit, claim, confirm, take],
            Completed => vec![submit, claim, confirm, take, complete],
            Rejected => vec![submit, claim, confirm, take, reject],
        };
        let mut last = draft;
        for (user, action) in steps {
            last = user.attempt(&last, action).await.expect(200);
        }
        assert_eq!(last["state"], state.as_str());
        last
    }
}

impl User {
    /// Tries a step on a request at the version of `on`, with the body that makes the call well-formed. A claim goes to
    /// the first colleague whom the request offers to the caller, or else to the second checker.
    pub async fn attempt(&self, on: &Reply, action: &str) -> Reply {
        let call = self.action(&on.id(), action).if_match(&on.etag());
        let mut body = needed_body(action);
        if action == "hand-over" {
            let offered = self.get(&format!("/requests/{}", on.id())).await;
            let colleague = offered["handOverTo"][0]["id"].as_str();
            body = colleague
                .map(|colleague| json!({"colleague": colleague}))
                .or(body);
        }
        match body {
            Some(body) => call.json(&body).send().await,
            None => call.send().await,
        }
    }

    /// Reads a request in full.
    pub async fn read(&self, id: &str) -> Reply {
        self.get(&format!("/requests/{id}")).await.expect(200)
    }
}

/// The ID of the demonstration's second checker.
pub const SECOND_CHECKER: &str = "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e03";

/// The body that an action requires.
pub fn needed_body(action: &str) -> Option<Value> {
    match action {
        "save" => Some(guideline_form()),
        "return" | "reject" | "take-over" => Some(json!({"message": MESSAGE})),
        "hand-over" => Some(json!({"colleague": SECOND_CHECKER})),
        _ => None,
    }
}

impl Reply {
    /// Checks that it is this problem: the status, the name at the end of the problem's type, and the members that
    /// every problem has.
    #[must_use]
    pub fn refused(self, status: u16, problem: &str) -> Self {
        assert_eq!((self.status, self.problem()), (status, problem), "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self["status"], status);
        for member in ["title", "detail"] {
            assert!(
                self[member].as_str().is_some_and(|text| !text.is_empty()),
                "{}",
                self.body
            );
        }
        let said = self.body.to_string().to_lowercase();
        for inside in [
            "dynamo",
            "countersign-",
            "panicked",
            "src/",
            "req#",
            "serde",
            " line 1",
        ] {
            assert!(!said.contains(inside), "it tells of {inside}: {said}");
        }
        self
    }

    /// The detail of each of a problem's errors.
    pub fn details(&self) -> Vec<&str> {
        let errors = self["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .filter_map(|error| error["detail"].as_str())
            .collect()
    }

    /// The texts of the member with this name, in each item of a list.
    pub fn each(&self, name: &str) -> Vec<String> {
        let items = self["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item[name].as_str().map(str::to_owned))
            .collect()
    }
}

/// Checks that a request's history is complete: it has every version once, and every row has the digest of the one
/// before.
pub fn assert_unbroken(request: &Reply) {
    let history = request["history"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert_eq!(request["version"], history.len(), "{}", request.body);
    for (index, row) in history.iter().enumerate() {
        assert_eq!(row["version"], index + 1, "{}", request.body);
    }
    for pair in history.windows(2) {
        assert_eq!(pair[1]["previousHash"], pair[0]["hash"]);
        assert_eq!(pair[1]["from"], pair[0]["to"]);
    }
    let last = history.last().map(|row| &row["to"]);
    assert_eq!(last, Some(&request["state"]), "{}", request.body);
}

/// A world whose signing key is known, so that tests can make tokens that it accepts.
pub struct OpenBook {
    /// The world.
    pub world: World,
    /// The key that signs its tokens.
    pub key: EncodingKey,
    /// The key's ID.
    pub key_id: String,
    issuer: String,
    /// The data folder that holds the key.
    _folder: TempDir,
}

impl OpenBook {
    /// Starts a world on the guideline's day in its own folder.
    pub async fn start() -> Self {
        Self::with(guideline_day()).await
    }

    /// Starts a world with options in its own folder.
    pub async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let data = Data::Folder(folder.path().to_owned());
        let world = World::with(Options { data, ..options }).await;
        let keys = published(&world, "jwks.json").await;
        let configuration = published(&world, "openid-configuration").await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            key: signing_key(&folder.path().join("signing-key.der")),
            key_id: text(&keys["keys"][0]["kid"]),
            issuer: text(&configuration["issuer"]),
            world,
            _folder: folder,
        }
    }

    /// The claims of a person of ABC Company who may make and check, as in an access token that is issued now.
    pub fn claims(&self, person: &str) -> Value {
        let now = self.world.local.clock().now().as_second();
        json!({
            "sub": format!("account of {person}"), "person": person, "iss": self.issuer,
            "client_id": self.client(), "token_use": "access", "version": 2,
            "scope": "aws.cognito.signin.user.admin", "auth_time": now, "iat": now, "exp": now + 900,
            "username": person, "cognito:groups": ["EU_UserMaintenance"],
            "company": "abc", "company_name": "ABC Company",
            "participantships": "HKSCC Participant (B01234)",
            "name": name_of(person), "email": format!("{person}@abc.example"),
        })
    }

    /// The client that tokens are issued to.
    pub fn client(&self) -> &str {
        &self.world.local.template().user_pool.client
    }

    /// A token with these claims, signed with the world's key.
    pub fn token(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.key_id.clone());
        encode(&header, claims, &self.key).unwrap_or_else(|error| panic!("{error}"))
    }

    /// A user with a token of these claims.
    pub fn bearer(&self, claims: &Value) -> User {
        self.world.bearer(&self.token(claims))
    }

    /// Enters a person with the right to make and check into ABC Company's directory, and signs them in.
    pub async fn hire(&self, person: &str) -> User {
        let text = |text: String| AttributeValue::S(text);
        let put = self.world.local.dynamodb().put_item();
        let put = put
            .table_name(self.world.local.table_name())
            .item("pk", text("COMPANY#abc".to_owned()))
            .item("sk", text(format!("PERSON#{person}")))
            .item("name", text(name_of(person)))
            .item("email", text(format!("{person}@abc.example")))
            .item(
                "rights",
                AttributeValue::Ss(vec!["EU_UserMaintenance".to_owned()]),
            );
        put.send().await.unwrap_or_else(|error| panic!("{error}"));
        self.bearer(&self.claims(person))
    }
}

/// The display name of a person whom [`OpenBook`] made.
pub fn name_of(person: &str) -> String {
    format!("P {person}")
}

/// Reads one of the user pool's public documents, which are not part of the API.
pub async fn published(world: &World, name: &str) -> Value {
    let url = format!("{}/.well-known/{name}", world.local.url());
    let response = reqwest::get(url).await.unwrap_or_else(|error| panic!("{error}"));
    response.json().await.unwrap_or_default()
}

fn signing_key(path: &Path) -> EncodingKey {
    let der = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    EncodingKey::from_ec_der(&der)
}
