//! Walks the portal's pages so that each kind of call to the table is made once.

use countersign_tests::cast::SECOND_CHECKER;
use countersign_tests::portal::{Browser, NEW_FORM, Page, guideline_fields};
use countersign_tests::stage::Stage;

/// Makes a draft for a User ID and sends it twice, like an impatient user; the second call looks up the first answer.
async fn draft(maker: &Browser, user_id: &str) -> Page {
    let (tag, key) = maker.get(NEW_FORM).await.expect(200).form(NEW_FORM);
    let mut fields = guideline_fields(&tag, &key, "preview");
    for (name, value) in &mut fields {
        if *name == "changes.0.userId" {
            *value = user_id;
        }
    }
    let first = maker.submit(NEW_FORM, &fields).await;
    let again = maker.submit(NEW_FORM, &fields).await;
    assert_eq!(first.request(), again.request());
    first
}

/// Saves a draft again, with other remarks.
async fn edit(maker: &Browser, page: &Page) -> Page {
    let path = format!("{}/edit", page.request());
    let (tag, key) = maker.get(&path).await.expect(200).form(&path);
    let mut fields = guideline_fields(&tag, &key, "preview");
    for (name, value) in &mut fields {
        match *name {
            "changes.0.userId" => *value = "B01234X8",
            "remarks" => *value = "Changed.",
            _ => {}
        }
    }
    maker.submit(&path, &fields).await
}

/// Hands a claim over to the second checker.
async fn hand_over(checker: &Browser, page: &Page) -> Page {
    let path = format!("{}/hand-over", page.request());
    let (tag, key) = checker.get(&path).await.expect(200).form(&path);
    let fields = [
        ("tag", tag.as_str()),
        ("key", key.as_str()),
        ("colleague", SECOND_CHECKER),
    ];
    checker.submit(&path, &fields).await
}

/// From a draft to the register, with every step that the pages offer. One lock is taken over on the way.
async fn every_step(maker: &Browser, [checker, checker2]: [&Browser; 2], officer: &Browser) {
    let blocking = draft(maker, "B01234X8").await;
    let submitted = maker.take(&blocking, "submit", "Please check.").await;
    let reclaimed = maker.take(&submitted, "reclaim", "").await;
    let page = draft(maker, "B01234X8").await;
    let page = maker.take(&page, "submit", "").await;
    let address = page.request();
    let page = checker.take(&checker.get(&address).await, "claim", "").await;
    let page = checker.take(&page, "release", "").await;
    let page = checker.take(&page, "claim", "").await;
    let page = hand_over(checker, &page).await;
    let page = checker2
        .take(
            &checker2.get(&page.request()).await,
            "return",
            "The address is wrong.",
        )
        .await;
    assert!(page.shows("Draft"));
    let page = edit(maker, &maker.get(&address).await).await;
    let page = maker.take(&page, "submit", "").await;
    let page = checker
        .take(&checker.get(&page.request()).await, "claim", "")
        .await;
    // To compare, the page reads the earlier version of the form.
    assert!(page.shows("What changed since you last looked"));
    let page = checker.take(&page, "confirm", "").await;
    let page = checker.take(&page, "reclaim", "").await;
    let _ = checker.take(&page, "confirm", "").await;
    let page = officer.take(&officer.get(&address).await, "claim", "").await;
    let page = officer.take(&page, "complete", "").await;
    assert!(page.shows("Completed"));
    let clone = maker.take(&reclaimed, "clone", "").await;
    let discarded = maker.take(&clone, "discard", "").await;
    assert!(discarded.shows("Discarded"));
}

pub(crate) async fn walk(stage: &Stage) {
    let maker = stage.world.browser("maker@abc.example").await;
    let checker = stage.world.browser("checker@abc.example").await;
    let officer = stage.world.browser("officer@exchange.example").await;
    let checker2 = stage.world.browser("checker2@abc.example").await;
    every_step(&maker, [&checker, &checker2], &officer).await;
    for browser in [&maker, &officer] {
        for path in [
            "/",
            "/portal/tasks",
            "/portal/tasks?q=B01234X1&eservice=DA3&sort=-updated",
            "/portal/tasks?q=DA3_00013361",
            "/portal/tasks.csv",
            "/portal/delegated-administrators?participant=B01234",
            "/portal/readiness",
            "/portal/readiness?company=abc",
            "/portal/readiness.csv",
            "/portal/company",
            "/portal/audit",
            "/portal/audit.csv",
            "/portal/audit.jsonl",
        ] {
            let _ = browser.get(path).await.expect(200);
        }
    }
    for path in [
        "/portal/requests",
        "/portal/requests?maker=all",
        "/portal/user-maintenance",
    ] {
        let _ = maker.get(path).await.expect(200);
    }
    let reference = "/portal/look-up?reference=DA3_00013361";
    let _ = officer.get(reference).await;
    let _ = officer
        .get("/portal/look-up?reference=DA3_99999999")
        .await
        .expect(404);
    let language = [("language", "zh-Hant-HK"), ("back", "/")];
    let _ = maker.post("/portal/language", &language).await.expect(303);
}
