use axum::http::Method;
use axum::routing::any;
use serde_json::json;
use tower::ServiceExt as _;

use super::*;
use crate::cloudformation::{Function, Key, Table, arn_of};

const MAY_TAKE_NOTES: &str = r#"{
    "Effect": "Allow",
    "Action": ["dynamodb:UpdateItem", "dynamodb:Query"],
    "Resource": ["arn:aws:local:ap-southeast-1:000000000000:Table"],
    "Condition": {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["NOTE#*", "ALL"] },
        "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "sk", "text"] }
    }
}"#;

fn statement(text: &str) -> Result<Statement, String> {
    Statement::read(&serde_json::from_str(text).unwrap())
}

fn table() -> Table {
    let key = |name: &str, kind: &str| Key {
        attribute_name: name.to_owned(),
        key_type: kind.to_owned(),
    };
    Table {
        name: "Table".to_owned(),
        keys: vec![key("pk", "HASH"), key("sk", "RANGE")],
        attributes: Vec::new(),
        indexes: Vec::new(),
        stream_specification: None,
        time_to_live_specification: None,
    }
}

fn update(pk: &str, attribute: &str) -> Json {
    json!({
        "TableName": "Table",
        "Key": { "pk": { "S": pk }, "sk": { "S": "1" } },
        "UpdateExpression": "SET #a = :a",
        "ExpressionAttributeNames": { "#a": attribute },
        "ExpressionAttributeValues": { ":a": { "S": "x" } },
    })
}

fn are_allowed(operation: &str, request: &Json) -> bool {
    let statement = statement(MAY_TAKE_NOTES).unwrap();
    let needed = of_dynamodb(&table(), operation, request).unwrap();
    needed.iter().all(|access| statement.allows(access))
}

#[test]
fn a_statement_allows_its_actions_on_its_keys_and_attributes_alone() {
    assert!(are_allowed("UpdateItem", &update("NOTE#1", "text")));
    assert!(are_allowed("UpdateItem", &update("ALL", "text")));
    for (operation, request) in [
        ("UpdateItem", update("NOTES", "text")),
        ("UpdateItem", update("ALL#1", "text")),
        ("UpdateItem", update("NOTE#1", "owner")),
        ("GetItem", update("NOTE#1", "text")),
        (
            "PutItem",
            json!({ "TableName": "Table", "Item": { "pk": { "S": "NOTE#1" } } }),
        ),
    ] {
        assert!(!are_allowed(operation, &request), "{operation} {request}");
    }
    let mut other = update("NOTE#1", "text");
    other["TableName"] = json!("Tables");
    assert!(!are_allowed("UpdateItem", &other));
}

#[test]
fn a_transaction_needs_what_each_of_its_elements_needs() {
    let both = |kind: &str, pk: &str| json!({ "TransactItems": [{ "Update": update("NOTE#1", "text") }, { kind: update(pk, "text") }] });
    assert!(are_allowed("TransactWriteItems", &both("Update", "NOTE#2")));
    assert!(!are_allowed("TransactWriteItems", &both("Update", "ELSE")));
    assert!(!are_allowed(
        "TransactWriteItems",
        &both("ConditionCheck", "NOTE#2")
    ));
}

#[test]
fn a_call_that_is_not_understood_needs_what_nobody_has() {
    assert_eq!(
        of_dynamodb(&table(), "Scan", &json!({ "TableName": "Table" })),
        None
    );
    let line = (&Method::PUT, &"/bucket/key".parse().unwrap());
    assert_eq!(accesses(&table(), "s3", line, "", b""), None);
    assert_eq!(accesses(&table(), "sqs", line, "SendMessage", b"{}"), None);
}

#[test]
fn a_mail_needs_its_senders_identity_and_its_configuration_set() {
    let send = |from: &str, content: Json| {
        let body = json!({ "FromEmailAddress": from, "ConfigurationSetName": "Set", "Content": content });
        let line = (&Method::POST, &"/v2/email/outbound-emails".parse().unwrap());
        accesses(&table(), "ses", line, "", body.to_string().as_bytes()).unwrap()
    };
    let [identity, set] = &send("It <it@mail.example>", json!({ "Simple": {} }))[..] else {
        panic!("two resources")
    };
    assert!(
        identity.resource.ends_with(":identity/mail.example"),
        "{identity:?}"
    );
    assert!(set.resource.ends_with(":configuration-set/Set"), "{set:?}");
    assert_eq!(identity.action, "ses:SendEmail");
    let from = identity.context["ses:FromAddress"].first().unwrap();
    assert_eq!(from, "it@mail.example");
    assert_eq!(
        send("it@mail.example", json!({ "Raw": {} }))[0].action,
        "ses:SendRawEmail"
    );
}

#[test]
fn what_is_not_understood_of_a_statement_is_refused() {
    for (of, with, named) in [
        ("Allow", "Deny", "allow"),
        ("dynamodb:Query", "dynamodb:*", "dynamodb:*"),
        ("ForAllValues:StringLike", "ForAnyValue:StringLike", "ForAnyValue"),
        ("\"Effect\"", "\"Principal\": \"*\", \"Effect\"", "Principal"),
    ] {
        let refusal = statement(&MAY_TAKE_NOTES.replace(of, with)).unwrap_err();
        assert!(refusal.contains(named), "{refusal}");
    }
}

#[test]
fn stars_stand_for_any_text_and_question_marks_for_one_character() {
    for (pattern, text, fits) in [
        ("a/*", "a/b/c", true),
        ("a/*", "a", false),
        ("*", "", true),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("a*c*e", "abcde", true),
        ("a*c*e", "abcd", false),
        ("a", "ab", false),
    ] {
        assert_eq!(is_like(pattern, text), fits, "{pattern} {text}");
    }
}

/// The status of a call of the table behind the guard, signed with a key.
async fn status(guard: &Guard, key: &str, request: &Json) -> u16 {
    let wire = guarded(
        axum::Router::new().fallback(any(|| async { "done" })),
        guard.clone(),
    );
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/ap-southeast-1/dynamodb/aws4_request, Signature=0"
    );
    let request = axum::extract::Request::builder()
        .method("POST")
        .header("authorization", scope)
        .header("x-amz-target", "DynamoDB_20120810.UpdateItem")
        .body(axum::body::Body::from(request.to_string()))
        .unwrap();
    wire.oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_guard_lets_through_what_the_policies_of_the_signing_function_allow() {
    let function = Function {
        binary: "notes".to_owned(),
        policies: vec![statement(MAY_TAKE_NOTES).unwrap()],
        ..Function::default()
    };
    let other = Function {
        binary: "other".to_owned(),
        ..Function::default()
    };
    let guard = Guard::of(table(), &[function, other], str::to_owned);
    assert_eq!(status(&guard, "notes", &update("NOTE#1", "text")).await, 200);
    for (key, pk) in [("notes", "ELSE"), ("other", "NOTE#1")] {
        assert_eq!(status(&guard, key, &update(pk, "text")).await, 400, "{key} {pk}");
    }
    assert_eq!(status(&guard, "operator", &update("ELSE", "text")).await, 200);
}

#[test]
fn the_arn_in_these_statements_is_the_one_that_resources_have() {
    assert!(MAY_TAKE_NOTES.contains(&format!("\"{}\"", arn_of("Table"))));
}
