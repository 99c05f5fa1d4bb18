//! The desk: home as the work of whoever signs in, the review beside the register, and the way to the next request.

use countersign_tests::cast::Cast;
use countersign_tests::portal::Page;
use countersign_tests::{World, form_for, seed};

/// What stands in the section with this ID.
fn section<'a>(page: &'a Page, id: &str) -> &'a str {
    let start = format!("aria-labelledby=\"s-{id}\"");
    let rest = page.body.split(&start).nth(1).unwrap_or_default();
    rest.split("</section>").next().unwrap_or_default()
}

/// The tag and the key in the form for a step.
fn question(page: &Page, path: &str) -> [(&'static str, String); 2] {
    let (tag, key) = page.form(path);
    [("tag", tag), ("key", key)]
}

#[tokio::test(flavor = "multi_thread")]
async fn home_lists_what_came_back_with_the_reason_and_what_waits_for_whom() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for number in 1..=3 {
        seed::administrators_of(&world, &form_for(number)).await;
    }
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let ready = cast.maker.submit(&form_for(2)).await;
    let returned = cast.maker.submit(&form_for(3)).await;
    let claimed = cast.checker.act(&returned, "claim").await.expect(200);
    let reason = "The address is not ours.";
    let _ = cast
        .checker
        .act_saying(&claimed, "return", reason)
        .await
        .expect(200);
    let (waits, back) = (
        ready["reference"].as_str().unwrap(),
        returned["reference"].as_str().unwrap(),
    );

    let maker = world
        .browser("maker@abc.example")
        .await
        .get("/")
        .await
        .expect(200);
    assert!(section(&maker, "returned").contains(reason) && section(&maker, "returned").contains(back));
    assert!(section(&maker, "drafts").contains(&draft.id()) && !section(&maker, "drafts").contains(back));
    assert!(section(&maker, "waiting").contains(waits));
    assert!(section(&maker, "check").contains("Nothing waits to be checked"));
    // The administrator of each form is in the register without an address.
    assert!(section(&maker, "not-ready").contains("/portal/requests/new?user="));

    let checker = world.browser("checker@abc.example").await;
    let home = checker.get("/").await.expect(200);
    assert!(section(&home, "check").contains(waits) && !section(&home, "check").contains(back));
    // Claiming at home is one click, and leads to the request.
    let path = format!("/portal/requests/{}/claim", ready.id());
    let [tag, key] = question(&home, &path);
    let page = checker.submit(&path, &[(tag.0, &tag.1), (key.0, &key.1)]).await;
    assert!(page.shows("Claimed By D Wong on"));
    let home = checker.get("/").await.expect(200);
    assert!(section(&home, "claimed").contains(waits) && section(&home, "claimed").contains("Claim ends:"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_leads_on_to_the_next_request_and_the_page_there_says_what_was_done() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for number in 1..=2 {
        seed::administrators_of(&world, &form_for(number)).await;
    }
    let first = cast.maker.submit(&form_for(1)).await;
    let second = cast.maker.submit(&form_for(2)).await;
    let checker = world.browser("checker@abc.example").await;
    let mut next = format!("/portal/requests/{}", first.id());
    for (decided, then) in [(&first, Some(&second)), (&second, None)] {
        let claimed = checker.take(&checker.get(&next).await, "claim", "").await;
        let path = format!("/portal/requests/{}/confirm", decided.id());
        let [tag, key] = question(&claimed, &path);
        let page = checker
            .submit(
                &path,
                &[(tag.0, &tag.1), (key.0, &key.1), ("message", ""), ("next", "yes")],
            )
            .await;
        let said = format!("{}: Confirmed.", decided["reference"].as_str().unwrap());
        assert!(page.shows(&said), "{}", page.body);
        match then {
            Some(then) => assert!(page.shows(then["reference"].as_str().unwrap())),
            None => assert!(page.shows("Nothing else waits for you.")),
        }
        next = format!("/portal/requests/{}", second.id());
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_stands_beside_what_the_register_has_today() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let mut form = form_for(1);
    let known = form["changes"][0].clone();
    form["changes"] = serde_json::json!([known, {"userId": "B01234ZZ", "email": "new@bank.com.hk"}]);
    let draft = cast.maker.create(&form).await.expect(201);
    let maker = world.browser("maker@abc.example").await;
    let page = maker
        .get(&format!("/portal/requests/{}", draft.id()))
        .await
        .expect(200);
    for shown in ["Registered today", "1 to look at", ">New<", ">Unknown User ID<"] {
        assert!(page.shows(shown), "{shown}: {}", page.body);
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_says_who_was_told_and_officers_do_not_learn_the_checkers() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let ready = cast.maker.submit(&form_for(1)).await;
    world.local.settle().await;
    let path = format!("/portal/requests/{}", ready.id());
    let page = world
        .browser("maker@abc.example")
        .await
        .get(&path)
        .await
        .expect(200);
    assert!(page.shows("<bdi>D Wong</bdi> (delivered"), "{}", page.body);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
    world.local.settle().await;
    let page = world
        .browser("officer@exchange.example")
        .await
        .get(&path)
        .await
        .expect(200);
    assert!(page.shows("<bdi>E Officer</bdi> (delivered") && !page.shows("<bdi>D Wong</bdi> (delivered"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_sent_after_the_session_ended_shows_what_was_typed_and_the_way_back() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let path = format!("/portal/requests/{}/submit", draft.id());
    let typed = "Please <b>check</b> before noon.";
    let page = world
        .stranger()
        .post(&path, &[("tag", "x"), ("key", "y"), ("message", typed)])
        .await
        .expect(401);
    assert!(
        page.shows("Please &#60;b&#62;check&#60;/b&#62; before noon."),
        "{}",
        page.body
    );
    assert!(
        page.shows(&format!(
            "/sign-in?to=%2Fportal%2Frequests%2F{}%2Fsubmit",
            draft.id()
        )),
        "{}",
        page.body
    );
    world.local.stop().await;
}
