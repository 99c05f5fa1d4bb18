//! What the functions log at the lowest level: what each call and each step was and cost, and nothing that is personal or
//! secret.

use std::collections::BTreeSet;
use std::fs::{File, read_to_string};
use std::time::Duration;

use countersign_local::demonstration::PEOPLE;
use countersign_platform::telemetry::Count;
use serde_json::{Value as Json, json};

use super::lines::{self, Line};
use super::support::{Answer, Caller, Error, Process, form};

const MESSAGE: &str = "Please call Miss Lam about row 1.";

/// Takes a step on a request as it was last answered.
async fn act(who: &Caller, on: &Answer, action: &str) -> Result<Answer, Error> {
    let path = format!("/requests/{}/{action}", on.body["id"].as_str().unwrap());
    let answer = who
        .send("POST", &path, on.header("etag"), &json!({ "message": MESSAGE }))
        .await?;
    assert!(answer.status < 300, "{action}: {answer:?}");
    Ok(answer)
}

/// Whatever a person is known by in a form.
fn typed(form: &Json, found: &mut Vec<String>) {
    match form {
        Json::Object(members) => {
            for (name, member) in members {
                match member {
                    Json::String(text) if ["email", "name", "telephone"].contains(&name.as_str()) => {
                        found.push(text.clone());
                    }
                    member => typed(member, found),
                }
            }
        }
        Json::Array(members) => members.iter().for_each(|member| typed(member, found)),
        _ => {}
    }
}

fn each_call_and_step_is_there(written: &[Line]) {
    let faults = written.iter().flat_map(lines::faults);
    assert_eq!(faults.collect::<Vec<_>>(), [] as [String; 0]);
    let of = |kind: &str| -> Vec<&Line> { written.iter().filter(|line| line["message"] == *kind).collect() };
    let (calls, steps) = (of("call"), of("step"));
    assert_eq!(calls.len() + steps.len(), written.len());
    assert!(
        calls
            .iter()
            .all(|call| call["Stack"] == "countersign" && call["request_id"] != "")
    );

    let done: Vec<(&str, &str)> = steps
        .iter()
        .map(|step| {
            (
                step["Action"].as_str().unwrap(),
                step["Outcome"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = ["save", "submit", "claim", "confirm", "claim", "complete"].map(|action| (action, "done"));
    assert_eq!(done[..6], expected);
    assert_eq!(done[6..], [("claim", "refused")]);
    assert_eq!(steps[6]["reason"], "not-possible");
    let of_http: Vec<&&Line> = calls.iter().filter(|call| call.contains_key("status")).collect();
    assert_eq!(of_http.len(), 8);
    for (call, step) in of_http.iter().zip(&steps) {
        assert_eq!(call["request_id"], step["request_id"]);
        assert_eq!(
            (&call["actor"], &call["company"]),
            (&step["actor"], &step["company"])
        );
        assert_eq!(call["store_calls"], step["store_calls"]);
        assert_eq!(call["WriteUnits"], step["WriteUnits"]);
        assert!(step["WriteUnits"].as_f64().unwrap() >= 1.0, "{step:?}");
    }
    assert_eq!(
        (&of_http[6]["outcome"], &of_http[6]["status"]),
        (&json!("not-possible"), &json!(409))
    );
    assert_eq!(
        (&of_http[7]["outcome"], &of_http[7]["store_calls"]),
        (&json!("invalid"), &json!(0))
    );
    assert_eq!(
        (&steps[2]["WriteUnits"], &steps[2]["store_calls"]),
        (&json!(6.0), &json!(1))
    );
    let triggers: BTreeSet<&str> = calls.iter().filter_map(|call| call["trigger"].as_str()).collect();
    let others = [
        "POST /requests/{id}/claim",
        "aws:dynamodb",
        "TokenGeneration_Authentication",
    ];
    assert!(
        others.iter().all(|trigger| triggers.contains(trigger)),
        "{triggers:?}"
    );

    let metrics: BTreeSet<&str> = written.iter().flat_map(lines::metrics).collect();
    let sent = Count::MailsSent.metric().name;
    for name in ["Steps", "StepTime", "ReadUnits", "WriteUnits", sent] {
        assert!(metrics.contains(name), "{name}: {metrics:?}");
    }
}

fn the_runbook_asks_about_what_is_there(written: &[Line]) {
    let in_lines = written.iter().flat_map(|line| line.keys().map(String::as_str));
    // The walk does not count everything that can be counted.
    let there: BTreeSet<&str> = in_lines
        .chain(Count::ALL.map(|count| count.metric().name))
        .collect();
    let questions = lines::questions(include_str!("../../../../docs/RUNBOOK.md"));
    assert!(questions.len() >= 5, "{questions:?}");
    for question in questions {
        let asked = lines::fields(question);
        let unknown: Vec<&&str> = asked.iter().filter(|field| !there.contains(**field)).collect();
        assert!(
            !asked.is_empty() && unknown.is_empty(),
            "{unknown:?} in {question}"
        );
    }
}

#[tokio::test]
async fn no_name_address_number_message_or_token_is_logged_at_any_level() {
    let place = tempfile::tempdir().unwrap();
    let log = place.path().join("log");
    let runner = Process::logging(File::create(&log).unwrap());
    let maker = Caller::signed_in(&runner.url, "maker@abc.example").await.unwrap();
    let checker = Caller::signed_in(&runner.url, "checker@abc.example")
        .await
        .unwrap();
    let officer = Caller::signed_in(&runner.url, "officer@exchange.example")
        .await
        .unwrap();

    let form = form("B01234X1");
    let created = maker.send("POST", "/requests", "", &form).await.unwrap();
    let submitted = act(&maker, &created, "submit").await.unwrap();
    let claimed = act(&checker, &submitted, "claim").await.unwrap();
    let sent = act(&checker, &claimed, "confirm").await.unwrap();
    let processing = act(&officer, &sent, "claim").await.unwrap();
    act(&officer, &processing, "complete").await.unwrap();
    let late = format!("/requests/{}/claim", created.body["id"].as_str().unwrap());
    let late = checker
        .send("POST", &late, submitted.header("etag"), &json!({}))
        .await
        .unwrap();
    assert_eq!(late.status, 409);
    let refused = maker
        .send("POST", "/requests", "", &json!({ "eService": MESSAGE }))
        .await
        .unwrap();
    assert!(refused.status >= 400);
    let unknown = maker.with_token(&format!("{}x", maker.token()));
    assert_eq!(unknown.get("/me").await.unwrap().status, 401);
    let signing_in = "grant_type=password&username=checker2@abc.example&password=Not-the-password-1";
    assert!(maker.form("/oauth2/token", signing_in).await.unwrap().status >= 400);
    // E-mails follow their step.
    let sent = Count::MailsSent.metric().name;
    let follow = async {
        while !read_to_string(&log).unwrap().contains(sent) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), follow)
        .await
        .unwrap();
    assert_eq!(runner.end("INT"), Some(0));

    let log = read_to_string(log).unwrap();
    let written = lines::lines(&log);
    each_call_and_step_is_there(&written);
    the_runbook_asks_about_what_is_there(&written);
    let mut secrets = vec![MESSAGE.to_owned(), "Not-the-password-1".to_owned()];
    typed(&form, &mut secrets);
    assert_eq!(secrets.len(), 6);
    secrets.extend(
        PEOPLE
            .iter()
            .flat_map(|person| [person.user.to_owned(), person.name.to_owned()]),
    );
    secrets.extend([&maker, &checker, &officer].map(|caller| caller.token().to_owned()));
    // A shorter one could be part of an ID.
    secrets.retain(|secret| secret.len() > 5);
    for line in log.lines() {
        for secret in &secrets {
            let is_there = line.to_lowercase().contains(&secret.to_lowercase());
            assert!(!is_there, "{secret:?} is in the log: {line}");
        }
        assert!(!line.contains('@'), "an address is in the log: {line}");
    }
}
