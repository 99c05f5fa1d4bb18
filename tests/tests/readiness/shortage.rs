//! A company where too few people are there: told to itself and to officers.

use countersign_tests::World;
use countersign_tests::cast::Cast;
use countersign_tests::post::text;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use serde_json::{Value, json};

/// Marks someone away until this day.
async fn away(world: &World, user: &str, until: &str) {
    world.edit_person(user, "away_from", text("2023-02-08")).await;
    world.edit_person(user, "away_until", text(until)).await;
}

async fn count(world: &World) {
    let round = json!({"job": "readiness", "scheduled": "2023-02-07T03:00:00Z"});
    let _ = world.local.invoke("readiness", round).await.unwrap();
}

/// What an officer's list says of a company.
async fn listed(cast: &Cast, id: &str) -> Value {
    let page = cast.officer.get("/readiness/companies").await.expect(200);
    let companies = page["items"].as_array().unwrap().iter();
    let mut found = companies.filter(|company| company["id"] == id);
    found.next().unwrap()["shortage"].clone()
}

/// The officers' pages have a number of such companies, and for this one how many are there and away.
async fn assert_pages_say_so(world: &World) {
    for (tag, told) in [
        (
            "en",
            [
                "2 companies have too few people",
                "1 of 2 who are needed are there, 2 away.",
            ],
        ),
        (
            "zh-Hant-HK",
            [
                "2 間公司人手不足",
                "需要 2 人，現時可處理的有 1 人，另有 2 人暫離。",
            ],
        ),
    ] {
        let officer = world.browser("officer@exchange.example").await;
        let officer = officer.with_cookie(&format!("language={tag}"));
        let page = officer.get("/portal/readiness").await.expect(200);
        assert!(told.iter().all(|told| page.shows(told)), "{}", page.body);
        let page = officer.get("/portal/readiness?company=abc").await.expect(200);
        assert!(
            page.shows(told[1]) && !page.shows("your company"),
            "{}",
            page.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_whose_only_other_checker_is_away_reads_so_and_officers_do_with_the_next_count() {
    let world = World::start().await;
    for user in ["checker@abc.example", "checker2@abc.example"] {
        away(&world, user, "2023-02-10").await;
    }
    let cast = Cast::sign_in(&world).await;
    count(&world).await;
    let own = cast.maker.get("/readiness").await.expect(200);
    assert_eq!(
        (&own["shortage"], listed(&cast, "abc").await),
        (&Value::Null, Value::Null)
    );
    let only = world.sign_in("only@solo.example").await;
    let solo = json!({"needed": 2, "there": 1, "away": 0});
    assert_eq!(only.get("/readiness").await.expect(200)["shortage"], solo);
    assert_eq!(listed(&cast, "solo").await, solo);

    // The absence begins. Nothing is done and nothing is counted: the company itself reads it at once.
    world.at("2023-02-08T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let short = json!({"needed": 2, "there": 1, "away": 2});
    assert_eq!(cast.maker.get("/readiness").await.expect(200)["shortage"], short);
    let page = world
        .browser("maker@abc.example")
        .await
        .get("/portal/readiness")
        .await;
    assert!(
        page.expect(200)
            .shows("Too few people: one person of your company makes a request")
    );
    assert_eq!(listed(&cast, "abc").await, Value::Null);
    count(&world).await;
    assert_eq!(listed(&cast, "abc").await, short);
    let all = cast.officer.get("/readiness").await.expect(200);
    assert_eq!(all["companies"]["short"], 2);
    let file = cast.officer.get("/readiness.csv").await.expect(200);
    let file = file.body.as_str().unwrap();
    assert!(file.contains(",Counted,Too few people\r\n"), "{file}");
    for (company, cell) in [
        ("abc,", ",1 of 2 (2 away)"),
        ("bank,", " HKT,"),
        ("solo,", ",1 of 2 (0 away)"),
    ] {
        let line = file.lines().find(|line| line.starts_with(company)).unwrap();
        assert!(line.ends_with(cell), "{line}");
    }
    assert_pages_say_so(&world).await;

    // They are back.
    world.at("2023-02-11T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    count(&world).await;
    assert_eq!(listed(&cast, "abc").await, Value::Null);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_a_companys_people_takes_no_further_call_and_no_further_read_unit() {
    let stage = Stage::set().await;
    count(&stage.world).await;
    stage.world.local.settle().await;
    stage.wire.ask_for_capacity();
    let ((), calls) = stage.wire.during(count(&stage.world)).await;
    let of_directory: Vec<RoundTrip> = calls
        .into_iter()
        .filter(|call| call.function == "readiness" && call.request.to_string().contains("COMPANY#abc"))
        .filter(|call| call.operation != "UpdateItem")
        .collect();
    let units: Vec<f64> = of_directory
        .iter()
        .map(|call| {
            call.response["ConsumedCapacity"]["CapacityUnits"]
                .as_f64()
                .unwrap()
        })
        .collect();
    // The company and its five people, read consistently.
    assert_eq!(units, [1.0], "{of_directory:?}");
    stage.strike().await;
}
