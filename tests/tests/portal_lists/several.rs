//! Several at once, and the navigation's count.

use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::Cast;
use countersign_tests::portal::Page;

use super::{CHECKER, MAKER, OFFICER, reference, rows};

/// The count of the navigation.
fn badge(page: &Page) -> String {
    let rest = page.body.split("Waiting: </span>").nth(1).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().to_owned()
}

/// The values of the boxes of a page's rows.
fn boxes(page: &Page) -> Vec<String> {
    let boxes = page.body.split("name=\"pick\" value=\"").skip(1);
    boxes
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_claimed_at_once_and_what_became_of_each_is_told() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut ready = Vec::new();
    for number in 1..=3 {
        ready.push(cast.request_in(StateName::ReadyToSend, number).await);
    }
    let checker = world.browser(CHECKER).await;
    let page = checker.get("/portal/tasks?sort=details").await.expect(200);
    let (picked, key) = (boxes(&page), page.field_after("data-picks", "key"));
    assert_eq!(picked.len(), 3);
    // Someone else is faster with the second one.
    let _ = cast.checker2.act(&ready[1], "claim").await;
    let mut fields = vec![("key", key.as_str()), ("do", "claim")];
    fields.extend(picked.iter().map(|value| ("pick", value.as_str())));
    for _ in 0..2 {
        // Sent twice, it says the same and claims nothing twice.
        let told = checker
            .post("/portal/tasks?sort=details", &fields)
            .await
            .expect(200);
        assert!(told.shows("2 of 3 claimed"), "{}", told.body);
        let lost = format!("{}</a>: ", reference(&ready[1]));
        assert!(told.shows(&lost), "{lost}: {}", told.body);
        // The two that are theirs now could be confirmed.
        assert_eq!(boxes(&told).len(), 2);
        assert!(told.shows("Confirm selected") && !told.shows("Claim selected"));
        assert_eq!(rows(&told).len(), 3);
    }
    for (request, version) in [(&ready[0], 3), (&ready[1], 3), (&ready[2], 3)] {
        assert_eq!(cast.checker.read(&request.id()).await["version"], version);
    }
    let nothing = checker
        .post("/portal/tasks", &[("key", "k"), ("do", "claim")])
        .await
        .expect(200);
    assert!(nothing.shows("Nothing was selected."));
    for bad in ["", "x", "x y"] {
        let _ = checker
            .post("/portal/tasks", &[("key", "k"), ("do", "claim"), ("pick", bad)])
            .await
            .expect(400);
    }
    // Nobody may pick what they wrote.
    let maker = world.browser(MAKER).await;
    let _ = cast.request_in(StateName::ReadyToSend, 4).await;
    let page = maker.get("/portal/tasks").await.expect(200);
    assert_eq!((rows(&page).len(), boxes(&page).len()), (4, 0));
    let other = checker.get("/portal/tasks").await.expect(200);
    let forced = [("key", "k"), ("do", "claim"), ("pick", &boxes(&other)[0])];
    let told = maker.post("/portal/tasks", &forced).await.expect(200);
    assert!(told.shows("0 of 1 claimed") && told.shows("You made or edited this request"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_confirmed_at_once_only_if_each_was_opened_at_that_version() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut claimed = Vec::new();
    for number in 1..=3 {
        claimed.push(cast.request_in(StateName::Claimed, number).await);
    }
    let checker = world.browser(CHECKER).await;
    // The first is opened as it is, the second as it was before, the third never.
    let _ = checker
        .get(&format!("/portal/requests/{}", claimed[0].id()))
        .await
        .expect(200);
    let _ = checker
        .get(&format!("/portal/requests/{}", claimed[1].id()))
        .await
        .expect(200);
    let released = cast.checker.act(&claimed[1], "release").await;
    let _ = cast.checker.act(&released, "claim").await;
    let page = checker.get("/portal/tasks").await.expect(200);
    let picked = boxes(&page);
    assert_eq!(picked.len(), 3);
    let mut fields = vec![("key", "k"), ("do", "confirm")];
    fields.extend(picked.iter().map(|value| ("pick", value.as_str())));
    let told = checker.post("/portal/tasks", &fields).await.expect(200);
    assert!(told.shows("1 of 3 confirmed"), "{}", told.body);
    assert_eq!(told.body.matches("you have not opened this version").count(), 2);
    for (request, state) in claimed.iter().zip(["Sent", "Claimed", "Claimed"]) {
        assert_eq!(cast.checker.read(&request.id()).await["state"], state);
    }
    // Opened now, they can be.
    for request in &claimed[1..] {
        let _ = checker
            .get(&format!("/portal/requests/{}", request.id()))
            .await
            .expect(200);
    }
    let told = checker.post("/portal/tasks", &fields).await.expect(200);
    assert!(
        told.shows("3 of 3 confirmed") || told.shows("2 of 3 confirmed"),
        "{}",
        told.body
    );
    assert!(rows(&told).is_empty());
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_navigation_counts_what_the_reader_can_do() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for (number, state) in [
        (1, StateName::ReadyToSend),
        (2, StateName::ReadyToSend),
        (3, StateName::Claimed),
        (4, StateName::Sent),
        (5, StateName::Draft),
    ] {
        let _ = cast.request_in(state, number).await;
    }
    for (person, expected) in [
        // Everything on the desk is theirs to check by another.
        (MAKER, ""),
        // Two to claim, one that they hold.
        (CHECKER, "3"),
        // Two to claim; the third is with a colleague.
        ("checker2@abc.example", "2"),
        (OFFICER, "1"),
    ] {
        let page = world.browser(person).await.get("/portal/terms").await;
        let page = if page.shows("Waiting: ") {
            page
        } else {
            world.browser(person).await.get("/portal/tasks").await
        };
        assert_eq!(badge(&page), expected, "{person}");
    }
    world.local.stop().await;
}
