//! Who is told of what.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::form_for;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_three_times_and_records_that_come_again_send_one_mail_a_person() {
    let world = world(LAST_DAYS).await;
    for _ in 0..3 {
        remind(&world, LAST_DAYS).await;
    }
    let mails = world.mails_since(0).await;
    let counts = counted(&mails);
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    for user in [
        MAKER,
        CHECKER,
        NO_RIGHTS,
        "maker@bank.example",
        "only@solo.example",
    ] {
        assert!(counts.contains_key(user), "{user}: {counts:?}");
        let record = json!({"Records": [inserted(&digest(&world, user, LAST_DAYS).await)]});
        notify(&world, record).await;
        assert_eq!(
            status(&world, user, LAST_DAYS).await.as_deref(),
            Some("delivered")
        );
    }
    assert!(!counts.contains_key(OFFICER), "nothing is left to do there");
    assert_eq!(world.mails_since(0).await, mails);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_reminder_is_for_those_who_can_do_something_and_a_late_one_for_everyone() {
    let world = world(EARLY).await;
    remind(&world, EARLY).await;
    let mails = world.mails_since(0).await;
    assert!(!counted(&mails).contains_key(NO_RIGHTS));
    let mail = &to(&mails, MAKER).message;
    assert_eq!(
        mail.subject,
        "14 days left: 9 administrators have no e-mail address that works"
    );
    let body = mail.text.as_deref().unwrap();
    for part in [
        "28-Apr-2023 23:59:59 HKT",
        "14-Apr-2023 09:00 HKT",
        "B01234X9",
        "ABC Company",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }

    world.at("2023-04-25T09:00:00+08:00");
    let before = mails.len();
    remind(&world, LAST_DAYS).await;
    let mails = world.mails_since(before).await;
    let body = to(&mails, NO_RIGHTS).message.text.clone().unwrap();
    assert!(
        body.contains("EU_UserMaintenance") && !body.contains("http"),
        "{body}"
    );
    // A company's reminders are one conversation, so that mail programs group the earlier ones with the next.
    let of = |user: &str, header: &str| {
        let headers = &to(&mails, user).message.headers;
        headers
            .iter()
            .find(|own| own.name == header)
            .unwrap()
            .value
            .clone()
    };
    assert_eq!(of(MAKER, "References"), of(NO_RIGHTS, "References"));
    assert_ne!(of(MAKER, "References"), of("only@solo.example", "References"));
    for (header, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "Countersign <requests.countersign.example>"),
    ] {
        assert_eq!(of(MAKER, header), value);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_what_waits_and_claims_reach_those_whose_turn_it_is() {
    let world = world(EARLY).await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let ready = cast.maker.submit(&form_for(2)).await;
    let held = cast.request_in(StateName::Claimed, 3).await;
    let sent = cast.request_in(StateName::Sent, 4).await;
    let before = world.mails_since(0).await.len();
    remind(&world, EARLY).await;
    let mails = world.mails_since(before).await;
    let says = |user: &str| to(&mails, user).message.text.clone().unwrap();
    let link = |id: &str| format!("{}/portal/requests/{id}", world.local.url());
    let (maker, checker, officer) = (says(MAKER), says(CHECKER), says(OFFICER));
    assert!(maker.contains(&link(&draft.id())) && !maker.contains(&link(&ready.id())));
    assert!(checker.contains(&link(&ready.id())) && checker.contains(&link(&held.id())));
    assert!(!checker.contains(&link(&draft.id())));
    assert!(
        officer.contains(&link(&sent.id())) && officer.contains("exchange desk"),
        "{officer}"
    );
    assert_eq!(
        to(&mails, OFFICER).message.subject,
        "14 days left: 1 request is waiting on the exchange desk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_goes_to_the_address_and_in_the_language_that_the_directory_has_now() {
    let world = world(EARLY).await;
    remind(&world, EARLY).await;
    let before = world.mails_since(0).await.len();
    let digest = digest(&world, MAKER, EARLY).await;
    world.edit_person(MAKER, "email", text("new@abc.example")).await;
    world.edit_person(MAKER, "language", text("zh-Hant-HK")).await;
    notify(&world, as_of(date(2023, 4, 17), &digest)).await;
    let mails = world.mails_since(before).await;
    let mail = to(&mails, "new@abc.example");
    assert_eq!(
        mail.message.subject,
        "尚餘 14 天：9 名授權管理員沒有可用的電郵地址"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_right_or_left_is_not_reminded_and_an_address_that_is_none_is_entered() {
    let world = world(EARLY).await;
    remind(&world, EARLY).await;
    let before = world.mails_since(0).await.len();
    let (of_maker, of_checker) = (
        digest(&world, MAKER, EARLY).await,
        digest(&world, CHECKER, EARLY).await,
    );
    let later = date(2023, 4, 17);

    let other = AttributeValue::Ss(vec!["Something".to_owned()]);
    world.edit_person(MAKER, "rights", other).await;
    notify(&world, as_of(later, &of_maker)).await;
    let (company, person) = ids(CHECKER);
    let entry = key::person(&company, &person).into_attributes();
    world
        .local
        .dynamodb()
        .delete_item()
        .table_name(world.local.table_name())
        .set_key(Some(entry))
        .send()
        .await
        .unwrap();
    notify(&world, as_of(later, &of_checker)).await;
    for user in [MAKER, CHECKER] {
        assert_eq!(ledger(&world, user, later).await, None, "{user}");
    }

    let broken = "checker2\r\nBcc: everyone@abc.example";
    let second = "checker2@abc.example";
    let of_second = digest(&world, second, EARLY).await;
    world.edit_person(second, "email", text(broken)).await;
    notify(&world, as_of(later, &of_second)).await;
    assert_eq!(status(&world, second, later).await.as_deref(), Some("suppressed"));
    assert_eq!(world.mails_since(before).await, []);
}
