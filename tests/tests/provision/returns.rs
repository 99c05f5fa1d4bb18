//! Nobody gets a second identity at their company: not by a request that enters a colleague's address, and not by
//! leaving and coming back.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::{World, form_for};
use serde_json::{Value, json};

use super::company::invitations;
use super::first_sign_in::signed_in;
use super::requests::{account, done};

const ADDRESS: &str = "joiner@abc.example";
const AS_WRITTEN_NOW: &str = "Joiner@abc.example";

fn add(name: &str, address: &str) -> Value {
    json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": name, "email": address,
        "access": "MakeAndCheck", "managesUsers": "No",
    })
}

/// A world in which a person was added, made a request and was removed, with their ID and the request's.
async fn after_a_removal() -> (World, Cast, String, String) {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let person = done(&world, &cast, add("N Joiner", ADDRESS)).await.id();
    let joiner = world.bearer(&signed_in(&world, ADDRESS).await.access);
    let made = joiner.submit(&form_for(1)).await.id();
    let remove = json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": person});
    done(&world, &cast, remove).await;
    (world, cast, person, made)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_removed_comes_back_as_the_same_person_and_checks_nothing_that_they_made() {
    let (world, cast, person, made) = after_a_removal().await;
    // Under another name, and with the address written in another way.
    done(&world, &cast, add("N Joiner (Settlement)", AS_WRITTEN_NOW)).await;
    let account = account(&world, &person).await;
    assert!(account.is_enabled && account.status == "FORCE_CHANGE_PASSWORD");
    assert_eq!(invitations(&world, AS_WRITTEN_NOW).0, 1);
    let joiner = world.bearer(&signed_in(&world, AS_WRITTEN_NOW).await.access);
    let me = joiner.get("/me").await.expect(200);
    assert_eq!(me["user"]["name"], "N Joiner (Settlement)");

    let own = joiner.read(&made).await;
    let _ = joiner.attempt(&own, "claim").await.refused(403, "own-request");
    let other = cast.request_in(StateName::ReadyToSend, 2).await;
    let claimed = joiner.attempt(&other, "claim").await.expect(200);
    assert_eq!(
        joiner.attempt(&claimed, "confirm").await.expect(200)["state"],
        "Sent"
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_entered_under_a_name_or_an_address_of_somebody_else() {
    let (world, cast, ..) = after_a_removal().await;
    let refused = async |form: Value| {
        let draft = cast.maker.create(&form).await.expect(201);
        cast.maker.attempt(&draft, "submit").await
    };
    let colleagues = refused(add("O Other", "Checker@ABC.example")).await;
    assert_eq!(
        colleagues.refused(409, "directory-disagrees").pointers(),
        ["/email"]
    );
    // Who was removed keeps the name, for the history.
    let removed = refused(add("n  joiner", "other@abc.example")).await;
    assert_eq!(removed.refused(409, "directory-disagrees").pointers(), ["/name"]);
    let mut officer = add("O Other", "other@abc.example");
    officer["access"] = json!("Process");
    let officer = refused(officer).await;
    assert_eq!(officer.refused(422, "invalid").pointers(), ["/access"]);
    world.local.stop().await;
}
