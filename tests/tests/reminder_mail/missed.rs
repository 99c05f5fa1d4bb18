//! A reminder day on which the job did not run, or did not reach every company, is made up for once.

use countersign_tests::post::text;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{AttributeValue, CHECKER, EARLY, MAKER, World, counted, guideline_day, morning_of, remind, to};

/// The day after the one on which the job did not run.
const NEXT: Date = date(2023, 4, 15);

fn at(world: &World, day: Date) {
    world.at(&format!("{day}T09:00:00+08:00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_makes_up_for_a_missed_day_once_and_counts_from_its_own_day() {
    let world = World::with(morning_of(NEXT, guideline_day())).await;
    let made_up = remind(&world, NEXT).await;
    assert_eq!(made_up["reminderDay"], json!(EARLY.to_string()), "{made_up}");
    let mails = world.mails_since(0).await;
    assert_eq!(counted(&mails)[MAKER], 1);
    let mail = to(&mails, CHECKER);
    assert!(
        mail.message.subject.starts_with("13 days left"),
        "{}",
        mail.message.subject
    );
    let body = mail.message.text.as_deref().unwrap();
    assert!(body.contains("15-Apr-2023 09:00 HKT"), "{body}");

    // Neither a repeated run nor that of the day after sends anything again.
    for day in [NEXT, date(2023, 4, 16), date(2023, 4, 20)] {
        at(&world, day);
        let again = remind(&world, day).await;
        assert_eq!(
            (&again["reminderDay"], &again["companies"]),
            (&Value::Null, &json!(0)),
            "{again}"
        );
    }
    assert_eq!(world.mails_since(0).await.len(), mails.len());
    // The next planned day has its own.
    let planned = date(2023, 4, 21);
    at(&world, planned);
    let own = remind(&world, planned).await;
    assert_eq!(own["reminderDay"], json!("2023-04-21"));
    assert_eq!(counted(&world.mails_since(mails.len()).await)[MAKER], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_up_for_once_the_next_day_is_due_or_the_deadline_has_passed() {
    let next = date(2023, 4, 21);
    let world = World::with(morning_of(next, guideline_day())).await;
    // The run of the day before comes late, when the next reminder is due: only that one is sent.
    let late = remind(&world, date(2023, 4, 20)).await;
    assert_eq!(late["reminderDay"], Value::Null, "{late}");
    let own = remind(&world, next).await;
    assert_eq!(own["reminderDay"], json!("2023-04-21"));
    assert_eq!(counted(&world.mails_since(0).await)[MAKER], 1);
    at(&world, date(2023, 4, 29));
    for day in [date(2023, 4, 28), date(2023, 4, 29)] {
        let after = remind(&world, day).await;
        assert_eq!(after["reminderDay"], Value::Null, "{after}");
    }
    assert_eq!(counted(&world.mails_since(0).await)[MAKER], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_could_not_be_read_is_reminded_by_the_next_days_run_and_the_others_are_not_again() {
    let world = World::with(morning_of(EARLY, guideline_day())).await;
    let profile = ("COMPANY#bank".to_owned(), "PROFILE".to_owned());
    world
        .edit(profile.clone(), "approves_by_mail", text("broken"))
        .await;
    let event = json!({"job": "reminders", "scheduled": format!("{EARLY}T01:00:00Z")});
    assert!(world.local.invoke("remind", event).await.is_err());
    let before = counted(&world.mails_since(0).await)
        .into_iter()
        .map(|(to, count)| (to.to_owned(), count))
        .collect::<Vec<_>>();
    assert!(
        before.iter().all(|(to, _)| !to.ends_with("@bank.example")),
        "{before:?}"
    );
    world
        .edit(profile, "approves_by_mail", AttributeValue::Bool(false))
        .await;
    at(&world, NEXT);
    let skip = world.mails_since(0).await.len();
    let made_up = remind(&world, NEXT).await;
    assert_eq!(made_up["reminderDay"], json!(EARLY.to_string()));
    let mails = world.mails_since(skip).await;
    assert!(!mails.is_empty());
    assert!(
        mails
            .iter()
            .all(|mail| mail.message.to[0].ends_with("@bank.example"))
    );
}
