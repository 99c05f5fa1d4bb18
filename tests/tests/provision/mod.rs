//! Accounts in the user pool follow the directory: people get one, are invited, change, and are locked out.

pub(crate) mod company;
pub(crate) mod first_sign_in;
mod granted;
mod killed;
mod requests;
mod returns;
mod systems;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_local::{Fault, Options, Outgoing};
use countersign_tests::{World, guideline_day, seed};
use serde_json::json;

use company::{
    administer, change, enter, enter_company, invitations, is_temporary, look, text, users, users_of,
};

async fn with_ann() -> World {
    let world = World::start().await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    assert!(look(&world).await);
    world
}

fn pool(world: &World) -> String {
    world.local.template().user_pool.id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_entered_gets_one_account_and_one_invitation_however_often_the_event_comes() {
    let world = with_ann().await;
    for _ in 0..3 {
        assert!(look(&world).await);
    }
    let accounts = users_of(&world, "ann").await;
    let [ann] = accounts.as_slice() else {
        panic!("{accounts:?}");
    };
    assert_eq!(
        (ann.says("email"), ann.says("email_verified"), ann.status.as_str()),
        ("ann@firm.example", "true", "FORCE_CHANGE_PASSWORD")
    );
    let (count, password) = invitations(&world, "ann@firm.example");
    assert_eq!(count, 1);
    assert!(is_temporary(&world, "ann@firm.example", &password.unwrap()).await);
    let mails = world.local.mailbox();
    let letter = &mails[0].message;
    assert!(letter.subject.contains("Your account") && letter.subject.contains("帳戶"));
    let html = letter.html.as_deref().unwrap();
    assert!(
        html.contains("<bdi>Firm &#38; Co</bdi>") && html.contains(&format!("{}/sign-in", world.local.url()))
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_is_entered_reaches_the_pool_through_the_bus() {
    let world = World::start().await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    let listed = [("pk", "COMPANIES"), ("sk", "COMPANY#firm"), ("name", "Firm & Co")];
    let listed = listed.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(&world, vec![listed.into()]).await;
    world.local.settle().await;
    assert_eq!(users_of(&world, "ann").await.len(), 1);
    assert_eq!(invitations(&world, "ann@firm.example").0, 1);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_follows_its_persons_address_and_language_and_the_earlier_address_is_told() {
    let world = with_ann().await;
    let (_, first) = invitations(&world, "ann@firm.example");
    let moved = [
        ("email", text("ann@new.example")),
        ("language", text("zh-Hant-HK")),
    ];
    change(&world, "ann", &moved, &[]).await;
    assert!(look(&world).await);
    let accounts = users_of(&world, "ann").await;
    assert_eq!(accounts.len(), 1);
    assert_eq!(
        (accounts[0].says("email"), accounts[0].says("locale")),
        ("ann@new.example", "zh-Hant-HK")
    );
    // Whoever reads the old address has no password that works.
    assert!(!is_temporary(&world, "ann@new.example", &first.unwrap()).await);
    let (count, second) = invitations(&world, "ann@new.example");
    assert_eq!(count, 1);
    assert!(is_temporary(&world, "ann@new.example", &second.unwrap()).await);

    // Somebody who has signed in already needs no invitation to go on.
    let own = json!({"UserPoolId": pool(&world), "Username": "ann@new.example", "Password": "Their-own-password-1",
                     "Permanent": true});
    administer(&world, "AdminSetUserPassword", own).await;
    change(&world, "ann", &[("email", text("ann@third.example"))], &[]).await;
    let letters = world.local.mailbox().len();
    assert!(look(&world).await);
    assert_eq!(invitations(&world, "ann@third.example").0, 0);
    // The earlier address learns that it signs in nobody any more, and not which one does.
    let mails = world.local.mailbox();
    let told = &mails[0].message;
    assert_eq!(
        (mails.len(), told.to.as_slice()),
        (letters + 1, ["ann@new.example".to_owned()].as_slice())
    );
    assert!(told.subject.contains("has changed") && told.subject.contains("已更改"));
    assert!(!told.text.as_deref().unwrap().contains("ann@third.example"));
    assert_eq!(users_of(&world, "ann").await[0].status, "CONFIRMED");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_sent_again_has_the_only_password_that_works() {
    let world = with_ann().await;
    let (_, first) = invitations(&world, "ann@firm.example");
    change(&world, "ann", &[], &["invitations"]).await;
    for _ in 0..2 {
        assert!(look(&world).await);
    }
    let (count, second) = invitations(&world, "ann@firm.example");
    assert_eq!(count, 2);
    assert!(!is_temporary(&world, "ann@firm.example", &first.unwrap()).await);
    assert!(is_temporary(&world, "ann@firm.example", &second.unwrap()).await);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_is_locked_out_and_their_address_is_free_for_somebody_else() {
    let world = with_ann().await;
    change(
        &world,
        "ann",
        &[("removed_at", text("2023-02-07T02:43:03.434Z"))],
        &[],
    )
    .await;
    assert!(look(&world).await);
    let ann = users_of(&world, "ann").await;
    assert!(ann.len() == 1 && !ann[0].is_enabled, "{ann:?}");

    enter(&world, "ann-the-second", "ann@firm.example").await;
    assert!(look(&world).await);
    assert!(users_of(&world, "ann").await.is_empty());
    let second = users_of(&world, "ann-the-second").await;
    assert!(second.len() == 1 && second[0].is_enabled, "{second:?}");
    assert_eq!(invitations(&world, "ann@firm.example").0, 2);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_before_their_account_is_locked_out_is_locked_out_without_an_address() {
    let world = with_ann().await;
    let erased = [
        ("removed_at", text("2023-02-07T02:43:03.434Z")),
        ("erased_at", text("2023-02-07T02:43:04.434Z")),
        ("email", text("")),
    ];
    change(&world, "ann", &erased, &[]).await;
    assert!(look(&world).await);
    let ann = users_of(&world, "ann").await;
    assert!(ann.len() == 1 && !ann[0].is_enabled, "{ann:?}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_else_has_waits_for_a_correction_and_holds_up_nobody_else() {
    let world = with_ann().await;
    enter(&world, "ben", "ann@firm.example").await;
    enter(&world, "dan", "maker@abc.example").await;
    enter(&world, "zoe", "zoe@firm.example").await;
    // The company has to act, so that the event need not come again.
    assert!(look(&world).await);
    enter(&world, "cam", "no address").await;
    assert!(!look(&world).await);
    assert_eq!(users_of(&world, "zoe").await.len(), 1);
    for person in ["ben", "cam", "dan"] {
        assert!(users_of(&world, person).await.is_empty(), "{person}");
    }
    let maker = users(&world)
        .await
        .into_iter()
        .find(|user| user.says("email") == "maker@abc.example");
    assert_eq!(maker.unwrap().says("custom:company"), "abc");
    for person in ["ben", "cam", "dan"] {
        change(
            &world,
            person,
            &[("email", text(&format!("{person}@firm.example")))],
            &[],
        )
        .await;
    }
    assert!(look(&world).await);
    assert_eq!(users_of(&world, "ben").await.len(), 1);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_factor_is_reset_and_whoever_has_it_is_signed_out() {
    let world = with_ann().await;
    let refresh = first_sign_in::signed_in(&world, "ann@firm.example").await.refresh;
    let user = || async {
        let call = json!({"UserPoolId": pool(&world), "Username": "ann@firm.example"});
        administer(&world, "AdminGetUser", call).await
    };
    assert_eq!(user().await["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert!(first_sign_in::is_good(&world, &refresh).await);
    change(&world, "ann", &[], &["second_factor_resets"]).await;
    assert!(look(&world).await);
    assert!(user().await.get("UserMFASettingList").is_none());
    assert!(!first_sign_in::is_good(&world, &refresh).await);
    // The password is still their own.
    assert_eq!(users_of(&world, "ann").await[0].status, "CONFIRMED");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_ses_does_not_take_is_made_up_for_with_a_new_password() {
    let fails = Arc::new(AtomicBool::new(true));
    let flag = fails.clone();
    let at_ses = move |_: &Outgoing| {
        if flag.load(Ordering::Relaxed) {
            Fault::FailBefore
        } else {
            Fault::Deliver
        }
    };
    let options = Options {
        ses_faults: Some(Arc::new(at_ses)),
        ..guideline_day()
    };
    let world = World::with(options).await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    assert!(!look(&world).await);
    assert_eq!(users_of(&world, "ann").await.len(), 1);
    fails.store(false, Ordering::Relaxed);
    assert!(look(&world).await);
    let (count, password) = invitations(&world, "ann@firm.example");
    assert_eq!(count, 1);
    assert!(is_temporary(&world, "ann@firm.example", &password.unwrap()).await);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_look_gives_everybody_an_account_in_a_new_pool() {
    let world = with_ann().await;
    let listed = [("pk", "COMPANIES"), ("sk", "COMPANY#firm"), ("name", "Firm & Co")];
    let listed = listed.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(&world, vec![listed.into()]).await;
    world.local.settle().await;
    let record = ("COMPANY#firm".to_owned(), "ACCOUNT#ann".to_owned());
    world.edit(record, "pool", text("an-earlier-pool")).await;
    let call = json!({"UserPoolId": pool(&world), "Username": "ann@firm.example"});
    administer(&world, "AdminDeleteUser", call).await;
    world.local.run_schedule("accounts").await.unwrap();
    assert_eq!(users_of(&world, "ann").await.len(), 1);
    assert_eq!(invitations(&world, "ann@firm.example").0, 2);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_do_not_work_on_one_account_at_the_same_time() {
    let world = World::start().await;
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    let now = world.local.clock().now();
    let until = now + std::time::Duration::from_mins(1);
    let until = format!("{until:.3}");
    let held = [
        ("pk", "COMPANY#firm"),
        ("sk", "ACCOUNT#ann"),
        ("leased_until", until.as_str()),
    ];
    let held = held.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(&world, vec![held.into()]).await;
    assert!(!look(&world).await);
    assert!(users_of(&world, "ann").await.is_empty());
    world.at(&(now + std::time::Duration::from_mins(2)).to_string());
    assert!(look(&world).await);
    assert_eq!(users_of(&world, "ann").await.len(), 1);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_had_accounts_before_keep_them_and_are_not_invited_anew() {
    let world = World::start().await;
    world.local.settle().await;
    let batch = json!({"Records": [{"messageId": "1", "body": json!({
        "source": "countersign", "detail-type": "Company Entered",
        "detail": {"schemaVersion": 1, "company": "abc", "at": "2023-02-07T02:43:03.434Z"}}).to_string()}]});
    let before = users(&world).await;
    let person = users(&world)
        .await
        .into_iter()
        .find(|user| user.says("email") == "maker@abc.example")
        .map(|user| user.says("custom:person").to_owned())
        .unwrap();
    // Without a record, nobody knows that the account is up to date.
    world
        .take_out(("COMPANY#abc".to_owned(), format!("ACCOUNT#{person}")))
        .await;
    let answer = world.local.invoke("provision", batch).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(users(&world).await, before);
    assert!(world.local.mailbox().is_empty());
    world.local.stop().await;
}
