//! The guideline's walk, steps a to o, over HTTP, with its exact strings.

use countersign_tests::{World, guideline_form};

#[expect(
    clippy::too_many_lines,
    reason = "the walk is one story, told in the guideline's order"
)]
#[tokio::test(flavor = "multi_thread")]
async fn the_guidelines_walk_leads_from_a_makers_draft_to_the_register() {
    let world = World::start().await;

    // Steps a and b: the maker signs in and finds the eService in the catalogue.
    let maker = world.sign_in("maker@abc.example").await;
    let me = maker.get("/me").await.expect(200);
    assert_eq!(me["user"]["name"], "A Maker");
    assert_eq!(me["company"]["name"], "ABC Company");
    assert_eq!(
        me["rights"],
        serde_json::json!(["EU_UserMaintenance", "EU_ManageUsers"])
    );
    let catalogue = maker.get("/eservices").await.expect(200);
    let labels: Vec<_> = catalogue["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["label"].clone())
        .collect();
    assert_eq!(labels, ["SCard2", "SCard1", "SCard3", "DA 3", "AM 1"]);

    // Steps c to g: the maker fills the form in; the contact comes from the profile.
    let mut form = guideline_form();
    form.as_object_mut().unwrap().remove("contacts");
    let draft = maker.create(&form).await.expect(201);
    assert_eq!(
        (draft["status"].as_str(), draft["version"].as_u64()),
        (Some("Draft"), Some(1))
    );
    assert_eq!(
        draft.header("location").unwrap(),
        format!("/requests/{}", draft.id())
    );
    let preview = maker.get(&format!("/requests/{}", draft.id())).await.expect(200);
    assert_eq!(preview["form"]["contacts"], guideline_form()["contacts"]);
    assert_eq!(
        preview["allowedActions"],
        serde_json::json!(["save", "clone", "discard", "submit"])
    );

    // Steps h and i: the maker submits with a message; the request gets its reference number.
    let submitted = maker
        .act_saying(&preview, "submit", "Please check before noon.")
        .await
        .expect(200);
    assert_eq!(submitted["status"], "Ready to Send to HKEX");
    assert_eq!(submitted["reference"], "DA3_00013361");
    let shown = maker.get(&format!("/requests/{}", draft.id())).await.expect(200);
    assert_eq!(shown["lastUpdate"], "07-Feb-2023 10:43 HKT");
    assert_eq!(shown["status"], "Ready to Send to HKEX");
    assert_eq!(shown["allowedActions"], serde_json::json!(["clone", "reclaim"]));

    // Step k: the checker finds it in the Tasks list.
    let checker = world.sign_in("checker@abc.example").await;
    let tasks = checker.get("/tasks").await.expect(200);
    let row = &tasks["items"][0];
    assert_eq!(row["classification"], "User Maintenance CC");
    assert_eq!(row["companyParticipantId"], "ABC Company B01234");
    assert_eq!(
        row["details"],
        "DA3_00013361 - CCASS/ CCMS Delegated Administrator Application/ Maintenance Form"
    );
    assert_eq!(row["lastUpdateDate"], "07-Feb-2023");
    assert_eq!(row["jobStatus"], "Ready to Send to HKEX");
    assert_eq!(row["allowedActions"], serde_json::json!(["clone", "claim"]));

    // Steps l and m: the checker claims two minutes later, reviews, and confirms.
    world.at("2023-02-07T10:45:00+08:00");
    let etag = row["etag"].as_str().unwrap();
    let claimed = checker
        .action(&draft.id(), "claim")
        .if_match(etag)
        .send()
        .await
        .expect(200);
    assert_eq!(claimed["status"], "Claimed By D Wong on 07-Feb-2023 10:45 HKT");
    let review = checker
        .get(&format!("/requests/{}", draft.id()))
        .await
        .expect(200);
    assert_eq!(review["status"], "Claimed By D Wong on 07-Feb-2023 10:45 HKT");
    assert_eq!(review["form"]["changes"], guideline_form()["changes"]);
    assert_eq!(review["history"][1]["message"], "Please check before noon.");
    assert_eq!(
        review["allowedActions"],
        serde_json::json!(["clone", "claim", "release", "hand-over", "return", "confirm"])
    );

    // Step n: it goes to the exchange.
    let sent = checker.act(&review, "confirm").await.expect(200);
    assert_eq!(sent["status"], "Sent to HKEX");

    // The exchange completes it.
    let officer = world.sign_in("officer@exchange.example").await;
    let desk = officer.get("/tasks").await.expect(200);
    assert_eq!(desk["items"][0]["jobStatus"], "Sent to HKEX");
    let processing = officer.act(&sent, "claim").await.expect(200);
    assert_eq!(processing["status"], "Processing by HKEX");
    let completed = officer.act(&processing, "complete").await.expect(200);
    assert_eq!(completed["status"], "Completed");

    // Step o: the User Profile Listing shows the address.
    let listing = maker
        .get("/delegated-administrators?participant=B01234")
        .await
        .expect(200);
    let row = &listing["items"][0];
    assert_eq!(
        (row["userId"].as_str(), row["email"].as_str()),
        (Some("B01234X1"), Some("ABC@bank.com.hk"))
    );
    assert_eq!(row["twoFactor"], "ready");
    assert_eq!(listing["items"].as_array().unwrap().len(), 9);
    assert_eq!(listing["items"][1]["twoFactor"], "notRegistered");

    // The history has every step, in an unbroken chain.
    let record = maker.get(&format!("/requests/{}", draft.id())).await.expect(200);
    let steps: Vec<_> = record["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["action"].clone())
        .collect();
    assert_eq!(steps, ["save", "submit", "claim", "confirm", "claim", "complete"]);
    for pair in record["history"].as_array().unwrap().windows(2) {
        assert_eq!(pair[1]["previousHash"], pair[0]["hash"]);
    }
    assert!(
        maker.get("/tasks").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    world.local.stop().await;
}
