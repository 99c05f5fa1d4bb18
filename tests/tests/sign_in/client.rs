//! A client of the sign-in stand-in, and the browser that it sends there, which does not follow redirects.

use countersign_tests::World;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde_json::Value;

/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser that does not follow redirects, and the client that sends it.
pub(crate) struct Portal {
    pub(crate) world: World,
    pub(crate) http: Client,
}

impl Portal {
    pub(crate) async fn start() -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            world: World::start().await,
            http,
        }
    }

    pub(crate) fn callback(&self) -> String {
        format!("{}/signed-in", self.world.local.url())
    }

    pub(crate) fn client(&self) -> &str {
        &self.world.local.template().user_pool.client
    }

    /// An address with the parameters of the authorization request, some of them replaced.
    pub(crate) fn asking(&self, path: &str, others: &[(&str, &str)]) -> Url {
        let callback = self.callback();
        let mut asked = vec![
            ("response_type", "code"),
            ("client_id", self.client()),
            ("redirect_uri", &callback),
            ("scope", "openid"),
            ("state", "here & there"),
            ("nonce", "once"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        asked.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
        asked.extend(others);
        Url::parse_with_params(&format!("{}{path}", self.world.local.url()), asked).unwrap()
    }

    pub(crate) async fn get(&self, address: impl reqwest::IntoUrl) -> Response {
        self.http.get(address).send().await.unwrap()
    }

    pub(crate) async fn log_in(&self, user: &str, password: &str) -> Response {
        let form = [("username", user), ("password", password)];
        let call = self.http.post(self.asking("/login", &[])).form(&form);
        call.send().await.unwrap()
    }

    /// A new authorization code.
    pub(crate) async fn code(&self) -> String {
        let back = self.log_in("maker@abc.example", "countersign-demo").await;
        parameter(&sent_to(&back), "code").unwrap()
    }

    pub(crate) async fn token(&self, others: &[(&str, &str)]) -> (u16, Value) {
        let callback = self.callback();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.client()),
            ("redirect_uri", &callback),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
        form.extend(others);
        let call = self
            .http
            .post(format!("{}/oauth2/token", self.world.local.url()))
            .form(&form);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn refused(&self, others: &[(&str, &str)]) -> String {
        let (status, answer) = self.token(others).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer.get("access_token").is_none());
        answer["error"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn sent_to(response: &Response) -> Url {
    assert_eq!(response.status(), 302);
    response.headers()[LOCATION].to_str().unwrap().parse().unwrap()
}

pub(crate) fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
}

/// A token's claims, unverified.
pub(crate) fn claims(token: &Value) -> Value {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let body = token.as_str().unwrap().split('.').nth(1).unwrap();
    let (mut octets, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in body.bytes() {
        let value = ALPHABET.iter().position(|other| *other == digit).unwrap();
        (bits, count) = ((bits << 6) | u32::try_from(value).unwrap(), count + 6);
        if count >= 8 {
            count -= 8;
            octets.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    serde_json::from_slice(&octets).unwrap()
}
