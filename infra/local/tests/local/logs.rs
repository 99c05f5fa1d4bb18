//! What the functions log at the lowest level: nothing that is personal or secret.

use std::fs::{File, read_to_string};

use countersign_local::demonstration::PEOPLE;
use serde_json::{Value as Json, json};

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
    let refused = maker
        .send("POST", "/requests", "", &json!({ "eService": MESSAGE }))
        .await
        .unwrap();
    assert!(refused.status >= 400);
    let unknown = maker.with_token(&format!("{}x", maker.token()));
    assert_eq!(unknown.get("/me").await.unwrap().status, 401);
    let signing_in = "grant_type=password&username=checker2@abc.example&password=Not-the-password-1";
    assert!(maker.form("/oauth2/token", signing_in).await.unwrap().status >= 400);
    assert_eq!(runner.end("INT"), Some(0));

    let log = read_to_string(log).unwrap();
    assert_eq!(log.matches("answered").count(), 7, "{log}");
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
