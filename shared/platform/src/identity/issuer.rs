//! The issuer of tokens, with the keys that it publishes. They are fetched once, and again when a token names an unknown
//! key.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::key::{self, Key, Unverified};
use super::{Claims, SignInError};
use crate::outgoing::Outgoing;

/// The shortest time between two fetches of the keys, so that forged tokens can't make a function fetch them on every
/// call.
const FETCH_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// The scope that a system's token has, and no person's.
pub const SYSTEM_SCOPE: &str = "countersign/requests";

/// The user pool, as whoever verifies its tokens sees it.
pub struct Issuer {
    url: String,
    outgoing: Outgoing,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    known: Vec<Key>,
    fetched: Option<Instant>,
}

impl Issuer {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            outgoing: Outgoing::default(),
            keys: Mutex::default(),
        }
    }

    /// Returns the claims of an access token, if it was issued to a system and has not expired.
    pub async fn of_system(&self, token: &str, now: Timestamp) -> Result<Claims, SignInError> {
        let claims = self.verified(token, now).await?;
        let claim = |name: &str| claims.get(name).map(String::as_str).unwrap_or_default();
        let has_scope = claim("scope").split(' ').any(|scope| scope == SYSTEM_SCOPE);
        if claim("token_use") == "access" && has_scope {
            Ok(claims)
        } else {
            Err(SignInError::Refused("the token is no access token of a system's"))
        }
    }

    /// Returns the claims of a token, if the pool signed it and it has not expired.
    pub(super) async fn verified(&self, token: &str, now: Timestamp) -> Result<Claims, SignInError> {
        let refused = |Unverified(why)| SignInError::Refused(why);
        let id = key::id_of(token).map_err(refused)?;
        if !self.knows(&id) {
            self.fetch_keys().await?;
        }
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let found = keys.known.iter().find(|key| key.id() == id);
        let key = found.ok_or(SignInError::Refused("nobody here knows the token's key"))?;
        key.claims(token, &self.url, now).map_err(refused)
    }

    fn knows(&self, id: &str) -> bool {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let recently = keys.fetched.is_some_and(|at| at.elapsed() < FETCH_AGAIN_AFTER);
        recently || keys.known.iter().any(|key| key.id() == id)
    }

    async fn fetch_keys(&self) -> Result<(), SignInError> {
        let url = format!("{}/.well-known/jwks.json", self.url);
        let answer = self.outgoing.get(&url).await?;
        if answer.status != 200 {
            return Err(SignInError::Unavailable(format!(
                "the key set answers {}",
                answer.status
            )));
        }
        let known = key::read_set(&answer.body)
            .ok_or_else(|| SignInError::Unavailable("the key set can't be read".to_owned()))?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        *keys = Keys {
            known,
            fetched: Some(Instant::now()),
        };
        Ok(())
    }
}
