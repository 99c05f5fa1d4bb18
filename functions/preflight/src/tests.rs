//! The hook between stand-ins for CodeDeploy and Lambda.

use std::sync::{Arc, Mutex};

use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use countersign_platform::aws::http_client;

use super::*;

/// As [`PACE`], for a Lambda that answers at once.
const QUICK: Pace = Pace {
    pause: Duration::from_millis(10),
    last_try: Duration::from_secs(2),
};

/// What the stand-ins were asked, and what Lambda answers to one call after the other.
#[derive(Default)]
struct Account {
    answers: Vec<Answer>,
    calls: Vec<(String, String, Value)>,
    told: Vec<Value>,
}

/// What Lambda answers to a call.
#[derive(Clone)]
enum Answer {
    /// What the function says.
    Says(Value),
    /// What a function says that failed.
    Failed(Value),
    /// Nothing of the function's.
    Throttled,
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
    let answer = match account.answers.as_slice() {
        [last] => last.clone(),
        _ => account.answers.remove(0),
    };
    match answer {
        Answer::Says(said) => Json(said).into_response(),
        Answer::Failed(said) => ([("x-amz-function-error", "Unhandled")], Json(said)).into_response(),
        Answer::Throttled => {
            let headers = [("x-amzn-errortype", "TooManyRequestsException")];
            let body = json!({ "Reason": "ConcurrentInvocationLimitExceeded", "message": "Rate Exceeded." });
            (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
        }
    }
}

/// Works between stand-ins. Lambda answers like this, one call after the other, and to further calls like the last one.
async fn among<T>(answers: Vec<Answer>, work: impl AsyncFnOnce(SdkConfig) -> T) -> (T, Account) {
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
    let came_of_it = work(sdk).await;
    server.abort();
    let account = std::mem::take(&mut *account.lock().unwrap());
    (came_of_it, account)
}

/// Runs the hook once.
async fn run(answers: Vec<Answer>) -> (Result<Value, Failure>, Account) {
    let event = json!({ "DeploymentId": "d-1", "LifecycleEventHookExecutionId": "h-1" });
    among(answers, async |sdk| serve(&sdk, event, QUICK).await).await
}

fn started() -> Answer {
    let body = r#"{"release":"1","layout":2}"#;
    Answer::Says(json!({ "statusCode": 200, "body": body }))
}

fn crashed() -> Answer {
    let said = "RequestId: 1 Error: Runtime exited with error: exit status 1";
    Answer::Failed(json!({ "errorType": "Runtime.ExitError", "errorMessage": said }))
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
    let (_, account) = run(vec![crashed()]).await;
    assert_eq!((told(&account), account.calls.len()), ("Failed", 3));
}

#[tokio::test]
async fn a_version_that_cannot_read_its_table_gets_none() {
    let unread = json!({ "statusCode": 503, "body": "the store refuses the call: AccessDeniedException" });
    let (_, account) = run(vec![Answer::Says(unread)]).await;
    assert_eq!((told(&account), account.calls.len()), ("Failed", 3));
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
        let (_, account) = run(vec![Answer::Says(other)]).await;
        assert_eq!(told(&account), "Failed");
    }
}

#[tokio::test]
async fn a_throttled_call_is_made_again_and_is_no_try() {
    let throttled = [Answer::Throttled, Answer::Throttled, Answer::Throttled];
    let (_, account) = run([&throttled[..], &[crashed(), crashed(), started()]].concat()).await;
    assert_eq!((told(&account), account.calls.len()), ("Succeeded", 6));
}

#[tokio::test]
async fn a_version_that_could_not_be_asked_gets_no_calls_and_is_not_said_to_fail() {
    let (_, account) = run(vec![Answer::Throttled]).await;
    assert_eq!(told(&account), "Failed");
    let (checked, account) = among(vec![Answer::Throttled], async |sdk| {
        let client = Client::new(&sdk, CODEDEPLOY);
        check(&sdk, &client, "d-1", QUICK).await
    })
    .await;
    let reason = "could not be asked whether it starts: Lambda throttles calls";
    assert_eq!(
        checked.unwrap_err(),
        format!("version 5 of stack-ClaimFunction-1 {reason}")
    );
    assert!(account.calls.len() > 3, "{} calls", account.calls.len());
}
