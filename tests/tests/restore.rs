//! A table's items come back from a backup in any order, and nobody hears twice of what they were told.

use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::admin::admin;
use countersign_tests::cast::Cast;
use countersign_tests::seed::{self, Item};
use countersign_tests::{Reply, World, guideline_day};

/// The items in an order that has nothing to do with how they came about, another one for each number.
fn shuffled(items: &[Item], number: u64) -> Vec<Item> {
    let mut items = items.to_vec();
    let mut state = number;
    for last in (1..items.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap() % (last + 1);
        items.swap(last, other);
    }
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_in_any_order_mails_nobody_again_and_goes_on_where_it_was() {
    // Readers that miss an item try again; nobody waits long for that here.
    let world = World::with(Options {
        longest_retry_pause: Duration::from_millis(1),
        ..guideline_day()
    })
    .await;
    let cast = Cast::sign_in(&world).await;
    cast.request_in(StateName::Completed, 1).await;
    cast.request_in(StateName::Rejected, 2).await;
    let claimed = cast.request_in(StateName::Claimed, 3).await;
    let mails = world.mails_since(0).await.len();
    assert!(mails > 0);
    let listed = cast.maker.get("/requests?limit=100").await.expect(200).body;
    let kept = seed::everything(&world).await;

    world.at("2023-02-07T12:30:00+08:00");
    for number in [1, 2, 3] {
        seed::lose(&world, &kept).await;
        assert!(seed::everything(&world).await.is_empty());
        for item in shuffled(&kept, number) {
            let is_announced = item["sk"].as_s().is_ok_and(|sk| sk.starts_with("EVT#"));
            seed::items(&world, vec![item]).await;
            if is_announced {
                // The stream's readers see the table with this item and without the next.
                world.local.settle().await;
            }
        }
        let told = world.mails_since(mails).await;
        assert!(
            told.is_empty(),
            "{:?}",
            told.iter().map(|mail| &mail.message.to).collect::<Vec<_>>()
        );
    }

    let cast = Cast::sign_in(&world).await;
    assert_eq!(
        cast.maker.get("/requests?limit=100").await.expect(200).body,
        listed
    );
    assert_eq!(cast.checker.act(&claimed, "confirm").await.status, 200);
    assert!(
        !world.mails_since(mails).await.is_empty(),
        "the next step is announced"
    );
    world.local.stop().await;
}

/// Makes a table beside the product's, as a restored backup is, and fills it.
async fn backup(world: &World, name: &str, items: &[Item]) {
    let client = world.local.dynamodb();
    let attribute = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind: KeyType| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .unwrap()
    };
    let create = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    let create = create
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"));
    let create = create
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range));
    create.send().await.unwrap();
    for item in items {
        let put = client.put_item().table_name(name).set_item(Some(item.clone()));
        put.send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_puts_back_what_is_missing_and_leaves_what_has_changed_since() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    cast.request_in(StateName::Completed, 1).await;
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let mails = world.mails_since(0).await.len();
    let kept = seed::everything(&world).await;
    backup(&world, "restored", &kept).await;
    let confirmed = cast.checker.act(&claimed, "confirm").await.expect(200);
    let mails = mails + world.mails_since(mails).await.len();
    let path = format!("/requests/{}", confirmed.id());
    let whole = cast.maker.get(&path).await.expect(200).body["history"].clone();
    let is_one = |item: &&Item, pk: &str, sk: &str| {
        let starts = |name: &str, with: &str| item[name].as_s().is_ok_and(|key| key.starts_with(with));
        starts("pk", pk) && starts("sk", sk)
    };
    let lost: Vec<Item> = kept
        .iter()
        .filter(|item| is_one(item, "REQ#", "EVT#0000000001") || is_one(item, "DA#", "USER#B01234X1"))
        .cloned()
        .collect();
    assert_eq!(lost.len(), 3);
    seed::lose(&world, &lost).await;
    world.at("2023-02-07T12:30:00+08:00");
    let cast = Cast::sign_in(&world).await;

    let shown = admin(&world, &["restore", "--from", "restored"]).await;
    assert!(shown.output.contains("REQ EVT: 2 lost\n"), "{}", shown.output);
    assert!(
        shown.output.contains("REQ HEAD: 1 different\n"),
        "{}",
        shown.output
    );
    assert!(
        shown.output.ends_with("run the same command with --write.\n"),
        "{}",
        shown.output
    );
    let history = |reply: Reply| reply.body["history"].clone();
    assert_ne!(history(cast.maker.get(&path).await.expect(200)), whole);

    let written = admin(&world, &["restore", "--from", "restored", "--write"]).await;
    assert!(
        written.output.ends_with("What was lost is back.\n"),
        "{}",
        written.output
    );
    // An administrator may have been deleted by a request since the backup.
    let deleted = "DA USER: 1 missing, perhaps deleted on purpose; --kind \"DA USER\" takes them as lost\n";
    let again = admin(&world, &["restore", "--from", "restored"]).await;
    assert!(
        again.output.contains("\n0 items are lost, 1 more") && again.output.contains(deleted),
        "{}",
        again.output
    );
    let kind = ["restore", "--from", "restored", "--kind", "DA USER", "--write"];
    assert!(admin(&world, &kind).await.output.contains("DA USER: 1 lost\n"));
    let all = admin(&world, &["restore", "--from", "restored", "--all"]).await;
    assert!(
        all.output.contains("\n0 items are lost, 0 more"),
        "{}",
        all.output
    );
    assert_eq!(history(cast.maker.get(&path).await.expect(200)), whole);
    assert!(world.mails_since(mails).await.is_empty());
    world.local.stop().await;
}
