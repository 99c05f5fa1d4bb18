//! The first sign-in with an invitation, on the hosted pages.

use countersign_tests::World;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use crate::provision::company::{enter, enter_company, invitations, look, password_grant};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const OWN: &str = "Their-own-password-1";

struct Pages<'w> {
    world: &'w World,
    http: Client,
}

impl<'w> Pages<'w> {
    fn of(world: &'w World) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { world, http }
    }

    fn address(&self, path: &str) -> Url {
        let url = self.world.local.url();
        let callback = format!("{url}/signed-in");
        let query = [
            ("response_type", "code"),
            ("client_id", &self.world.local.template().user_pool.client),
            ("redirect_uri", &callback),
            ("scope", "openid"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        Url::parse_with_params(&format!("{url}{path}"), query).unwrap()
    }

    /// The page that answers, and where it leads.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, String, Option<Url>) {
        let answer = self
            .http
            .post(self.address(path))
            .form(form)
            .send()
            .await
            .unwrap();
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let to = to.and_then(|to| Url::parse(to).ok());
        (answer.status().as_u16(), answer.text().await.unwrap(), to)
    }

    async fn log_in(&self, email: &str, password: &str) -> (u16, String, Option<Url>) {
        self.post("/login", &[("username", email), ("password", password)])
            .await
    }

    async fn tokens(&self, back: &Url) -> Value {
        let code = back
            .query_pairs()
            .find(|(name, _)| name == "code")
            .unwrap()
            .1
            .into_owned();
        let url = self.world.local.url();
        let callback = format!("{url}/signed-in");
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.world.local.template().user_pool.client),
            ("redirect_uri", &callback),
            ("code_verifier", VERIFIER),
            ("code", &code),
        ];
        let call = self.http.post(format!("{url}/oauth2/token")).form(&form);
        call.send().await.unwrap().json().await.unwrap()
    }
}

/// The key under which the page knows who chooses a password.
fn choosing(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"choosing\" value=\"").unwrap();
    rest.split('"').next().unwrap()
}

/// What somebody gets who signs in.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// Signs in with the last invitation to an address.
pub(crate) async fn signed_in(world: &World, email: &str) -> Tokens {
    let pages = Pages::of(world);
    let (_, page, _) = pages.log_in(email, &invitations(world, email).1.unwrap()).await;
    let form = [("choosing", choosing(&page)), ("password", OWN), ("again", OWN)];
    let (_, _, back) = pages.post("/changePassword", &form).await;
    let tokens = pages.tokens(&back.unwrap()).await;
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    Tokens {
        access: token("access_token"),
        refresh: token("refresh_token"),
    }
}

/// Whether a refresh token gets access tokens.
pub(crate) async fn is_good(world: &World, refresh_token: &str) -> bool {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &world.local.template().user_pool.client),
        ("refresh_token", refresh_token),
    ];
    let call = Client::new()
        .post(format!("{}/oauth2/token", world.local.url()))
        .form(&form);
    call.send().await.unwrap().status() == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_invited_chooses_a_password_signs_in_and_is_who_the_directory_says() {
    let world = World::start().await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    assert!(look(&world).await);
    let (_, password) = invitations(&world, "ann@firm.example");
    let password = password.unwrap();
    let pages = Pages::of(&world);
    assert_eq!(pages.log_in("ann@firm.example", "wrong").await.0, 401);
    let (status, page, to) = pages.log_in("ann@firm.example", &password).await;
    assert!(
        status == 200 && to.is_none() && page.contains("Choose your password"),
        "{page}"
    );
    for (again, own, told) in [
        ("another", OWN, "The two passwords differ."),
        ("short-A1", "short-A1", "The password is too short"),
    ] {
        let form = [("choosing", choosing(&page)), ("password", own), ("again", again)];
        let (status, page, _) = pages.post("/changePassword", &form).await;
        assert!(status == 400 && page.contains(told), "{page}");
    }
    let form = [("choosing", choosing(&page)), ("password", OWN), ("again", OWN)];
    let (_, _, back) = pages.post("/changePassword", &form).await;
    let tokens = pages.tokens(&back.unwrap()).await;
    let ann = world.bearer(tokens["access_token"].as_str().unwrap());
    let me = ann.get("/me").await.expect(200);
    assert_eq!(
        (&me["user"]["name"], &me["company"]["name"]),
        (&json!("ann"), &json!("Firm & Co"))
    );
    // The invitation is used up, the key too, and the password is their own.
    assert_eq!(pages.log_in("ann@firm.example", &password).await.0, 401);
    let (status, _, to) = pages.post("/changePassword", &form).await;
    assert!(status == 302 && to.is_none());
    let answer = password_grant(&world, "ann@firm.example", OWN).await;
    assert!(answer["access_token"].is_string(), "{answer}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_good_for_as_many_days_as_it_says() {
    let world = World::start().await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    assert!(look(&world).await);
    let (_, password) = invitations(&world, "ann@firm.example");
    let later = world.local.clock().now() + std::time::Duration::from_hours(72);
    world.at(&later.to_string());
    let (status, page, _) = Pages::of(&world)
        .log_in("ann@firm.example", &password.unwrap())
        .await;
    assert!(
        status == 401 && page.contains("This temporary password has expired."),
        "{page}"
    );
    world.local.stop().await;
}
