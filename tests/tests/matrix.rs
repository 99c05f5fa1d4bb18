//! Every (state, action, role) combination over HTTP, allowed and refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::{Reply, User, World, form_for};

/// The design's workflow, written down a second time: this table shares nothing with the product's.
///
/// `ok`: the step is taken. `own`: 403, who made or edited a request can't check it. `maker`: 403, only its maker may.
/// `confirmer`: 403, only the checker who confirmed it may. `right`: 403, the access right is missing. `none`: 404, the
/// request does not exist for them. `late`: 409, the step is not possible, or no longer. `there`: 409, the draft's maker is
/// there.
const TABLE: &str = "
    state       action    maker     checker   checker2  norights  stranger  officer   officer2
    Draft       save      ok        maker     maker     right     none      none      none
    Draft       clone     ok        ok        ok        right     none      none      none
    Draft       discard   ok        maker     maker     right     none      none      none
    Draft       submit    ok        maker     maker     right     none      none      none
    Draft       reclaim   late      maker     maker     right     none      none      none
    Draft       claim     own       late      late      right     none      none      none
    Draft       release   own       late      late      right     none      none      none
    Draft       hand-over own       late      late      right     none      none      none
    Draft       take-over late      there     there     right     none      none      none
    Draft       return    own       late      late      right     none      none      none
    Draft       confirm   own       late      late      right     none      none      none
    Draft       complete  right     right     right     right     none      none      none
    Draft       reject    right     right     right     right     none      none      none
    ReadyToSend save      late      maker     maker     right     none      none      none
    ReadyToSend clone     ok        ok        ok        right     none      none      none
    ReadyToSend discard   late      maker     maker     right     none      none      none
    ReadyToSend submit    late      maker     maker     right     none      none      none
    ReadyToSend reclaim   ok        maker     maker     right     none      none      none
    ReadyToSend claim     own       ok        ok        right     none      none      none
    ReadyToSend release   own       late      late      right     none      none      none
    ReadyToSend hand-over own       late      late      right     none      none      none
    ReadyToSend take-over late      late      late      right     none      none      none
    ReadyToSend return    own       late      late      right     none      none      none
    ReadyToSend confirm   own       late      late      right     none      none      none
    ReadyToSend complete  right     right     right     right     none      none      none
    ReadyToSend reject    right     right     right     right     none      none      none
    Claimed     save      late      maker     maker     right     none      none      none
    Claimed     clone     ok        ok        ok        right     none      none      none
    Claimed     discard   late      maker     maker     right     none      none      none
    Claimed     submit    late      maker     maker     right     none      none      none
    Claimed     reclaim   late      maker     maker     right     none      none      none
    Claimed     claim     own       ok        late      right     none      none      none
    Claimed     release   own       ok        late      right     none      none      none
    Claimed     hand-over own       ok        late      right     none      none      none
    Claimed     take-over late      late      late      right     none      none      none
    Claimed     return    own       ok        late      right     none      none      none
    Claimed     confirm   own       ok        late      right     none      none      none
    Claimed     complete  right     right     right     right     none      none      none
    Claimed     reject    right     right     right     right     none      none      none
    Sent        save      late      maker     maker     right     none      right     right
    Sent        clone     ok        ok        ok        right     none      right     right
    Sent        discard   late      maker     maker     right     none      right     right
    Sent        submit    late      maker     maker     right     none      right     right
    Sent        reclaim   late      ok        confirmer right     none      right     right
    Sent        claim     own       late      late      right     none      ok        ok
    Sent        release   own       late      late      right     none      late      late
    Sent        hand-over own       late      late      right     none      right     right
    Sent        take-over late      late      late      right     none      late      late
    Sent        return    own       late      late      right     none      late      late
    Sent        confirm   own       late      late      right     none      right     right
    Sent        complete  right     right     right     right     none      late      late
    Sent        reject    right     right     right     right     none      late      late
    Processing  save      late      maker     maker     right     none      right     right
    Processing  clone     ok        ok        ok        right     none      right     right
    Processing  discard   late      maker     maker     right     none      right     right
    Processing  submit    late      maker     maker     right     none      right     right
    Processing  reclaim   late      late      maker     right     none      right     right
    Processing  claim     own       late      late      right     none      ok        late
    Processing  release   own       late      late      right     none      ok        late
    Processing  hand-over own       late      late      right     none      right     right
    Processing  take-over late      late      late      right     none      late      ok
    Processing  return    own       late      late      right     none      ok        late
    Processing  confirm   own       late      late      right     none      right     right
    Processing  complete  right     right     right     right     none      ok        late
    Processing  reject    right     right     right     right     none      ok        late
    Completed   save      late      maker     maker     right     none      right     right
    Completed   clone     ok        ok        ok        right     none      right     right
    Completed   discard   late      maker     maker     right     none      right     right
    Completed   submit    late      maker     maker     right     none      right     right
    Completed   reclaim   late      late      maker     right     none      right     right
    Completed   claim     own       late      late      right     none      late      late
    Completed   release   own       late      late      right     none      late      late
    Completed   hand-over own       late      late      right     none      right     right
    Completed   take-over late      late      late      right     none      late      late
    Completed   return    own       late      late      right     none      late      late
    Completed   confirm   own       late      late      right     none      right     right
    Completed   complete  right     right     right     right     none      late      late
    Completed   reject    right     right     right     right     none      late      late
    Rejected    save      late      maker     maker     right     none      right     right
    Rejected    clone     ok        ok        ok        right     none      right     right
    Rejected    discard   late      maker     maker     right     none      right     right
    Rejected    submit    late      maker     maker     right     none      right     right
    Rejected    reclaim   late      late      maker     right     none      right     right
    Rejected    claim     own       late      late      right     none      late      late
    Rejected    release   own       late      late      right     none      late      late
    Rejected    hand-over own       late      late      right     none      right     right
    Rejected    take-over late      late      late      right     none      late      late
    Rejected    return    own       late      late      right     none      late      late
    Rejected    confirm   own       late      late      right     none      right     right
    Rejected    complete  right     right     right     right     none      late      late
    Rejected    reject    right     right     right     right     none      late      late
    Discarded   save      late      maker     maker     right     none      none      none
    Discarded   clone     ok        ok        ok        right     none      none      none
    Discarded   discard   late      maker     maker     right     none      none      none
    Discarded   submit    late      maker     maker     right     none      none      none
    Discarded   reclaim   late      maker     maker     right     none      none      none
    Discarded   claim     own       late      late      right     none      none      none
    Discarded   release   own       late      late      right     none      none      none
    Discarded   hand-over own       late      late      right     none      none      none
    Discarded   take-over late      late      late      right     none      none      none
    Discarded   return    own       late      late      right     none      none      none
    Discarded   confirm   own       late      late      right     none      none      none
    Discarded   complete  right     right     right     right     none      none      none
    Discarded   reject    right     right     right     right     none      none      none
";

/// The status and the problem for each word of the table.
const WORDS: [(&str, u16, &str); 7] = [
    ("own", 403, "own-request"),
    ("maker", 403, "not-its-maker"),
    ("confirmer", 403, "not-its-confirmer"),
    ("right", 403, "right-missing"),
    ("none", 404, "not-found"),
    ("late", 409, "not-possible"),
    ("there", 409, "maker-is-there"),
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

fn lines(state: StateName) -> Vec<Line> {
    let mut lines = TABLE
        .trim()
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let heading = lines.next().unwrap();
    let of_state: Vec<Line> = lines
        .filter(|words| words[0] == state.as_str())
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
    assert_eq!(of_state.len(), 13, "{state:?}");
    assert!(of_state.iter().all(|line| line.cells.len() == 7), "{state:?}");
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
fn matrix(state: StateName, played: &[Line]) -> String {
    let row = |first: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<22}")).collect();
        format!("{first:<12} {}", cells.join(" "))
    };
    let shown = |cell: &Cell| match (&cell.actual, cell.expected) {
        (actual, expected) if actual == expected => actual.clone(),
        (actual, expected) => format!("{actual}, not {expected}"),
    };
    let heading = played[0].cells.iter().map(|cell| cell.role.to_owned());
    let mut rows = vec![row(state.as_str(), heading.collect())];
    for line in played {
        rows.push(row(line.action, line.cells.iter().map(shown).collect()));
    }
    rows.join("\n")
}

/// Tries every action in every role on requests in a state, and compares the replies to the table.
async fn hold_to_the_table(state: StateName) {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut subject = cast.request_in(state, 1).await;
    let before = cast.maker.read(&subject.id()).await;
    let mut number = 1;
    let mut played = lines(state);
    for line in &mut played {
        for cell in &mut line.cells {
            // A step that succeeds changes its request, unless it is a clone, so it gets its own request.
            let mut on = subject.clone();
            if cell.expected == "ok" && line.action != "clone" {
                number += 1;
                on = cast.request_in(state, number).await;
            }
            let reply = role(&cast, cell.role).attempt(&on, line.action).await;
            cell.actual = word(&reply, line.action);
            if cell.actual == "ok" && cell.expected != "ok" {
                number += 1;
                subject = cast.request_in(state, number).await;
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
    assert_eq!(after.body, before.body, "a refusal changed something");
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
        for list in ["/requests?limit=100", "/tasks?limit=100"] {
            let list = user.get(list).await.expect(200);
            let items = list["items"].as_array().unwrap();
            for row in items.iter().filter(|row| row["id"] == subject.id()) {
                assert!(is_there, "{name} finds {row}");
                assert_eq!(row["allowedActions"], serde_json::json!(succeeded), "{name}");
                assert_eq!(row["etag"], subject.etag());
            }
        }
    }
}

macro_rules! states {
    ($($name:ident: $state:ident,)+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            hold_to_the_table(StateName::$state).await;
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
