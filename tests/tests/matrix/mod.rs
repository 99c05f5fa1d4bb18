//! Every (state, action, role) combination over HTTP, allowed and refused.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::{Reply, User, World, form_for};
use table::TABLE;

mod table;

/// The status and the problem for each word of the table.
const WORDS: [(&str, u16, &str); 9] = [
    ("own", 403, "own-request"),
    ("first", 403, "checked-first"),
    ("maker", 403, "not-its-maker"),
    ("confirmer", 403, "not-its-confirmer"),
    ("right", 403, "right-missing"),
    ("none", 404, "not-found"),
    ("late", 409, "not-possible"),
    ("there", 409, "maker-is-there"),
    ("alone", 409, "colleague-cannot-check"),
];

/// A line of the table.
struct Line {
    action: &'static str,
    cells: Vec<Cell>,
}

/// The expected and the actual outcome of an action for a role.
struct Cell {
    role: &'static str,
    expected: &'static str,
    actual: String,
}

fn lines(state: &str) -> Vec<Line> {
    let mut lines = TABLE
        .trim()
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let heading = lines.next().unwrap();
    let of_state: Vec<Line> = lines
        .filter(|words| words[0] == state)
        .map(|words| Line {
            action: words[1],
            cells: heading[2..]
                .iter()
                .zip(&words[2..])
                .map(|(role, expected)| Cell {
                    role,
                    expected,
                    actual: String::new(),
                })
                .collect(),
        })
        .collect();
    assert_eq!(of_state.len(), 13, "{state}");
    assert!(of_state.iter().all(|line| line.cells.len() == 7), "{state}");
    of_state
}

fn role<'a>(cast: &'a Cast, name: &str) -> &'a User {
    match name {
        "maker" => &cast.maker,
        "checker" => &cast.checker,
        "checker2" => &cast.checker2,
        "norights" => &cast.norights,
        "stranger" => &cast.stranger,
        "officer" => &cast.officer,
        "officer2" => &cast.officer2,
        other => panic!("there is no role {other}"),
    }
}

/// The table's word for a reply, or its status and problem if there is no such word.
fn word(reply: &Reply, action: &str) -> String {
    let done = if action == "clone" { 201 } else { 200 };
    if reply.status == done {
        return "ok".to_owned();
    }
    let known = WORDS
        .iter()
        .find(|(_, status, problem)| (*status, *problem) == (reply.status, reply.problem()));
    known.map_or_else(
        || format!("{}/{}", reply.status, reply.problem()),
        |(word, ..)| (*word).to_owned(),
    )
}

/// The matrix of actual outcomes, with the expected one wherever it differs.
fn matrix(state: &str, played: &[Line]) -> String {
    let row = |first: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<22}")).collect();
        format!("{first:<12} {}", cells.join(" "))
    };
    let shown = |cell: &Cell| match (&cell.actual, cell.expected) {
        (actual, expected) if actual == expected => actual.clone(),
        (actual, expected) => format!("{actual}, not {expected}"),
    };
    let heading = played[0].cells.iter().map(|cell| cell.role.to_owned());
    let mut rows = vec![row(state, heading.collect())];
    for line in played {
        rows.push(row(line.action, line.cells.iter().map(shown).collect()));
    }
    rows.join("\n")
}

/// A new request as the table names it.
async fn request_in(cast: &Cast, state: &str, number: usize) -> Reply {
    if let Some(state) = StateName::parse(state) {
        return cast.request_in(state, number).await;
    }
    let claimed = cast.request_in(StateName::Claimed, number).await;
    let checked = cast.checker.attempt(&claimed, "confirm").await.expect(200);
    assert_eq!(checked["status"], "Checked once");
    match state {
        "CheckedOnce" => checked,
        "ClaimedLast" => cast.checker2.attempt(&checked, "claim").await.expect(200),
        other => panic!("there is no state {other}"),
    }
}

/// Tries every action in every role on requests in a state, and compares the replies to the table.
async fn hold_to_the_table(state: &str) {
    let world = World::start().await;
    if StateName::parse(state).is_none() {
        let profile = ("COMPANY#abc".to_owned(), "PROFILE".to_owned());
        world
            .edit(profile, "checkers", AttributeValue::N("2".to_owned()))
            .await;
    }
    let cast = Cast::sign_in(&world).await;
    let mut subject = request_in(&cast, state, 1).await;
    let before = cast.maker.read(&subject.id()).await;
    let mut number = 1;
    let mut played = lines(state);
    for line in &mut played {
        for cell in &mut line.cells {
            // A step that succeeds changes its request, unless it is a clone, so it gets its own request.
            let mut on = subject.clone();
            if cell.expected == "ok" && line.action != "clone" {
                number += 1;
                on = request_in(&cast, state, number).await;
            }
            let reply = role(&cast, cell.role).attempt(&on, line.action).await;
            cell.actual = word(&reply, line.action);
            if cell.actual == "ok" && cell.expected != "ok" {
                number += 1;
                subject = request_in(&cast, state, number).await;
            }
            let told = reply.body.get("currentStatus");
            assert_eq!(told.is_some(), cell.actual == "late", "{}", reply.body);
            assert!(
                told.is_none_or(|status| *status == before["status"]),
                "{}",
                reply.body
            );
        }
    }
    let as_expected = |line: &Line| line.cells.iter().all(|cell| cell.actual == cell.expected);
    assert!(played.iter().all(as_expected), "\n{}", matrix(state, &played));
    let after = cast.maker.read(&subject.id()).await;
    let mut body = after.body.clone();
    // Attempts that were refused stand beside the request. They change nothing of it.
    if let Some(whole) = body.as_object_mut() {
        whole.remove("refusedAttempts");
    }
    assert_eq!(body, before.body, "a refusal changed something");
    assert_eq!(after.etag(), before.etag());
    hold_what_is_shown(&cast, &subject, &played).await;
}

/// Checks that each role is shown exactly those steps as possible that have just succeeded in that role.
async fn hold_what_is_shown(cast: &Cast, subject: &Reply, played: &[Line]) {
    for index in 0..7 {
        let name = played[0].cells[index].role;
        let user = role(cast, name);
        let succeeded = || played.iter().filter(|line| line.cells[index].actual == "ok");
        let succeeded: Vec<&str> = succeeded().map(|line| line.action).collect();
        let shown = user.get(&format!("/requests/{}", subject.id())).await;
        let is_there = played.iter().all(|line| line.cells[index].actual != "none");
        match (name, is_there) {
            ("norights", _) => {
                let _ = shown.refused(403, "right-missing");
                continue;
            }
            (_, false) => {
                let _ = shown.refused(404, "not-found");
            }
            (_, true) => {
                assert_eq!(shown.status, 200, "{name}: {}", shown.body);
                assert_eq!(shown["allowedActions"], serde_json::json!(succeeded), "{name}");
            }
        }
        // To whom a claim can go depends on who else is there, which no list reads.
        let listed = succeeded.into_iter().filter(|action| *action != "hand-over");
        let listed: Vec<&str> = listed.collect();
        for list in ["/requests?limit=100", "/tasks?limit=100"] {
            let list = user.get(list).await.expect(200);
            let items = list["items"].as_array().unwrap();
            for row in items.iter().filter(|row| row["id"] == subject.id()) {
                assert!(is_there, "{name} finds {row}");
                assert_eq!(row["allowedActions"], serde_json::json!(listed), "{name}");
                assert_eq!(row["etag"], subject.etag());
            }
        }
    }
}

macro_rules! states {
    ($($name:ident: $state:ident,)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            hold_to_the_table(StateName::$state.as_str()).await;
        })+

        #[test]
        fn every_state_has_its_test() {
            assert_eq!([$(StateName::$state),+], StateName::ALL);
        }
    };
}

states! {
    a_draft_takes_the_steps_of_the_design_and_no_other: Draft,
    a_request_that_waits_for_a_checker_takes_the_steps_of_the_design_and_no_other: ReadyToSend,
    a_claimed_request_takes_the_steps_of_the_design_and_no_other: Claimed,
    a_sent_request_takes_the_steps_of_the_design_and_no_other: Sent,
    a_request_in_processing_takes_the_steps_of_the_design_and_no_other: Processing,
    a_completed_request_takes_the_steps_of_the_design_and_no_other: Completed,
    a_rejected_request_takes_the_steps_of_the_design_and_no_other: Rejected,
    a_discarded_request_takes_the_steps_of_the_design_and_no_other: Discarded,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_checked_once_takes_the_steps_of_the_design_and_no_other() {
    hold_to_the_table("CheckedOnce").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_claimed_for_its_second_check_takes_the_steps_of_the_design_and_no_other() {
    hold_to_the_table("ClaimedLast").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_draft_can_be_claimed_again_by_the_checker_who_returned_it() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let returned = cast.checker.attempt(&claimed, "return").await.expect(200);
    assert_eq!(returned["state"], "Draft");
    let saved = cast
        .maker
        .action(&returned.id(), "save")
        .if_match(&returned.etag());
    let saved = saved.json(&form_for(2)).send().await.expect(200);
    let submitted = cast.maker.attempt(&saved, "submit").await.expect(200);
    let claimed = cast.checker.attempt(&submitted, "claim").await.expect(200);
    assert_eq!(claimed["version"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_edited_what_a_clone_was_made_from_cannot_check_the_clone() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let clone = cast.checker.attempt(&draft, "clone").await.expect(201);
    let saved = cast.checker.action(&clone.id(), "save").if_match(&clone.etag());
    let saved = saved.json(&form_for(2)).send().await.expect(200);
    let submitted = cast.checker.attempt(&saved, "submit").await.expect(200);
    let _ = cast
        .maker
        .attempt(&submitted, "claim")
        .await
        .refused(403, "own-request");
    let _ = cast
        .checker
        .attempt(&submitted, "claim")
        .await
        .refused(403, "own-request");
    // Nor can they check a clone of the clone, which leaves nobody.
    let again = cast.checker2.attempt(&submitted, "clone").await.expect(201);
    let saved = cast.checker2.action(&again.id(), "save").if_match(&again.etag());
    let saved = saved.json(&form_for(3)).send().await.expect(200);
    let _ = cast
        .checker2
        .attempt(&saved, "submit")
        .await
        .refused(409, "no-other-checker");
    let claimed = cast.checker2.attempt(&submitted, "claim").await.expect(200);
    assert_eq!(claimed["state"], "Claimed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_in_which_something_is_missing_does_not_offer_to_submit_it() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut form = form_for(1);
    form["declaration"] = serde_json::json!(false);
    let draft = cast.maker.create(&form).await.expect(201);
    let shown = cast.maker.read(&draft.id()).await;
    assert_eq!(
        shown["allowedActions"],
        serde_json::json!(["save", "clone", "discard"])
    );
    let listed = cast.maker.get("/requests").await.expect(200);
    assert_eq!(listed["items"][0]["allowedActions"], shown["allowedActions"]);
    let saved = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
    let saved = saved.json(&form_for(1)).send().await.expect(200);
    assert_eq!(saved["state"], "Draft");
    let shown = cast.maker.read(&draft.id()).await;
    assert_eq!(
        shown["allowedActions"],
        serde_json::json!(["save", "clone", "discard", "submit"])
    );
}
