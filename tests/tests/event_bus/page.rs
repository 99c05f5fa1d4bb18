//! The page that shows the bus on this machine.

use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::Cast;
use reqwest::header::ACCEPT;
use serde_json::Value;

async fn get(world: &World, query: &str, accept: &str) -> String {
    let url = format!("{}/events{query}", world.local.url());
    let call = reqwest::Client::new().get(url).header(ACCEPT, accept);
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_programs_see_the_events_newest_first_and_those_of_one_request() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    let draft = cast.request_in(StateName::Draft, 2).await;
    world.local.settle().await;
    let json = |query: String| {
        let world = &world;
        async move {
            let events: Value = serde_json::from_str(&get(world, &query, "*/*").await).unwrap();
            events.as_array().unwrap().clone()
        }
    };
    let all = json(String::new()).await;
    assert_eq!(
        (&all[0]["detail"]["request"], all.len()),
        (&draft.id().into(), 5 + 4)
    );
    // A draft has no reference number yet.
    for (name, expected) in [
        (sent.id(), vec![4, 3, 2, 1]),
        ("DA3_00013361".to_owned(), vec![4, 3, 2]),
    ] {
        let events = json(format!("?request={name}")).await;
        let versions: Vec<_> = events.iter().map(|event| &event["detail"]["version"]).collect();
        assert_eq!(versions, expected, "{name}");
    }
    let page = get(&world, &format!("?request={}", sent.id()), "text/html").await;
    assert!(
        page.contains("confirm, from Claimed to Sent") && page.contains(">DA3_00013361</a>"),
        "{page}"
    );
    assert!(!page.contains(&draft.id()));
    let page = get(&world, "", "text/html").await;
    assert!(
        page.contains("Company Entered") && page.contains(&draft.id()),
        "{page}"
    );
    let page = get(&world, "?request=%22%3E%3Cscript%3E", "text/html").await;
    assert!(
        page.contains("There is no event of that request.") && !page.contains("<script>"),
        "{page}"
    );
    world.local.stop().await;
}
