//! Objects as a function fetches them: from the stand-in for S3, behind the function's own grants, over a bad line.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_local::REGION;
use aws_local::iam::{Guard, guarded};
use aws_local::s3::{Storage, router};
use aws_local::server::Server;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::IntoResponse as _;
use countersign_local::access_key;
use countersign_local::template::{Template, load};
use countersign_platform::s3::get_object;
use countersign_platform::{App, Clock, Config};
use futures_util::{StreamExt as _, stream};
use tokio::net::TcpListener;

const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// S3 with the template's buckets, which answers as busy so many times before it answers as it should.
struct Stage {
    template: Template,
    url: String,
    calls: Arc<AtomicUsize>,
    _server: Server,
}

async fn stage(folder: &Path, busy_calls: usize) -> Stage {
    let template = load(&[].into()).unwrap();
    let clock = aws_local::Clock::new(jiff::Timestamp::now);
    let storage = Storage::open(&template.inbound.buckets, Some(folder.to_owned()), clock).unwrap();
    let guard = Guard::of(template.table.clone(), &template.functions, access_key);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let busy = move |request: Request, next: Next| {
        let is_busy = counted.fetch_add(1, Ordering::Relaxed) < busy_calls;
        async move {
            if is_busy {
                let document = "<Error><Code>SlowDown</Code></Error>";
                return (StatusCode::SERVICE_UNAVAILABLE, document).into_response();
            }
            next.run(request).await
        }
    };
    let wire: Router = guarded(router(Arc::new(storage)), guard).layer(middleware::from_fn(busy));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Stage {
        template,
        url: format!("http://{}", listener.local_addr().unwrap()),
        calls,
        _server: Server::start(listener, wire),
    }
}

impl Stage {
    fn bucket(&self) -> &str {
        &self.template.inbound.buckets[0].name
    }

    /// What a function gets for a key, or the code for its log.
    async fn get(&self, function: &str, key: &str) -> Result<Vec<u8>, String> {
        let mut environment = self.template.function(function).unwrap().environment.clone();
        for (name, value) in [
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", &access_key(function)),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.url),
            ("AWS_ENDPOINT_URL_S3", &self.url),
        ] {
            environment.insert(name.to_owned(), value.to_owned());
        }
        let config = Config::from_vars(|name| environment.get(name).cloned()).unwrap();
        let app = App::new(config, Clock::system());
        let object = get_object(&app, self.bucket(), key).await;
        let mut body = object.map_err(|error| error.to_string())?;
        let mut content = Vec::new();
        while let Some(chunk) = body.next().await {
            content.extend(chunk.map_err(|error| error.to_string())?);
        }
        Ok(content)
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn an_object_is_fetched_by_the_function_that_may_and_a_missing_one_has_its_code() {
    let place = tempfile::tempdir().unwrap();
    let stage = stage(place.path(), 0).await;
    let content = vec![b'x'; 1024 * 1024];
    std::fs::write(place.path().join(stage.bucket()).join(KEY), &content).unwrap();
    assert_eq!(stage.get("email-approval", KEY).await, Ok(content));
    for missing in ["missing", "a key/with+other %characters?ü"] {
        let answer = stage.get("email-approval", missing).await;
        assert_eq!(answer, Err("NoSuchKey".to_owned()), "{missing}");
    }
    assert_eq!(stage.get("notify", KEY).await, Err("AccessDenied".to_owned()));
    assert_eq!(stage.calls(), 4, "no refusal is tried again");
}

#[tokio::test]
async fn an_object_is_fetched_again_while_s3_is_busy_and_not_without_end() {
    let place = tempfile::tempdir().unwrap();
    let stage = stage(place.path(), 1).await;
    std::fs::write(place.path().join(stage.bucket()).join(KEY), "content").unwrap();
    assert_eq!(stage.get("email-approval", KEY).await, Ok(b"content".to_vec()));
    assert_eq!(stage.calls(), 2);

    let place = tempfile::tempdir().unwrap();
    let stage = self::stage(place.path(), usize::MAX).await;
    assert_eq!(stage.get("email-approval", KEY).await, Err("SlowDown".to_owned()));
    assert_eq!(stage.calls(), 3);
}

/// Something in S3's place that refuses every call with a body that starts like this and never ends.
async fn endless(start: &'static str) -> (String, Server) {
    let answer = move || async move {
        let rest = stream::repeat_with(|| " ".repeat(1024));
        let body = stream::iter([start.to_owned()])
            .chain(rest)
            .map(Ok::<_, Infallible>);
        (StatusCode::FORBIDDEN, Body::from_stream(body))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (url, Server::start(listener, Router::new().fallback(answer)))
}

#[tokio::test]
async fn of_a_refusal_that_never_ends_the_start_is_read() {
    let place = tempfile::tempdir().unwrap();
    let mut stage = stage(place.path(), 0).await;
    for (start, code) in [
        ("<Error><Code>AccessDenied</Code>", "AccessDenied"),
        ("<html>", "403"),
    ] {
        let (url, _server) = endless(start).await;
        stage.url = url;
        assert_eq!(
            stage.get("email-approval", KEY).await,
            Err(code.to_owned()),
            "{start}"
        );
    }
}

#[tokio::test]
async fn where_nobody_answers_there_is_no_code() {
    let place = tempfile::tempdir().unwrap();
    let mut stage = stage(place.path(), 0).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    stage.url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(
        stage.get("email-approval", KEY).await,
        Err("no answer".to_owned())
    );
}
