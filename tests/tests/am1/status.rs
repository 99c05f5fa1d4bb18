//! What AM 1's requests are said to wait for: the company's own check, never the exchange.

use countersign_tests::portal::Page;

use super::{CHECKER, CHECKER2, MAKER, Scene, change};

/// The text of a page's tags about the status.
fn statuses(page: &Page) -> Vec<&str> {
    let tags = page.body.split("<strong class=\"tag").skip(1);
    let texts = tags.filter_map(|rest| rest.split_once('>'));
    texts
        .filter_map(|(_, text)| text.trim_start_matches("<bdi>").split('<').next())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_at_the_company_waits_to_be_checked_and_not_to_be_sent_to_the_exchange() {
    let scene = Scene::set().await;
    let submitted = scene.maker.submit(&change(CHECKER2, "SeeOnly", "No")).await;
    assert_eq!(submitted["status"], "Ready to Check");
    let read = scene.maker.read(&submitted.id()).await;
    assert_eq!(read["status"], "Ready to Check");
    assert_eq!(read["history"][1]["status"], "Ready to Check");
    let tasks = scene.checker.get("/tasks").await.expect(200);
    assert_eq!(tasks["items"][0]["jobStatus"], "Ready to Check");
    let found = scene.maker.get("/requests?q=ready+to+check").await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let refused = scene.maker.attempt(&submitted, "submit").await;
    let detail = refused.refused(409, "not-possible")["detail"].to_string();
    assert!(detail.contains("Ready to Check."), "{detail}");

    let request = format!("/portal/requests/{}", submitted.id());
    for (tag, status, done) in [
        ("en", "Ready to Check", "Submitted: Ready to Check"),
        ("zh-Hant-HK", "待覆核", "已提交：待覆核"),
    ] {
        let checker = scene.world.browser(CHECKER).await;
        let checker = checker.with_cookie(&format!("language={tag}"));
        let page = checker.get(&request).await.expect(200);
        assert!(page.shows(done), "{}", page.body);
        assert!(!page.shows("HKEX</bdi>"), "{}", page.body);
        for list in ["/", "/portal/tasks", "/portal/tasks?q=HKEX"] {
            let shown = checker.get(list).await.expect(200);
            let is_found = !list.contains("HKEX");
            assert_eq!(
                statuses(&shown).contains(&status),
                is_found,
                "{list}: {}",
                shown.body
            );
        }
        let csv = checker.get("/portal/tasks.csv").await.expect(200);
        assert!(csv.shows(status) && !csv.shows("HKEX"), "{}", csv.body);
        // The filter's text stands for requests of every eService.
        let general = if tag == "en" {
            "Ready to Send to HKEX"
        } else {
            "待發送至 HKEX"
        };
        assert!(
            checker
                .get("/portal/tasks")
                .await
                .shows(&format!(">{general}</option>"))
        );
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_none_is_told_to_people_by_labels_and_to_programs_by_values() {
    let scene = Scene::set().await;
    let form = change(CHECKER2, "Everything", "No");
    let refused = scene.maker.create(&form).await.expect(422);
    let detail = refused["errors"][0]["detail"].to_string();
    assert!(
        detail.contains("Choose one of: MakeAndCheck, SeeOnly"),
        "{detail}"
    );
    let sent = [
        ("key", "k"),
        ("eService", "AM1"),
        ("maintenanceRequest", "Change"),
        ("access", "Everything"),
        ("do", "save"),
    ];
    for (tag, wrong, right) in [
        (
            "en",
            "MakeAndCheck, SeeOnly",
            "Choose one of: Makes and checks, Sees only",
        ),
        (
            "zh-Hant-HK",
            "MakeAndCheck、SeeOnly",
            "請選擇其中一項：填報及覆核、只可查閱",
        ),
    ] {
        let maker = scene.world.browser(MAKER).await;
        let maker = maker.with_cookie(&format!("language={tag}"));
        let page = maker.post("/portal/requests/new", &sent).await.expect(422);
        assert!(page.shows(right) && !page.shows(wrong), "{}", page.body);
    }
    scene.world.local.stop().await;
}
