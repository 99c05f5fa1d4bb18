//! What the benchmarks share: calls with as little overhead as possible, and medians.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;

use crate::User;

/// The parts of an answer that the next command needs.
#[derive(Debug)]
pub struct Answer {
    /// The request's ID.
    pub id: String,
    /// The request's `ETag`.
    pub etag: String,
    /// The body.
    pub body: Value,
}

impl User {
    /// Sends a call and requires success. The reply is not checked against the API's description, which would take
    /// longer than the call itself.
    pub async fn swiftly(
        &self,
        method: Method,
        path: &str,
        etag: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let mut call = self.http.request(method, format!("{}{path}", self.base));
        call = call.bearer_auth(&self.token);
        if let Some(etag) = etag {
            call = call.header("if-match", etag);
        }
        if let Some(body) = body {
            call = call.json(body);
        }
        let response = call
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = response.status();
        let etag = response
            .headers()
            .get("etag")
            .and_then(|value| value.to_str().ok());
        let etag = etag.unwrap_or_default().to_owned();
        let body: Value = response.json().await.unwrap_or_default();
        assert!(status.is_success(), "{path}: {status} {body}");
        Answer {
            id: body["id"].as_str().unwrap_or_default().to_owned(),
            etag,
            body,
        }
    }
}

/// Measures how long something takes.
pub async fn timed(action: impl Future) -> Duration {
    let start = Instant::now();
    action.await;
    start.elapsed()
}

/// The median.
pub fn median(durations: Vec<Duration>) -> Duration {
    percentile(durations, 50)
}

/// The given percentile.
pub fn percentile(mut durations: Vec<Duration>, percent: usize) -> Duration {
    durations.sort();
    let place = durations.len() * percent / 100;
    let last = durations.len().saturating_sub(1);
    durations.get(place.min(last)).copied().unwrap_or_default()
}

/// The rate per second.
pub fn rate(count: u32, within: Duration) -> f64 {
    f64::from(count) / within.as_secs_f64()
}
