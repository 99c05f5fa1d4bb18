//! Somebody whose address another company's account has: what their own company reads of it.

use countersign_tests::cast::Cast;
use countersign_tests::{World, seed};
use serde_json::json;

use super::*;

/// Has the function look at the company.
async fn look(world: &World) {
    let detail = json!({"schemaVersion": 1, "company": "abc", "at": "2023-02-07T02:43:03.434Z"});
    let event = json!({"source": "countersign", "detail-type": "Company Entered", "detail": detail});
    let batch = json!({"Records": [{"messageId": "1", "body": event.to_string()}]});
    world.local.invoke("provision", batch).await.unwrap();
}

async fn page(world: &World, language: &str) -> String {
    let browser = world.browser("viewer@abc.example").await;
    let browser = browser.with_cookie(&format!("language={language}"));
    browser.get(PATH).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_reads_whose_address_is_in_use_elsewhere_and_not_by_whom() {
    const NO_ACCOUNT: &str = "No account yet: the address is in use elsewhere";
    const EARLIER: &str = "Signs in with the earlier address: this one is in use elsewhere";
    let world = World::start().await;
    let taken = [("email", text("maker@bank.example"))];
    seed::items(&world, vec![entry("abc", "new", "N Joiner", "EU_ViewOnly")]).await;
    set(&world, ("abc", "PERSON#new"), &taken).await;
    set(
        &world,
        ("abc", "PERSON#new"),
        &[("revision", AttributeValue::N("1".to_owned()))],
    )
    .await;
    look(&world).await;
    let body = page(&world, "en").await;
    assert!(body.contains(NO_ACCOUNT) && !body.contains(EARLIER), "{body}");
    assert!(!body.contains("Example Bank") && !body.contains("B Maker"));
    assert!(page(&world, "zh-Hant-HK").await.contains("尚未有帳戶"));
    // Of somebody who has an account, it says that they go on with it.
    let moved = [
        ("email", text("checker@bank.example")),
        ("revision", AttributeValue::N("9".to_owned())),
    ];
    set(&world, ("abc", &person("02")), &moved).await;
    look(&world).await;
    assert!(page(&world, "en").await.contains(EARLIER));
    // With addresses of their own, nothing is left to say.
    for (sk, address, revision) in [
        ("PERSON#new".to_owned(), "new@abc.example", "2"),
        (person("02"), "second@abc.example", "10"),
    ] {
        let own = [
            ("email", text(address)),
            ("revision", AttributeValue::N(revision.to_owned())),
        ];
        set(&world, ("abc", &sk), &own).await;
    }
    look(&world).await;
    let body = page(&world, "en").await;
    assert!(!body.contains("in use elsewhere"), "{body}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_comes_back_shows_at_the_person_until_they_have_another_address() {
    const CAME_BACK: &str = "No e-mail goes to this address: it came back, or was marked as unwanted";
    const CHINESE: &str = "系統不再向此地址發送電郵：曾有電郵遭退回，或被標示為垃圾郵件";
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let add = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "N Joiner", "email": "bounce@abc.example",
        "access": "SeeOnly", "managesUsers": "No",
    });
    let claimed = cast.checker.act(&cast.maker.submit(&add).await, "claim").await;
    let _ = cast
        .checker
        .act(&claimed.expect(200), "confirm")
        .await
        .expect(200);
    world.local.settle().await;
    let maker = world.browser("maker@abc.example").await;
    let page = maker.get("/portal/company").await.expect(200);
    assert_eq!(page.body.matches(CAME_BACK).count(), 1);
    let chinese = maker
        .with_cookie("language=zh-Hant-HK")
        .get("/portal/company")
        .await;
    assert!(chinese.shows(CHINESE));
    world.local.stop().await;
}
