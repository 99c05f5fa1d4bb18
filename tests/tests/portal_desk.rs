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
    // Nothing waits for this person to be checked: that is a quiet line behind everything else.
    assert!(section(&maker, "check").is_empty() && !maker.shows("class=\"number-tag\""));
    let (lists, empty) = maker.body.split_once("<dl class=\"nothing\">").unwrap();
    assert!(empty.contains("Nothing waits to be checked") && !empty.contains("<section"));
    assert!(lists.rfind("<section") > lists.find("s-waiting"));
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

/// The text of the line that says what was done, or nothing.
fn done(page: &Page) -> &str {
    let line = page.body.split("data-step-done=\"").nth(1).unwrap_or_default();
    let text = line.split("<p>").nth(1).unwrap_or_default();
    text.split("</p>").next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_told_once_where_it_was_done_and_by_no_link() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let ready = cast.maker.submit(&form_for(1)).await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let (id, reference) = (claimed.id(), ready["reference"].as_str().unwrap());
    let (address, checker) = (
        format!("/portal/requests/{id}"),
        world.browser("checker@abc.example").await,
    );
    // Nobody has confirmed it, whatever the address says.
    for link in [
        format!("{address}?done=confirm"),
        format!("/?before={id}&reference={reference}&done=confirm"),
        format!("{address}?before={id}&reference={reference}&done=confirm&kept={id}"),
        "/portal/profile?done=kept".to_owned(),
        format!("{address}?done=preview"),
    ] {
        let page = checker.get(&link).await.expect(200);
        assert!(!page.shows("class=\"message good\""), "{link}");
        assert!(page.shows("data-clear=\"\""), "{link}");
    }
    let path = format!("{address}/confirm");
    let [tag, key] = question(&checker.get(&path).await, &path);
    let sent = checker
        .post(&path, &[(tag.0, &tag.1), (key.0, &key.1), ("message", "")])
        .await
        .expect(303);
    assert_eq!(sent.location(), address);
    let cookie = sent.set_cookie("__Host-done").unwrap_or_default();
    for guard in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=60"] {
        assert!(cookie.contains(guard), "{guard}: {cookie}");
    }
    let told = checker.follow(&sent).await.expect(200);
    let line = done(&told);
    assert!(
        line.starts_with("Confirmed. Told by e-mail: ") && line.contains("HKEX"),
        "{line}"
    );
    // The page that tells it also takes it back, and no other page tells it.
    assert_eq!(told.cookie("__Host-done"), Some(""));
    let taken_back = told.set_cookie("__Host-done");
    assert!(taken_back.is_some_and(|cookie| cookie.contains("Max-Age=0")));
    let value = sent.cookie("__Host-done").unwrap();
    let with_it = checker.with_cookie(&format!("__Host-done={value}"));
    let home = with_it.get("/").await.expect(200);
    assert!(done(&home).is_empty() && home.cookie("__Host-done").is_none());
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn home_says_where_it_looks_at_a_part_only_and_counts_nothing_that_it_has_not_seen() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let ready = cast.maker.submit(&form_for(1)).await;
    let maker = world.browser("maker@abc.example").await;
    let before = maker.get("/").await.expect(200);
    assert!(before.shows("Nothing waits to be checked") && !before.shows("This page looks at"));
    seed::open_requests_like(&world, &ready.id(), 120).await;
    world.local.settle().await;
    let newest = "newest 100 requests of your company only. For the others see <a href=\"/portal/requests\">";
    let longest =
        "the 100 requests that have waited longest only. For the others see <a href=\"/portal/tasks\">";
    let home = maker.get("/").await.expect(200);
    assert!(home.shows(newest) && home.shows(longest), "{}", home.body);
    assert!(section(&home, "waiting").contains(">See all</a>") && !home.shows("All 100"));
    // None was found, which is not the same as that there is none.
    assert!(home.shows("None among the 100 requests") && !home.shows("Nothing waits to be checked"));
    assert!(!home.shows("class=\"number-tag\""), "a 0 would be a guess");
    let checker = world
        .browser("checker@abc.example")
        .await
        .get("/")
        .await
        .expect(200);
    assert!(section(&checker, "check").contains(">See all</a>") && checker.shows(longest));
    assert!(checker.shows("100+</span>"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_ends_soon_is_told_at_home_and_in_the_list_to_whoever_holds_it() {
    let world = World::start().await;
    world.at("2023-02-07T10:45:00+08:00");
    let cast = Cast::sign_in(&world).await;
    seed::administrators_of(&world, &form_for(1)).await;
    let ready = cast.maker.submit(&form_for(1)).await;
    let _ = cast.checker.act(&ready, "claim").await.expect(200);
    // The claim ends at 09:45.
    for (at, soon) in [
        ("2023-02-08T08:44:00+08:00", None),
        ("2023-02-08T09:05:00+08:00", Some("ends in 40 minutes")),
        ("2023-02-08T09:44:00+08:00", Some("ends in 1 minute<")),
    ] {
        world.at(at);
        let checker = world.browser("checker@abc.example").await;
        for page in ["/", "/portal/tasks"] {
            let page = checker.get(page).await.expect(200);
            assert_eq!(page.shows("tag warn\">ends "), soon.is_some(), "{at}");
            assert!(soon.is_none_or(|soon| page.shows(soon)), "{at}");
        }
        let other = world.browser("checker2@abc.example").await;
        assert!(!other.get("/portal/tasks").await.expect(200).shows(">ends "));
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

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_home_is_the_desk_oldest_first_and_what_came_too_late() {
    let world = World::start().await;
    let mut sent = Vec::new();
    // The deadline is the end of 28 April.
    for (at, number) in [("2023-04-27T10:00:00+08:00", 1), ("2023-05-02T10:00:00+08:00", 2)] {
        world.at(at);
        let cast = Cast::sign_in(&world).await;
        seed::administrators_of(&world, &form_for(number)).await;
        let ready = cast.maker.submit(&form_for(number)).await;
        let claimed = cast.checker.act(&ready, "claim").await.expect(200);
        let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
        sent.push(ready["reference"].as_str().unwrap().to_owned());
    }
    let officer = world.browser("officer@exchange.example").await;
    let home = officer.get("/").await.expect(200);
    let place = |reference: &str| section(&home, "desk").find(reference);
    assert!(place(&sent[0]).is_some() && place(&sent[0]) < place(&sent[1]));
    let late = section(&home, "late");
    assert!(!late.contains(&sent[0]) && late.contains(&sent[1]), "{late}");
    world.local.stop().await;
}
