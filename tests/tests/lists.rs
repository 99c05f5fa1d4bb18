//! Lists: filters, limits, cursors, and links to the next page.

use countersign_domain::request::StateName;
use countersign_platform::store::page::Cursor;
use countersign_tests::cast::Cast;
use countersign_tests::{Reply, User, World, form_for, guideline_form};
use serde_json::{Value, json};

const LISTS: [&str; 3] = ["/requests", "/tasks", "/delegated-administrators"];

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_a_number_from_1_to_100() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    for list in LISTS {
        for limit in [
            "0",
            "101",
            "abc",
            "-1",
            "1.5",
            "1e1",
            " 5",
            "٥",
            "99999999999999999999",
            "0x10",
        ] {
            let reply = maker.get(&format!("{list}?limit={limit}")).await;
            let reply = reply.refused(400, "malformed");
            assert_eq!(
                reply["detail"], "limit has to be a number from 1 to 100.",
                "{limit}"
            );
        }
        for limit in ["1", "100"] {
            let _ = maker.get(&format!("{list}?limit={limit}")).await.expect(200);
        }
    }
}

/// The first page of each list, with one row.
async fn first_pages(user: &User) -> Vec<Reply> {
    let mut pages = Vec::new();
    for list in LISTS {
        let page = user.get(&format!("{list}?limit=1")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{list}");
        pages.push(page);
    }
    pages
}

fn next(page: &Reply) -> &str {
    page["nextCursor"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for number in 1..=2 {
        let _ = cast.request_in(StateName::ReadyToSend, number).await;
    }
    let pages = first_pages(&cast.maker).await;
    for (index, list) in LISTS.iter().enumerate() {
        let mut bad: Vec<String> = ["x", "%00", "e30", "bnVsbA", "W10"].map(str::to_owned).into();
        bad.push(format!("{}x", next(&pages[index])));
        bad.push(next(&pages[index])[1..].to_owned());
        bad.extend(
            (0..3)
                .filter(|other| *other != index)
                .map(|other| next(&pages[other]).to_owned()),
        );
        for cursor in bad {
            let reply = cast.maker.get(&format!("{list}?limit=1&cursor={cursor}")).await;
            let reply = reply.refused(400, "malformed");
            assert_eq!(reply["detail"], "cursor has to be one that this list gave you.");
        }
        let rest = format!("{list}?limit=1&cursor={}", next(&pages[index]));
        let second = cast.maker.get(&rest).await.expect(200);
        assert_ne!(second["items"], pages[index]["items"]);
    }
    let register = "/delegated-administrators?limit=1&participant=CXYZ";
    let other = cast
        .maker
        .get(&format!("{register}&cursor={}", next(&pages[2])))
        .await;
    let _ = other.refused(400, "malformed");
}

/// The list's cursor, with one member changed.
fn tampered(cursor: &str, member: &str, value: Option<&str>) -> String {
    let list = ["requests abc", "tasks COMPANY#abc", "administrators B01234"];
    let cursor = list.iter().find_map(|list| Cursor::parse(cursor, list)).unwrap();
    let mut members = serde_json::to_value(cursor).unwrap();
    match value {
        Some(value) => members[member] = json!(value),
        None => {
            members.as_object_mut().unwrap().remove(member);
        }
    }
    serde_json::from_value::<Cursor>(members)
        .map(|cursor| cursor.encode())
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_was_tampered_with_shows_nothing_else_and_breaks_nothing() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.stranger.submit(&bank_form()).await;
    let mut own = Vec::new();
    for number in 1..=2 {
        own.push(cast.request_in(StateName::ReadyToSend, number).await.id());
    }
    let pages = first_pages(&cast.maker).await;
    for (list, page) in LISTS.iter().zip(&pages) {
        let mut changes = vec![
            ("pk", Some("REQ#0")),
            ("pk", Some("DA#BNK109")),
            ("pk", Some("")),
            ("sk", Some("A")),
            ("sk", Some("")),
        ];
        if *list == "/delegated-administrators" {
            changes.extend([("sk", Some("USER#")), ("sk", Some("USER#Z")), ("at", Some("x"))]);
        } else {
            changes.extend([
                ("at", Some("0")),
                ("at", Some("9")),
                ("at", Some("x")),
                ("at", Some("2023")),
                ("at", Some("2023-02-07T02:43:00Z")),
                ("at", Some("")),
                ("at", None),
            ]);
        }
        for (member, value) in changes {
            let cursor = tampered(next(page), member, value);
            let reply = cast.maker.get(&format!("{list}?limit=100&cursor={cursor}")).await;
            if member == "at" {
                let _ = reply.refused(400, "malformed");
                continue;
            }
            if reply.status == 200 {
                assert!(
                    reply.each("id").iter().all(|id| own.contains(id)),
                    "{}",
                    reply.body
                );
                let user_ids = reply.each("userId");
                assert!(
                    user_ids.iter().all(|user_id| user_id.starts_with("B01234")),
                    "{}",
                    reply.body
                );
            } else {
                let _ = reply.refused(400, "malformed");
            }
        }
    }
}

fn bank_form() -> Value {
    let mut form = guideline_form();
    form["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    form["changes"] = json!([{"userId": "BNK109X1", "email": "da@bank.example"}]);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_names_a_state_or_a_reference_that_there_can_be() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await.id();
    let ready = cast.request_in(StateName::ReadyToSend, 2).await.id();
    for state in ["draft", "Sending", "Draft,Sent", "DRAFT", "Draft%00", "%E7%95%8C"] {
        let _ = cast
            .maker
            .get(&format!("/requests?state={state}"))
            .await
            .refused(400, "malformed");
    }
    for reference in [
        "13361",
        "DA3_13361",
        "DA3-00013361",
        "DA3_0001336x",
        "da3_00013361",
        "DA3_00000000",
        "_00013361",
    ] {
        let reply = cast.maker.get(&format!("/requests?reference={reference}")).await;
        let _ = reply.refused(400, "malformed");
    }
    // Every bad parameter is refused before anything is looked up, whether or not the cursor is valid.
    let both = cast
        .maker
        .get("/requests?state=Sending&limit=0&reference=x")
        .await;
    let _ = both.refused(400, "malformed");
    for (query, expected) in [
        ("state=Draft", vec![&draft]),
        ("state=Completed", vec![]),
        ("reference=DA3_00013361", vec![&ready]),
        ("reference=DA3_00013361&state=Sent", vec![]),
        ("reference=DA3_00099999", vec![]),
        ("q=ready%20to%20send", vec![&ready]),
    ] {
        let found = cast.maker.get(&format!("/requests?{query}")).await.expect(200);
        assert_eq!(found.each("id").iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_list_leads_to_the_next_and_every_row_is_shown_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut made = Vec::new();
    for number in 1..=7 {
        made.push(cast.maker.submit(&form_for(number)).await.id());
    }
    for list in [
        "/requests",
        "/requests?state=ReadyToSend&q=a%26b%20company%3F",
        "/requests?q=abc",
        "/tasks",
    ] {
        let separator = if list.contains('?') { '&' } else { '?' };
        let mut path = format!("{list}{separator}limit=3");
        let mut shown = Vec::new();
        loop {
            let page = cast.maker.get(&path).await.expect(200);
            shown.extend(page.each("id"));
            let Some(link) = page.header("link") else { break };
            let target = link
                .strip_prefix('<')
                .and_then(|link| link.strip_suffix(">; rel=\"next\""));
            path = target.unwrap().to_owned();
            assert!(path.ends_with(next(&page)), "{path}");
        }
        let mut expected = if list.contains("%26") {
            vec![]
        } else {
            made.clone()
        };
        if list.starts_with("/requests") {
            expected.reverse();
        }
        assert_eq!(shown, expected, "{list}");
    }
}
