//! Schedules over the runner's own wire and by its clock, with functions that record what they are called with.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use countersign_platform::lambda::{Failure, Invoke};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use super::*;
use crate::callee::Callee;
use crate::mail::{Ses, Topics};
use crate::server::Server;
use crate::template::{Times, Unattended};

const ARN: &str = "arn:aws:scheduler:ap-southeast-1:000000000000:schedule/default/RemindFunctionRemind";
const INPUT: &str = r#"{"task":"remind","at":"<aws.scheduler.scheduled-time>","from":"<aws.scheduler.schedule-arn>",
    "run":"<aws.scheduler.execution-id>","attempt":"<aws.scheduler.attempt-number>"}"#;

/// A runner's schedules with one function, which notes what it is called with.
struct Stage {
    schedules: Arc<Schedules>,
    desk: Desk,
    queues: Arc<Queues>,
    clock: Clock,
    told: Arc<Mutex<Vec<Json>>>,
    settled: Arc<Mutex<usize>>,
    url: String,
    _server: Server,
}

fn schedule(name: &str, expression: &str, input: Option<&str>) -> Schedule {
    let timezone = "Asia/Hong_Kong";
    Schedule {
        name: name.to_lowercase(),
        logical_id: format!("RemindFunction{name}"),
        expression: expression.to_owned(),
        timezone: timezone.to_owned(),
        times: Times::parse(expression, timezone).unwrap(),
        input: input.map(str::to_owned),
        enabled: name != "Paused",
    }
}

/// A function that fails so many times before it answers.
fn recorder(told: &Arc<Mutex<Vec<Json>>>, failing_calls: usize) -> Invoke {
    let told = told.clone();
    Arc::new(move |event| {
        let mut told = told.lock().unwrap();
        told.push(event);
        let answer = if told.len() <= failing_calls {
            Err(Failure)
        } else {
            Ok(json!({ "sent": "<2>" }))
        };
        Box::pin(async { answer })
    })
}

/// Schedules at this time, of which the function fails so many times first.
async fn stage(now: &str, failing_calls: usize) -> Stage {
    let told = Arc::default();
    let clock = Clock::starting_at(now.parse().unwrap());
    let queues = Arc::new(Queues::open(&["Unsent".to_owned()], None).unwrap());
    let subscriber = Subscriber {
        callee: Callee::new(
            "RemindFunction",
            recorder(&told, failing_calls),
            Duration::from_secs(5),
        ),
        unattended: Unattended {
            retries: 2,
            on_failure: Some("Unsent".to_owned()),
        },
        longest_pause: Duration::from_millis(20),
    };
    let all = [
        schedule("Remind", "cron(00 09 * * ? *)", Some(INPUT)),
        schedule("Leases", "rate(5 minutes)", None),
        schedule("Paused", "rate(1 minute)", None),
    ]
    .map(|schedule| Scheduled::new(schedule, "remind".to_owned(), subscriber.clone()));
    let schedules = Schedules::new(all.into(), queues.clone(), clock.clone());
    let settled: Arc<Mutex<usize>> = Arc::default();
    let settle = {
        let settled = settled.clone();
        move || {
            *settled.lock().unwrap() += 1;
            Box::pin(async {}) as _
        }
    };
    let desk = Desk::new(schedules.clone(), Arc::new(settle));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let topics = Topics::new(BTreeMap::new(), queues.clone(), clock.clone());
    let settings = Template::load(&BTreeMap::new()).unwrap().mail;
    let ses = Ses::open(settings, topics, queues.clone(), clock.clone(), None, None).unwrap();
    let pages = crate::mail::page::router(Arc::new(ses), schedules.clone());
    Stage {
        _server: Server::start(listener, pages.merge(router(desk.clone(), port))),
        schedules,
        desk,
        queues,
        clock,
        told,
        settled,
        url: format!("http://127.0.0.1:{port}"),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
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

    fn told(&self) -> Vec<Json> {
        self.told.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn each_time_of_a_schedule_calls_its_function_once_and_a_disabled_one_calls_nothing() {
    let stage = stage("2023-04-25T00:57:30Z", 0).await;
    stage
        .schedules
        .run_due(at("2023-04-25T00:57:30Z"), at("2023-04-25T00:59:59.9Z"));
    stage
        .schedules
        .run_due(at("2023-04-25T00:59:59.9Z"), at("2023-04-25T01:00:00Z"));
    stage
        .schedules
        .run_due(at("2023-04-25T01:00:00Z"), at("2023-04-25T01:02:29Z"));
    stage.schedules.quiet().await;
    let told = stage.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["at"], "2023-04-25T01:00:00Z");
    assert_eq!(
        (&told[0]["task"], &told[0]["from"], &told[0]["attempt"]),
        (&json!("remind"), &json!(ARN), &json!("1"))
    );
    assert_eq!(told[0]["run"].as_str().unwrap().len(), 16);

    // Twelve minutes that did pass, with two times of the rate, which counts from the start.
    stage
        .schedules
        .run_due(at("2023-04-25T01:02:29Z"), at("2023-04-25T01:14:29Z"));
    stage.schedules.quiet().await;
    let times = |event: &Json| event["time"].as_str().unwrap().to_owned();
    let mut times: Vec<String> = stage.told()[1..].iter().map(times).collect();
    times.sort();
    assert_eq!(
        times,
        [
            "2023-04-25T01:02:30Z",
            "2023-04-25T01:07:30Z",
            "2023-04-25T01:12:30Z"
        ]
    );
}

#[tokio::test]
async fn without_an_input_a_function_gets_the_event_that_scheduler_sends() {
    let stage = stage("2023-04-25T00:57:30.7Z", 0).await;
    stage.desk.run("leases").await.unwrap();
    let event = &stage.told()[0];
    assert_eq!(event["source"], "aws.scheduler");
    assert_eq!(event["detail-type"], "Scheduled Event");
    assert_eq!(event["detail"], "{}");
    assert_eq!(event["time"], "2023-04-25T00:57:30Z");
    let arn = ARN
        .replace("Remind", "Leases")
        .replace("LeasesFunction", "RemindFunction");
    assert_eq!(event["resources"], json!([arn]));
}

#[tokio::test]
async fn a_clock_that_comes_to_a_time_runs_its_schedule_and_one_that_is_set_past_it_does_not() {
    let stage = stage("2023-04-25T00:30:00Z", 0).await;
    let running = stage.schedules.by_the_clock();
    for (set, runs) in [
        // Past 09:00 in Hong Kong, and past many times of the rate.
        ("2023-04-25T01:03:00Z", 0),
        ("2023-04-26T00:59:59.8Z", 1),
    ] {
        stage.clock.set(at(set));
        tokio::time::sleep(LOOKS_EVERY * 5).await;
        stage.schedules.quiet().await;
        let told = stage.told();
        assert_eq!(
            told.iter().filter(|event| event["task"] == "remind").count(),
            runs,
            "{set}"
        );
    }
    let told = stage.told();
    assert!(
        told.iter().any(|event| event["at"] == "2023-04-26T01:00:00Z"),
        "{told:?}"
    );
    drop(running);
    stage.clock.set(at("2023-04-27T00:59:59.9Z"));
    tokio::time::sleep(LOOKS_EVERY * 3).await;
    assert_eq!(
        stage.told().len(),
        2,
        "with the rate's, and no more once it has stopped"
    );
}

#[tokio::test]
async fn a_call_by_the_clock_that_fails_is_tried_again_and_at_last_goes_to_the_failure_queue() {
    for (failing_calls, calls, given_up) in [(2, 3, 0), (9, 3, 1)] {
        let stage = stage("2023-04-25T00:59:00Z", failing_calls).await;
        stage
            .schedules
            .run_due(at("2023-04-25T00:59:00Z"), at("2023-04-25T01:00:30Z"));
        assert!(!stage.schedules.is_quiet());
        stage.schedules.quiet().await;
        let told = stage.told();
        assert_eq!(told.len(), calls);
        assert!(told.iter().all(|event| event == &told[0]), "{told:?}");
        let queue = stage.queues.messages("Unsent");
        assert_eq!(queue.len(), given_up);
        for message in queue {
            assert_eq!(message["requestPayload"], told[0]);
            assert_eq!(message["requestContext"]["condition"], "RetriesExhausted");
        }
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
    assert_eq!(*stage.settled.lock().unwrap(), 1);
    assert_eq!(stage.told()[0]["at"], "2023-04-25T00:30:00Z");
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
    assert_eq!(problem["type"], "urn:countersign:problem:function-failed");
    assert_eq!(
        problem["detail"],
        "The function remind failed. It has been logged."
    );
    assert_eq!(
        stage.told().len(),
        1,
        "nobody tries again what somebody waits for"
    );
    assert!(stage.queues.messages("Unsent").is_empty());

    let (status, problem) = stage.json("POST", "/schedules/nothing/run").await;
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    assert_eq!(problem["schedules"], json!(["remind", "leases", "paused"]));
    let error = stage.desk.run("nothing").await.unwrap_err();
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
        assert!(
            page.contains("It was sent from another site&#39;s page."),
            "{page}"
        );
    }
    let cross_site = [("sec-fetch-site", "cross-site"), ("origin", stage.url.as_str())];
    assert_eq!(stage.form(path, &cross_site).await.0, 403);
    // A browser that says nothing of where a form comes from is not believed.
    assert_eq!(stage.form(path, &[]).await.0, 403);
    assert!(stage.told().is_empty());
}

#[tokio::test]
async fn the_mailbox_has_a_button_for_each_schedule_and_says_what_a_run_answered() {
    let stage = stage("2023-04-25T00:30:00Z", 1).await;
    let page = stage.page("/mailbox").await;
    for part in [
        "<td>cron(00 09 * * ? *), Asia/Hong_Kong</td><td>25-Apr-2023 09:00 HKT</td>",
        "<td>rate(1 minute), Asia/Hong_Kong</td><td>disabled</td>",
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
        "<p role=\"status\">The schedule remind ran at 25-Apr-2023 08:30 HKT and answered \
         <code>{&quot;sent&quot;:&quot;&lt;2&gt;&quot;}</code></p>",
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
        page.contains("There is no schedule &lt;script&gt;; there is"),
        "{page}"
    );
}
