//! What the portal refuses, each time with a page that says what to do.

use countersign_tests::portal::{Browser, Page};
use countersign_tests::{User, World, form_for};

async fn draft(user: &User) -> String {
    format!(
        "/portal/requests/{}",
        user.create(&form_for(1)).await.expect(201).id()
    )
}

async fn submitted(user: &User) -> String {
    format!("/portal/requests/{}", user.submit(&form_for(1)).await.id())
}

/// The tag and the key of the page that asks whether to take a step.
async fn question(browser: &Browser, path: &str) -> (String, String) {
    browser.get(path).await.expect(200).form(path)
}

fn fields<'a>(form: &'a (String, String), message: &'a str) -> [(&'a str, &'a str); 3] {
    [("tag", &form.0), ("key", &form.1), ("message", message)]
}

/// The addresses to which forms about a request are sent.
fn posts(address: &str) -> Vec<String> {
    let mut posts: Vec<String> = [
        "submit", "reclaim", "claim", "release", "return", "confirm", "complete", "reject", "discard",
        "clone", "edit",
    ]
    .iter()
    .map(|action| format!("{address}/{action}"))
    .collect();
    posts.push("/portal/requests/new".to_owned());
    posts
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_every_page_leads_to_sign_in_and_every_form_is_refused() {
    let world = World::start().await;
    let address = draft(&world.sign_in("maker@abc.example").await).await;
    let stranger = world.stranger();
    for path in [
        "/",
        "/portal/tasks",
        "/portal/requests",
        "/portal/requests/new",
        "/portal/user-maintenance",
        "/portal/delegated-administrators?participant=B01234",
        "/portal/look-up",
        &address,
        &format!("{address}/edit"),
        &format!("{address}/submit"),
    ] {
        let page = stranger.get(path).await.expect(303);
        assert!(page.location().starts_with("/sign-in"), "{path}");
    }
    let back = stranger.get(&address).await;
    let sign_in = stranger.get(back.location()).await.expect(200);
    assert!(sign_in.shows(&format!("name=\"to\" value=\"{address}\"")));
    for path in posts(&address) {
        let page = stranger
            .post(&path, &[("tag", "x"), ("key", "k")])
            .await
            .expect(401);
        assert!(page.shows("Nothing was done. Log in"), "{path}");
    }
    for token in ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."] {
        let page = world
            .stranger()
            .with_session(token)
            .get("/portal/tasks")
            .await
            .expect(303);
        assert!(page.location().ends_with("notice=over"), "{}", page.location());
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_token_and_a_token_with_its_time() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    let _ = maker.get("/portal/tasks").await.expect(200);
    world.at("2023-02-07T11:00:00+08:00");
    let _ = maker.get("/portal/tasks").await.expect(303);
    let out = maker.post("/sign-out", &[]).await.expect(303);
    assert!(out.location().contains("/logout?client_id=") && out.location().contains("%2Fsign-in"));
    let cookies: Vec<_> = out
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(
        cookies
            .iter()
            .any(|cookie| cookie.starts_with("__Host-session=; ") && cookie.contains("Max-Age=0"))
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_leads_to_the_hosted_pages_with_a_challenge_and_nowhere_else_afterwards() {
    let world = World::start().await;
    let stranger = world.stranger();
    let left = stranger
        .post("/sign-in", &[("to", "//evil.example")])
        .await
        .expect(303);
    let url = left.location();
    for part in [
        "/oauth2/authorize?response_type=code",
        "code_challenge_method=S256",
        "&state=",
        "&nonce=",
        "%2Fsigned-in",
    ] {
        assert!(url.contains(part), "{part}: {url}");
    }
    let cookie = left.header("set-cookie");
    for part in [
        "__Host-sign-in=",
        "; Path=/",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Max-Age=600",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let kept = cookie.split(';').next().unwrap();
    for (browser, query) in [
        (world.stranger(), "code=x&state=y"),
        (world.stranger().with_cookie(kept), "code=x&state=y"),
        (world.stranger().with_cookie(kept), "error=access_denied"),
        (world.stranger().with_cookie("__Host-sign-in=x"), "code=x&state=y"),
    ] {
        let page = browser.get(&format!("/signed-in?{query}")).await.expect(303);
        assert_eq!(page.location(), "/sign-in?notice=again");
        assert!(!page.header("set-cookie").contains("__Host-session"));
    }
    for to in ["//evil.example", "https://evil.example", "/portal//evil.example"] {
        let page = stranger
            .get(&format!("/sign-in?to={}", to.replace('/', "%2F")))
            .await
            .expect(200);
        assert!(page.shows("name=\"to\" value=\"/\""), "{to}");
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_request_does_not_exist() {
    let world = World::start().await;
    let address = submitted(&world.sign_in("maker@abc.example").await).await;
    let tag = {
        let checker = world.browser("checker@abc.example").await;
        question(&checker, &format!("{address}/claim")).await.0
    };
    let other = world.browser("checker@bank.example").await;
    for path in [
        address.clone(),
        format!("{address}/edit"),
        format!("{address}/claim"),
        "/portal/requests/01GRMVYYK0NWNXQRDAKDQC3RND".into(),
        "/portal/requests/x".into(),
        "/portal/nowhere".into(),
        "/portal/delegated-administrators?participant=B01234".into(),
    ] {
        assert!(
            other
                .get(&path)
                .await
                .expect(404)
                .shows("There is nothing here for you"),
            "{path}"
        );
    }
    for action in [
        "claim", "return", "confirm", "reclaim", "discard", "clone", "submit", "release",
    ] {
        let page = other
            .post(
                &format!("{address}/{action}"),
                &[("tag", &tag), ("key", "k"), ("message", "x")],
            )
            .await;
        assert!(
            page.expect(404).shows("There is nothing here for you"),
            "{action}"
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_does_nothing() {
    let world = World::start().await;
    let address = submitted(&world.sign_in("maker@abc.example").await).await;
    let checker = world.browser("checker@abc.example").await;
    let path = format!("{address}/claim");
    let form = question(&checker, &path).await;
    let own = world.local.url().to_owned();
    for headers in [
        vec![],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
        vec![("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        vec![
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.example"),
        ],
    ] {
        let page = checker
            .post_with(&path, &fields(&form, ""), &headers)
            .await
            .expect(403);
        assert!(page.shows("reload it and press the button there"), "{headers:?}");
    }
    assert!(checker.get(&address).await.shows("Ready to Send to HKEX"));
    for headers in [
        vec![("origin", own.as_str())],
        vec![("sec-fetch-site", "same-origin")],
    ] {
        let _ = checker
            .post_with(&path, &fields(&form, ""), &headers)
            .await
            .expect(303);
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_done_once_and_a_stale_one_tells_what_happened() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let address = submitted(&maker).await;
    let (first, second) = (
        world.browser("checker@abc.example").await,
        world.browser("checker2@abc.example").await,
    );
    let path = format!("{address}/claim");
    let (own, others) = (question(&first, &path).await, question(&second, &path).await);
    let once = first.post(&path, &fields(&own, "mine")).await.expect(303);
    let twice = first.post(&path, &fields(&own, "mine")).await.expect(303);
    assert_eq!(once.location(), twice.location());
    let history = maker.get(&address.replace("/portal", "")).await;
    assert_eq!(history["history"].as_array().unwrap().len(), 3);

    let late = second
        .post(&path, &fields(&others, "what I <b>typed</b>"))
        .await
        .expect(409);
    assert!(late.shows("This request has changed") && late.shows("Claimed By D Wong on"));
    assert!(late.shows("what I &#60;b&#62;typed&#60;/b&#62;"));
    let other_words = first.post(&path, &fields(&own, "something else")).await;
    assert!(other_words.expect(412).shows("This request has changed"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_save_keeps_what_was_typed_and_loses_nothing_that_was_saved() {
    let world = World::start().await;
    let user = world.sign_in("maker@abc.example").await;
    let address = draft(&user).await;
    let maker = world.browser("maker@abc.example").await;
    let edit = format!("{address}/edit");
    let (one, two) = (question(&maker, &edit).await, question(&maker, &edit).await);
    let form = |form: &(String, String), email: &str, what: &str| {
        [
            ("tag", form.0.as_str()),
            ("key", form.1.as_str()),
            ("participantship", "HKSCC Participant (B01234)"),
            ("maintenanceRequest", "Change"),
            ("changes.0.userId", "B01234X1"),
            ("changes.0.email", email),
            ("do", what),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let send = async |sent: [(String, String); 7]| -> Page {
        let fields: Vec<(&str, &str)> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        maker.post(&edit, &fields).await
    };
    let saved = send(form(&one, "first@bank.com.hk", "save")).await.expect(303);
    assert_eq!(saved.location(), edit);
    assert!(
        maker
            .follow(&saved)
            .await
            .expect(200)
            .shows("Your draft is saved.")
    );
    let stale = send(form(&two, "second@bank.com.hk", "save")).await.expect(412);
    assert!(stale.shows("This request has changed"));
    assert!(stale.shows("first@bank.com.hk") && stale.shows("value=\"second@bank.com.hk\""));
    assert!(maker.get(&address).await.shows("first@bank.com.hk"));
    // After reading that, the maker can decide: the form that was shown has the new version's tag.
    let again = stale.form(&edit);
    let _ = send(form(&again, "second@bank.com.hk", "save")).await.expect(303);
    assert!(maker.get(&address).await.shows("second@bank.com.hk"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lacks_the_right_is_told_which() {
    let world = World::start().await;
    let nobody = world.browser("norights@abc.example").await;
    assert!(nobody.get("/").await.expect(200).shows("EU_UserMaintenance"));
    for path in [
        "/portal/tasks",
        "/portal/requests",
        "/portal/requests/new",
        "/portal/user-maintenance",
        "/portal/delegated-administrators",
        "/portal/look-up",
    ] {
        assert!(
            nobody.get(path).await.expect(403).shows("EU_UserMaintenance"),
            "{path}"
        );
    }
    let officer = world.browser("officer@exchange.example").await;
    assert!(
        officer
            .get("/portal/requests/new")
            .await
            .expect(403)
            .shows("EU_UserMaintenance")
    );
    let only = world.sign_in("only@solo.example").await;
    let mut form = form_for(1);
    form["participantship"]["id"] = "B09999".into();
    form["changes"][0]["userId"] = "B09999X1".into();
    let address = format!("/portal/requests/{}", only.create(&form).await.expect(201).id());
    let only = world.browser("only@solo.example").await;
    let path = format!("{address}/submit");
    let asked = question(&only, &path).await;
    let page = only.post(&path, &fields(&asked, "")).await.expect(409);
    assert!(page.shows("Nobody else of your company can check this request"));
    world.local.stop().await;
}
