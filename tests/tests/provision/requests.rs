//! From a company's own request to the account: somebody is added, signs in, checks, and is removed.

use countersign_tests::cast::Cast;
use countersign_tests::{Reply, World, guideline_form};
use serde_json::{Value, json};

use crate::provision::company::{User, administer, invitations, users};
use crate::provision::first_sign_in::{is_good, signed_in};

/// Takes a request about the company's people to its completion, and lets the account follow.
pub(super) async fn done(world: &World, cast: &Cast, form: Value) -> Reply {
    let submitted = cast.maker.submit(&form).await;
    let claimed = cast.checker.act(&submitted, "claim").await.expect(200);
    let done = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(done["state"], "Completed");
    world.local.settle().await;
    done
}

pub(super) async fn account(world: &World, person: &str) -> User {
    let mut all = users(world).await.into_iter();
    all.find(|user| user.says("custom:person") == person)
        .unwrap_or_else(|| panic!("no account of {person}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_is_added_signs_in_checks_and_is_removed_by_requests_alone() {
    const ADDRESS: &str = "joiner@abc.example";
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let add = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "N Joiner", "email": ADDRESS,
        "access": "MakeAndCheck", "managesUsers": "No",
    });
    let person = done(&world, &cast, add).await.id();
    assert_eq!(invitations(&world, ADDRESS).0, 1);
    let tokens = signed_in(&world, ADDRESS).await;
    let joiner = world.bearer(&tokens.access);
    assert_eq!(joiner.get("/me").await.expect(200)["user"]["name"], "N Joiner");
    let ready = cast.maker.submit(&guideline_form()).await;
    let claimed = joiner.act(&ready, "claim").await.expect(200);
    let sent = joiner.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");

    let about = |request: &str| json!({"eService": "AM1", "maintenanceRequest": request, "person": person});
    let mut away = about("Away");
    away["awayFrom"] = json!("2023-02-07");
    away["awayUntil"] = json!("2023-02-10");
    done(&world, &cast, away).await;
    done(&world, &cast, about("Back")).await;
    assert!(is_good(&world, &tokens.refresh).await);
    assert_eq!(invitations(&world, ADDRESS).0, 1);

    done(&world, &cast, about("Remove")).await;
    assert!(!account(&world, &person).await.is_enabled);
    assert!(!is_good(&world, &tokens.refresh).await);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sends_an_invitation_again_and_another_resets_a_second_factor() {
    const ADDRESS: &str = "joiner@abc.example";
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let add = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "N Joiner", "email": ADDRESS,
        "access": "SeeOnly", "managesUsers": "No",
    });
    let person = done(&world, &cast, add).await.id();
    let about = |request: &str| json!({"eService": "AM1", "maintenanceRequest": request, "person": person});
    done(&world, &cast, about("Invite")).await;
    assert_eq!(invitations(&world, ADDRESS).0, 2);
    let tokens = signed_in(&world, ADDRESS).await;
    done(&world, &cast, about("ResetSecondFactor")).await;
    assert!(!is_good(&world, &tokens.refresh).await);
    let pool = &world.local.template().user_pool.id;
    let call = json!({"UserPoolId": pool, "Username": ADDRESS});
    let user = administer(&world, "AdminGetUser", call).await;
    assert!(user.get("UserMFASettingList").is_none(), "{user}");
    world.local.stop().await;
}
