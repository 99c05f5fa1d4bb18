//! Takes every eService of the catalogue over HTTP from a draft, filled in from its definition, to completion.

use countersign_domain::eservice::{EService, EServiceId, End};
use countersign_domain::id::ParticipantId;
use countersign_tests::cast::Cast;
use countersign_tests::{World, guideline_day, seed};
use serde_json::{Value, json};

/// The form of an eService with every field filled in.
fn example(eservice: &EService) -> Value {
    let participant = ParticipantId::parse("B01234").unwrap();
    let mut form = json!({"eService": eservice.code});
    if eservice.is_for_a_participant() {
        form["participantship"] = json!({"kind": "HKSCC Participant", "id": participant});
    }
    for field in eservice.fields() {
        if eservice.is_shown(field, &form, None) {
            form[field.name] = field.example(&participant);
        }
    }
    form
}

/// Takes a draft to completion; returns what the maker then reads.
async fn complete(world: &World, form: &Value) -> Value {
    let maker = world.sign_in("maker@abc.example").await;
    let draft = maker.create(form).await.expect(201);
    let submitted = maker.act(&draft, "submit").await.expect(200);
    let checker = world.sign_in("checker@abc.example").await;
    let claimed = checker.act(&submitted, "claim").await.expect(200);
    let sent = checker.act(&claimed, "confirm").await.expect(200);
    if sent["state"] == "Sent" {
        let officer = world.sign_in("officer@exchange.example").await;
        let processing = officer.act(&sent, "claim").await.expect(200);
        let _ = officer.act(&processing, "complete").await.expect(200);
    }
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
        let says: &[_] = match eservice.end {
            End::AtTheExchange => &["ready for you to check", "sent to HKEX", "completed"],
            End::AtTheCompany => &["ready for you to check", "confirmed and completed"],
        };
        for said in says {
            let subject = format!("{reference}: {said}");
            assert!(subjects.contains(&subject), "{subject}: {subjects:?}");
        }
    }
    world.local.stop().await;
}

/// A DA 3 form that adds or removes one administrator.
fn maintenance(chosen: &str, rows: &str, row: &Value) -> Value {
    let mut form = countersign_tests::guideline_form();
    form.as_object_mut().unwrap().remove("changes");
    form["maintenanceRequest"] = json!(chosen);
    form[rows] = json!([row]);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_added_and_deleted_from_the_day_of_the_parallel_run_on_and_not_the_day_before() {
    let world = World::with(guideline_day().set("CampaignParallelRun", "2023-05-15")).await;
    let address = "new@bank.example";
    let add = maintenance(
        "Add",
        "additions",
        &json!({"userId": "B01234N1", "email": address}),
    );
    let delete = maintenance("Delete", "deletions", &json!({"userId": "B01234X9"}));

    world.at("2023-05-14T23:59:00+08:00");
    let maker = world.sign_in("maker@abc.example").await;
    for form in [&add, &delete] {
        let refused = maker.create(form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/maintenanceRequest");
        assert_eq!(refused["errors"][0]["detail"], "Choose one of: Change.");
    }

    world.at("2023-05-15T09:00:00+08:00");
    for form in [&add, &delete] {
        assert_eq!(complete(&world, form).await["status"], "Completed");
    }
    let maker = world.sign_in("maker@abc.example").await;
    let listing = maker
        .get("/delegated-administrators?participant=B01234")
        .await
        .expect(200);
    let user_ids = listing.each("userId");
    assert_eq!(user_ids[0], "B01234N1");
    assert_eq!(listing["items"][0]["email"], address);
    assert!(!user_ids.contains(&"B01234X9".to_owned()), "{user_ids:?}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_register_disagrees_with_is_refused_at_its_rows_when_it_is_submitted() {
    let world = World::with(guideline_day().set("CampaignParallelRun", "2023-05-15")).await;
    world.at("2023-05-15T09:00:00+08:00");
    let maker = world.sign_in("maker@abc.example").await;
    let (known, unknown) = ("B01234X1", "B01234ZZ");
    for (chosen, rows, right, wrong) in [
        ("Change", "changes", known, unknown),
        ("Add", "additions", unknown, known),
        ("Delete", "deletions", known, unknown),
    ] {
        let mut form = maintenance(chosen, rows, &json!({}));
        form[rows] = if chosen == "Delete" {
            json!([{"userId": right}, {"userId": wrong}])
        } else {
            json!([{"userId": right, "email": "a@bank.example"}, {"userId": wrong, "email": "b@bank.example"}])
        };
        let draft = maker.create(&form).await.expect(201);
        let refused = maker.act(&draft, "submit").await;
        let refused = refused.refused(409, "register-disagrees");
        assert_eq!(refused.pointers(), [format!("/{rows}/1/userId")]);
        // The refusal used no reference number and changed nothing.
        let kept = maker.read(&draft.id()).await;
        assert_eq!((kept.etag(), &kept["form"][rows]), (draft.etag(), &form[rows]));
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_changes_after_submission_is_told_to_whoever_decides_and_keeps_the_officer_from_completing()
 {
    let world = World::with(guideline_day().set("CampaignParallelRun", "2023-05-15")).await;
    world.at("2023-05-15T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let entry = |user_id: &str| ("DA#B01234".to_owned(), format!("USER#{user_id}"));
    let row = |user_id: &str| json!({"userId": user_id, "email": "new@bank.example"});
    for (chosen, rows, user_id) in [
        ("Change", "changes", "B01234X1"),
        ("Add", "additions", "B01234N1"),
        ("Delete", "deletions", "B01234X2"),
    ] {
        let mut form = maintenance(chosen, rows, &row(user_id));
        if chosen == "Delete" {
            form[rows] = json!([{"userId": user_id}]);
        }
        let submitted = cast.maker.submit(&form).await;
        let change = json!({"participantship": form["participantship"], "changes": [row(user_id)]});
        if chosen == "Add" {
            seed::administrators_of(&world, &change).await;
        } else {
            world.take_out(entry(user_id)).await;
        }
        let claimed = cast.checker.act(&submitted, "claim").await.expect(200);
        let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
        let processing = cast.officer.act(&sent, "claim").await.expect(200);
        let pointer = format!("/{rows}/0/userId");
        for reader in [&cast.maker, &cast.checker, &cast.officer] {
            let read = reader.read(&submitted.id()).await;
            let known = chosen == "Add";
            assert_eq!(
                read["register"],
                json!([{"pointer": pointer, "userId": user_id, "known": known}])
            );
            assert_eq!(read["notes"][0]["pointer"], pointer);
            assert_eq!(read["notes"][0]["caution"], true);
        }
        let refused = cast.officer.act(&processing, "complete").await;
        let refused = refused.refused(409, "register-disagrees");
        assert_eq!(refused.pointers(), [pointer]);
        let told = world.told_since(0).await;
        assert!(!told.iter().any(|(_, subject)| subject.ends_with(": completed")));
    }
    let to_officers = world.local.mailbox();
    let flagged = to_officers.iter().filter(|mail| {
        let text = mail.message.text.as_deref().unwrap_or_default();
        text.contains("! Request 1, User ID")
    });
    assert!(flagged.count() >= 3, "{to_officers:?}");
    world.local.stop().await;
}
