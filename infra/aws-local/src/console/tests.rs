//! The console's pages and calls over HTTP.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value as Json, json};

use super::*;
use crate::scheduler;
use crate::server::Server;
use crate::testing::{QUEUE, console_of};

/// A console with schedules.
struct Stage {
    schedules: scheduler::tests::Stage,
    url: String,
    _server: Server,
}

async fn stage(now: &str, failing_calls: usize) -> Stage {
    let schedules = scheduler::tests::stage(now, failing_calls);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut console = console_of(&schedules.clock.clock(), &schedules.queues, port);
    console.schedules = schedules.runner.clone();
    Stage {
        _server: Server::start(listener, router(console)),
        schedules,
        url: format!("http://127.0.0.1:{port}"),
    }
}

impl Stage {
    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = client.request(request).await.unwrap().into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        (parts.status.as_u16(), parts.headers, body)
    }

    async fn json(&self, method: &str, path: &str) -> (u16, Json) {
        let (status, _, body) = self.call(method, path, &[]).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// Sends the mailbox's form from a page of that origin.
    async fn form(&self, path: &str, origin: &[(&str, &str)]) -> (u16, HeaderMap, String) {
        let mut headers = vec![("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
        headers.extend_from_slice(origin);
        self.call("POST", path, &headers).await
    }

    async fn page(&self, path: &str) -> String {
        self.call("GET", path, &[("accept", "text/html")]).await.2
    }

    fn own(&self) -> [(&str, &str); 1] {
        [("origin", &self.url)]
    }
}

#[tokio::test]
async fn schedules_are_listed_with_their_next_time_in_their_own_time_zone() {
    let stage = stage("2023-04-25T00:30:00.5Z", 0).await;
    let (status, listed) = stage.json("GET", "/schedules").await;
    assert_eq!(status, 200);
    let zone = "Asia/Hong_Kong";
    let expected = json!([
        { "name": "remind", "function": "remind", "expression": "cron(00 09 * * ? *)", "timezone": zone,
          "enabled": true, "next": "2023-04-25T09:00:00+08:00" },
        { "name": "leases", "function": "remind", "expression": "rate(5 minutes)", "timezone": zone,
          "enabled": true, "next": "2023-04-25T08:35:00+08:00" },
        { "name": "paused", "function": "remind", "expression": "rate(1 minute)", "timezone": zone,
          "enabled": false, "next": null },
    ]);
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn a_run_by_hand_is_answered_when_everything_that_it_caused_is_done() {
    let stage = stage("2023-04-25T00:30:00.5Z", 0).await;
    let (status, run) = stage.json("POST", "/schedules/remind/run").await;
    assert_eq!(status, 200);
    let expected = json!({
        "schedule": "remind", "function": "remind", "scheduledTime": "2023-04-25T00:30:00Z",
        "answer": { "sent": "<2>" },
    });
    assert_eq!(run, expected);
    assert_eq!(*stage.schedules.settled.lock().unwrap(), 1);
    assert_eq!(stage.schedules.told()[0]["at"], "2023-04-25T00:30:00Z");
    let (status, _) = stage.json("POST", "/schedules/paused/run").await;
    assert_eq!(status, 200, "a disabled one can be run too");
}

#[tokio::test]
async fn a_run_by_hand_that_fails_or_has_no_such_name_is_a_problem() {
    let stage = stage("2023-04-25T00:30:00Z", 1).await;
    let (status, headers, body) = stage.call("POST", "/schedules/remind/run", &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (502, &"application/problem+json".parse().unwrap())
    );
    let problem: Json = serde_json::from_str(&body).unwrap();
    assert_eq!(problem["type"], "urn:example:function-failed");
    assert_eq!(
        problem["detail"],
        "The function remind failed. It has been logged."
    );
    assert_eq!(
        stage.schedules.told().len(),
        1,
        "nobody tries again what somebody waits for"
    );
    assert!(stage.schedules.queues.messages(QUEUE).is_empty());

    let (status, problem) = stage.json("POST", "/schedules/nothing/run").await;
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    assert_eq!(problem["schedules"], json!(["remind", "leases", "paused"]));
    let error = stage.schedules.runner.run("nothing").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "There is no schedule nothing; there is remind, leases, paused."
    );
}

#[tokio::test]
async fn another_sites_page_cannot_run_a_schedule() {
    let stage = stage("2023-04-25T00:30:00Z", 0).await;
    let path = "/schedules/remind/run";
    for origin in ["https://attacker.example", "null", "http://localhost:1"] {
        let (status, headers, body) = stage.call("POST", path, &[("origin", origin)]).await;
        assert_eq!(status, 403, "{origin}: {body}");
        assert_eq!(headers["content-type"], "application/problem+json");
        let (status, _, page) = stage.form(path, &[("origin", origin)]).await;
        assert_eq!(status, 403, "{origin}");
        assert!(page.contains("Another site&#39;s page sent this."), "{page}");
    }
    let cross_site = [("sec-fetch-site", "cross-site"), ("origin", stage.url.as_str())];
    assert_eq!(stage.form(path, &cross_site).await.0, 403);
    assert!(stage.schedules.told().is_empty());
}

#[tokio::test]
async fn the_mailbox_has_a_button_for_each_schedule_and_says_what_a_run_answered() {
    let stage = stage("2023-04-25T00:30:00Z", 1).await;
    let page = stage.page("/mailbox").await;
    for part in [
        "<td>cron(00 09 * * ? *), Asia/Hong_Kong</td>\n<td>25-Apr-2023 01:00</td>",
        "<td>rate(1 minute), Asia/Hong_Kong</td>\n<td>disabled</td>",
        "<form class=\"run\" method=\"post\" action=\"/schedules/remind/run\">",
        "<button aria-describedby=\"schedule-remind\">Run the schedule now</button>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains("role=\"status\"") && !page.contains("<script"),
        "{page}"
    );

    for said in [
        "<div class=\"problem\" role=\"alert\"><p>The function remind failed. It has been logged.</p></div>",
        "<p role=\"status\">The schedule remind ran at 25-Apr-2023 00:30 and answered \
         <code>{&#34;sent&#34;:&#34;&#60;2&#62;&#34;}</code></p>",
    ] {
        let (status, headers, _) = stage.form("/schedules/remind/run", &stage.own()).await;
        assert_eq!(
            (status, &headers["location"]),
            (303, &"/mailbox?ran=remind".parse().unwrap())
        );
        let page = stage.page("/mailbox?ran=remind").await;
        assert!(page.contains(said), "{page}");
    }
    let page = stage.page("/mailbox?ran=%3Cscript%3E").await;
    assert!(
        !page.contains("role=\"status\"") && !page.contains("<script"),
        "{page}"
    );
    let (status, _, page) = stage.form("/schedules/%3Cscript%3E/run", &stage.own()).await;
    assert_eq!(status, 404);
    assert!(
        page.contains("There is no schedule &#60;script&#62;; there is"),
        "{page}"
    );
}
