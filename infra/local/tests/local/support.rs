//! A small HTTP client, and the runner as a process.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value as Json, json};

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// An answer, its body as JSON where it is that.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Json,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Somebody who calls a runner.
#[derive(Clone)]
pub(crate) struct Caller {
    url: String,
    client: Client<HttpConnector, Body>,
    token: Option<String>,
}

impl Caller {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            token: None,
        }
    }

    /// Signs in with the demonstration's password.
    pub(crate) async fn signed_in(url: &str, user: &str) -> Result<Self, Error> {
        let mut caller = Self::new(url);
        let form = format!("grant_type=password&username={user}&password=countersign-demo");
        let answer = caller.form("/oauth2/token", &form).await?;
        let token = answer.body["access_token"].as_str().ok_or("no token")?;
        caller.token = Some(token.to_owned());
        Ok(caller)
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Error> {
        self.call("GET", path, &[], Vec::new()).await
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Result<Answer, Error> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.call("POST", path, &headers, form.into()).await
    }

    /// Sends JSON, with the tag of what was read where there is one.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        tag: &str,
        body: &Json,
    ) -> Result<Answer, Error> {
        let mut headers = vec![("content-type", "application/json")];
        if !tag.is_empty() {
            headers.push(("if-match", tag));
        }
        self.call(method, path, &headers, body.to_string().into_bytes())
            .await
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.client.request(request.body(Body::from(body))?).await?;
        let (parts, body) = response.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await?;
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body))),
        })
    }
}

/// A complete form of ABC Company for one User ID.
pub(crate) fn form(user_id: &str) -> Json {
    json!({
        "eService": "DA3",
        "participantship": { "kind": "HKSCC Participant", "id": "B01234" },
        "maintenanceRequest": "Change",
        "changes": [{ "userId": user_id, "email": "ABC@bank.com.hk" }],
        "remarks": "",
        "declaration": true,
        "contacts": [{ "name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111" }],
    })
}

/// The runner as a process of its own. It is killed when this goes.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
}

impl Process {
    /// Starts the program on a free port and waits until it says where it listens.
    pub(crate) fn start(data: &Path) -> Self {
        let mut program = program();
        program.args(["--port", "0", "--data"]).arg(data);
        Self::spawn(program.stderr(Stdio::null()))
    }

    /// Starts the program without a data folder. It logs all it can to a file.
    pub(crate) fn logging(log: File) -> Self {
        let mut program = program();
        program.args(["--port", "0", "--in-memory", "--set", "LogLevel=trace"]);
        Self::spawn(program.stderr(log))
    }

    fn spawn(program: &mut Command) -> Self {
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut first)
            .unwrap();
        let url = first
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap();
        Self {
            url: url.to_owned(),
            child,
        }
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as Ctrl-C (`INT`) or a service manager (`TERM`) does, and gives its exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill")
            .args(["-s", signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already in most tests.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
}
