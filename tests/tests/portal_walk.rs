//! The guideline's walk, steps a to o, in two browsers without script.

use countersign_tests::World;
use countersign_tests::portal::{Browser, NEW_FORM as NEW, Page, guideline_fields as form};

/// Steps b to g: finds the form in the catalogue, fills it in with detours, and previews it.
async fn filled_in(maker: &Browser) -> Page {
    // Steps b to d: navigation, catalogue, form.
    let home = maker.get("/").await.expect(200);
    assert!(home.shows("Participant Management") && home.shows("/portal/user-maintenance"));
    let catalogue = maker.get("/portal/user-maintenance").await.expect(200);
    for label in [
        "Classification",
        "User Maintenance CC",
        "SCard2",
        "SCard1",
        "SCard3",
        "DA 3",
        "href=\"/portal/requests/new?form=SCard1\"",
    ] {
        assert!(catalogue.shows(label), "{label}");
    }
    let blank = maker.get(NEW).await.expect(200);
    for label in [
        "HKSCC Participant (B01234)",
        "HKCC Participant (CXYZ)",
        "SEOCH Participant (CXYZ)",
        "+ Request",
        "+ Contact person",
        "value=\"29797111\"",
    ] {
        assert!(blank.shows(label), "{label}");
    }

    // Steps e to g: adds and removes a row, makes a mistake, then previews.
    let (tag, key) = blank.form(NEW);
    let more = maker
        .post(NEW, &form(&tag, &key, "add-changes"))
        .await
        .expect(200);
    assert!(more.shows("changes-1-userId") && more.shows("value=\"B01234X1\""));
    let less = maker
        .post(NEW, &form(&tag, &key, "remove-contacts-0"))
        .await
        .expect(200);
    assert!(!less.shows("value=\"29797111\""));
    let mut bad = form(&tag, &key, "preview");
    bad[5].1 = "not <an> address";
    let bad = maker.post(NEW, &bad).await.expect(422);
    assert!(
        bad.shows("href=\"#changes-0-email\"") && bad.shows("value=\"not &#60;an&#62; address\""),
        "{}",
        bad.body
    );
    maker.submit(NEW, &form(&tag, &key, "preview")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guidelines_walk_works_without_script() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    let preview = filled_in(&maker).await;
    let address = preview.request();
    for button in ["discard", "edit", "submit", "clone"] {
        assert!(preview.shows(&format!("href=\"{address}/{button}\"")), "{button}");
    }

    // Steps h and i.
    let ready = maker.take(&preview, "submit", "Please check before noon.").await;
    assert!(
        ready.shows("DA3_00013361")
            && ready.shows("Ready to Send to HKEX")
            && ready.shows("07-Feb-2023 10:43 HKT")
    );
    assert!(
        ready.shows(&format!("href=\"{address}/reclaim\""))
            && ready.shows(&format!("href=\"{address}/clone\""))
    );

    // Steps k to n.
    let checker = world.browser("checker@abc.example").await;
    let tasks = checker.get("/portal/tasks").await.expect(200);
    assert!(tasks.shows(">DA3_00013361</a>"));
    assert!(tasks.shows(">CCASS/ CCMS Delegated Administrator Application/ Maintenance Form</span>"));
    assert!(
        tasks.shows("07-Feb-2023") && tasks.shows("<bdi>ABC Company</bdi>") && tasks.shows(">B01234</span>")
    );
    world.at("2023-02-07T10:45:00+08:00");
    let open = checker.get(&address).await.expect(200);
    assert!(open.shows("Please check before noon."));
    let claimed = checker.take(&open, "claim", "").await;
    assert!(claimed.shows("Claimed By D Wong on 07-Feb-2023 10:45 HKT"));
    let sent = checker.take(&claimed, "confirm", "").await;
    assert!(sent.shows("Sent to HKEX") && sent.shows(&format!("href=\"{address}/reclaim\"")));

    // The exchange completes it. Then step o.
    let officer = world.browser("officer@exchange.example").await;
    let found = officer
        .get("/portal/look-up?reference=DA3_00013361")
        .await
        .expect(303);
    assert_eq!(found.location(), address);
    let desk = officer.get(&address).await.expect(200);
    let processing = officer.take(&desk, "claim", "").await;
    let completed = officer.take(&processing, "complete", "").await;
    assert!(completed.shows("Completed"));
    let listing = maker.get("/portal/delegated-administrators").await.expect(200);
    assert!(listing.shows("ABC@bank.com.hk") && listing.shows("Ready") && listing.shows("No e-mail address"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_sees_what_changed_since_the_version_before() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    let checker = world.browser("checker@abc.example").await;
    let (tag, key) = maker.get(NEW).await.form(NEW);
    let preview = maker.submit(NEW, &form(&tag, &key, "preview")).await;
    let address = preview.request();
    let ready = maker.take(&preview, "submit", "").await;
    assert!(!ready.shows("What changed"));
    let claimed = checker.take(&checker.get(&address).await, "claim", "").await;
    let unsaid = checker
        .get(&format!("{address}/return"))
        .await
        .expect(200)
        .form(&format!("{address}/return"));
    let refused = checker
        .post(
            &format!("{address}/return"),
            &[("tag", &unsaid.0), ("key", &unsaid.1), ("message", " ")],
        )
        .await
        .expect(422);
    assert!(refused.shows("Say why in a message"));
    let _ = checker.take(&claimed, "return", "The address is wrong.").await;
    let edit = format!("{address}/edit");
    let (tag, key) = maker.get(&edit).await.expect(200).form(&edit);
    let mut changed = form(&tag, &key, "preview");
    changed[5].1 = "DEF@bank.com.hk";
    let again = maker.submit(&edit, &changed).await;
    let _ = maker.take(&again, "submit", "").await;
    let review = checker.get(&address).await.expect(200);
    assert!(review.shows("What changed since you last looked"));
    assert!(review.shows("<del class=\"typed\" dir=\"auto\">ABC@bank.com.hk</del>"));
    assert!(review.shows("<ins class=\"typed\" dir=\"auto\">DEF@bank.com.hk</ins>"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_csv_become_rows_or_each_line_is_told() {
    let world = World::start().await;
    let maker = world.browser("maker@abc.example").await;
    let (tag, key) = maker.get(NEW).await.form(NEW);
    let mut lines = form(&tag, &key, "import-changes");
    let good: Vec<String> = (10..59).map(|n| format!("B01234X{n},a{n}@bank.com.hk")).collect();
    let good = good.join(
        "
",
    );
    lines.push(("lines.changes", &good));
    let page = maker.post(NEW, &lines).await.expect(200);
    assert!(page.shows("changes-49-email") && page.shows("a58@bank.com.hk"));
    lines.pop();
    lines.push((
        "lines.changes",
        "B01234X10,a@bank.com.hk\nB01234X11\nX,b@bank.com.hk",
    ));
    let page = maker.post(NEW, &lines).await.expect(422);
    assert!(page.shows("Line 2: ") && page.shows("Line 3: ") && !page.shows("Line 1: "));
    assert!(!page.shows("changes-1-email") && page.shows("B01234X10,a@bank.com.hk\nB01234X11"));

    // Lines that were pasted but not added are not lost, and not saved with their faults.
    for button in ["save", "preview"] {
        let mut lines = form(&tag, &key, button);
        lines.push(("lines.changes", "B01234X10,a@bank.com.hk\nB01234X11"));
        let page = maker.post(NEW, &lines).await.expect(422);
        assert!(page.shows("Line 2: ") && page.shows("B01234X10,a@bank.com.hk\nB01234X11"));
    }
    let mut lines = form(&tag, &key, "preview");
    lines.push(("lines.changes", "B01234X10,a@bank.com.hk"));
    let page = maker.submit(NEW, &lines).await;
    assert!(page.shows("ABC@bank.com.hk") && page.shows("B01234X10"));

    // A column that the form does not have is reported before anything is saved without it.
    let (tag, key) = maker.get(NEW).await.form(NEW);
    let mut lines = form(&tag, &key, "save");
    lines.push((
        "lines.changes",
        "Email,Desk,User ID\na@bank.com.hk,1,B01234X10\n,,\n",
    ));
    let page = maker.post(NEW, &lines).await.expect(200);
    assert!(page.shows("left out: <bdi>Desk</bdi>") && page.shows("value=\"B01234X10\""));
    world.local.stop().await;
}
