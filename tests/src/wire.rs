//! The wire between the functions and the table: a proxy that records every call.
//!
//! It recognises the function by the access key that signs the call, which the runner makes of the function's name. It
//! can delay every call, so that a function's parallel calls are sure to overlap, and it can ask the table for the
//! capacity that each call consumes.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use countersign_local::{Options, access_key, binaries};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A function's call to the table, with its answer.
#[derive(Debug, Clone)]
pub struct RoundTrip {
    /// The function's package.
    pub function: String,
    /// The operation, such as `TransactWriteItems`.
    pub operation: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The body of the request.
    pub request: Value,
    /// The body of the answer.
    pub response: Value,
    /// When the call left the function.
    pub start: Instant,
    /// When the answer arrived.
    pub end: Instant,
}

/// The proxy. Dropping it cuts the connection.
pub struct Wire {
    shared: Arc<Shared>,
    url: String,
    server: JoinHandle<()>,
}

/// Decides by function, operation and request whether the proxy refuses a call, as if the table failed.
pub type Refuses = dyn Fn(&str, &str, &Value) -> bool + Send + Sync;

struct Shared {
    table: OnceLock<String>,
    refuses: OnceLock<Box<Refuses>>,
    http: reqwest::Client,
    delay_milliseconds: AtomicU64,
    asks_for_capacity: AtomicBool,
    round_trips: Mutex<Vec<RoundTrip>>,
}

impl Wire {
    /// Starts the proxy. It forwards calls once a world has started with [`Self::between`].
    pub async fn lay() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap_or_else(|error| panic!("the proxy got no port: {error}"));
        let address = listener
            .local_addr()
            .unwrap_or_else(|error| panic!("the proxy got no address: {error}"));
        let shared = Arc::new(Shared {
            table: OnceLock::new(),
            refuses: OnceLock::new(),
            http: reqwest::Client::new(),
            delay_milliseconds: AtomicU64::new(0),
            asks_for_capacity: AtomicBool::new(false),
            round_trips: Mutex::default(),
        });
        let router = Router::new()
            .fallback(serve)
            .layer(DefaultBodyLimit::disable())
            .with_state(shared.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                panic!("the proxy stopped: {error}");
            }
        });
        Self {
            shared,
            url: format!("http://{address}"),
            server,
        }
    }

    /// The same options, with the table reached through this wire.
    #[must_use]
    pub fn between(&self, options: Options) -> Options {
        let (shared, url) = (self.shared.clone(), self.url.clone());
        Options {
            endpoint_override: Some(Arc::new(move |engine: &str| {
                shared.table.get_or_init(|| engine.to_owned());
                url.clone()
            })),
            ..options
        }
    }

    /// The proxy's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Delays every call from now on.
    pub fn hold(&self, delay: Duration) {
        let milliseconds = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.shared
            .delay_milliseconds
            .store(milliseconds, Ordering::Relaxed);
    }

    /// Sets which calls to refuse from now on. This can be set only once.
    pub fn refuse(&self, refuses: Box<Refuses>) {
        let is_first = self.shared.refuses.set(refuses).is_ok();
        assert!(is_first, "a wire refuses in one way");
    }

    /// Asks for the consumed capacity of every call from now on.
    pub fn ask_for_capacity(&self) {
        self.shared.asks_for_capacity.store(true, Ordering::Relaxed);
    }

    /// Takes the calls that were recorded since the last time, in the order in which they were made.
    pub fn take(&self) -> Vec<RoundTrip> {
        let mut taken = std::mem::take(&mut *self.shared.recorded());
        taken.sort_by_key(|round_trip| round_trip.start);
        taken
    }

    /// Runs something and returns its result with the calls that were recorded meanwhile.
    pub async fn during<T>(&self, action: impl Future<Output = T>) -> (T, Vec<RoundTrip>) {
        self.take();
        let result = action.await;
        (result, self.take())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn recorded(&self) -> std::sync::MutexGuard<'_, Vec<RoundTrip>> {
        self.round_trips.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forwards a call and records it.
    async fn pass(&self, mut headers: HeaderMap, body: Bytes) -> Result<Response, reqwest::Error> {
        let start = Instant::now();
        let delay = Duration::from_millis(self.delay_milliseconds.load(Ordering::Relaxed));
        tokio::time::sleep(delay).await;
        let mut request: Value = serde_json::from_slice(&body).unwrap_or_default();
        let (function, operation) = (signed_by(&headers), operation(&headers));
        let refuses = self.refuses.get();
        if refuses.is_some_and(|refuses| refuses(&function, &operation, &request)) {
            return Ok(refusal());
        }
        let mut sent = body;
        if self.asks_for_capacity.load(Ordering::Relaxed) && request.is_object() {
            request["ReturnConsumedCapacity"] = json!("INDEXES");
            sent = request.to_string().into();
        }
        for name in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let table = self.table.get().map(String::as_str).unwrap_or_default();
        let call = self.http.post(format!("{table}/")).headers(headers).body(sent);
        let answer = call.send().await?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await?;
        headers.remove(TRANSFER_ENCODING);
        let response = serde_json::from_slice(&body).unwrap_or_default();
        self.recorded().push(RoundTrip {
            function,
            operation,
            status: status.as_u16(),
            request,
            response,
            start,
            end: Instant::now(),
        });
        let mut passed = Response::new(Body::from(body));
        (*passed.status_mut(), *passed.headers_mut()) = (status, headers);
        Ok(passed)
    }
}

/// An answer that the SDK does not retry.
fn refusal() -> Response {
    let body =
        json!({"__type": "com.amazonaws.dynamodb.v20120810#AccessDeniedException", "message": "refused"});
    let mut refusal = Response::new(Body::from(body.to_string()));
    *refusal.status_mut() = StatusCode::BAD_REQUEST;
    refusal
}

async fn serve(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    shared.pass(headers, body).await.unwrap_or_else(|error| {
        let mut failed = Response::new(Body::from(error.to_string()));
        *failed.status_mut() = StatusCode::BAD_GATEWAY;
        failed
    })
}

/// Whose access key signed a call (AWS Signature Version 4): a function's, or whatever else calls.
fn signed_by(headers: &HeaderMap) -> String {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
    let credential = authorization.and_then(|text| text.split("Credential=").nth(1));
    let key = credential
        .and_then(|text| text.split('/').next())
        .unwrap_or_default();
    let function = binaries().find(|binary| access_key(binary) == key);
    function.unwrap_or(key).to_owned()
}

fn operation(headers: &HeaderMap) -> String {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    target
        .and_then(|text| text.rsplit('.').next())
        .unwrap_or_default()
        .to_owned()
}

/// Sequential round trips: the longest chain of calls in which each started after the answer to the one before.
pub fn depth(round_trips: &[RoundTrip]) -> usize {
    let mut by_end: Vec<&RoundTrip> = round_trips.iter().collect();
    by_end.sort_by_key(|round_trip| round_trip.end);
    let mut chain = 0;
    let mut last: Option<Instant> = None;
    for round_trip in by_end {
        if last.is_none_or(|last| round_trip.start >= last) {
            chain += 1;
            last = Some(round_trip.end);
        }
    }
    chain
}

/// The calls in short form, for a failed assertion.
pub fn told(round_trips: &[RoundTrip]) -> String {
    let mut text = String::new();
    for round_trip in round_trips {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} {} {}: {}",
            round_trip.function, round_trip.operation, round_trip.status, round_trip.request
        );
    }
    text
}
