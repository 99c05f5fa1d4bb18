//! A session of the portal, from the hosted sign-in to its end: signing out, idle time, and a user pool out of reach.

use std::collections::BTreeMap;
use std::time::Duration;

use countersign_platform::lambda::http_function;
use countersign_tests::market::app_with;
use countersign_tests::wire::Wire;
use countersign_tests::{World, guideline_day};
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};

/// A browser that keeps cookies and follows no redirect.
struct Browser {
    world: World,
    http: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Signs in through the hosted pages.
    async fn signed_in(world: World) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut browser = Self {
            world,
            http,
            cookies: BTreeMap::new(),
        };
        let left = browser.post("/sign-in").await;
        let asked = left.headers()[LOCATION].to_str().unwrap().to_owned();
        let form = [
            ("username", "maker@abc.example"),
            ("password", "countersign-demo"),
        ];
        let login = asked.replace("/oauth2/authorize", "/login");
        let back = browser.http.post(login).form(&form).send().await.unwrap();
        let back = back.headers()[LOCATION].to_str().unwrap().to_owned();
        let origin = browser.world.local.url().to_owned();
        let home = browser.get(back.strip_prefix(&origin).unwrap()).await;
        assert_eq!(home.status(), 303);
        assert!(browser.cookies.contains_key("__Host-refresh"));
        browser
    }

    async fn get(&mut self, path: &str) -> Response {
        let call = self.http.get(format!("{}{path}", self.world.local.url()));
        self.send(call).await
    }

    async fn post(&mut self, path: &str) -> Response {
        let origin = self.world.local.url().to_owned();
        let call = self.http.post(format!("{origin}{path}")).header(ORIGIN, origin);
        let call = call.form(&[("to", "/")]);
        self.send(call).await
    }

    async fn send(&mut self, call: reqwest::RequestBuilder) -> Response {
        let answer = call.header(COOKIE, self.cookie()).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split_once('=').unwrap();
            match value.split(';').next().unwrap() {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Whether tasks are shown, and nobody is sent to sign in again.
    async fn is_signed_in(&mut self) -> bool {
        self.get("/portal/tasks").await.status() == 200
    }

    /// Whether a copy of a refresh token still gets access tokens.
    async fn goes_on_working(&self, refresh_token: &str) -> bool {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.world.local.template().user_pool.client),
            ("refresh_token", refresh_token),
        ];
        let call = self
            .http
            .post(format!("{}/oauth2/token", self.world.local.url()))
            .form(&form);
        call.send().await.unwrap().status() == 200
    }

    fn has_session(&self) -> bool {
        let names = ["session", "refresh", "session-ends", "idle-ends"];
        let mut names = names.map(|name| format!("__Host-{name}")).into_iter();
        names.any(|name| self.cookies.contains_key(&name))
    }

    fn after(&self, minutes: u64) {
        let now = self.world.local.clock().now();
        self.world
            .at(&(now + Duration::from_secs(60 * minutes)).to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_whose_entry_can_not_be_read_is_signed_in_all_the_same() {
    let wire = Wire::lay().await;
    let world = World::with(wire.between(guideline_day())).await;
    // The code is spent by then, and signing in again would need the same entry.
    wire.refuse(Box::new(|function, operation, _| {
        function == "portal" && operation == "GetItem"
    }));
    let browser = Browser::signed_in(world).await;
    assert!(browser.has_session() && !browser.cookies.contains_key("language"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_no_copy_of_the_refresh_token_that_works() {
    let mut browser = Browser::signed_in(World::start().await).await;
    let copy = browser.cookies["__Host-refresh"].clone();
    assert!(browser.goes_on_working(&copy).await);
    let out = browser.post("/sign-out").await;
    assert!(
        out.headers()[LOCATION]
            .to_str()
            .unwrap()
            .contains("/logout?client_id=")
    );
    assert!(!browser.has_session());
    assert!(!browser.goes_on_working(&copy).await);
    browser.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_pages_stays_signed_in_and_who_opens_none_for_the_idle_time_does_not() {
    let mut browser = Browser::signed_in(World::start().await).await;
    for _ in 0..4 {
        browser.after(29);
        assert!(browser.is_signed_in().await);
    }
    let copy = browser.cookies["__Host-refresh"].clone();
    browser.after(30);
    let over = browser.get("/portal/tasks").await;
    assert_eq!(over.status(), 303);
    let to = over.headers()[LOCATION].to_str().unwrap();
    assert!(to.contains("notice=over"), "{to}");
    assert!(!browser.has_session());
    assert!(!browser.goes_on_working(&copy).await);
    browser.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_hides_how_long_it_was_idle_renews_no_session() {
    let mut browser = Browser::signed_in(World::start().await).await;
    browser.cookies.remove("__Host-idle-ends");
    browser.after(16);
    assert!(!browser.is_signed_in().await);
    browser.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_in_time_however_busy_it_is() {
    let options = guideline_day().set("SessionHours", "1").set("IdleMinutes", "45");
    let mut browser = Browser::signed_in(World::with(options).await).await;
    browser.after(44);
    assert!(browser.is_signed_in().await);
    browser.after(14);
    assert!(browser.is_signed_in().await);
    browser.after(16);
    assert!(!browser.is_signed_in().await);
    browser.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_can_not_reach_the_user_pool_still_signs_out_in_the_browser() {
    let browser = Browser::signed_in(World::start().await).await;
    let template = browser.world.local.template();
    let portal = template
        .functions
        .iter()
        .find(|one| one.binary == "portal")
        .unwrap();
    let nowhere = ("SIGN_IN_URL".to_owned(), "http://127.0.0.1:1".to_owned());
    let own = portal.environment.clone().into_iter().chain([nowhere]);
    let own: BTreeMap<String, String> = own.collect();
    let own: Vec<_> = own.iter().map(|(name, value)| (&**name, &**value)).collect();
    let portal = http_function("portal", app_with(&browser.world, &own), portal::handle);

    let mut event: Value = serde_json::from_str(include_str!("../../events/portal.json")).unwrap();
    event["routeKey"] = json!("POST /sign-out");
    event["rawPath"] = json!("/sign-out");
    event["requestContext"]["routeKey"] = json!("POST /sign-out");
    event["requestContext"]["http"]["method"] = json!("POST");
    event["requestContext"]["http"]["path"] = json!("/sign-out");
    event["headers"]["sec-fetch-site"] = json!("same-origin");
    event["cookies"] = browser.cookie().split("; ").collect();
    let answer = portal(event).await.unwrap();
    assert_eq!(answer["statusCode"], 303);
    let cookies: Vec<_> = answer["cookies"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for name in ["session", "refresh", "session-ends", "idle-ends"] {
        let cleared = format!("__Host-{name}=; ");
        let cleared = cookies
            .iter()
            .any(|set| set.starts_with(&cleared) && set.contains("Max-Age=0"));
        assert!(cleared, "{name}: {cookies:?}");
    }
    browser.world.local.stop().await;
}
