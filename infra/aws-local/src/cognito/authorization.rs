//! A call to the authorization endpoint, read and held to the pool's client (RFC 6749, 4.1.1; RFC 7636, 4.3).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::cloudformation::UserPool;

/// The parameters of a query; one without a value counts as left out (RFC 6749, section 3.1).
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
    /// Whether a parameter is there more than once, which none may be.
    is_repeated: bool,
}

/// What a client asks for: a code for whoever signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    /// The scopes, separated by spaces.
    pub(super) scope: String,
    challenge: String,
}

/// Why there will be no code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody is sent to an address that isn't known to be the client's: the person is told here.
    Shown(Reason),
    /// The client is told, at this address.
    Sent(String),
}

/// Why a person can't go on from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    UnknownClient,
    UnknownAddress,
    OtherOrigin,
}

impl Parameters {
    pub(super) fn read(query: &str) -> Self {
        let mut all = Self {
            values: BTreeMap::new(),
            is_repeated: false,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let before = all.values.insert(name.into_owned(), value.into_owned());
            all.is_repeated |= before.is_some();
        }
        all
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The query with another value for one parameter.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.values.iter().filter(|(other, _)| *other != name);
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair(name, value)
            .finish()
    }
}

/// An address with more parameters at its end.
pub(super) fn with_parameters(base: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mark = if base.contains('?') { '&' } else { '?' };
    let given = parameters
        .iter()
        .filter_map(|(name, value)| Some((name, (*value)?)));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given)
        .finish();
    format!("{base}{mark}{query}")
}

impl Authorization {
    pub(super) fn read(parameters: &Parameters, pool: &UserPool) -> Result<Self, Refusal> {
        if parameters.get("client_id") != Some(pool.client.as_str()) {
            return Err(Refusal::Shown(Reason::UnknownClient));
        }
        let redirect_uri = parameters
            .get("redirect_uri")
            .filter(|uri| pool.callbacks.iter().any(|callback| callback == uri))
            .ok_or(Refusal::Shown(Reason::UnknownAddress))?;
        let state = parameters.get("state");
        let refused = |error, description| {
            let told = [
                ("error", Some(error)),
                ("error_description", Some(description)),
                ("state", state),
            ];
            Refusal::Sent(with_parameters(redirect_uri, &told))
        };
        let invalid = |description| refused("invalid_request", description);
        if parameters.is_repeated {
            return Err(invalid("a parameter is there more than once"));
        }
        match parameters.get("response_type") {
            Some("code") => {}
            Some(_) => {
                return Err(refused(
                    "unsupported_response_type",
                    "response_type has to be code",
                ));
            }
            None => return Err(invalid("response_type is missing")),
        }
        let asked = parameters.get("scope").map(str::to_owned);
        let scope = asked.unwrap_or_else(|| pool.scopes.join(" "));
        if !scope
            .split_whitespace()
            .all(|one| pool.scopes.iter().any(|own| own == one))
        {
            return Err(refused("invalid_scope", "the client may not ask for that scope"));
        }
        if parameters.get("code_challenge_method") != Some("S256") {
            return Err(invalid("code_challenge_method has to be S256"));
        }
        let is_digest = |text: &&str| URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        let challenge = parameters.get("code_challenge").filter(is_digest);
        let challenge = challenge.ok_or_else(|| invalid("code_challenge has to be a SHA-256 digest"))?;
        Ok(Self {
            redirect_uri: redirect_uri.to_owned(),
            state: state.map(str::to_owned),
            nonce: parameters.get("nonce").map(str::to_owned),
            scope,
            challenge: challenge.to_owned(),
        })
    }

    /// Whether it was the bearer of this verifier who asked (RFC 7636, section 4.6).
    pub(super) fn was_asked_with(&self, verifier: &str) -> bool {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == self.challenge
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "response_type=code&client_id=portal&redirect_uri=http%3A%2F%2Flocalhost%3A9000%2Fsigned-in\
                         &scope=openid&state=a%26b&nonce=n&code_challenge_method=S256\
                         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn read(query: &str) -> Result<Authorization, Refusal> {
        let pool = UserPool {
            id: "pool".into(),
            client: "portal".into(),
            callbacks: vec!["http://localhost:9000/signed-in".into()],
            logouts: Vec::new(),
            scopes: vec!["openid".into()],
            resource_scopes: Vec::new(),
            access_token_validity: std::time::Duration::from_mins(15),
            id_token_validity: std::time::Duration::from_mins(15),
            refresh_token_validity: std::time::Duration::from_hours(10),
            trigger: None,
            attributes: Vec::new(),
            password_policy: crate::cloudformation::PasswordPolicy::default(),
        };
        Authorization::read(&Parameters::read(query), &pool)
    }

    #[test]
    fn a_call_is_read_and_knows_its_verifier() {
        let authorization = read(RIGHT).unwrap();
        assert_eq!(authorization.state.as_deref(), Some("a&b"));
        // RFC 7636, appendix B.
        assert!(authorization.was_asked_with("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!authorization.was_asked_with("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        let without_scope = RIGHT.replace("&scope=openid", "");
        assert_eq!(read(&without_scope).unwrap().scope, "openid");
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_is_not_the_clients() {
        for (from, to, reason) in [
            ("client_id=portal", "client_id=other", Reason::UnknownClient),
            ("client_id=portal&", "", Reason::UnknownClient),
            ("localhost", "evil.example", Reason::UnknownAddress),
            ("redirect_uri", "redirect", Reason::UnknownAddress),
        ] {
            assert_eq!(
                read(&RIGHT.replace(from, to)),
                Err(Refusal::Shown(reason)),
                "{from}"
            );
        }
    }

    #[test]
    fn the_client_hears_what_is_wrong_with_the_rest() {
        for (from, to, error) in [
            (
                "response_type=code",
                "response_type=token",
                "unsupported_response_type",
            ),
            ("response_type=code", "response_type=", "invalid_request"),
            ("scope=openid", "scope=openid+admin", "invalid_scope"),
            ("method=S256", "method=plain", "invalid_request"),
            ("&code_challenge_method=S256", "", "invalid_request"),
            ("tw-cM", "tw", "invalid_request"),
            ("nonce=n", "nonce=n&nonce=m", "invalid_request"),
        ] {
            let Err(Refusal::Sent(to)) = read(&RIGHT.replace(from, to)) else {
                panic!("{from} is let through");
            };
            let start = format!("http://localhost:9000/signed-in?error={error}&error_description=");
            assert!(to.starts_with(&start) && to.ends_with("&state=a%26b"), "{to}");
        }
    }
}
