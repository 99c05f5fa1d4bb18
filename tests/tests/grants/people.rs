//! What happens to a company's people: every change that a request can make of the directory.

use countersign_tests::stage::Stage;
use serde_json::{Value, json};

/// Changes the directory in every way that a request can.
async fn every_change(stage: &Stage, person: &str) {
    let rights = json!({"access": "SeeOnly", "managesUsers": "No"});
    let settings = json!({"mailLanguage": "en", "progressMail": "never", "reminderMail": "No"});
    let days = json!({"awayFrom": "2023-02-07", "awayUntil": "2023-02-10"});
    let company = json!({"checkers": "1", "approvesByMail": "Yes", "recordsViews": "Yes"});
    let address = json!({"name": "N Joiner", "email": "joiner@abc.example"});
    let name = json!({"newName": "N Joiner-Lee"});
    let person = json!({"person": person});
    let changes = [
        ("Change", vec![&person, &name, &rights, &settings]),
        ("Away", vec![&person, &days]),
        ("Back", vec![&person]),
        ("Invite", vec![&person]),
        ("ResetSecondFactor", vec![&person]),
        ("Remove", vec![&person]),
        ("Add", vec![&address, &rights]),
        ("Company", vec![&company]),
    ];
    for (request, parts) in changes {
        let mut form = json!({"eService": "AM1", "maintenanceRequest": request});
        for (name, value) in parts.into_iter().filter_map(Value::as_object).flatten() {
            form[name] = value.clone();
        }
        let ready = stage.maker.submit(&form).await;
        let claimed = stage.checker.act(&ready, "claim").await.expect(200);
        let done = stage.checker.act(&claimed, "confirm").await.expect(200);
        assert_eq!(done["state"], "Completed", "{request}");
    }
}

/// Takes every step of a request that changes the directory, by the API's functions and on a page.
pub(crate) async fn walk(stage: &Stage) {
    let (maker, checker) = (&stage.maker, &stage.checker);
    let add = |name: &str, email: &str| {
        json!({
            "eService": "AM1", "maintenanceRequest": "Add", "name": name, "email": email,
            "access": "SeeOnly", "managesUsers": "No",
        })
    };
    let draft = maker
        .create(&add("N Joiner", "joiner@abc.example"))
        .await
        .expect(201);
    let ready = maker.act(&draft, "submit").await.expect(200);
    let draft = maker.act(&ready, "reclaim").await.expect(200);
    let ready = maker.act(&draft, "submit").await.expect(200);
    let claimed = checker.act(&ready, "claim").await.expect(200);
    let done = checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(done["state"], "Completed");
    every_change(stage, &done.id()).await;
    let ready = maker
        .submit(&add("N Joiner (Settlement)", "settlement@abc.example"))
        .await;
    let browser = stage.world.browser("checker@abc.example").await;
    let page = browser.get(&format!("/portal/requests/{}", ready.id())).await;
    let claimed = browser.take(&page, "claim", "").await;
    let done = browser.take(&claimed, "confirm", "").await;
    assert!(done.shows("Completed"));
}
