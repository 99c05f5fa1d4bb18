//! What the tool finds wrong with a deployment.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_local::demonstration::PEOPLE;
use countersign_tests::admin::{Outcome, admin};
use countersign_tests::{World, guideline_day};
use serde_json::Value;

async fn doctor(world: &World, more: &[&str]) -> Outcome {
    admin(world, &[&["doctor"], more].concat()).await
}

/// The result of a check, and what was found.
fn finding(told: &Outcome, check: &str) -> (String, String) {
    let all: Vec<Value> = serde_json::from_str(&told.output).unwrap();
    let found = all.iter().find(|finding| finding["check"] == check).unwrap();
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    (text("result"), text("found"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_runner_is_as_it_should_be_as_far_as_its_stand_ins_answer() {
    let world = World::start().await;
    world.local.run_schedule("readiness").await.unwrap();
    let told = doctor(&world, &["--json"]).await;
    for check in [
        "layout",
        "table",
        "indexes",
        "stream",
        "failure-queues",
        "settings",
        "readiness-counts",
        "reminders",
    ] {
        assert_eq!(finding(&told, check).0, "ok", "{check}: {}", told.output);
    }
    for check in [
        "mail-identity",
        "mail-sandbox",
        "receipt-rules",
        "alarms",
        "schedules",
        "event-rules",
    ] {
        let (result, found) = finding(&told, check);
        assert_eq!(result, "not-answered", "{check}");
        assert!(found.contains("no stand-in"), "{check}: {found}");
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_rule_set_has_to_be_active_where_nothing_receives_mail() {
    let world = World::with(guideline_day().set("ApprovalByReply", "no")).await;
    let told = doctor(&world, &["--json"]).await;
    let (result, found) = finding(&told, "receipt-rules");
    assert_eq!(result, "ok");
    assert!(found.contains("ApprovalByReply is no"), "{found}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_check_is_a_line_that_says_what_to_do_and_where_that_is_explained() {
    let world = World::start().await;
    let told = doctor(&world, &[]).await;
    let counts = told
        .output
        .lines()
        .find(|line| line.contains("readiness-counts"))
        .unwrap();
    assert!(
        counts.starts_with("NOT OK") && counts.contains("4 of 4 companies have none"),
        "{counts}"
    );
    assert!(
        counts.contains("docs/RUNBOOK.md, UncountedCompaniesAlarm"),
        "{counts}"
    );
    assert!(!told.is_success, "what is not ok is an exit code");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_left_out_does_not_count() {
    let world = World::start().await;
    let told = doctor(&world, &["--except", "readiness-counts", "--except", "managers"]).await;
    assert!(
        told.is_success && !told.output.contains("readiness-counts"),
        "{}",
        told.output
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_could_lock_itself_out_is_named() {
    let world = World::start().await;
    let profile = [
        ("pk", "COMPANIES"),
        ("sk", "COMPANY#lonely"),
        ("name", "Lonely Ltd."),
    ];
    let item = profile.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let put = world
        .local
        .dynamodb()
        .put_item()
        .table_name(world.local.table_name());
    put.set_item(Some(item.into())).send().await.unwrap();
    let (result, found) = finding(&doctor(&world, &["--json"]).await, "managers");
    assert_eq!(result, "not-ok");
    assert!(found.contains("lonely"), "{found}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_with_somebody_whose_address_is_in_use_elsewhere_is_named() {
    let world = World::start().await;
    let (result, _) = finding(&doctor(&world, &["--json"]).await, "addresses");
    assert_eq!(result, "ok");
    let person = PEOPLE.iter().find(|person| person.user == "checker2@abc.example");
    let key = (
        "COMPANY#abc".to_owned(),
        format!("ACCOUNT#{}", person.unwrap().id),
    );
    let obstacle = AttributeValue::S("address-in-use".to_owned());
    world.edit(key, "obstacle", obstacle).await;
    let (result, found) = finding(&doctor(&world, &["--json"]).await, "addresses");
    assert_eq!(result, "not-ok");
    assert!(found.ends_with("signs in with: abc"), "{found}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_a_failure_queue_is_found() {
    let world = World::with(countersign_local::Options {
        longest_retry_pause: std::time::Duration::from_millis(1),
        ..guideline_day()
    })
    .await;
    // A notice that can't be read fails on every try.
    let (pk, sk) = ("REQ#01GRMVYYK0NWNXQRDAKDQC3RND", "NOTICE#0000000001");
    let item =
        [("pk", pk), ("sk", sk)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let put = world
        .local
        .dynamodb()
        .put_item()
        .table_name(world.local.table_name());
    put.set_item(Some(item.into())).send().await.unwrap();
    world.local.settle().await;
    let (result, found) = finding(&doctor(&world, &["--json"]).await, "failure-queues");
    assert_eq!((result.as_str(), found.as_str()), ("not-ok", "UnsentMail has 1"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_did_not_go_out_is_found_and_one_that_did_is_not() {
    // The first reminder before the deadline of 28 April is due on 29 March.
    let world = World::start().await;
    world.at("2023-03-29T18:00:00+08:00");
    let (result, found) = finding(&doctor(&world, &["--json"]).await, "reminders");
    assert_eq!(
        (result.as_str(), found.as_str()),
        ("not-ok", "those of 2023-03-29 have not reached everybody")
    );
    world.local.run_schedule("reminders").await.unwrap();
    let (result, _) = finding(&doctor(&world, &["--json"]).await, "reminders");
    assert_eq!(result, "ok");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_whose_holidays_are_not_known_is_said_ahead() {
    let world = World::start().await;
    let last = countersign_domain::calendar::years().1;
    world.at(&format!("{last}-12-01T09:00:00+08:00"));
    let told = doctor(&world, &["--json"]).await;
    assert_eq!(
        finding(&told, "holidays"),
        ("not-ok".to_owned(), format!("known to the end of {last} only"))
    );
    world.at(&format!("{last}-01-02T09:00:00+08:00"));
    let told = doctor(&world, &["--json"]).await;
    assert_eq!(finding(&told, "holidays").0, "ok");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_that_no_function_could_start_with_are_found_before_they_are_deployed() {
    let world = World::start().await;
    let found = async |parameter: &str| {
        let told = doctor(&world, &["--json", "--parameters", parameter]).await;
        let (result, found) = finding(&told, "settings");
        assert_eq!(told.is_success, result == "ok", "{}", told.output);
        (result, found)
    };
    let fine = found("CampaignDeadline=2023-05-05").await;
    assert_eq!(fine, ("ok".to_owned(), "the deadline is 2023-05-05".to_owned()));
    for (parameter, named) in [
        // The list of holidays doesn't reach that far.
        ("CampaignDeadline=2028-01-15", "CAMPAIGN_DEADLINE"),
        ("CampaignDeadline=2023-02-30", "CAMPAIGN_DEADLINE"),
        ("ClaimWarningHours=8", "CLAIM_WARNING_HOURS"),
        ("UserIdSuffix=[A-Z", "USER_ID_SUFFIX"),
        ("FooterLink=Status|/status", "FOOTER_LINK"),
        ("CampaignDedline=2023-05-05", "CampaignDedline"),
    ] {
        let (result, found) = found(parameter).await;
        assert_eq!(result, "not-ok", "{parameter}");
        assert!(found.contains(named), "{parameter}: {found}");
    }
    world.local.stop().await;
}
