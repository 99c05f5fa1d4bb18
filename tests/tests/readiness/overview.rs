//! The exchange's overview: the counts in the list of companies, as events and the schedule keep them.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::{User, World};
use serde_json::{Value, json};

use super::{enter, list, numbers};

const ROUND: &str = r#"{"job": "readiness", "scheduled": "2023-02-07T03:00:00Z"}"#;

/// A company in the list, as an officer sees it.
async fn listed(officer: &User, id: &str) -> Value {
    let page = officer.get("/readiness/companies").await.expect(200);
    let companies = page["items"].as_array().unwrap();
    companies
        .iter()
        .find(|company| company["id"] == id)
        .unwrap()
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_is_seconds_behind_what_people_do_and_says_how_old_it_is() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    let before = cast.officer.get("/readiness").await.expect(200);
    assert_eq!(
        before["companies"],
        json!({"total": 3, "behind": 3, "short": 1, "uncounted": 0})
    );
    assert_eq!(numbers(&before["counts"]), [13, 0, 0, 0, 13]);

    let _ = cast.request_in(StateName::Completed, 1).await;
    let _ = cast.request_in(StateName::ReadyToSend, 2).await;
    world.local.settle().await;
    let after = cast.officer.get("/readiness").await.expect(200);
    assert_eq!(numbers(&after["counts"]), [13, 1, 1, 0, 11]);
    assert_eq!(
        after["progress"],
        json!([{"day": "07-Feb-2023", "registered": 1}])
    );
    let abc = listed(&cast.officer, "abc").await;
    assert_eq!(numbers(&abc["counts"]), [9, 1, 1, 0, 7]);
    // The others were counted when they were entered, and have not changed since.
    let oldest = [
        listed(&cast.officer, "bank").await,
        listed(&cast.officer, "solo").await,
    ];
    let oldest = oldest
        .iter()
        .filter_map(|company| company["countedAt"].as_str())
        .min();
    assert_eq!(after["asOf"].as_str(), oldest);
    assert!(abc["countedAt"].as_str() > oldest);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_counts_what_was_changed_by_hand_and_entering_a_company_counts_it() {
    let world = World::start().await;
    let officer = world.sign_in("officer@exchange.example").await;
    world.local.settle().await;
    list(&world, "B09999", "B09999X2").await;
    enter(&world, "new", "New Company").await;
    world.local.settle().await;
    assert_eq!(
        numbers(&listed(&officer, "solo").await["counts"]),
        [1, 0, 0, 0, 1]
    );
    assert_eq!(numbers(&listed(&officer, "new").await["counts"]), [0; 5]);
    let round = serde_json::from_str(ROUND).unwrap();
    let report = world.local.invoke("readiness", round).await.unwrap();
    assert_eq!(report, json!({"counted": 4, "failed": 0, "left": 0}));
    assert_eq!(
        numbers(&listed(&officer, "solo").await["counts"]),
        [2, 0, 0, 0, 2]
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_cannot_be_counted_keeps_no_other_from_it_and_is_named_as_a_number() {
    let world = World::start().await;
    let officer = world.sign_in("officer@exchange.example").await;
    world.local.settle().await;
    // A company in the list without a profile. The documented commands for entering a company never leave that.
    super::put(
        &world,
        &[("pk", "COMPANIES"), ("sk", "COMPANY#aaa"), ("name", "Half")],
    )
    .await;
    list(&world, "B09999", "B09999X2").await;
    let round = serde_json::from_str(ROUND).unwrap();
    assert!(world.local.invoke("readiness", round).await.is_err());
    assert_eq!(
        numbers(&listed(&officer, "solo").await["counts"]),
        [2, 0, 0, 0, 2]
    );
    let half = listed(&officer, "aaa").await;
    assert_eq!(
        (&half["counts"], &half["countedAt"]),
        (&Value::Null, &Value::Null)
    );
    let overview = officer.get("/readiness").await.expect(200);
    assert_eq!(
        overview["companies"],
        json!({"total": 4, "behind": 3, "short": 1, "uncounted": 1})
    );
    let page = world
        .browser("officer@exchange.example")
        .await
        .get("/portal/readiness")
        .await;
    assert!(page.expect(200).shows("1 company has not been counted yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_events_reports_the_messages_that_it_failed_at_and_counts_the_rest() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    list(&world, "BNK109", "BNK109X4").await;
    let message = |id: &str, company: &str| {
        let detail = json!({"schemaVersion": 1, "company": company, "at": "2023-02-07T02:43:00.000Z"});
        let event = json!({"source": "countersign", "detail-type": "Company Entered", "detail": detail});
        json!({"messageId": id, "body": event.to_string()})
    };
    let batch = json!({"Records": [
        message("1", "bank"),
        message("2", "nobody"),
        message("3", ""),
        message("4", "bank"),
    ]});
    let answer = world.local.invoke("readiness", batch).await.unwrap();
    let failed = answer["batchItemFailures"].as_array().unwrap();
    let mut failed: Vec<_> = failed
        .iter()
        .filter_map(|one| one["itemIdentifier"].as_str())
        .collect();
    failed.sort_unstable();
    assert_eq!(failed, ["2", "3"]);
    assert_eq!(
        numbers(&listed(&cast.officer, "bank").await["counts"]),
        [4, 0, 0, 0, 4]
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn companies_come_in_pages_all_of_them_or_those_that_are_behind() {
    let world = World::start().await;
    let officer = world.sign_in("officer@exchange.example").await;
    for number in 0..7 {
        let id = format!("N{number}");
        if number % 2 == 0 {
            list(&world, &id, &format!("{id}X1")).await;
        }
        enter(&world, &id, &format!("Company {number}")).await;
    }
    world.local.settle().await;
    for (behind, expected) in [
        (
            "",
            vec!["N0", "N1", "N2", "N3", "N4", "N5", "N6", "abc", "bank", "solo"],
        ),
        (
            "&behind=true",
            vec!["N0", "N2", "N4", "N6", "abc", "bank", "solo"],
        ),
        (
            "&behind=false",
            vec!["N0", "N1", "N2", "N3", "N4", "N5", "N6", "abc", "bank", "solo"],
        ),
    ] {
        let (mut seen, mut next) = (Vec::new(), format!("/readiness/companies?limit=2{behind}"));
        loop {
            let page = officer.get(&next).await.expect(200);
            seen.extend(page.each("id"));
            assert!(page.each("id").len() <= 2);
            let Some(cursor) = page["nextCursor"].as_str() else {
                break;
            };
            assert!(page.header("link").unwrap().contains("/readiness/companies?"));
            next = format!("/readiness/companies?limit=2{behind}&cursor={cursor}");
        }
        assert_eq!(seen, expected, "{behind}");
    }
    for wrong in ["behind=maybe", "limit=0", "cursor=x"] {
        let _ = officer
            .get(&format!("/readiness/companies?{wrong}"))
            .await
            .refused(400, "malformed");
    }
    let listing = officer
        .get("/delegated-administrators?participant=B01234&limit=1")
        .await;
    let foreign = listing["nextCursor"].as_str().unwrap();
    let path = format!("/readiness/companies?cursor={foreign}");
    let _ = officer.get(&path).await.refused(400, "malformed");
    world.local.stop().await;
}
