//! What can go wrong: SES's answer is lost, a reminder bounces, a company's name contains headers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_domain::contact::EmailAddress;
use countersign_local::{Fault, Outgoing};
use jiff::SignedDuration;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_answer_of_ses_is_lost_is_not_sent_again_once_ses_says_that_it_was_delivered() {
    let lost = Arc::new(AtomicBool::new(false));
    let harm = move |mail: &Outgoing| {
        if mail.to == [MAKER] && !lost.swap(true, Ordering::Relaxed) {
            Fault::TakeThenDrop
        } else {
            Fault::Deliver
        }
    };
    let options = Options {
        ses_faults: Some(Arc::new(harm)),
        ..morning_of(LAST_DAYS, guideline_day())
    };
    let world = Arc::new(World::with(options).await);
    remind(&world, LAST_DAYS).await;
    // Makes the clock run fast, so that waiting for the end of a claim is short.
    let hurried = world.clone();
    let clock = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let clock = hurried.local.clock();
            clock.set(clock.now() + SignedDuration::from_secs(2));
        }
    });
    let mails = world.mails_since(0).await;
    clock.abort();
    for (address, count) in counted(&mails) {
        assert_eq!(count, 1, "{address}");
    }
    assert_eq!(
        status(&world, MAKER, LAST_DAYS).await.as_deref(),
        Some("delivered")
    );
    assert!(world.local.queue("UnsentMail").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_comes_back_shows_in_the_ledger_and_its_address_is_not_tried_again() {
    let world = world(LAST_DAYS).await;
    let address = "bounce@abc.example";
    world.edit_person(MAKER, "email", text(address)).await;
    remind(&world, LAST_DAYS).await;
    let mails = world.mails_since(0).await;
    assert_eq!(counted(&mails)[address], 1);
    let row = ledger(&world, MAKER, LAST_DAYS).await.unwrap();
    assert_eq!(row["status"], text("bounced"));
    assert_eq!(row["address"], text(address));
    let kept = |item: &Item| item["expires_at"].as_n().cloned().unwrap();
    assert!(kept(&row) >= kept(&digest(&world, MAKER, LAST_DAYS).await));
    let suppressed = key::address(&EmailAddress::parse(address).unwrap());
    assert!(item(&world, suppressed).await.is_some());

    let next = date(2023, 4, 27);
    world.at("2023-04-27T09:00:00+08:00");
    remind(&world, next).await;
    let mails = world.mails_since(mails.len()).await;
    assert!(!counted(&mails).contains_key(address) && counted(&mails).contains_key(CHECKER));
    assert_eq!(status(&world, MAKER, next).await.as_deref(), Some("suppressed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_name_full_of_headers_adds_none_to_its_mails() {
    let world = world(LAST_DAYS).await;
    let hostile = "ABC\r\nBcc: thief@evil.example\r\n\r\n<script>alert(1)</script>";
    let profile = ("COMPANY#abc".to_owned(), "PROFILE".to_owned());
    world.edit(profile, "name", text(hostile)).await;
    world.edit_person(MAKER, "name", text(hostile)).await;
    remind(&world, LAST_DAYS).await;
    let mails = world.mails_since(0).await;
    let mail = to(&mails, MAKER);
    let names: Vec<String> = mail.all_headers().into_iter().map(|header| header.name).collect();
    assert!(
        !names.iter().any(|name| name.eq_ignore_ascii_case("bcc")),
        "{names:?}"
    );
    assert!(!mail.message.html.as_deref().unwrap().contains("<script"));
    let lines = mail.message.text.as_deref().unwrap().lines();
    assert!(lines.into_iter().all(|line| !line.starts_with("Bcc:")));
}
