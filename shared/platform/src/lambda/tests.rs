//! What a function answers and logs before its own code has a call.

use countersign_domain::id::Digest;
use serde_json::json;
use tracing::Level;
use tracing::subscriber::set_default;

use super::*;
use crate::config::tests::vars;
use crate::log::subscriber;
use crate::log::tests::Lines;

#[tokio::test]
async fn a_call_that_went_around_cloudfront_is_refused_and_logged_once() {
    let digest = Digest::of(b"secret").to_string();
    let config = Config::from_vars(|name| match name {
        "EDGE_DIGESTS" => Some(digest.clone()),
        name => vars(name),
    });
    let app = App::new(config.unwrap(), Clock::system());
    let function = http_function("claim", app, |_, _| async { Response::new(Body::Empty) });
    let mut event = start_up_check::event();
    event["requestContext"]["routeKey"] = json!("GET /me");
    let log = Lines::default();
    let lines = log.clone();
    let _subscribed = set_default(subscriber(Level::TRACE, "claim", move || lines.clone()));
    let answer = function(event).await.unwrap();
    assert_eq!(answer["statusCode"], 403);
    let written = log.written();
    let lines: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [line] = lines.as_slice() else {
        panic!("{written}");
    };
    assert_eq!(
        (&line["message"], &line["outcome"], &line["status"]),
        (&json!("call"), &json!("around-cloudfront"), &json!(403))
    );
}
