//! A world with a request in every state from which a command starts, to test refusals on.

use countersign_domain::request::StateName;
use serde_json::{Value, json};

use crate::cast::{Cast, MESSAGE, needed_body};
use crate::{Call, Reply, User, World};

/// The commands on a request that require `If-Match`, each with a state from which it is possible and the person who
/// takes it there.
pub const COMMANDS: [(&str, StateName, &str); 10] = [
    ("save", StateName::Draft, "maker"),
    ("discard", StateName::Draft, "maker"),
    ("submit", StateName::Draft, "maker"),
    ("reclaim", StateName::ReadyToSend, "maker"),
    ("claim", StateName::ReadyToSend, "checker"),
    ("release", StateName::Claimed, "checker"),
    ("return", StateName::Claimed, "checker"),
    ("confirm", StateName::Claimed, "checker"),
    ("complete", StateName::Processing, "officer"),
    ("reject", StateName::Processing, "officer"),
];

/// The [`COMMANDS`] that take a message to the next-step user.
pub fn commands_with_a_message() -> impl Iterator<Item = (&'static str, StateName, &'static str)> {
    COMMANDS
        .into_iter()
        .filter(|(action, ..)| !matches!(*action, "save" | "discard"))
}

/// An ID that no request has.
pub const UNKNOWN: &str = "01GRMVYYK0NWNXQRDAKDQC3RND";

/// Sends a call to a documented route, with a valid body.
pub async fn send(
    user: &User,
    (method, path): (&str, &str),
    id: &str,
    tag: Option<&str>,
    form: &Value,
) -> Reply {
    let call = user.call(method.parse().unwrap_or_default(), &path.replace("{id}", id));
    let call = match tag {
        Some(tag) => call.if_match(tag),
        None => call,
    };
    let call = match (method, path) {
        ("PUT", _) => call.json(form),
        ("POST", path) if path.ends_with("/return") || path.ends_with("/reject") => {
            call.json(&json!({"message": MESSAGE}))
        }
        _ => call,
    };
    call.send().await
}

/// A world with one request in each state.
pub struct Scene {
    /// The world.
    pub world: World,
    /// Who takes part.
    pub cast: Cast,
    requests: Vec<(StateName, Reply)>,
}

impl Scene {
    /// Starts the world and makes the requests.
    pub async fn set() -> Self {
        let world = World::start().await;
        let cast = Cast::sign_in(&world).await;
        let states = [
            StateName::Draft,
            StateName::ReadyToSend,
            StateName::Claimed,
            StateName::Processing,
        ];
        let mut requests = Vec::new();
        for (index, state) in states.into_iter().enumerate() {
            requests.push((state, cast.request_in(state, index + 1).await));
        }
        Self {
            world,
            cast,
            requests,
        }
    }

    /// The request in a state.
    pub fn on(&self, state: StateName) -> &Reply {
        let found = self.requests.iter().find(|(of, _)| *of == state);
        found.map_or_else(|| panic!("none is {state:?}"), |(_, request)| request)
    }

    /// The user with this role.
    pub fn user(&self, role: &str) -> &User {
        match role {
            "maker" => &self.cast.maker,
            "checker" => &self.cast.checker,
            "officer" => &self.cast.officer,
            other => panic!("there is no role {other}"),
        }
    }

    /// The call of a command with the required body, but without `If-Match`.
    pub fn untagged(&self, (action, state, role): (&str, StateName, &str)) -> Call {
        let call = self.user(role).action(&self.on(state).id(), action);
        match needed_body(action) {
            Some(body) => call.json(&body),
            None => call,
        }
    }

    /// The call of a command with `If-Match`, but without a body.
    pub fn bodiless(&self, (action, state, role): (&str, StateName, &str)) -> Call {
        let on = self.on(state);
        self.user(role).action(&on.id(), action).if_match(&on.etag())
    }

    /// Checks that no request has changed and that the company has no new one.
    pub async fn hold_unchanged(&self) {
        for (_, request) in &self.requests {
            let now = self.cast.maker.read(&request.id()).await;
            assert_eq!(now.etag(), request.etag(), "{}", now.body);
        }
        let all = self.cast.maker.get("/requests").await.expect(200);
        assert_eq!(all.each("id").len(), self.requests.len());
    }

    /// Sends a form twice: as a new draft, and as a save of the existing one.
    pub async fn both_ways(&self, form: &Value) -> [Reply; 2] {
        let save = self.bodiless(("save", StateName::Draft, "maker"));
        [self.cast.maker.create(form).await, save.json(form).send().await]
    }

    /// Checks that a form has faults at these places, both as a new draft and as a save.
    pub async fn hold_to_faults(&self, form: &Value, pointers: &[&str]) {
        for reply in self.both_ways(form).await {
            let reply = reply.refused(422, "invalid");
            assert_eq!(reply.pointers(), pointers, "{}", reply.body);
        }
    }
}
