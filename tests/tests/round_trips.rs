//! How many sequential calls to the table each command takes. The calls are counted on the wire and delayed so long
//! that parallel calls overlap.

use std::time::{Duration, Instant};

use countersign_domain::request::StateName;
use countersign_tests::seed::administrators_of;
use countersign_tests::stage::{Stage, form_with};
use countersign_tests::wire::{RoundTrip, depth, told};
use countersign_tests::{Reply, form_for, guideline_form};
use serde_json::{Value, json};

/// How long every call is delayed.
const HELD: Duration = Duration::from_millis(60);

/// Waits for a command; returns its reply, the round trips of its function, and the calls in short form.
async fn counted(
    stage: &Stage,
    function: &str,
    command: impl Future<Output = Reply>,
) -> (Reply, usize, String) {
    stage.wire.hold(HELD);
    let (reply, round_trips) = stage.wire.during(command).await;
    stage.wire.hold(Duration::ZERO);
    let own: Vec<RoundTrip> = round_trips
        .into_iter()
        .filter(|call| call.function == function)
        .collect();
    (reply, depth(&own), told(&own))
}

/// Checks that a command succeeds with exactly this number of round trips.
async fn costs(stage: &Stage, function: &str, budget: usize, command: impl Future<Output = Reply>) -> Reply {
    let (reply, taken, told) = counted(stage, function, command).await;
    assert!(reply.status < 300, "{function} {}: {}", reply.status, reply.body);
    assert_eq!(taken, budget, "{function} {}:\n{told}", reply.body);
    reply
}

/// Checks that a command ends with this status, with at most two round trips more than its budget: one to explain the
/// refusal, and one to keep it on the record of a request that the caller may see.
async fn explains(
    stage: &Stage,
    function: &str,
    budget: usize,
    status: u16,
    command: impl Future<Output = Reply>,
) {
    let (reply, taken, told) = counted(stage, function, command).await;
    assert_eq!(reply.status, status, "{function}: {}", reply.body);
    let more = if status == 404 { 1 } else { 2 };
    assert!(
        taken <= budget + more,
        "{function} took {taken}, {}:\n{told}",
        reply.body
    );
}

/// The company's steps, until the checker has claimed the request.
async fn company_steps(stage: &Stage, form: &Value) -> Reply {
    let (maker, checker) = (&stage.maker, &stage.checker);
    let draft = costs(stage, "drafts", 1, maker.create(form)).await;
    let save = maker
        .action(&draft.id(), "save")
        .if_match(&draft.etag())
        .json(form);
    let saved = costs(stage, "drafts", 1, save.send()).await;
    // The first submission draws its number after everything that it depends on has been read.
    let ready = costs(stage, "submit", 3, maker.act(&saved, "submit")).await;
    let reclaimed = costs(stage, "hand-back", 1, maker.act(&ready, "reclaim")).await;
    let again = costs(stage, "submit", 2, maker.act(&reclaimed, "submit")).await;
    let tasks = costs(stage, "list-tasks", 1, checker.get("/tasks")).await;
    assert_eq!(tasks["items"][0]["id"], draft["id"]);
    let claimed = costs(stage, "claim", 1, checker.act(&again, "claim")).await;
    let released = costs(stage, "hand-back", 1, checker.act(&claimed, "release")).await;
    let claimed = costs(stage, "claim", 1, checker.act(&released, "claim")).await;
    let returned = checker.act_saying(&claimed, "return", "The address is not ours.");
    let returned = costs(stage, "hand-back", 1, returned).await;
    let ready = costs(
        stage,
        "submit",
        2,
        maker.act_saying(&returned, "submit", "It is."),
    )
    .await;
    costs(stage, "claim", 1, checker.act(&ready, "claim")).await
}

/// The following steps, until an officer has claimed the request.
async fn steps_to_the_exchange(stage: &Stage, claimed: &Reply) -> Reply {
    let (maker, checker, officer) = (&stage.maker, &stage.checker, &stage.officer);
    let sent = costs(stage, "confirm", 1, checker.act(claimed, "confirm")).await;
    let reclaimed = costs(stage, "hand-back", 1, checker.act(&sent, "reclaim")).await;
    let sent = costs(stage, "confirm", 1, checker.act(&reclaimed, "confirm")).await;
    costs(stage, "list-tasks", 1, officer.get("/tasks")).await;
    let processing = costs(stage, "claim", 1, officer.act(&sent, "claim")).await;
    let released = costs(stage, "hand-back", 1, officer.act(&processing, "release")).await;
    let processing = costs(stage, "claim", 1, officer.act(&released, "claim")).await;
    let returned = officer.act_saying(&processing, "return", "Tick the declaration.");
    let returned = costs(stage, "hand-back", 1, returned).await;
    let ready = costs(stage, "submit", 2, maker.act(&returned, "submit")).await;
    let claimed = costs(stage, "claim", 1, checker.act(&ready, "claim")).await;
    let sent = costs(stage, "confirm", 1, checker.act(&claimed, "confirm")).await;
    costs(stage, "claim", 1, officer.act(&sent, "claim")).await
}

/// Every step that ends a request, and the reads on the way. `form` makes the form of the n-th request.
async fn every_command(form: impl Fn(usize) -> Value) {
    let stage = Stage::set().await;
    administrators_of(&stage.world, &form(1)).await;
    let claimed = company_steps(&stage, &form(1)).await;
    let processing = steps_to_the_exchange(&stage, &claimed).await;
    let completed = costs(&stage, "process", 2, stage.officer.act(&processing, "complete")).await;
    let path = format!("/requests/{}", completed.id());
    costs(&stage, "requests", 1, stage.maker.get(&path)).await;

    let processing = stage.request(&form(2), StateName::Processing).await;
    // While a request is under way, reading it includes its participant's register.
    let path = format!("/requests/{}", processing.id());
    costs(&stage, "requests", 2, stage.officer.get(&path)).await;
    let rejected = stage.officer.act_saying(&processing, "reject", "Not this one.");
    costs(&stage, "process", 1, rejected).await;

    // A clone reads its original, then writes as a save does.
    let clone = stage.maker.action(&completed.id(), "clone").send();
    let clone = costs(&stage, "drafts", 2, clone).await;
    costs(&stage, "drafts", 1, stage.maker.act(&clone, "discard")).await;
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_keeps_to_its_round_trips_with_the_guidelines_form() {
    every_command(form_for).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_keeps_to_its_round_trips_with_fifty_rows() {
    every_command(|number| form_with(50 * number, 50)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_takes_no_more_round_trips_than_it_needs() {
    let stage = Stage::set().await;
    let ready = stage.request(&guideline_form(), StateName::ReadyToSend).await;
    let reference = ready["reference"].as_str().unwrap();
    for (path, budget) in [
        ("/me".to_owned(), 1),
        ("/eservices".to_owned(), 0),
        ("/openapi.json".to_owned(), 0),
        ("/requests".to_owned(), 1),
        ("/requests?state=ReadyToSend&q=abc".to_owned(), 1),
        // First the index of references, then the request.
        (format!("/requests?reference={reference}"), 2),
        // The company, its participants' registers, the locks of administrators without an address, and the requests of
        // these locks.
        ("/delegated-administrators".to_owned(), 4),
        ("/readiness".to_owned(), 4),
        ("/readiness.csv".to_owned(), 4),
        // The list, and the history of its one request.
        ("/audit.csv".to_owned(), 2),
        ("/audit.jsonl?kind=refused".to_owned(), 2),
        (format!("/audit.jsonl?reference={reference}"), 3),
    ] {
        costs(&stage, "requests", budget, stage.maker.get(&path)).await;
    }
    let of_officer = stage.officer.get("/delegated-administrators?participant=B01234");
    costs(&stage, "requests", 3, of_officer).await;
    // The whole exchange is one read, however many companies there are.
    for path in ["/readiness", "/readiness.csv", "/readiness/companies"] {
        costs(&stage, "requests", 1, stage.officer.get(path)).await;
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_draft_costs_at_most_its_explanation_and_its_record_more() {
    let stage = Stage::set().await;
    let (maker, checker) = (&stage.maker, &stage.checker);
    let form = guideline_form();
    let draft = stage.request(&form, StateName::Draft).await;
    let save = |etag: String| {
        maker
            .action(&draft.id(), "save")
            .if_match(&etag)
            .json(&form)
            .send()
    };
    let saved = save(draft.etag()).await.expect(200);
    explains(&stage, "drafts", 1, 412, save(draft.etag())).await;
    explains(&stage, "drafts", 1, 412, save("\"nothing-gave-this\"".to_owned())).await;
    explains(&stage, "drafts", 1, 412, maker.act(&draft, "discard")).await;
    explains(&stage, "drafts", 1, 403, checker.act(&saved, "discard")).await;
    explains(&stage, "drafts", 1, 404, stage.stranger.act(&saved, "discard")).await;
    let of_stranger = stage.stranger.action(&draft.id(), "clone").send();
    explains(&stage, "drafts", 2, 404, of_stranger).await;
    let mut foreign = form.clone();
    foreign["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    foreign["changes"] = json!([]);
    explains(&stage, "drafts", 1, 422, maker.create(&foreign)).await;

    explains(&stage, "submit", 2, 412, maker.act(&draft, "submit")).await;
    explains(&stage, "submit", 2, 403, checker.act(&saved, "submit")).await;
    explains(&stage, "submit", 2, 404, stage.stranger.act(&saved, "submit")).await;
    let mut unfinished = form.clone();
    unfinished["declaration"] = json!(false);
    let unfinished = stage.request(&unfinished, StateName::Draft).await;
    explains(&stage, "submit", 2, 422, maker.act(&unfinished, "submit")).await;
    let ready = maker.act(&saved, "submit").await.expect(200);
    explains(&stage, "submit", 2, 409, maker.act(&saved, "submit")).await;
    explains(&stage, "submit", 2, 409, maker.act(&ready, "submit")).await;
    let twin = stage.request(&form, StateName::Draft).await;
    // The first refusal shows the locks, the second their request's state; then the number is given back.
    explains(&stage, "submit", 4, 409, maker.act(&twin, "submit")).await;
    explains(&stage, "drafts", 1, 409, save(saved.etag())).await;
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_step_costs_at_most_its_explanation_and_its_record_more() {
    let stage = Stage::set().await;
    let (maker, checker, checker2) = (&stage.maker, &stage.checker, &stage.checker2);
    let (officer, officer2) = (&stage.officer, &stage.officer2);
    let ready = stage.request(&guideline_form(), StateName::ReadyToSend).await;
    explains(&stage, "claim", 1, 403, maker.act(&ready, "claim")).await;
    explains(&stage, "claim", 1, 404, stage.stranger.act(&ready, "claim")).await;
    explains(&stage, "claim", 1, 404, officer.act(&ready, "claim")).await;
    explains(&stage, "hand-back", 1, 403, checker.act(&ready, "reclaim")).await;
    explains(&stage, "confirm", 1, 409, checker.act(&ready, "confirm")).await;
    let claimed = checker.act(&ready, "claim").await.expect(200);
    explains(&stage, "claim", 1, 409, checker2.act(&ready, "claim")).await;
    explains(&stage, "claim", 1, 409, checker2.act(&claimed, "claim")).await;
    explains(&stage, "hand-back", 1, 409, maker.act(&ready, "reclaim")).await;
    explains(&stage, "hand-back", 1, 409, checker2.act(&claimed, "release")).await;
    explains(
        &stage,
        "hand-back",
        1,
        409,
        checker2.act_saying(&claimed, "return", "No."),
    )
    .await;
    explains(&stage, "confirm", 1, 409, checker2.act(&claimed, "confirm")).await;
    let sent = checker.act(&claimed, "confirm").await.expect(200);
    explains(&stage, "confirm", 1, 409, checker.act(&claimed, "confirm")).await;
    explains(&stage, "hand-back", 1, 403, checker2.act(&sent, "reclaim")).await;
    let processing = officer.act(&sent, "claim").await.expect(200);
    explains(&stage, "claim", 1, 409, officer2.act(&sent, "claim")).await;
    explains(&stage, "process", 2, 409, officer2.act(&processing, "complete")).await;
    explains(
        &stage,
        "process",
        1,
        409,
        officer2.act_saying(&processing, "reject", "No."),
    )
    .await;
    explains(&stage, "process", 2, 403, maker.act(&processing, "complete")).await;
    let completed = officer.act(&processing, "complete").await.expect(200);
    explains(&stage, "process", 2, 409, officer.act(&processing, "complete")).await;
    explains(&stage, "process", 2, 409, officer.act(&completed, "complete")).await;
    explains(
        &stage,
        "process",
        1,
        409,
        officer.act_saying(&processing, "reject", "No."),
    )
    .await;
    stage.strike().await;
}

/// Sends a command twice with one key and checks that both answers are the same.
async fn repeats(stage: &Stage, function: &str, budget: usize, command: impl AsyncFn() -> Reply) -> Reply {
    let first = costs(stage, function, budget, command()).await;
    let (again, taken, told) = counted(stage, function, command()).await;
    assert_eq!(
        (again.status, &again.body),
        (first.status, &first.body),
        "{function}"
    );
    assert!(taken <= budget + 1, "{function} took {taken} again:\n{told}");
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_costs_at_most_one_round_trip_more() {
    let stage = Stage::set().await;
    let (maker, checker, officer) = (&stage.maker, &stage.checker, &stage.officer);
    let form = guideline_form();
    let keyed = async |user: &countersign_tests::User, on: &Reply, action: &str, message: Value| {
        let call = user.action(&on.id(), action).if_match(&on.etag());
        call.header("idempotency-key", &format!("{action} {}", on["version"]))
            .json(&message)
            .send()
            .await
    };
    let create = async || {
        let call = maker.call(reqwest::Method::POST, "/requests").json(&form);
        call.header("idempotency-key", "create").send().await
    };
    let draft = repeats(&stage, "drafts", 1, create).await;
    let clone = async || {
        let call = maker.action(&draft.id(), "clone");
        call.header("idempotency-key", "clone").send().await
    };
    let clone = repeats(&stage, "drafts", 2, clone).await;
    let nothing = json!({});
    repeats(&stage, "drafts", 1, async || {
        keyed(maker, &clone, "discard", nothing.clone()).await
    })
    .await;
    let saved = repeats(&stage, "drafts", 1, async || {
        keyed(maker, &draft, "save", form.clone()).await
    })
    .await;
    let ready = repeats(&stage, "submit", 3, async || {
        keyed(maker, &saved, "submit", nothing.clone()).await
    })
    .await;
    let claimed = repeats(&stage, "claim", 1, async || {
        keyed(checker, &ready, "claim", nothing.clone()).await
    })
    .await;
    let released = repeats(&stage, "hand-back", 1, async || {
        keyed(checker, &claimed, "release", nothing.clone()).await
    })
    .await;
    let claimed = checker.act(&released, "claim").await.expect(200);
    let sent = repeats(&stage, "confirm", 1, async || {
        keyed(checker, &claimed, "confirm", nothing.clone()).await
    })
    .await;
    let processing = officer.act(&sent, "claim").await.expect(200);
    repeats(&stage, "process", 2, async || {
        keyed(officer, &processing, "complete", nothing.clone()).await
    })
    .await;
    stage.strike().await;
}

/// The first transaction's refusal shows a lock whose request is no longer open; the second transaction takes it over.
#[tokio::test(flavor = "multi_thread")]
async fn taking_over_the_locks_of_a_closed_request_costs_a_submit_one_round_trip_more() {
    let stage = Stage::set().await;
    let form = form_with(0, 50);
    let first = stage.request(&form, StateName::ReadyToSend).await;
    let first = stage.maker.act(&first, "reclaim").await;
    assert_eq!(first["state"], "Draft");
    let second = stage.request(&form, StateName::Draft).await;
    costs(&stage, "submit", 4, stage.maker.act(&second, "submit")).await;
    stage.strike().await;
}

/// Fifty locks and the heads of their fifty requests don't fit into one transaction with the rest, so the locks are
/// taken first.
#[tokio::test(flavor = "multi_thread")]
async fn taking_over_the_locks_of_fifty_closed_requests_costs_a_submit_two_round_trips_more() {
    let stage = Stage::set().await;
    for number in 0..50 {
        let closed = stage.request(&form_with(number, 1), StateName::ReadyToSend).await;
        let closed = stage.maker.act(&closed, "reclaim").await;
        assert_eq!(closed["state"], "Draft");
    }
    let draft = stage.request(&form_with(0, 50), StateName::Draft).await;
    costs(&stage, "submit", 5, stage.maker.act(&draft, "submit")).await;
    stage.strike().await;
}

#[test]
fn only_calls_that_wait_for_another_one_count_as_round_trips() {
    let origin = Instant::now();
    let call = |start: u64, end: u64| RoundTrip {
        function: String::new(),
        operation: String::new(),
        status: 200,
        request: Value::Null,
        response: Value::Null,
        start: origin + Duration::from_millis(start),
        end: origin + Duration::from_millis(end),
    };
    assert_eq!(depth(&[]), 0);
    assert_eq!(depth(&[call(0, 9), call(1, 5), call(2, 7)]), 1);
    assert_eq!(depth(&[call(0, 9), call(1, 5), call(6, 20), call(21, 22)]), 3);
    assert_eq!(depth(&[call(0, 100), call(1, 5), call(10, 20)]), 2);
}
