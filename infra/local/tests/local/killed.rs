//! kill -9 in the middle of a stream of commands: no request's head may disagree with its history afterwards, and no
//! answered command may be gone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::support::{Answer, Caller, Error, Process, form};

/// As many as the register has User IDs for in all rounds: what a kill leaves open keeps its own.
const CLIENTS: usize = 3;
const KILLS: usize = 3;

/// Commands that have to be answered before a kill.
const ANSWERED: usize = 60;

/// The version that each request had in the last answer about it.
type Answered = Arc<Mutex<BTreeMap<String, u64>>>;

/// One client's people. They go through one request after the other until the runner is gone.
struct Crowd {
    maker: Caller,
    checker: Caller,
    officer: Caller,
    answered: Answered,
    count: Arc<Mutex<usize>>,
}

impl Crowd {
    async fn signed_in(url: &str, answered: &Answered, count: &Arc<Mutex<usize>>) -> Result<Self, Error> {
        Ok(Self {
            maker: Caller::signed_in(url, "maker@abc.example").await?,
            checker: Caller::signed_in(url, "checker@abc.example").await?,
            officer: Caller::signed_in(url, "officer@exchange.example").await?,
            answered: answered.clone(),
            count: count.clone(),
        })
    }

    /// Ends with the error that the kill causes.
    async fn work(&self, user_id: &str) -> Result<(), Error> {
        let filled = form(user_id);
        loop {
            let created = self.maker.send("POST", "/requests", "", &filled).await?;
            self.note(&created);
            let path = created.header("location").to_owned();
            let mut tag = created.header("etag").to_owned();
            let saved = self.maker.send("PUT", &path, &tag, &filled).await?;
            self.note(&saved);
            saved.header("etag").clone_into(&mut tag);
            for (person, action) in [
                (&self.maker, "submit"),
                (&self.checker, "claim"),
                (&self.checker, "confirm"),
                (&self.officer, "claim"),
                (&self.officer, "complete"),
            ] {
                let taken = person
                    .send("POST", &format!("{path}/{action}"), &tag, &json!({}))
                    .await?;
                self.note(&taken);
                taken.header("etag").clone_into(&mut tag);
            }
        }
    }

    fn note(&self, answer: &Answer) {
        assert!(
            matches!(answer.status, 200 | 201),
            "{}: {}",
            answer.status,
            answer.body
        );
        let id = answer.body["id"].as_str().unwrap().to_owned();
        let version = answer.body["version"].as_u64().unwrap();
        self.answered.lock().unwrap().insert(id, version);
        *self.count.lock().unwrap() += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_runner_leaves_no_request_whose_head_disagrees_with_its_history() {
    let place = tempfile::tempdir().unwrap();
    let answered = Answered::default();
    for kill in 0..KILLS {
        let process = Process::start(place.path());
        let count = Arc::new(Mutex::new(0));
        let mut clients = Vec::new();
        for client in 0..CLIENTS {
            let crowd = Crowd::signed_in(&process.url, &answered, &count).await.unwrap();
            clients.push(tokio::spawn(async move {
                crowd
                    .work(&format!("B01234X{}", kill * CLIENTS + client + 1))
                    .await
            }));
        }
        while *count.lock().unwrap() < ANSWERED {
            assert!(
                clients.iter().all(|client| !client.is_finished()),
                "a client ended before the kill"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        process.kill();
        for client in clients {
            assert!(client.await.unwrap().is_err(), "the kill ends every client");
        }
        let process = Process::start(place.path());
        let versions = answered.lock().unwrap().clone();
        assert_consistent(&process.url, &versions).await;
        process.kill();
    }
}

/// Looks at every request that the company lists.
async fn assert_consistent(url: &str, answered: &BTreeMap<String, u64>) {
    let maker = Caller::signed_in(url, "maker@abc.example").await.unwrap();
    let listed = all_requests(&maker).await;
    for (id, version) in answered {
        let found = listed
            .get(id)
            .unwrap_or_else(|| panic!("{id} was answered and is gone"));
        assert!(found >= version, "{id} fell back from {version} to {found}");
    }
    for id in listed.keys() {
        let answer = maker.get(&format!("/requests/{id}")).await.unwrap();
        assert_eq!(answer.status, 200, "{id}: {}", answer.body);
        assert_head_ends_history(&answer.body);
    }
}

async fn all_requests(maker: &Caller) -> BTreeMap<String, u64> {
    let mut listed = BTreeMap::new();
    let mut path = "/requests?limit=100".to_owned();
    loop {
        let page = maker.get(&path).await.unwrap();
        for item in page.body["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap().to_owned();
            listed.insert(id, item["version"].as_u64().unwrap());
        }
        let link = page.header("link");
        match link.split_once('>') {
            Some((next, _)) => next.trim_start_matches('<').clone_into(&mut path),
            None => return listed,
        }
    }
}

fn assert_head_ends_history(request: &Json) {
    let history = request["history"].as_array().unwrap();
    let last = history.last().unwrap();
    assert_eq!(request["version"], last["version"], "{request}");
    assert_eq!(request["state"], last["to"], "{request}");
    for (row, version) in history.iter().zip(1..) {
        assert_eq!(row["version"], version, "{request}");
    }
    for pair in history.windows(2) {
        assert_eq!(pair[1]["previousHash"], pair[0]["hash"], "{request}");
        assert_eq!(pair[1]["from"], pair[0]["to"], "{request}");
    }
}
