//! The check of every reply accepts nothing that the document does not describe.

use std::panic::catch_unwind;

use countersign_tests::contract::check;
use serde_json::{Value, json};

const PROBLEM: Option<&str> = Some("application/problem+json");
const JSON: Option<&str> = Some("application/json");

/// Why a reply fails the check, or `None` if it passes.
fn fault(call: &str, status: u16, content_type: Option<&'static str>, body: &Value) -> Option<String> {
    let (call, body) = (call.to_owned(), body.clone());
    let checked = catch_unwind(move || {
        let (method, path) = call.split_once(' ').unwrap();
        check(method, path, status, content_type, &body);
    });
    checked.err().map(|panic| match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(_) => "a panic without words".to_owned(),
    })
}

fn stale() -> Value {
    json!({ "type": "urn:countersign:problem:stale", "title": "Stale", "status": 412, "detail": "Read it again." })
}

fn stepped(state: &str, status: &str) -> Value {
    json!({
        "id": "01GRMW2Q3W0MT199G0RMWHG5EN", "state": state, "status": status, "version": 2,
        "updatedAt": "2023-02-07T02:43:00.000Z", "reference": "DA3_00013361",
    })
}

const SUBMIT: &str = "POST /requests/01GRMW2Q3W0MT199G0RMWHG5EN/submit";

#[test]
fn a_reply_that_is_documented_passes() {
    let submitted = stepped("ReadyToSend", "Ready to Send to HKEX");
    for (call, status, content_type, body) in [
        (SUBMIT, 200, JSON, submitted),
        (SUBMIT, 412, PROBLEM, stale()),
        (
            "GET /tasks?limit=1",
            200,
            Some("application/json; charset=utf-8"),
            json!({ "items": [] }),
        ),
        ("GET /me", 401, JSON, json!({ "message": "Unauthorized" })),
    ] {
        assert_eq!(fault(call, status, content_type, &body), None, "{call}: {status}");
    }
}

#[test]
fn a_reply_that_is_not_documented_is_turned_down_saying_why() {
    let ready = || stepped("ReadyToSend", "Ready to Send to HKEX");
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    for (call, status, content_type, body, why) in [
        (SUBMIT, 202, JSON, ready(), "202 is not documented"),
        (SUBMIT, 200, PROBLEM, ready(), "documented are"),
        (SUBMIT, 200, None, ready(), "documented are"),
        (SUBMIT, 200, JSON, Value::Null, "null is not of type"),
        (SUBMIT, 200, JSON, stepped("Draft", "Draft"), "/state"),
        (SUBMIT, 200, JSON, stepped("ReadyToSend", "Sent to HKEX"), "oneOf"),
        (
            SUBMIT,
            200,
            JSON,
            with(ready(), "table", json!("countersign")),
            "table",
        ),
        (
            SUBMIT,
            200,
            JSON,
            with(ready(), "updatedAt", json!("07-Feb-2023 10:43 HKT")),
            "/updatedAt",
        ),
        (
            SUBMIT,
            412,
            PROBLEM,
            with(stale(), "stack", json!("at main.rs")),
            "stack",
        ),
        (
            SUBMIT,
            412,
            PROBLEM,
            with(stale(), "status", json!(409)),
            "/status",
        ),
        ("GET /tasks", 412, PROBLEM, stale(), "412 is not documented"),
        (
            "GET /openapi.json",
            401,
            JSON,
            json!({ "message": "Unauthorized" }),
            "401 is not documented",
        ),
    ] {
        let fault = fault(call, status, content_type, &body).expect(why);
        assert!(fault.starts_with(call) && fault.contains(why), "{why}: {fault}");
    }
}

#[test]
fn a_call_that_the_document_does_not_have_is_turned_away_as_api_gateway_does() {
    let not_found = json!({ "message": "Not Found" });
    for call in [
        "GET /",
        "GET /requests/",
        "GET /nothing",
        "PATCH /requests",
        "HEAD /me",
        "GET /requests/..",
        "POST /requests/01GRMW2Q3W0MT199G0RMWHG5EN/approve",
    ] {
        assert_eq!(fault(call, 404, JSON, &not_found), None, "{call}");
        assert!(
            fault(call, 200, JSON, &json!({}))
                .unwrap()
                .contains("no such operation"),
            "{call}"
        );
    }
    assert!(fault("GET /nothing", 404, JSON, &json!({ "items": [] })).is_some());
    assert_eq!(
        fault("GET /%FF", 400, JSON, &json!({ "message": "Bad Request" })),
        None
    );
}
