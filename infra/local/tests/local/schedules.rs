//! Schedules, as a runner has them.

use std::sync::Arc;

use countersign_local::options::Options;
use countersign_local::{Local, ScheduleError};
use serde_json::{Value as Json, json};

use super::support::{Answer, Caller, Error};

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
const PATH: &str = "/schedules/readiness/run";

async fn started() -> Local {
    let options = Options {
        clock: Some("2023-04-25T08:30:00+08:00".parse().unwrap()),
        ..Options::in_memory()
    };
    Local::start(options).await.unwrap()
}

/// Sends the schedules' form from a page of that origin.
async fn send_form(local: &Local, path: &str, origin: &str) -> Answer {
    let headers = [HTML, ("origin", origin)];
    let caller = Caller::new(local.url());
    caller.call("POST", path, &headers, Vec::new()).await.unwrap()
}

async fn page(local: &Local, path: &str) -> String {
    let caller = Caller::new(local.url());
    let answer = caller.call("GET", path, &[HTML], Vec::new()).await.unwrap();
    answer.body.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_runner_lists_the_templates_schedules_and_knows_no_other() -> Result<(), Error> {
    let local = started().await;
    let caller = Caller::new(local.url());
    let listed = caller.get("/schedules").await?;
    assert_eq!(listed.status, 200);
    let functions = local.template().functions.iter();
    let names = functions.flat_map(|function| &function.schedules);
    let names: Vec<Json> = names.map(|schedule| json!(schedule.name)).collect();
    let all = listed.body.as_array().ok_or("no list")?;
    let found: Vec<Json> = all.iter().map(|schedule| schedule["name"].clone()).collect();
    assert_eq!(found, names);
    let reminders = all.iter().find(|schedule| schedule["name"] == "reminders");
    let expected = json!({
        "name": "reminders", "function": "remind", "expression": "cron(00 09 * * ? *)",
        "timezone": "Asia/Hong_Kong", "enabled": true, "next": "2023-04-25T09:00:00+08:00",
    });
    assert_eq!(reminders, Some(&expected));

    let unknown = caller
        .send("POST", "/schedules/nothing/run", "", &json!({}))
        .await?;
    assert_eq!((unknown.status, &unknown.body["schedules"]), (404, &json!(names)));
    let error = local.run_schedule("nothing").await;
    assert!(matches!(error, Err(ScheduleError::Unknown { .. })), "{error:?}");
    local.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_browser_gets_a_button_for_each_schedule_and_a_page_that_says_what_a_run_did() {
    let local = started().await;
    let list = page(&local, "/schedules").await;
    for part in [
        "<td data-label=\"When\">cron(00 09 * * ? *), Asia/Hong_Kong</td>\n<td data-label=\"Next\">25-Apr-2023 09:00 HKT</td>",
        "<form method=\"post\" action=\"/schedules/readiness/run\">",
        "<button class=\"btn small\" aria-describedby=\"schedule-readiness\">Run now</button>",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }
    assert!(
        !list.contains("role=\"status\"") && !list.contains("<script"),
        "{list}"
    );
    let run = send_form(&local, PATH, local.url()).await;
    assert_eq!(
        (run.status, run.header("location")),
        (303, "/schedules?ran=readiness")
    );
    let told = page(&local, "/schedules?ran=readiness").await;
    let said =
        "<p>The schedule readiness ran at 25-Apr-2023 08:30 HKT. It called the function\nreadiness once";
    assert!(told.contains("role=\"status\"") && told.contains(said), "{told}");
    assert!(told.contains("No mail has been sent since."), "{told}");

    send_form(&local, "/schedules/reminders/run", local.url()).await;
    let told = page(&local, "/schedules?ran=reminders").await;
    let mails = local.mailbox();
    assert!(!mails.is_empty());
    for mail in &mails {
        assert!(
            told.contains(&format!("<li><a href=\"/mailbox/{}\">", mail.id)),
            "{told}"
        );
    }
    for fact in ["<dt>Day</dt><dd>2023-04-25</dd>", "<dt>Next reminder day</dt>"] {
        assert!(told.contains(fact), "{fact}: {told}");
    }

    let unknown = page(&local, "/schedules?ran=%3Cscript%3E").await;
    assert!(
        !unknown.contains("role=\"status\"") && !unknown.contains("<script"),
        "{unknown}"
    );
    let unknown = send_form(&local, "/schedules/%3Cscript%3E/run", local.url()).await;
    let said = "There is no schedule &#60;script&#62;; there is";
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.as_str().unwrap().contains(said), "{}", unknown.body);
    local.stop().await;
}

#[tokio::test]
async fn a_run_that_fails_is_a_problem_to_a_script_and_said_on_the_page() {
    let options = Options {
        endpoint_override: Some(Arc::new(|_| "http://127.0.0.1:1".to_owned())),
        ..Options::in_memory()
    };
    let local = Local::start(options).await.unwrap();
    let caller = Caller::new(local.url());
    let failed = caller.call("POST", PATH, &[], Vec::new()).await.unwrap();
    assert_eq!(failed.status, 502, "{}", failed.body);
    assert_eq!(failed.header("content-type"), "application/problem+json");
    assert_eq!(failed.body["type"], "urn:countersign:problem:function-failed");
    let said = "The function readiness failed. It has been logged.";
    assert_eq!(failed.body["detail"], said);
    let told = page(&local, "/schedules?ran=readiness").await;
    let alert = format!("<div class=\"message bad\" role=\"alert\"><p>{said}</p></div>");
    assert!(told.contains(&alert), "{told}");
    local.stop().await;
}

#[tokio::test]
async fn another_sites_page_cannot_run_a_schedule() {
    let local = started().await;
    for origin in ["https://attacker.example", "null", "http://localhost:1"] {
        let caller = Caller::new(local.url());
        let headers = [("origin", origin)];
        let refused = caller.call("POST", PATH, &headers, Vec::new()).await.unwrap();
        assert_eq!(refused.status, 403, "{origin}: {}", refused.body);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let refused = send_form(&local, PATH, origin).await;
        assert_eq!(refused.status, 403, "{origin}");
        let shown = refused.body.as_str().unwrap();
        assert!(shown.contains("Another site&#39;s page sent this."), "{shown}");
    }
    let list = page(&local, "/schedules?ran=readiness").await;
    assert!(!list.contains("role=\"status\""), "{list}");
    local.stop().await;
}

#[tokio::test]
async fn a_world_of_a_test_runs_schedules_by_the_clock_only_if_it_asks() {
    assert!(Options::default().run_schedules);
    assert!(!Options::in_memory().run_schedules);
    let options = Options {
        run_schedules: true,
        ..Options::in_memory()
    };
    let local = Local::start(options).await.unwrap();
    local.settle().await;
    local.stop().await;
}
