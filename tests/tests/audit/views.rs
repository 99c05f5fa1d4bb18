//! Who opened what, for a company that asks for it.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_what_is_recorded_for_a_company_that_asks_and_for_no_other() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    let checker = world.browser("checker2@abc.example").await;
    let path = format!("/portal/requests/{}", sent.id());
    let _ = checker.get(&path).await.expect(200);
    let _ = cast.officer.read(&sent.id()).await;
    assert!(audit(&cast.maker, "?kind=viewed").await.is_empty());
    seed::records_views(&world, true).await;
    for minute in 50..=51 {
        world.at(&format!("2023-02-07T10:{minute}:00+08:00"));
        let _ = checker.get(&path).await.expect(200);
    }
    world.at("2023-02-07T10:52:00+08:00");
    let _ = checker.get(&format!("{path}/record")).await.expect(200);
    let _ = cast.officer.read(&sent.id()).await;
    let processing = cast.officer.act(&sent, "claim").await.expect(200);
    world.at("2023-02-07T10:53:00+08:00");
    let _ = checker.get(&path).await.expect(200);
    let entries = audit(&cast.maker, "?kind=viewed").await;
    let seen: Vec<(&str, &Value, &Value)> = entries
        .iter()
        .map(|entry| {
            let name = entry["person"].as_str().unwrap();
            (name, &entry["version"], &entry["times"])
        })
        .collect();
    let (sent_at, claimed_at) = (&sent["version"], &processing["version"]);
    let (one, three) = (json!(1), json!(3));
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!((seen[0].1, seen[0].2), (claimed_at, &one));
    let checker_saw = seen[1..].iter().find(|(name, ..)| *name == seen[0].0);
    assert_eq!(
        checker_saw.map(|(_, version, times)| (*version, *times)),
        Some((sent_at, &three))
    );
    let first = entries.iter().find(|entry| entry["times"] == 3).unwrap();
    let at = first["first"].as_str().unwrap();
    assert!(at.starts_with("07-Feb-2023 10:50:00"), "{at}");
    // The exchange learns nothing of it.
    assert!(audit(&cast.officer, "?kind=viewed").await.is_empty());
}
