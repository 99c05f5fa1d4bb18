//! The clients of companies' own systems.

use std::collections::BTreeSet;

use countersign_tests::systems::client_of;
use countersign_tests::{World, seed};

use super::company::{COMPANY, change, clients, enter_company, enter_system, look, purposes, text, users_of};
use super::with_ann;

/// Has the ledger say what it says while a client is being made.
async fn cut_off(world: &World, system: &str) {
    let account = ("COMPANY#firm".to_owned(), format!("ACCOUNT#{system}"));
    world.take_out(account).await;
    let made_for = format!("system {COMPANY} {system}");
    let sk = format!("ACCOUNT#{system}");
    let ledger = [
        ("pk", "COMPANY#firm"),
        ("sk", sk.as_str()),
        ("made_for", made_for.as_str()),
    ];
    let ledger = ledger.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(world, vec![ledger.into()]).await;
}

async fn remove(world: &World, system: &str) {
    let removed = [("removed_at", text("2023-02-07T02:43:03.434Z"))];
    change(world, system, &removed, &[]).await;
    assert!(look(world).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_gets_one_client_however_often_the_event_comes_and_no_letter() {
    let world = with_ann().await;
    enter_system(&world, "robot").await;
    let mut found = BTreeSet::new();
    let letters = world.local.mailbox().len();
    for _ in 0..3 {
        assert!(look(&world).await);
        found.extend(client_of(&world, "firm", "robot").await);
    }
    assert_eq!((found.len(), world.local.mailbox().len()), (1, letters));
    assert!(users_of(&world, "robot").await.is_empty());
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_whose_making_was_cut_off_is_found_again_and_the_system_has_no_other() {
    let world = World::start().await;
    enter_company(&world).await;
    enter_system(&world, "robot").await;
    assert!(look(&world).await);
    let before = clients(&world).await;
    assert_eq!(before.len(), 1);
    cut_off(&world, "robot").await;
    // The kill may also have come before the table knew what the client is for.
    let client = before.keys().next().unwrap();
    world
        .take_out((format!("CLIENT#{client}"), "CLIENT".to_owned()))
        .await;
    assert!(look(&world).await);
    assert_eq!(clients(&world).await, before);
    assert_eq!(
        purposes(&world).await.into_iter().collect::<Vec<_>>(),
        [(client.clone(), ("firm".to_owned(), "robot".to_owned()))]
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_is_removed_leaves_no_client_and_nothing_that_says_what_it_was_for() {
    let world = World::start().await;
    enter_company(&world).await;
    for system in ["robot", "cut-off"] {
        enter_system(&world, system).await;
        assert!(look(&world).await);
        assert_eq!(
            (clients(&world).await.len(), purposes(&world).await.len()),
            (1, 1)
        );
        if system == "cut-off" {
            cut_off(&world, system).await;
        }
        remove(&world, system).await;
        assert!(clients(&world).await.is_empty() && purposes(&world).await.is_empty());
    }
    world.local.stop().await;
}
