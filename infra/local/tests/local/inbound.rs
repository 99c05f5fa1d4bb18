//! Mail that a script hands in.

use countersign_local::Local;
use countersign_local::options::Options;

use super::support::{Answer, Caller};

const ENVELOPE: &str = "from=checker@abc.example&to=nobody@countersign.example";
const MESSAGE: &[u8] = b"Subject: hello\n\nx\n";

async fn post(local: &Local, query: &str, headers: &[(&str, &str)], message: Vec<u8>) -> Answer {
    let path = format!("/mailbox/inbound?{query}");
    let caller = Caller::new(local.url());
    caller.call("POST", &path, headers, message).await.unwrap()
}

#[tokio::test]
async fn what_cannot_be_taken_in_is_a_problem_that_says_why() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    for (query, message, status, kind, detail) in [
        ("to=a@b.example", MESSAGE.to_vec(), 400, "malformed", "a sender"),
        (
            "from=a&to=a@b.example",
            MESSAGE.to_vec(),
            400,
            "malformed",
            "from: It has to be one e-mail address.",
        ),
        (ENVELOPE, Vec::new(), 400, "malformed", "it is empty"),
        (
            ENVELOPE,
            vec![b'x'; 40 * 1024 * 1024 + 1],
            413,
            "too-large",
            "40 MB",
        ),
        (
            "from=&to=a@elsewhere.example",
            MESSAGE.to_vec(),
            404,
            "not-found",
            "550 5.1.1 ",
        ),
    ] {
        let answer = post(&local, query, &[], message).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["type"], format!("urn:countersign:problem:{kind}"));
        assert!(
            answer.body["detail"].as_str().unwrap().contains(detail),
            "{}",
            answer.body
        );
    }
    local.stop().await;
}

#[tokio::test]
async fn another_sites_page_cannot_hand_a_message_in_and_a_program_can() {
    let local = Local::start(Options::in_memory()).await.unwrap();
    let own = local.url().to_owned();
    let own = own.as_str();
    for (headers, status) in [
        (&[][..], 202),
        (&[("origin", own)], 202),
        (&[("origin", own), ("sec-fetch-site", "same-origin")], 202),
        (&[("origin", "http://localhost:1")], 403),
        (&[("origin", "https://attacker.example")], 403),
        (&[("origin", "null")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("origin", own), ("sec-fetch-site", "same-site")], 403),
    ] {
        let answer = post(&local, ENVELOPE, headers, MESSAGE.to_vec()).await;
        assert_eq!(answer.status, status, "{headers:?}: {}", answer.body);
    }
    local.stop().await;
}
