//! Tasks and My requests in the portal: filters, search, order, the file, several at once, and the navigation's count.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::portal::{Browser, Page};
use countersign_tests::seed::open_requests_like;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use countersign_tests::{Reply, World, form_for, guideline_form};
use serde_json::{Value, json};

mod several;

const MAKER: &str = "maker@abc.example";
const CHECKER: &str = "checker@abc.example";
const OFFICER: &str = "officer@exchange.example";

/// The references of a page's rows, in their order; `DA 3 Draft` for a draft.
fn rows(page: &Page) -> Vec<String> {
    let table = page.body.split("<tbody>").nth(1).unwrap_or_default();
    let links = table.split("<a class=\"ref\" href=\"").skip(1);
    links
        .filter_map(|rest| rest.split('>').nth(1)?.split('<').next())
        .map(str::to_owned)
        .collect()
}

async fn found(browser: &Browser, address: &str) -> Vec<String> {
    rows(&browser.get(address).await.expect(200))
}

fn reference(reply: &Reply) -> String {
    reply["reference"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_leaves_out_what_it_says_and_stays_in_every_address_of_the_page() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = reference(&cast.request_in(StateName::ReadyToSend, 1).await);
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let claimed = reference(&claimed);
    let mut order = guideline_form();
    order["participantship"] = json!({"kind": "HKCC Participant", "id": "CXYZ"});
    order["changes"] = json!([{"userId": "CXYZX1", "email": "da@bank.example"}]);
    countersign_tests::seed::administrators_of(&world, &order).await;
    let futures = reference(&cast.maker.submit(&order).await);
    let draft = cast.request_in(StateName::Draft, 3).await;
    assert!(draft["reference"].is_null());
    let maker = world.browser(MAKER).await;
    let page = maker.get("/portal/requests").await.expect(200);
    let holder = page
        .body
        .split(">D Wong</option>")
        .next()
        .and_then(|rest| rest.rsplit('"').nth(1));
    let by_holder = format!("with={}", holder.unwrap());
    for (filter, expected) in [
        ("state=Claimed", vec![&claimed]),
        ("participant=HKCC+Participant+%28CXYZ%29", vec![&futures]),
        ("with=checkers", vec![&futures, &ready]),
        (by_holder.as_str(), vec![&claimed]),
        (
            "from=2023-02-07&to=2023-02-07&state=ReadyToSend",
            vec![&futures, &ready],
        ),
        ("from=2023-02-08", vec![]),
        ("to=2023-02-06", vec![]),
        ("eservice=SCard1", vec![]),
        (
            "eservice=DA3&state=ReadyToSend&sort=details",
            vec![&ready, &futures],
        ),
    ] {
        let page = maker.get(&format!("/portal/requests?{filter}")).await.expect(200);
        let shown = rows(&page);
        assert_eq!(shown.iter().collect::<Vec<_>>(), expected, "{filter}");
        for pair in filter.split('&') {
            let pair = pair.replace('+', "%20");
            for address in ["/portal/requests.csv?", "/portal/requests?"] {
                let mark = format!("href=\"{address}");
                let links = page.body.split(&mark).skip(1);
                let mut links = links.filter_map(|rest| rest.split('"').next());
                // An order's own column leads to its reverse.
                let is_kept = pair.starts_with("sort") || links.any(|link| link.contains(&pair));
                assert!(is_kept || expected.is_empty(), "{address}: {pair}");
            }
        }
    }
    let checker = world.browser(CHECKER).await;
    assert!(
        found(&checker, "/portal/requests").await.is_empty(),
        "only their own"
    );
    assert_eq!(found(&checker, "/portal/requests?maker=all").await.len(), 4);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_can_not_be_meant_is_explained_at_its_field_and_shows_no_row() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Sent, 1).await;
    let (maker, officer) = (world.browser(MAKER).await, world.browser(OFFICER).await);
    for (browser, name, value, fault) in [
        (&maker, "state", "Sending", "Choose one from the list."),
        (&maker, "eservice", "DA4", "Choose one from the list."),
        (
            &maker,
            "participant",
            "HKCC+Participant+%28OTHER%29",
            "Choose one from the list.",
        ),
        (&maker, "maker", "nobody", "Choose one from the list."),
        (&maker, "with", "nobody", "Choose one from the list."),
        (&maker, "from", "7+February", "Enter a date like 2023-02-07."),
        (&maker, "to", "2023-02-30", "Enter a date like 2023-02-07."),
        (
            &officer,
            "participant",
            "B+1",
            "Enter a participant’s ID like B01234.",
        ),
        (&officer, "state", "Draft", "Choose one from the list."),
    ] {
        let page = browser
            .get(&format!("/portal/tasks?{name}={value}"))
            .await
            .expect(422);
        assert!(rows(&page).is_empty(), "{name}={value}");
        assert!(
            page.shows(&format!("id=\"{name}-error\">{fault}")),
            "{name}={value}: {}",
            page.body
        );
        let file = browser.get(&format!("/portal/tasks.csv?{name}={value}")).await;
        assert!(
            matches!(file.status, 200 | 400),
            "{name}={value}: {}",
            file.status
        );
    }
    // A field for dates would throw away what was typed.
    let page = maker.get("/portal/tasks?from=7+February").await.expect(422);
    assert!(
        page.shows("type=\"text\"\n  value=\"7 February\""),
        "{}",
        page.body
    );
    let page = maker
        .get("/portal/tasks?from=2023-02-08&to=2023-02-07")
        .await
        .expect(422);
    assert!(page.shows("id=\"to-error\">This is before the first date."));
    let page = maker
        .get(&format!("/portal/tasks?q={}", "x".repeat(201)))
        .await
        .expect(422);
    assert!(page.shows("id=\"q-error\">Search for 200 characters at most."));
    world.local.stop().await;
}

/// A form for the User ID with this number, with an address and a contact of its own.
fn form_of(number: usize, email: &str, contact: &str) -> Value {
    let mut form = form_for(number);
    form["changes"][0]["email"] = email.into();
    form["contacts"][0]["name"] = contact.into();
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_references_user_ids_addresses_and_names() {
    let stage = Stage::set().await;
    let one = stage
        .request(
            &form_of(1, "anna@desk.example", "Anna Ng"),
            StateName::ReadyToSend,
        )
        .await;
    let two = stage
        .request(&form_of(2, "ben@desk.example", "Ben Ho"), StateName::Claimed)
        .await;
    let (one, two) = (reference(&one), reference(&two));
    let done = reference(&stage.request(&form_for(3), StateName::Completed).await);
    let checker = stage.world.browser(CHECKER).await;
    for (text, expected) in [
        ("DA3_00013361", vec![&one]),
        ("da3_00013361", vec![&one]),
        ("13361", vec![&one]),
        ("B01234X2", vec![&two]),
        ("b01234x2", vec![&two]),
        ("ben@desk", vec![&two]),
        ("ANNA NG", vec![&one]),
        ("A Maker", vec![&one, &two]),
        ("D Wong", vec![&two]),
        ("nobody", vec![]),
        // A reference number is found wherever its request stands.
        (&done, vec![&done]),
    ] {
        let text = text.replace(' ', "+");
        let shown = found(&checker, &format!("/portal/tasks?q={text}")).await;
        assert_eq!(shown.iter().collect::<Vec<_>>(), expected, "{text}");
    }
    // Nothing of it is anyone else's.
    let stranger = stage.world.browser("maker@bank.example").await;
    let officer = stage.world.browser(OFFICER).await;
    for text in [one.as_str(), "B01234X1", "anna@desk"] {
        for browser in [&stranger, &officer] {
            assert!(
                found(browser, &format!("/portal/tasks?q={text}"))
                    .await
                    .is_empty(),
                "{text}"
            );
        }
        let own = found(&stranger, &format!("/portal/requests?maker=all&q={text}")).await;
        assert!(own.is_empty(), "{text}");
    }
    assert_eq!(found(&officer, &format!("/portal/tasks?q={done}")).await, [done]);
    stage.strike().await;
}

/// The operations of calls, each with how often it came, and the read units.
fn cost(calls: &[RoundTrip]) -> (usize, usize, f64) {
    let count = |operation: &str| calls.iter().filter(|call| call.operation == operation).count();
    let units = |call: &RoundTrip| {
        let consumed = &call.response["ConsumedCapacity"];
        let consumed = consumed.get(0).unwrap_or(consumed);
        consumed["CapacityUnits"].as_f64().unwrap_or_default()
    };
    (
        count("Query"),
        count("BatchGetItem"),
        calls.iter().map(units).sum(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_reads_no_more_than_its_bounds_says_so_and_finds_by_key_beyond_them() {
    let stage = Stage::set().await;
    let newest = stage.request(&form_for(2), StateName::ReadyToSend).await;
    let oldest = stage.request(&form_for(1), StateName::ReadyToSend).await;
    open_requests_like(&stage.world, &newest.id(), 1_100).await;
    stage.world.local.settle().await;
    let checker = stage.world.browser(CHECKER).await;
    stage.wire.ask_for_capacity();
    // The desk is longest waiting first, so the request that was made last is behind all others.
    for (text, finds, most) in [
        ("nobody", false, 330.0),
        ("B01234X1", true, 330.0),
        (&reference(&oldest), true, 15.0),
    ] {
        let address = format!("/portal/tasks?q={text}");
        let (page, calls) = stage.wire.during(checker.get(&address)).await;
        let page = page.expect(200);
        let (queries, batches, units) = cost(&calls);
        println!("{text}: {queries} queries, {batches} batches, {units} read units");
        assert_eq!(rows(&page).len(), usize::from(finds), "{text}: {}", page.body);
        assert!(units > 0.0 && units <= most, "{text}: {units}");
        let is_bounded = most > 100.0;
        assert!(queries <= if is_bounded { 204 } else { 4 }, "{text}: {queries}");
        assert_eq!(
            page.shows("Only the first 1000 requests were looked at."),
            is_bounded
        );
        assert_eq!(page.shows("was searched in 200 forms only."), is_bounded);
    }
    let (_, calls) = stage
        .wire
        .during(checker.get("/portal/tasks?state=Claimed"))
        .await;
    let (queries, batches, units) = cost(&calls);
    println!("a filter: {queries} queries, {batches} batches, {units} read units");
    assert!(queries <= 4 && batches == 0 && units <= 100.0);
    the_file_says_where_it_ends(&checker).await;
    stage.strike().await;
}

/// The list has more requests than a file.
async fn the_file_says_where_it_ends(checker: &Browser) {
    let list = checker.get("/portal/tasks").await.expect(200);
    assert!(list.shows("The CSV has the first 1000 requests of this list at most"));
    let file = checker.get("/portal/tasks.csv").await.expect(200);
    let lines: Vec<&str> = file.body.lines().collect();
    // The heading, the requests, and what is missing: a line with as many cells as the others.
    assert_eq!(lines.len(), 1_002);
    assert!(lines[1_000].starts_with("DA3_"), "{}", lines[1_000]);
    let end = lines[1_001];
    assert!(
        end.starts_with("Only the first 1000 requests were looked at."),
        "{end}"
    );
    let cells = |line: &str| line.matches(',').count();
    assert_eq!(cells(end), cells(lines[0]), "{end}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_has_the_rows_that_the_page_shows() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for number in 1..=2 {
        let _ = cast.request_in(StateName::ReadyToSend, number).await;
    }
    let claimed = reference(&cast.request_in(StateName::Claimed, 3).await);
    let checker = world.browser(CHECKER).await;
    for (query, lines) in [
        ("", 3),
        ("?state=Claimed", 1),
        ("?q=B01234X1", 1),
        ("?state=Claimed&q=nobody", 0),
    ] {
        let file = checker
            .get(&format!("/portal/tasks.csv{query}"))
            .await
            .expect(200);
        assert_eq!(file.body.lines().count(), lines + 1, "{query}: {}", file.body);
        assert!(
            file.header("content-disposition")
                .contains("tasks-2023-02-07.csv")
        );
        let shown = found(&checker, &format!("/portal/tasks{query}")).await;
        for (line, reference) in file.body.lines().skip(1).zip(&shown) {
            assert!(line.starts_with(reference.as_str()), "{line}: {reference}");
        }
    }
    let file = checker.get("/portal/tasks.csv?state=Claimed").await.expect(200);
    let line = file.body.lines().nth(1).unwrap();
    assert!(
        line.starts_with(&format!("{claimed},")) && line.contains("07-Feb-2023 10:4"),
        "{line}"
    );
    assert!(
        line.contains("A Maker") && line.contains("ABC Company,B01234"),
        "{line}"
    );
    world.local.stop().await;
}
