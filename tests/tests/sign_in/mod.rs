//! The sign-in stand-in over HTTP, as a browser and a client see it: authorization code with PKCE, and what it refuses.

mod client;
mod revoked;

use countersign_local::demonstration::PEOPLE;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Response, Url};
use serde_json::Value;

use client::{Portal, VERIFIER, claims, parameter, sent_to};

fn session(response: &Response) -> &str {
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_the_client_gets_tokens_that_the_api_takes() {
    let portal = Portal::start().await;
    let asked = portal.get(portal.asking("/oauth2/authorize", &[])).await;
    assert_eq!(asked.status(), 302);
    let login = asked.headers()[LOCATION].to_str().unwrap().to_owned();
    let page = portal.get(format!("{}{login}", portal.world.local.url())).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    let html = page.text().await.unwrap();
    for text in [
        "User ID/Email",
        "Password",
        "Log in",
        "Forgot/Reset your password?",
        "stands in",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("countersign-demo") && !html.contains("<script") && !html.contains(" style="));

    let back = portal.log_in("Maker@ABC.example", "countersign-demo").await;
    let back = sent_to(&back);
    assert!(back.as_str().starts_with(&format!("{}?", portal.callback())));
    assert_eq!(parameter(&back, "state").unwrap(), "here & there");
    let code = parameter(&back, "code").unwrap();
    let (status, tokens) = portal.token(&[("code", &code)]).await;
    assert_eq!(
        (status, &tokens["token_type"], &tokens["expires_in"]),
        (200, &"Bearer".into(), &900.into())
    );
    let id = claims(&tokens["id_token"]);
    assert_eq!(
        (&id["aud"], &id["nonce"], &id["email"], &id["token_use"]),
        (
            &portal.client().into(),
            &"once".into(),
            &"maker@abc.example".into(),
            &"id".into()
        )
    );
    let access = claims(&tokens["access_token"]);
    assert_eq!(
        (&access["scope"], &access["sub"], &access["name"]),
        (&"openid".into(), &id["sub"], &"A Maker".into())
    );
    let maker = portal.world.bearer(tokens["access_token"].as_str().unwrap());
    assert_eq!(maker.get("/me").await.expect(200)["user"]["name"], "A Maker");
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_try_keeps_the_name_and_does_not_tell_which_part_was_wrong() {
    let portal = Portal::start().await;
    let unknown = portal.log_in("\"><script>@abc.example", "countersign-demo").await;
    let wrong = portal.log_in("maker@abc.example", "wrong").await;
    assert_eq!((unknown.status().as_u16(), wrong.status().as_u16()), (401, 401));
    assert!(!wrong.headers().contains_key(SET_COOKIE));
    let (unknown, wrong) = (unknown.text().await.unwrap(), wrong.text().await.unwrap());
    assert!(wrong.contains("\nvalue=\"maker@abc.example\""), "{wrong}");
    assert!(unknown.contains("\nvalue=\"&#34;&#62;&#60;script&#62;@abc.example\""));
    let without_name = |html: &str, name: &str| html.replace(&format!("\nvalue=\"{name}\""), "");
    assert_eq!(
        without_name(&wrong, "maker@abc.example"),
        without_name(&unknown, "&#34;&#62;&#60;script&#62;@abc.example")
    );
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_in_time_and_for_whoever_asked_for_it() {
    let portal = Portal::start().await;
    let code = portal.code().await;
    assert_eq!(portal.token(&[("code", &code)]).await.0, 200);
    assert_eq!(portal.refused(&[("code", &code)]).await, "invalid_grant");
    assert_eq!(portal.refused(&[("code", "made up")]).await, "invalid_grant");

    let code = portal.code().await;
    let other = VERIFIER.replace('d', "e");
    assert_eq!(
        portal
            .refused(&[("code", &code), ("code_verifier", &other)])
            .await,
        "invalid_grant"
    );
    // The failed try has used the code up, so the right verifier is too late.
    assert_eq!(portal.refused(&[("code", &code)]).await, "invalid_grant");

    let code = portal.code().await;
    let elsewhere = portal.callback().replace("localhost", "127.0.0.1");
    assert_eq!(
        portal
            .refused(&[("code", &code), ("redirect_uri", &elsewhere)])
            .await,
        "invalid_grant"
    );

    let code = portal.code().await;
    let now = portal.world.local.clock().now();
    portal
        .world
        .at(&(now + std::time::Duration::from_mins(5)).to_string());
    assert_eq!(portal.refused(&[("code", &code)]).await, "invalid_grant");
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_says_what_a_request_lacks() {
    let portal = Portal::start().await;
    let code = portal.code().await;
    for (others, error) in [
        (vec![], "invalid_request"),
        (vec![("code", &*code), ("client_id", "")], "invalid_client"),
        (vec![("code", &*code), ("client_id", "other")], "invalid_client"),
        (vec![("code", &*code), ("code", "twice")], "invalid_request"),
        (vec![("grant_type", "device_code")], "unsupported_grant_type"),
        (vec![("grant_type", "refresh_token")], "invalid_request"),
        (
            vec![("grant_type", "refresh_token"), ("refresh_token", "made up")],
            "invalid_grant",
        ),
    ] {
        assert_eq!(portal.refused(&others).await, error, "{others:?}");
    }
    // None of these calls has used the code up.
    assert_eq!(portal.token(&[("code", &code)]).await.0, 200);
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_gives_access_until_its_own_end() {
    let portal = Portal::start().await;
    let code = portal.code().await;
    let (_, tokens) = portal.token(&[("code", &code)]).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refreshing = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let start = portal.world.local.clock().now();
    portal
        .world
        .at(&(start + std::time::Duration::from_hours(9)).to_string());
    let stale = portal.world.bearer(tokens["access_token"].as_str().unwrap());
    assert_eq!(stale.get("/me").await.status, 401);
    let (status, fresh) = portal.token(&refreshing).await;
    assert_eq!((status, fresh.get("refresh_token")), (200, None));
    let maker = portal.world.bearer(fresh["access_token"].as_str().unwrap());
    assert_eq!(maker.get("/me").await.status, 200);
    assert_eq!(
        claims(&fresh["id_token"])["auth_time"],
        claims(&tokens["id_token"])["auth_time"]
    );
    portal
        .world
        .at(&(start + std::time::Duration::from_hours(10)).to_string());
    assert_eq!(portal.refused(&refreshing).await, "invalid_grant");
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_a_foreign_address_and_the_client_hears_of_its_own_mistakes() {
    let portal = Portal::start().await;
    for path in ["/oauth2/authorize", "/login"] {
        for foreign in [
            ("redirect_uri", "https://evil.example/signed-in"),
            ("redirect_uri", "http://localhost@evil.example/signed-in"),
            ("redirect_uri", ""),
            ("client_id", "other"),
        ] {
            let answer = portal.get(portal.asking(path, &[foreign])).await;
            assert_eq!(answer.status(), 400, "{foreign:?}");
            assert!(!answer.headers().contains_key(LOCATION));
        }
        for (mistake, error) in [
            (("code_challenge", ""), "invalid_request"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("response_type", "token"), "unsupported_response_type"),
            (("scope", "openid admin"), "invalid_scope"),
        ] {
            let back = sent_to(&portal.get(portal.asking(path, &[mistake])).await);
            assert!(back.as_str().starts_with(&portal.callback()), "{back}");
            assert_eq!(parameter(&back, "error").as_deref(), Some(error));
            assert_eq!(parameter(&back, "state").as_deref(), Some("here & there"));
        }
    }
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_spares_the_password_until_it_ends_or_the_person_signs_out() {
    let portal = Portal::start().await;
    let authorize = |cookie: String| {
        let call = portal.http.get(portal.asking("/oauth2/authorize", &[]));
        async move { call.header(COOKIE, cookie).send().await.unwrap() }
    };
    let leads_to_login = |response: &Response| {
        let to = response.headers()[LOCATION].to_str().unwrap();
        to.starts_with("/login?")
    };
    let first = portal.log_in("maker@abc.example", "countersign-demo").await;
    let cookie = format!("other=1; {}", session(&first));
    let again = authorize(cookie.clone()).await;
    assert!(parameter(&sent_to(&again), "code").is_some());

    // Signing out to a foreign address is refused.
    let base = portal.world.local.url();
    let client = portal.client();
    let logout = |to: &str| {
        Url::parse_with_params(
            &format!("{base}/logout"),
            [("client_id", client), ("logout_uri", to)],
        )
    };
    let foreign = portal
        .http
        .get(logout("https://evil.example/sign-in").unwrap())
        .header(COOKIE, &cookie);
    assert_eq!(foreign.send().await.unwrap().status(), 400);
    assert!(!leads_to_login(&authorize(cookie.clone()).await));

    let own = format!("{base}/sign-in");
    let out = portal.http.get(logout(&own).unwrap()).header(COOKIE, &cookie);
    let out = out.send().await.unwrap();
    assert_eq!(sent_to(&out).as_str(), own);
    assert!(
        out.headers()[SET_COOKIE]
            .to_str()
            .unwrap()
            .ends_with("; Max-Age=0")
    );
    assert!(leads_to_login(&authorize(cookie).await));

    let second = portal.log_in("maker@abc.example", "countersign-demo").await;
    let cookie = session(&second).to_owned();
    let now = portal.world.local.clock().now();
    portal
        .world
        .at(&(now + std::time::Duration::from_hours(1)).to_string());
    assert!(leads_to_login(&authorize(cookie).await));
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_somebody_elses_page_signs_nobody_in() {
    let portal = Portal::start().await;
    let form = [
        ("username", "maker@abc.example"),
        ("password", "countersign-demo"),
    ];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let call = portal.http.post(portal.asking("/login", &[])).form(&form);
        let answer = call.header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
        assert!(!answer.headers().contains_key(SET_COOKIE));
    }
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_page_offers_everybody_of_the_demonstration_with_what_they_can_do() {
    let portal = Portal::start().await;
    let page = |language: &'static str| {
        let address = portal.asking("/login", &[("lang", language)]);
        async { portal.get(address).await.text().await.unwrap() }
    };
    let (english, chinese) = (page("en").await, page("zh-HK").await);
    for person in &PEOPLE {
        let name = format!("name=\"known\" value=\"{}\">", person.user);
        assert!(
            english.contains(&name) && chinese.contains(&name),
            "{}",
            person.user
        );
    }
    for (html, note) in [
        (&english, "Handles requests at the exchange"),
        (&english, "Has no access right"),
        (&chinese, "在 HKEX 處理申請"),
    ] {
        assert!(html.contains(note), "{note}: {html}");
    }
    assert!(english.contains("Example Bank, Ltd.") && !english.contains("countersign-demo"));
    let click = |who: &'static str| {
        let call = portal.http.post(portal.asking("/login", &[]));
        async move { call.form(&[("known", who)]).send().await.unwrap() }
    };
    let back = sent_to(&click("officer@exchange.example").await);
    assert!(parameter(&back, "code").is_some(), "{back}");
    for nobody in ["nobody@abc.example", ""] {
        assert_eq!(click(nobody).await.status(), 401, "{nobody:?}");
    }
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_speak_both_languages() {
    let portal = Portal::start().await;
    for path in ["/login", "/forgotPassword"] {
        let asked = portal.asking(path, &[("lang", "zh-TW")]);
        let accepted = portal
            .http
            .get(portal.asking(path, &[]))
            .header("accept-language", "zh-HK,en;q=0.5");
        for page in [portal.get(asked).await, accepted.send().await.unwrap()] {
            assert_eq!(page.headers()["content-language"], "zh-HK");
            let html = page.text().await.unwrap();
            assert!(html.contains("<html lang=\"zh-HK\">") && html.contains("密碼"));
        }
        let english = portal.get(portal.asking(path, &[])).await.text().await.unwrap();
        assert!(english.contains("<html lang=\"en\">") && english.contains("繁體中文"));
    }
    portal.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_names_every_endpoint() {
    let portal = Portal::start().await;
    let base = portal.world.local.url();
    let address = format!("{base}/.well-known/openid-configuration");
    let configuration: Value = portal.get(address).await.json().await.unwrap();
    for (member, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("end_session_endpoint", "/logout"),
    ] {
        assert_eq!(configuration[member], format!("{base}{path}"));
    }
    assert_eq!(
        configuration["code_challenge_methods_supported"],
        serde_json::json!(["S256"])
    );
    portal.world.local.stop().await;
}
