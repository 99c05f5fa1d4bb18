//! 2FA readiness: counts follow requests through all states, the exchange's overview follows the events, and nobody
//! learns what is not for them.

mod document;
mod late;
mod overview;
mod page;
mod shortage;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::{User, World, form_for, guideline_form};
use serde_json::{Value, json};

/// Total, ready, pending, not guaranteed, not registered.
fn numbers(counts: &Value) -> [u64; 5] {
    ["total", "ready", "pending", "notGuaranteed", "notRegistered"].map(|name| counts[name].as_u64().unwrap())
}

/// The counts that a user sees now.
async fn counts(user: &User) -> [u64; 5] {
    numbers(&user.get("/readiness").await.expect(200)["counts"])
}

/// An administrator of B01234, as this user sees them.
async fn administrator(user: &User, user_id: &str) -> Value {
    let path = "/delegated-administrators?participant=B01234&limit=100";
    let listing = user.get(path).await.expect(200);
    let rows = listing["items"].as_array().unwrap();
    rows.iter().find(|row| row["userId"] == user_id).unwrap().clone()
}

/// Writes an item directly, as an operator does.
async fn put(world: &World, item: &[(&str, &str)]) {
    let mut put = world
        .local
        .dynamodb()
        .put_item()
        .table_name(world.local.table_name());
    for (name, value) in item {
        let value = match *name {
            "participantships" => AttributeValue::Ss(vec![(*value).to_owned()]),
            _ => AttributeValue::S((*value).to_owned()),
        };
        put = put.item(*name, value);
    }
    put.send().await.unwrap();
}

/// Enters a company with one participant, both with the same ID.
async fn enter(world: &World, id: &str, name: &str) {
    let (pk, listed) = (format!("COMPANY#{id}"), format!("COMPANY#{id}"));
    let own = format!("HKSCC Participant ({id})");
    put(
        world,
        &[
            ("pk", &pk),
            ("sk", "PROFILE"),
            ("name", name),
            ("participantships", &own),
        ],
    )
    .await;
    put(world, &[("pk", "COMPANIES"), ("sk", &listed), ("name", name)]).await;
}

/// Enters an administrator into a register.
async fn list(world: &World, participant: &str, user_id: &str) {
    let (pk, sk) = (format!("DA#{participant}"), format!("USER#{user_id}"));
    put(world, &[("pk", &pk), ("sk", &sk), ("user_id", user_id)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_follow_a_request_from_its_submission_to_the_register() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    assert_eq!(counts(&cast.maker).await, [9, 0, 0, 0, 9]);
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    assert_eq!(counts(&cast.maker).await, [9, 0, 0, 0, 9]);

    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    assert_eq!(counts(&cast.checker).await, [9, 0, 1, 0, 8]);
    let row = administrator(&cast.maker, "B01234X1").await;
    assert_eq!(
        (&row["twoFactor"], &row["email"]),
        (&json!("pending"), &Value::Null)
    );
    let pending = &row["pending"];
    assert_eq!(pending["request"], draft["id"]);
    assert_eq!(
        (&pending["reference"], &pending["status"]),
        (&json!("DA3_00013361"), &json!("Ready to Send to HKEX"))
    );
    assert_eq!(
        (&pending["desk"], &pending["since"], &pending["guaranteed"]),
        (&json!("checkers"), &ready["updatedAt"], &json!(true))
    );
    assert_eq!(pending.get("holder"), None);

    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let pending = administrator(&cast.maker, "B01234X1").await["pending"].take();
    assert_eq!(
        (&pending["holder"]["name"], &pending["status"]),
        (&json!("D Wong"), &claimed["status"])
    );
    assert_eq!(pending["since"], ready["updatedAt"]);

    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let pending = administrator(&cast.maker, "B01234X1").await["pending"].take();
    assert_eq!(
        (&pending["desk"], &pending["since"]),
        (&json!("exchange"), &sent["updatedAt"])
    );
    assert_eq!(counts(&cast.maker).await, [9, 0, 1, 0, 8]);

    let processing = cast.officer.act(&sent, "claim").await.expect(200);
    let _ = cast.officer.act(&processing, "complete").await.expect(200);
    let row = administrator(&cast.maker, "B01234X1").await;
    assert_eq!(
        (&row["twoFactor"], &row["pending"]),
        (&json!("ready"), &Value::Null)
    );
    let readiness = cast.maker.get("/readiness").await.expect(200);
    assert_eq!(numbers(&readiness["counts"]), [9, 1, 0, 0, 8]);
    assert_eq!(
        readiness["progress"],
        json!([{"day": "07-Feb-2023", "registered": 1}])
    );
    let participants = readiness["participants"].as_array().unwrap();
    let own: Vec<_> = participants
        .iter()
        .map(|own| (&own["participant"], numbers(&own["counts"])))
        .collect();
    let expected = [(json!("B01234"), [9, 1, 0, 0, 8]), (json!("CXYZ"), [0; 5])];
    assert_eq!(own, expected.each_ref().map(|(id, numbers)| (id, *numbers)));
    assert_eq!(
        readiness["campaign"],
        json!({"opens": "01-Feb-2023", "deadline": "28-Apr-2023", "parallelRun": null, "daysLeft": 80})
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_to_its_maker_or_was_rejected_is_not_pending() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let reclaimed = cast.request_in(StateName::ReadyToSend, 1).await;
    let returned = cast.request_in(StateName::Claimed, 2).await;
    let sent_back = cast.request_in(StateName::Processing, 3).await;
    assert_eq!(counts(&cast.maker).await, [9, 0, 3, 0, 6]);
    let _ = cast.maker.attempt(&reclaimed, "reclaim").await.expect(200);
    let _ = cast.checker.attempt(&returned, "return").await.expect(200);
    let _ = cast.officer.attempt(&sent_back, "return").await.expect(200);
    let _ = cast.request_in(StateName::Rejected, 4).await;
    assert_eq!(counts(&cast.maker).await, [9, 0, 0, 0, 9]);
    for number in 1..=4 {
        let row = administrator(&cast.maker, &format!("B01234X{number}")).await;
        assert_eq!(
            (&row["twoFactor"], &row["pending"]),
            (&json!("notRegistered"), &Value::Null)
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_that_was_taken_out_of_a_request_is_not_pending_by_the_lock_it_left() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let mut form = guideline_form();
    form["changes"] = json!([
        {"userId": "B01234X1", "email": "one@bank.com.hk"},
        {"userId": "B01234X2", "email": "two@bank.com.hk"},
    ]);
    let submitted = maker.submit(&form).await;
    assert_eq!(counts(&maker).await, [9, 0, 2, 0, 7]);
    let reclaimed = maker.act(&submitted, "reclaim").await.expect(200);
    form["changes"].as_array_mut().unwrap().pop();
    let call = maker.action(&reclaimed.id(), "save").if_match(&reclaimed.etag());
    let saved = call.json(&form).send().await.expect(200);
    let _ = maker.act(&saved, "submit").await.expect(200);
    assert_eq!(counts(&maker).await, [9, 0, 1, 0, 8]);
    assert_eq!(administrator(&maker, "B01234X1").await["twoFactor"], "pending");
    assert_eq!(
        administrator(&maker, "B01234X2").await["twoFactor"],
        "notRegistered"
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_its_own_readiness_and_nobody_elses() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Sent, 1).await;
    for path in ["/readiness", "/readiness?company=bank", "/readiness.csv"] {
        let reply = cast.stranger.get(path).await.expect(200);
        let said = reply.body.to_string();
        assert!(
            said.contains("BNK109") && !said.contains("B01234") && !said.contains("ABC"),
            "{said}"
        );
    }
    for path in ["/readiness", "/readiness.csv"] {
        let theirs = cast.stranger.get(&format!("{path}?company=abc")).await;
        let nobodys = cast.stranger.get(&format!("{path}?company=nobody")).await;
        assert_eq!(theirs.body, nobodys.body);
        let _ = theirs.refused(404, "not-found");
        let _ = cast.norights.get(path).await.refused(403, "right-missing");
        let _ = world.bearer("").get(path).await.refused(401, "not-signed-in");
        for company in ["nobody", "EXCHANGE", "%23"] {
            let _ = cast
                .officer
                .get(&format!("{path}?company={company}"))
                .await
                .refused(404, "not-found");
        }
    }
    for user in [&cast.maker, &cast.stranger, &cast.norights] {
        let _ = user
            .get("/readiness/companies")
            .await
            .refused(403, "right-missing");
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_learn_that_a_company_has_something_under_way_and_not_what() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let secrets = [claimed.id(), "DA3_0001".to_owned(), "D Wong".to_owned()];
    let hold_silent = |said: &str| {
        for secret in &secrets {
            assert!(!said.contains(secret), "it tells of {secret}: {said}");
        }
    };
    let pending = administrator(&cast.officer, "B01234X1").await;
    hold_silent(&pending.to_string());
    let pending = &pending["pending"];
    let own = administrator(&cast.maker, "B01234X1").await;
    assert_eq!(
        pending,
        &json!({"desk": "checkers", "since": own["pending"]["since"], "guaranteed": true})
    );
    let document = cast.officer.get("/readiness.csv?company=abc").await.expect(200);
    let text = document.body.as_str().unwrap().to_owned();
    hold_silent(&text);
    assert!(
        text.contains("B01234X1,,,pending,yes,,,,checkers,07-Feb-2023"),
        "{text}"
    );
    let officer = world.browser("officer@exchange.example").await;
    for path in [
        "/portal/readiness?company=abc",
        "/portal/delegated-administrators?participant=B01234",
    ] {
        let page = officer.get(path).await.expect(200);
        hold_silent(&page.body);
        assert!(page.shows("With the company&#39;s checkers"), "{path}");
    }

    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let row = administrator(&cast.officer, "B01234X1").await;
    assert_eq!(
        (&row["pending"]["request"], &row["pending"]["status"]),
        (&json!(sent.id()), &json!("Sent to HKEX"))
    );
    let page = officer.get("/portal/readiness?company=abc").await.expect(200);
    assert!(page.shows(&format!(
        "href=\"/portal/requests/{}\">DA3_00013361</a>",
        sent.id()
    )));
    world.local.stop().await;
}
