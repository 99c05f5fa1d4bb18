//! A bootstrap in Bash speaks the runtime API by itself, so no function has to be built for these tests.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use super::*;

/// Answers each event with itself, with the number of its process and the names of its variables. Ends on an event with
/// `end`, answers an error on `fail`, and sleeps on `sleep`.
const BOOTSTRAP: &str = r#"#!/usr/bin/env bash
call() {
  exec 3<> "/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}"
  printf '%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: it\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s' \
    "$1" "$2" "${#3}" "$3" >&3
  answer=$(tr -d '\r' <&3)
}
PATH=/usr/bin:/bin
echo "INIT of $AWS_LAMBDA_FUNCTION_NAME"
[[ $SAYS != broken ]] || { echo 'no such table'; exit 1; }
while call GET invocation/next ''; do
  id=$(sed -n 's/^lambda-runtime-aws-request-id: //Ip' <<< "$answer")
  event=$(tail -n 1 <<< "$answer")
  case $event in
    *end*) echo 'it ends here'; exit 3 ;;
    *fail*) call POST "invocation/$id/error" '{}' ;;
    *sleep*) sleep 5 ;;
    *slow*) sleep 0.5 ;&
    *) names=$(env | sed -n 's/=.*//p' | sort | tr '\n' ' ')
       call POST "invocation/$id/response" "{\"event\":$event,\"process\":$$,\"names\":\"$names\"}" ;;
  esac
done
"#;

fn program(folder: &Path, says: &str) -> Program {
    let path = folder.join("bootstrap");
    fs::write(&path, BOOTSTRAP).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let function = Function {
        logical_id: "ItFunction".to_owned(),
        binary: "it".to_owned(),
        timeout: Duration::from_secs(2),
        ..Function::default()
    };
    let environment = [("SAYS".to_owned(), says.to_owned())].into();
    Program::new(&function, path, environment)
}

async fn started(folder: &Path) -> (Arc<Processes>, Invoke) {
    let processes = Processes::start(program(folder, "hello")).await.unwrap();
    (processes.clone(), processes.function())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_answers_and_has_its_own_environment_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_, invoke) = started(folder.path()).await;
    let first = invoke(json!({ "number": 1 })).await.unwrap();
    assert_eq!(first["event"], json!({ "number": 1 }));
    let names = first["names"].as_str().unwrap();
    assert!(
        names.contains("AWS_LAMBDA_RUNTIME_API ") && names.contains(" SAYS "),
        "{names}"
    );
    // Cargo sets it for this test.
    assert!(
        std::env::var_os("CARGO_MANIFEST_DIR").is_some() && !names.contains("CARGO"),
        "{names}"
    );
    let second = invoke(json!({ "number": 2 })).await.unwrap();
    assert_eq!(first["process"], second["process"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_once_have_a_process_each() {
    let folder = tempfile::tempdir().unwrap();
    let (_, invoke) = started(folder.path()).await;
    let (one, other) = tokio::join!(invoke(json!("slow")), invoke(json!("slow")));
    assert_ne!(one.unwrap()["process"], other.unwrap()["process"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_ends_its_process_or_takes_too_long_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_, invoke) = started(folder.path()).await;
    for event in ["fail", "end", "sleep"] {
        assert!(invoke(json!(event)).await.is_err(), "{event}");
        assert_eq!(
            invoke(json!("well")).await.unwrap()["event"],
            "well",
            "after {event}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_init_that_fails_is_told_with_the_last_line_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = Processes::start(program(folder.path(), "broken"))
        .await
        .err()
        .unwrap();
    assert!(refusal.contains("no such table"), "{refusal}");
    let missing = Program {
        path: folder.path().join("nothing"),
        ..program(folder.path(), "hello")
    };
    let refusal = Processes::start(missing).await.err().unwrap();
    assert!(refusal.contains("nothing"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_was_stopped_takes_no_call_and_leaves_no_process() {
    let folder = tempfile::tempdir().unwrap();
    let (processes, invoke) = started(folder.path()).await;
    let process = invoke(json!(1)).await.unwrap()["process"].to_string();
    processes.stop();
    assert!(invoke(json!(1)).await.is_err());
    assert!(!Path::new("/proc").join(process).exists());
}
