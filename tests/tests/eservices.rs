//! Every eService of the catalogue, walked over HTTP from a draft that its definition fills in to its completion.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

use countersign_domain::eservice::{EService, EServiceId};
use countersign_domain::id::ParticipantId;
use countersign_tests::World;
use serde_json::{Value, json};

/// The form of an eService with everything filled in.
fn example(eservice: &EService) -> Value {
    let participant = ParticipantId::parse("B01234").unwrap();
    let mut form = json!({
        "eService": eservice.code,
        "participantship": {"kind": "HKSCC Participant", "id": participant},
    });
    for field in eservice.fields() {
        if eservice.is_shown(field, &form, None) {
            form[field.name] = field.example(&participant);
        }
    }
    form
}

/// Takes a draft to its completion. Says what the maker reads of it then.
async fn complete(world: &World, form: &Value) -> Value {
    let maker = world.sign_in("maker@abc.example").await;
    let draft = maker.create(form).await.expect(201);
    let submitted = maker.act(&draft, "submit").await.expect(200);
    let checker = world.sign_in("checker@abc.example").await;
    let claimed = checker.act(&submitted, "claim").await.expect(200);
    let sent = checker.act(&claimed, "confirm").await.expect(200);
    let officer = world.sign_in("officer@exchange.example").await;
    let processing = officer.act(&sent, "claim").await.expect(200);
    let _ = officer.act(&processing, "complete").await.expect(200);
    maker
        .get(&format!("/requests/{}", draft.id()))
        .await
        .expect(200)
        .body
}

#[tokio::test(flavor = "multi_thread")]
async fn every_eservice_is_walked_from_a_draft_to_its_completion_with_its_own_numbers_and_mails() {
    let world = World::start().await;
    for id in EServiceId::ALL {
        let eservice = id.definition();
        let form = example(eservice);
        let done = complete(&world, &form).await;
        assert_eq!(done["status"], "Completed", "{id}");
        let reference = done["reference"].as_str().unwrap();
        assert!(
            reference.starts_with(&format!("{}_", eservice.code)),
            "{reference}"
        );
        assert_eq!(done["details"], format!("{reference} - {}", eservice.function.en));
        for field in eservice.fields() {
            let (kept, sent) = (&done["form"][field.name], &form[field.name]);
            assert_eq!(kept, sent, "{id}: {}", field.name);
        }
        let told = world.told_since(0).await;
        let subjects: Vec<String> = told.into_iter().map(|(_, subject)| subject).collect();
        for said in ["ready for you to check", "sent to HKEX", "completed"] {
            let subject = format!("{reference}: {said}");
            assert!(subjects.contains(&subject), "{subject}: {subjects:?}");
        }
    }
    world.local.stop().await;
}
