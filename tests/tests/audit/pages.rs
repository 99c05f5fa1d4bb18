//! The audit's page.

use std::collections::BTreeSet;

use super::*;

const MAKER: &str = "maker@abc.example";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_goes_on_until_every_entry_was_shown_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut draft = cast.request_in(StateName::Draft, 1).await;
    for second in 0..59 {
        world.at(&format!("2023-02-07T10:50:{second:02}+08:00"));
        let call = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
        draft = call.json(&form_for(1)).send().await.expect(200);
    }
    let browser = world.browser(MAKER).await;
    let (mut path, mut sizes, mut times) = ("/portal/audit".to_owned(), Vec::new(), BTreeSet::new());
    loop {
        let page = browser.get(&path).await.expect(200);
        let shown: Vec<&str> = page
            .body
            .match_indices("07-Feb-2023 10")
            .map(|(at, _)| &page.body[at..at + 20])
            .collect();
        sizes.push(shown.len());
        times.extend(shown.into_iter().map(str::to_owned));
        let Some((_, rest)) = page.body.split_once("rel=\"next\" href=\"") else {
            break;
        };
        path = rest
            .split('"')
            .next()
            .unwrap()
            .replace("&amp;", "&")
            .replace("&#38;", "&");
    }
    assert_eq!((sizes, times.len()), (vec![50, 10], 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_text_on_the_page_and_the_page_is_in_both_languages() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    let typed = "<script>alert(1)</script>";
    let _ = cast.checker.act_saying(&ready, "claim", typed).await.expect(200);
    for (language, title) in [("en", "Audit"), ("zh-Hant-HK", "審計")] {
        let browser = world.browser(MAKER).await;
        let browser = browser.with_cookie(&format!("language={language}"));
        let page = browser.get("/portal/audit").await.expect(200);
        assert!(page.shows(&format!("<h1>{title}</h1>")), "{}", page.body);
        assert!(page.shows("href=\"/portal/audit\" aria-current=\"page\""));
        assert!(!page.body.contains(typed) && page.body.contains("alert(1)"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_keeps_what_was_asked_for_in_its_fields_and_its_files() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    assert_eq!(cast.maker.act(&ready, "claim").await.status, 403);
    let browser = world.browser(MAKER).await;
    let query = "kind=refused&action=claim&from=2023-02-07";
    let page = browser.get(&format!("/portal/audit?{query}")).await.expect(200);
    assert!(page.shows("<option value=\"refused\" selected>"));
    assert!(page.shows("value=\"2023-02-07\""));
    assert!(page.shows("made or edited it"));
    for (ending, kind) in [("csv", "text/csv"), ("jsonl", "application/jsonl")] {
        let path = format!("/portal/audit.{ending}?{query}");
        let link = path.replace('&', "&#38;");
        assert!(page.shows(&format!("href=\"{link}\"")), "{}", page.body);
        let file = browser.get(&path).await.expect(200);
        let content_type = file.headers["content-type"].to_str().unwrap();
        assert!(content_type.starts_with(kind), "{content_type}");
        assert!(file.shows("own-request"));
        // A program gets the whole request, a person the entry.
        assert_eq!(file.shows("submit"), ending == "jsonl");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_cannot_be_read_is_told_at_its_field_and_a_strange_place_leads_nowhere() {
    let world = World::start().await;
    let browser = world.browser(MAKER).await;
    for query in ["kind=x", "reference=x", "from=x", "from=2023-02-08&to=2023-02-07"] {
        let page = browser.get(&format!("/portal/audit?{query}")).await.expect(422);
        let name = if query.contains("to=") {
            "to"
        } else {
            query.split('=').next().unwrap()
        };
        assert!(
            page.shows(&format!("id=\"{name}-error\"")),
            "{query}: {}",
            page.body
        );
        let _ = browser
            .get(&format!("/portal/audit.csv?{query}"))
            .await
            .expect(400);
    }
    let _ = browser.get("/portal/audit?cursor=x").await.expect(404);
    let norights = world.browser("norights@abc.example").await;
    let _ = norights.get("/portal/audit").await.expect(403);
}
