//! Starting, stopping and starting again in one process.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::eservice::EServiceId;
use countersign_local::options::{Data, Options};
use countersign_local::{Local, StartError};
use jiff::Timestamp;
use serde_json::json;

use super::support::{Caller, form};

const WALK: &str = "2023-02-07T10:43:00+08:00";

fn kept_in(place: &tempfile::TempDir) -> Options {
    Options {
        data: Data::Folder(place.path().to_owned()),
        ..Options::in_memory()
    }
}

async fn last_reference(local: &Local) -> Option<String> {
    let key = [("pk", "SEQ#DA3"), ("sk", "SEQ")].map(|(name, value)| (name.to_owned(), text(value)));
    let get = local
        .dynamodb()
        .get_item()
        .table_name(local.table_name())
        .set_key(Some(key.into()));
    let item = get.send().await.unwrap().item?;
    item["last"].as_n().ok().cloned()
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

#[tokio::test]
async fn everybody_of_the_demonstration_signs_in_and_is_known() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    for (user, name, company, rights) in [
        (
            "maker@abc.example",
            "A Maker",
            "ABC Company",
            json!(["EU_UserMaintenance", "EU_ManageUsers"]),
        ),
        (
            "checker@abc.example",
            "D Wong",
            "ABC Company",
            json!(["EU_UserMaintenance", "EU_ManageUsers"]),
        ),
        (
            "checker2@abc.example",
            "C Two",
            "ABC Company",
            json!(["EU_UserMaintenance", "EU_ManageUsers"]),
        ),
        ("norights@abc.example", "N Rights", "ABC Company", json!([])),
        (
            "viewer@abc.example",
            "V Reader",
            "ABC Company",
            json!(["EU_ViewOnly"]),
        ),
        (
            "maker@bank.example",
            "B Maker",
            "Example Bank, Ltd.",
            json!(["EU_UserMaintenance", "EU_ManageUsers"]),
        ),
        (
            "checker@bank.example",
            "B Checker",
            "Example Bank, Ltd.",
            json!(["EU_UserMaintenance", "EU_ManageUsers"]),
        ),
        (
            "only@solo.example",
            "S Only",
            "Solo Securities",
            json!(["EU_UserMaintenance"]),
        ),
        (
            "officer@exchange.example",
            "E Officer",
            "The exchange",
            json!(["EU_ManageUsers", "HKEX_Operations"]),
        ),
        (
            "officer2@exchange.example",
            "E Two",
            "The exchange",
            json!(["EU_ManageUsers", "HKEX_Operations"]),
        ),
    ] {
        let me = Caller::signed_in(local.url(), user)
            .await
            .unwrap()
            .get("/me")
            .await
            .unwrap();
        assert_eq!(me.status, 200, "{user}: {}", me.body);
        assert_eq!(me.body["user"]["name"], name);
        assert_eq!(me.body["company"]["name"], company);
        assert_eq!(me.body["rights"], rights, "{user}");
    }
    local.stop().await;
}

#[tokio::test]
async fn a_restart_finds_everything() {
    let place = tempfile::tempdir().unwrap();
    let first = Local::start(kept_in(&place)).await.unwrap();
    let maker = Caller::signed_in(first.url(), "maker@abc.example").await.unwrap();
    let created = maker
        .send("POST", "/requests", "", &form("B01234X1"))
        .await
        .unwrap();
    assert_eq!(created.status, 201, "{}", created.body);
    first.stop().await;

    let second = Local::start(kept_in(&place)).await.unwrap();
    let maker = Caller::signed_in(second.url(), "maker@abc.example")
        .await
        .unwrap();
    let found = maker.get(created.header("location")).await.unwrap();
    assert_eq!(found.status, 200);
    // What a read answers has its own digest behind the receipt.
    let receipt = created.header("etag").trim_end_matches('"');
    assert!(
        found.header("etag").starts_with(receipt),
        "{}",
        found.header("etag")
    );
    second.stop().await;
}

#[tokio::test]
async fn a_restart_overwrites_nothing_that_changed() {
    let place = tempfile::tempdir().unwrap();
    let first = Local::start(kept_in(&place)).await.unwrap();
    let key = [("pk", "COMPANY#abc"), ("sk", "PROFILE")].map(|(name, value)| (name.to_owned(), text(value)));
    let update = first
        .dynamodb()
        .update_item()
        .table_name(first.table_name())
        .set_key(Some(key.into()))
        .update_expression("SET #name = :name")
        .expression_attribute_names("#name", "name")
        .expression_attribute_values(":name", text("ABC Renamed"));
    update.send().await.unwrap();
    first.stop().await;

    let second = Local::start(kept_in(&place)).await.unwrap();
    let maker = Caller::signed_in(second.url(), "maker@abc.example")
        .await
        .unwrap();
    assert_eq!(
        maker.get("/me").await.unwrap().body["company"]["name"],
        "ABC Renamed"
    );
    second.stop().await;
}

#[tokio::test]
async fn the_first_reference_is_set_once_and_never_goes_back() {
    let place = tempfile::tempdir().unwrap();
    for (first, last) in [(13_361, "13360"), (20_000, "19999"), (13_361, "19999")] {
        let mut options = kept_in(&place);
        options.first_references.insert(EServiceId::Da3, first);
        let local = Local::start(options).await.unwrap();
        assert_eq!(last_reference(&local).await.as_deref(), Some(last), "{first}");
        local.stop().await;
    }
}

#[tokio::test]
async fn the_clock_starts_where_it_is_set_and_never_goes_back_on_the_same_data() {
    let place = tempfile::tempdir().unwrap();
    let walk: Timestamp = WALK.parse().unwrap();
    let options = || Options {
        clock: Some(walk),
        ..kept_in(&place)
    };
    let first = Local::start(options()).await.unwrap();
    assert!(first.clock().now() >= walk && first.notice().is_none());
    let later: Timestamp = "2023-02-09T09:00:00+08:00".parse().unwrap();
    first.clock().set(later);
    first.stop().await;

    let second = Local::start(options()).await.unwrap();
    assert!(second.clock().now() >= later, "{}", second.clock().now());
    assert!(second.notice().unwrap().contains("09-Feb-2023 09:00 HKT"));
    second.stop().await;
}

#[tokio::test]
async fn with_a_clock_the_campaign_is_the_templates_and_without_one_it_is_around_today() {
    let environment = |local: &Local| local.template().function("submit").unwrap().environment.clone();
    let set = Options {
        clock: Some(WALK.parse().unwrap()),
        ..Options::in_memory()
    };
    let set = Local::start(set.set("CampaignOpens", "2023-02-01"))
        .await
        .unwrap();
    assert_eq!(environment(&set)["CAMPAIGN_OPENS"], "2023-02-01");
    assert_eq!(environment(&set)["CAMPAIGN_DEADLINE"], "2023-04-28");
    set.stop().await;

    let today = Local::start(Options::in_memory()).await.unwrap();
    let day = |name: &str| environment(&today)[name].parse::<jiff::civil::Date>().unwrap();
    assert_eq!((day("CAMPAIGN_DEADLINE") - day("CAMPAIGN_OPENS")).get_days(), 39);
    today.stop().await;
}

#[tokio::test]
async fn runners_in_one_process_share_nothing() {
    let (one, two) = (
        Local::start(Options::in_memory()).await.unwrap(),
        Local::start(Options::in_memory()).await.unwrap(),
    );
    let maker = Caller::signed_in(one.url(), "maker@abc.example").await.unwrap();
    let created = maker
        .send("POST", "/requests", "", &form("B01234X1"))
        .await
        .unwrap();
    let stranger = Caller::signed_in(two.url(), "maker@abc.example").await.unwrap();
    assert_eq!(
        stranger.get(created.header("location")).await.unwrap().status,
        404
    );
    assert_eq!(
        Caller::new(two.url())
            .with_token(maker.token())
            .get("/me")
            .await
            .unwrap()
            .status,
        401
    );
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn functions_use_the_endpoint_that_stands_in_front_of_the_table() {
    let seen = Arc::new(Mutex::new(None));
    let options = Options {
        endpoint_override: Some(Arc::new({
            let seen = seen.clone();
            move |endpoint| {
                *seen.lock().unwrap() = Some(endpoint.to_owned());
                "http://127.0.0.1:1".to_owned()
            }
        })),
        ..Options::in_memory()
    };
    let local = Local::start(options).await.unwrap();
    assert_eq!(seen.lock().unwrap().as_deref(), Some(local.dynamodb_endpoint()));
    assert!(
        Caller::signed_in(local.url(), "maker@abc.example").await.is_err(),
        "nothing listens there"
    );
    local.stop().await;
}

#[tokio::test]
async fn data_of_another_template_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let first = Local::start(kept_in(&place)).await.unwrap();
    let (client, table) = (first.dynamodb(), first.table_name().to_owned());
    client.delete_table().table_name(&table).send().await.unwrap();
    let created = client
        .create_table()
        .table_name(&table)
        .billing_mode(aws_sdk_dynamodb::types::BillingMode::PayPerRequest)
        .attribute_definitions(
            aws_sdk_dynamodb::types::AttributeDefinition::builder()
                .attribute_name("pk")
                .attribute_type(aws_sdk_dynamodb::types::ScalarAttributeType::S)
                .build()
                .unwrap(),
        )
        .key_schema(
            aws_sdk_dynamodb::types::KeySchemaElement::builder()
                .attribute_name("pk")
                .key_type(aws_sdk_dynamodb::types::KeyType::Hash)
                .build()
                .unwrap(),
        );
    created.send().await.unwrap();
    first.stop().await;
    match Local::start(kept_in(&place)).await {
        Err(StartError::Engine(reason)) => assert!(reason.contains("another version of template.yaml")),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[tokio::test]
async fn data_whose_items_are_in_another_layout_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let first = Local::start(kept_in(&place)).await.unwrap();
    let key = || aws_sdk_dynamodb::types::AttributeValue::S("LAYOUT".to_owned());
    let unmark = first.dynamodb().delete_item().table_name(first.table_name());
    unmark.key("pk", key()).key("sk", key()).send().await.unwrap();
    first.stop().await;
    // Such a folder may hold mails as a release kept them that wrote nothing until the first one came.
    std::fs::write(place.path().join("mails.jsonl"), "").unwrap();
    match Local::start(kept_in(&place)).await {
        Err(StartError::Engine(reason)) => assert!(reason.contains("another version of Countersign")),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[tokio::test]
async fn a_runner_keeps_its_table_in_another_dynamodb_and_reads_its_stream_there() {
    let dynamodb = Local::start(Options::in_memory()).await.unwrap();
    let second = || Options {
        data: Data::Elsewhere(dynamodb.dynamodb_endpoint().to_owned()),
        stack: "second".to_owned(),
        clock: Some(WALK.parse().unwrap()),
        ..Options::in_memory().set("CampaignOpens", "2023-02-01")
    };
    let local = Local::start(second()).await.unwrap();
    assert_ne!(local.table_name(), dynamodb.table_name());
    let maker = Caller::signed_in(local.url(), "maker@abc.example").await.unwrap();
    let draft = maker
        .send("POST", "/requests", "", &form("B01234X1"))
        .await
        .unwrap();
    let place = draft.header("location").to_owned();
    let submit = format!("{place}/submit");
    let submitted = maker
        .send("POST", &submit, draft.header("etag"), &json!({}))
        .await
        .unwrap();
    assert_eq!(submitted.status, 200);
    // The mails to the checkers come by the table's stream.
    local.settle().await;
    assert_eq!(local.mailbox().len(), 2);
    local.stop().await;

    let again = Local::start(second()).await.unwrap();
    let maker = Caller::signed_in(again.url(), "maker@abc.example").await.unwrap();
    assert_eq!(maker.get(&place).await.unwrap().status, 200);
    again.stop().await;
    dynamodb.stop().await;
}
