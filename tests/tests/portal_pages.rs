//! What every page of the portal has: headers, limited weight, language, links that work, and hostile text that stays
//! text.

use std::collections::BTreeSet;

use countersign_tests::portal::{Browser, Page};
use countersign_tests::{World, form_for, seed};

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_shown_and_never_obeyed() {
    let world = World::start().await;
    let user = world.sign_in("maker@abc.example").await;
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u{202e}evil";
    let mut form = form_for(1);
    form["remarks"] = format!("{script} {}", "W".repeat(1_900)).into();
    form["contacts"][0]["name"] = script.into();
    let address = format!("/portal/requests/{}", user.create(&form).await.expect(201).id());
    let maker = world.browser("maker@abc.example").await;
    let message = format!("{script} {}", "M".repeat(1_900));
    let path = format!("{address}/submit");
    let asked = maker.get(&path).await.expect(200).form(&path);
    let edit = maker.get(&format!("{address}/edit")).await.expect(200);
    let _ = maker
        .post(
            &path,
            &[
                ("tag", asked.0.as_str()),
                ("key", &asked.1),
                ("message", &message),
            ],
        )
        .await
        .expect(303);
    let late = maker
        .post(
            &format!("{address}/discard"),
            &[("tag", asked.0.as_str()), ("key", "other")],
        )
        .await
        .expect(409);
    let search = maker
        .get("/portal/tasks?q=%3Cscript%3E%22%3E&sort=%22&state=%3Cb%3E")
        .await
        .expect(422);
    let look_up = maker
        .get("/portal/look-up?reference=%3Cscript%3Ealert(1)%3C/script%3E")
        .await
        .expect(404);
    let sign_in = maker
        .get("/sign-in?to=%22%3E%3Cscript%3E&notice=%3Cscript%3E")
        .await
        .expect(200);
    let request = maker
        .get(&format!("{address}?done=%3Cscript%3E"))
        .await
        .expect(200);
    assert!(request.shows("&#60;script&#62;alert(1)") && request.shows(&"M".repeat(1_900)));
    for page in [edit, late, search, look_up, sign_in, request] {
        assert!(!page.shows("<script>") && !page.shows("<img src=x") && !page.shows("onerror=alert(2)>\""));
        // The only script element loads the portal's own file.
        assert_eq!(page.body.matches("<script").count(), 1);
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'self';")
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_carries_its_headers_and_files_never_change_under_their_name() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    for path in [
        "/",
        "/sign-in",
        "/portal/terms",
        "/portal/tasks",
        "/portal/nowhere",
        "/portal/requests/new",
    ] {
        let page = maker.get(path).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert!(
            page.header("strict-transport-security")
                .starts_with("max-age=31536000")
        );
        assert_eq!(page.header("content-encoding"), "gzip");
        assert!(!page.shows(" style=") && !page.shows(" onclick="), "{path}");
    }
    let files = maker.get("/").await.files();
    assert_eq!(files.len(), 4, "{files:?}");
    for path in files {
        let file = maker.get(&path).await.expect(200);
        assert_eq!(
            file.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        // A font is packed already.
        if !path.contains(".woff2") {
            assert_eq!(file.header("content-encoding"), "gzip", "{path}");
        }
    }
    let _ = maker.get("/assets/portal.0000000000000000.css").await.expect(404);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_load_is_under_100_kilobytes_and_each_next_page_under_20() {
    let world = World::start().await;
    let user = world.sign_in("maker@abc.example").await;
    let mut form = form_for(1);
    let rows = (0..50).map(|n| serde_json::json!({"userId": format!("B01234Y{n}"), "email": format!("administrator.{n}@bank.com.hk")}));
    form["changes"] = rows.collect();
    seed::administrators_of(&world, &form).await;
    let address = format!("/portal/requests/{}", user.submit(&form).await.id());
    for number in 1..=9 {
        let _ = user.submit(&form_for(number)).await;
    }
    let maker = world.browser("maker@abc.example").await;
    let first = maker.get("/sign-in").await;
    let mut total = first.wire;
    for file in first.files() {
        total += maker.get(&file).await.wire;
    }
    assert!(total <= 100_000, "{total}");
    for path in [
        "/",
        "/portal/tasks",
        "/portal/requests",
        "/portal/requests/new",
        "/portal/delegated-administrators",
        &address,
        &format!("{address}/clone"),
    ] {
        let page = maker.get(path).await.expect(200);
        assert!(page.wire <= 20_000, "{path}: {}", page.wire);
        println!("{path}: {} octets", page.wire);
    }
    println!("first load: {total} octets");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_chosen_by_the_browser_or_the_person_and_stays_chosen() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    assert!(maker.get("/").await.shows("<html lang=\"en\">"));
    let chosen = maker
        .post(
            "/portal/language",
            &[("language", "zh-Hant-HK"), ("back", "/portal/tasks")],
        )
        .await
        .expect(303);
    assert_eq!(chosen.location(), "/portal/tasks");
    let language = chosen.cookie("language").unwrap();
    let maker = maker.with_cookie(&format!("language={language}"));
    let tasks = maker.get("/portal/tasks").await.expect(200);
    assert!(tasks.shows("<html lang=\"zh-Hant-HK\">") && tasks.shows("待辦事項"));
    // What somebody searched for is no address, whatever it reads like.
    let searched = "/portal/requests?q=a//b";
    let page = maker.get(searched).await.expect(200);
    assert_eq!(page.field_after("action=\"/portal/language\"", "back"), searched);
    let back = [("language", "en"), ("back", searched)];
    assert_eq!(maker.post("/portal/language", &back).await.location(), searched);
    let elsewhere = maker
        .post(
            "/portal/language",
            &[("language", "en"), ("back", "//evil.example")],
        )
        .await
        .expect(303);
    assert_eq!(elsewhere.location(), "/");
    let _ = maker
        .post("/portal/language", &[("language", "xx"), ("back", "/")])
        .await
        .expect(400);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_event_is_answered_with_the_sign_in_page_in_the_cookies_language() {
    let world = World::start().await;
    let event = serde_json::from_str(include_str!("../../events/portal.json")).unwrap();
    let answer = world.local.invoke("portal", event).await.unwrap();
    assert_eq!(
        (&answer["statusCode"], &answer["isBase64Encoded"]),
        (&200.into(), &true.into())
    );
    assert_eq!(answer["headers"]["content-language"], "zh-Hant-HK");
    assert_eq!(answer["headers"]["content-encoding"], "gzip");
    world.local.stop().await;
}

/// The addresses of this site in this attribute of all elements that start like this.
fn addresses(page: &Page, opening: &str, attribute: &str) -> BTreeSet<String> {
    let elements = page.body.split(opening).skip(1);
    let opened = elements.filter_map(|rest| rest.split('>').next());
    let values = opened.filter_map(|tag| tag.split(attribute).nth(1)?.split('"').next());
    values
        .filter(|address| address.starts_with('/') && !address.starts_with("/assets/"))
        .map(|address| {
            address
                .split('#')
                .next()
                .unwrap_or_default()
                .replace("&#38;", "&")
        })
        .collect()
}

/// Opens every page that can be reached from the home page, and sends every form there empty.
async fn follow_everything(browser: &Browser) -> BTreeSet<String> {
    let (mut seen, mut sent) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec!["/".to_owned()];
    while let Some(address) = open.pop() {
        if !seen.insert(address.clone()) {
            continue;
        }
        let page = browser.get(&address).await;
        assert!(matches!(page.status, 200 | 303), "{address}: {}", page.status);
        open.extend(addresses(&page, "<a ", "href=\""));
        open.extend(addresses(&page, "<form class=\"tools", "action=\""));
        for action in addresses(&page, "<form method=\"post\"", "action=\"") {
            if sent.insert(action.clone()) {
                let page = browser.post(&action, &[]).await;
                assert!(
                    page.status < 500 && page.status != 404,
                    "{action}: {}",
                    page.status
                );
            }
        }
    }
    seen.extend(sent);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_and_every_form_leads_somewhere() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let _ = maker.create(&form_for(1)).await.expect(201);
    let _ = maker.submit(&form_for(2)).await;
    for (user, places) in [
        (
            "maker@abc.example",
            vec!["/portal/requests/new", "/portal/terms", "/portal/requests"],
        ),
        ("checker@abc.example", vec!["/portal/tasks"]),
        (
            "officer@exchange.example",
            vec!["/portal/look-up", "/portal/delegated-administrators"],
        ),
    ] {
        let seen = follow_everything(&world.browser(user).await).await;
        for place in places {
            assert!(seen.contains(place), "{user} never came to {place}: {seen:#?}");
        }
    }
    world.local.stop().await;
}
