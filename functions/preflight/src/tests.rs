//! The hook between stand-ins for CodeDeploy and Lambda.

use std::sync::{Arc, Mutex};

use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use countersign_platform::aws::http_client;

use super::*;

/// What the stand-ins were asked, and what Lambda answers to one call after the other.
#[derive(Default)]
struct Account {
    answers: Vec<(bool, Value)>,
    calls: Vec<(String, String, Value)>,
    told: Vec<Value>,
}

type Shared = Arc<Mutex<Account>>;

async fn codedeploy(State(account): State<Shared>, headers: HeaderMap, body: Bytes) -> Json<Value> {
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let revision = json!({ "revisionType": "String", "string": { "sha256": "abc" } });
    let target = headers["x-amz-target"].to_str().unwrap();
    let answer = match target.strip_prefix("CodeDeploy_20141006.").unwrap() {
        "GetDeployment" => {
            assert_eq!(asked["deploymentId"], "d-1");
            json!({ "deploymentInfo": { "applicationName": "app", "revision": revision } })
        }
        "GetApplicationRevision" => {
            assert_eq!(
                (&asked["applicationName"], &asked["revision"]),
                (&json!("app"), &revision)
            );
            let version = json!({ "Name": "stack-ClaimFunction-1", "Alias": "live", "CurrentVersion": "4", "TargetVersion": "5" });
            let resource = json!({ "Type": "AWS::Lambda::Function", "Properties": version });
            let content = json!({ "version": 0.0, "Resources": [{ "stack-ClaimFunction-1": resource }] });
            json!({ "revision": { "revisionType": "String", "string": { "content": content.to_string() } } })
        }
        "PutLifecycleEventHookExecutionStatus" => {
            account.lock().unwrap().told.push(asked);
            json!({ "lifecycleEventHookExecutionId": "h-1" })
        }
        other => panic!("nothing asks for {other}"),
    };
    Json(answer)
}

async fn invoke(
    State(account): State<Shared>,
    Path(name): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    let event = serde_json::from_slice(&body).unwrap();
    let mut account = account.lock().unwrap();
    account.calls.push((name, query[0].1.clone(), event));
    let (fails, answer) = account.answers.remove(0);
    if fails {
        return ([("x-amz-function-error", "Unhandled")], Json(answer)).into_response();
    }
    Json(answer).into_response()
}

/// Runs the hook once. Lambda answers like this, one call after the other.
async fn run(answers: Vec<(bool, Value)>) -> (Result<Value, Failure>, Account) {
    let account = Shared::new(Mutex::new(Account {
        answers,
        ..Account::default()
    }));
    let router = Router::new()
        .route("/", post(codedeploy))
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .with_state(account.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let credentials = Credentials::new("hook", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-southeast-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(format!("http://{address}"))
        .http_client(http_client(false))
        .build();
    let event = json!({ "DeploymentId": "d-1", "LifecycleEventHookExecutionId": "h-1" });
    let answer = handle(sdk, event).await;
    server.abort();
    let account = std::mem::take(&mut *account.lock().unwrap());
    (answer, account)
}

fn started() -> (bool, Value) {
    let body = r#"{"release":"1","layout":2}"#;
    (false, json!({ "statusCode": 200, "body": body }))
}

fn crashed() -> (bool, Value) {
    let said = "RequestId: 1 Error: Runtime exited with error: exit status 1";
    (
        true,
        json!({ "errorType": "Runtime.ExitError", "errorMessage": said }),
    )
}

/// The status that CodeDeploy was told, which it takes once.
fn told(account: &Account) -> &str {
    let [told] = account.told.as_slice() else {
        panic!("told {} times", account.told.len());
    };
    assert_eq!(
        (&told["deploymentId"], &told["lifecycleEventHookExecutionId"]),
        (&json!("d-1"), &json!("h-1"))
    );
    told["status"].as_str().unwrap()
}

#[tokio::test]
async fn a_version_that_starts_gets_its_calls() {
    let (answer, account) = run(vec![started()]).await;
    assert_eq!(answer.unwrap(), json!({ "status": "Succeeded" }));
    assert_eq!(told(&account), "Succeeded");
    let check = ("stack-ClaimFunction-1".to_owned(), "5".to_owned());
    assert_eq!(account.calls, [(check.0, check.1, start_up_check::event())]);
}

#[tokio::test]
async fn a_version_that_does_not_start_gets_none() {
    let (_, account) = run(vec![crashed(), crashed(), crashed()]).await;
    assert_eq!((told(&account), account.calls.len()), ("Failed", 3));
}

#[tokio::test]
async fn a_version_that_cannot_read_its_table_gets_none() {
    let unread = json!({ "statusCode": 503, "body": "the store refuses the call: AccessDeniedException" });
    let (_, account) = run(vec![
        (false, unread.clone()),
        (false, unread.clone()),
        (false, unread),
    ])
    .await;
    assert_eq!(told(&account), "Failed");
}

#[tokio::test]
async fn a_version_that_starts_at_the_second_try_gets_its_calls() {
    let (_, account) = run(vec![crashed(), started()]).await;
    assert_eq!((told(&account), account.calls.len()), ("Succeeded", 2));
}

#[tokio::test]
async fn an_answer_to_something_else_is_none_to_the_check() {
    for other in [
        json!({ "batchItemFailures": [] }),
        json!({ "statusCode": 200, "body": "" }),
    ] {
        let other = (false, other);
        let (_, account) = run(vec![other.clone(), other.clone(), other]).await;
        assert_eq!(told(&account), "Failed");
    }
}
