//! The review of a request: its rows beside the register, its facts, and its steps.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::portal::Page;
use countersign_tests::{World, form_for, seed};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_row_stands_beside_what_the_register_has_today() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let mut form = form_for(1);
    let known = form["changes"][0].clone();
    form["changes"] = json!([known, {"userId": "B01234ZZ", "email": "new@bank.com.hk"}]);
    let draft = cast.maker.create(&form).await.expect(201);
    let maker = world.browser("maker@abc.example").await;
    let page = maker
        .get(&format!("/portal/requests/{}", draft.id()))
        .await
        .expect(200);
    for shown in [
        "Registered today",
        "1 to look at",
        ">New<",
        ">Unknown User ID<",
        ">No address yet<",
    ] {
        assert!(page.shows(shown), "{shown}: {}", page.body);
    }
    // What the columns say is not said again beside the User ID.
    assert!(!page.shows("In the register") && !page.shows("Not in the register"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_changes_nothing_or_has_a_doubtful_address_is_marked() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    // Its address is in the register now.
    let _ = cast.request_in(StateName::Completed, 1).await;
    seed::administrators_of(&world, &form_for(2)).await;
    let known = form_for(1)["changes"][0].clone();
    let mut form = form_for(2);
    form["changes"][0]["email"] = "da@b\u{430}nk.example".into();
    let doubtful = form["changes"][0].clone();
    form["changes"] = json!([known, doubtful]);
    let draft = cast.maker.create(&form).await.expect(201);
    let maker = world.browser("maker@abc.example").await;
    let page = maker
        .get(&format!("/portal/requests/{}", draft.id()))
        .await
        .expect(200);
    for shown in [">Unchanged<", ">Look-alike<", ">Not ASCII<", "2 to look at"] {
        assert!(page.shows(shown), "{shown}: {}", page.body);
    }
    world.local.stop().await;
}

/// Whether a text stands where it is seen without opening anything.
fn is_open(page: &Page, text: &str) -> bool {
    let Some(place) = page.body.find(text) else {
        return false;
    };
    let before = &page.body[..place];
    before.matches("<details").count() == before.matches("</details>").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_facts_and_the_newest_message_are_never_folded_and_each_step_has_its_place() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let ready = cast
        .maker
        .act_saying(&draft, "submit", "Please check before noon.")
        .await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let path = format!("/portal/requests/{}", claimed.id());
    let checker = world.browser("checker@abc.example").await;
    let page = checker.get(&path).await.expect(200);
    for fact in [
        "Status:",
        "Maker:",
        "Deadline:",
        "Version:",
        "Form hash:",
        "Please check before noon.",
    ] {
        assert!(is_open(&page, fact), "{fact}: {}", page.body);
    }
    let bar = page.body.split("class=\"sticky\"").nth(1).unwrap();
    let bar = bar.split("<dl").next().unwrap();
    let menu = bar.split("<details class=\"menu\">").nth(1).unwrap();
    let menu = menu.split("</details>").next().unwrap();
    let leads_to = |part: &str, step: &str| part.contains(&format!("href=\"{path}/{step}\""));
    for step in ["release", "return"] {
        assert!(leads_to(menu, step), "{step}: {menu}");
    }
    assert!(leads_to(bar, "clone") && !leads_to(menu, "clone"));
    assert_eq!(bar.matches("btn primary").count(), 1, "{bar}");
    assert!(leads_to(bar.split("btn primary").nth(1).unwrap(), "confirm"));
    world.local.stop().await;
}
