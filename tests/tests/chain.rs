//! Anyone who reads a request can verify its history from the answer alone, as openapi.json describes.

use countersign_domain::form::FormSeal;
use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::Cast;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// The commitment to a value, by its seal. Without a seal there may be no value either.
fn committed(value: &Value, seal: &Value) -> Value {
    match (&seal["salt"], &seal["commitment"]) {
        (Value::String(salt), Value::Null) => sha256(&format!("{salt}{value}")).into(),
        (Value::Null, Value::Null) => value.clone(),
        (_, commitment) => commitment.clone(),
    }
}

/// Whether a request's history verifies. Uses none of the product's code but the hash of a form, which has tests of
/// its own.
fn holds(request: &Value) -> bool {
    let mut previous = "0".repeat(64);
    let rows = request["history"].as_array().unwrap();
    let rows_hold = rows.iter().zip(1..).all(|(row, version)| {
        let text = row["record"].as_str().unwrap();
        let Ok(record) = serde_json::from_str::<Value>(text) else {
            return false;
        };
        let said = [
            ("version", "version"),
            ("action", "action"),
            ("at", "at"),
            ("from", "from"),
            ("to", "to"),
            ("clonedFrom", "cloned_from"),
            ("formHash", "form_hash"),
            ("previousHash", "previous"),
        ];
        let agrees = said.iter().all(|(here, there)| row[*here] == record[*there])
            && committed(&row["actor"]["name"], &row["seals"]["name"]) == record["actor_name"]
            && committed(&row["message"], &row["seals"]["message"]) == record["message"]
            && record["request"] == request["id"]
            && record["version"] == version;
        let follows = record["previous"] == previous.as_str() && row["hash"] == sha256(text).as_str();
        row["hash"].as_str().unwrap().clone_into(&mut previous);
        agrees && follows
    });
    let seal: FormSeal = serde_json::from_value(request["formSeal"].clone()).unwrap();
    let hash = seal.hash(&request["form"]).map(|hash| hash.to_string());
    rows_hold
        && rows.last().unwrap()["formHash"] == request["formHash"]
        && Some(request["formHash"].as_str().unwrap()) == hash.as_deref()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_request_is_verified_by_the_answer_alone() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    let path = format!("/requests/{}", completed.id());
    let whole = cast.maker.get(&path).await.expect(200).body;
    assert!(holds(&whole), "{whole:#}");
    assert_eq!(
        cast.officer.get(&path).await.expect(200)["history"],
        whole["history"]
    );
    let clone = cast
        .maker
        .action(&completed.id(), "clone")
        .send()
        .await
        .expect(201);
    let clone = cast
        .maker
        .get(&format!("/requests/{}", clone.id()))
        .await
        .expect(200);
    assert!(holds(&clone.body), "{:#}", clone.body);

    // Any later change breaks the chain.
    let rows = whole["history"].as_array().unwrap().len();
    for row in 0..rows {
        for (member, other) in [
            ("action", "reject"),
            ("at", "2001-01-01T00:00:00.000Z"),
            ("to", "Discarded"),
            ("message", "Another one."),
            ("hash", &"1".repeat(64)),
            ("previousHash", &"1".repeat(64)),
            ("formHash", &"1".repeat(64)),
        ] {
            let mut forged = whole.clone();
            forged["history"][row][member] = other.into();
            assert!(!holds(&forged), "row {row}: {member}");
        }
        let mut shortened = whole.clone();
        shortened["history"].as_array_mut().unwrap().remove(row);
        assert!(!holds(&shortened) || row == rows - 1, "row {row} is gone");
    }
}
