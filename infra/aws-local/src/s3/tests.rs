//! S3's wire, by plain requests.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, ETAG, LAST_MODIFIED};
use axum::response::Response;
use jiff::fmt::rfc2822;
use tower::ServiceExt as _;

use super::*;
use crate::clock::tests::TestClock;

const BUCKET: &str = "InboundMail";
const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// S3 with one bucket, whose objects stay for 30 days.
struct Stage {
    storage: Arc<Storage>,
    clock: TestClock,
}

fn stage(folder: Option<PathBuf>) -> Stage {
    let clock = TestClock::at("2023-02-07T02:43:00Z");
    let buckets = [Bucket {
        name: BUCKET.to_owned(),
        days: Some(30),
    }];
    let storage = Arc::new(Storage::open(&buckets, folder, clock.clock()).unwrap());
    Stage { storage, clock }
}

async fn body(answer: Response) -> Vec<u8> {
    to_bytes(answer.into_body(), usize::MAX).await.unwrap().into()
}

/// The code and the status that a call is refused with.
async fn refusal(answer: Response) -> (String, u16) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/xml");
    let document = String::from_utf8(body(answer).await).unwrap();
    let (_, rest) = document.split_once("<Error><Code>").unwrap();
    let (code, _) = rest.split_once("</Code>").unwrap();
    (code.to_owned(), status)
}

impl Stage {
    /// Calls an operation; `target` is a path, and maybe a query.
    async fn call(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        router(self.storage.clone()).oneshot(request).await.unwrap()
    }

    async fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, (String, u16)> {
        let answer = self.call("GET", &format!("/{bucket}/{key}"), &[]).await;
        if answer.status().is_success() {
            Ok(body(answer).await)
        } else {
            Err(refusal(answer).await)
        }
    }
}

#[tokio::test]
async fn what_was_stored_is_fetched_with_its_length_tag_and_date_by_the_runners_clock() {
    let place = tempfile::tempdir().unwrap();
    for folder in [None, Some(place.path().to_owned())] {
        let stage = stage(folder);
        let content: Vec<u8> = (0..=255).collect();
        stage.storage.put(BUCKET, KEY, &content).unwrap();
        // The SDK's clients name the operation.
        for query in ["", "?x-id=GetObject"] {
            let target = format!("/{BUCKET}/{KEY}{query}");
            let answer = stage.call("GET", &target, &[]).await;
            assert_eq!(answer.status().as_u16(), 200);
            let header = |name| answer.headers()[name].to_str().unwrap();
            assert_eq!(header(CONTENT_LENGTH), "256");
            let tag = header(ETAG);
            assert!(
                tag.len() == 34 && tag.starts_with('"') && tag.ends_with('"'),
                "{tag}"
            );
            let stored_at = rfc2822::parse(header(LAST_MODIFIED)).unwrap().timestamp();
            let age = stored_at.as_second() - stage.clock.clock().now().as_second();
            assert!((-10..=0).contains(&age), "{age}");
            assert_eq!(body(answer).await, content);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_s3s_codes() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("secret"), "x").unwrap();
    let stage = stage(Some(place.path().to_owned()));
    let missing = Err(("NoSuchKey".to_owned(), 404));
    for key in [
        KEY,
        "../secret",
        "..%2fsecret",
        "..%252fsecret",
        "a/b",
        "a.new",
        "%C3%84",
    ] {
        assert_eq!(stage.get(BUCKET, key).await, missing, "{key}");
    }
    let nowhere = Err(("NoSuchBucket".to_owned(), 404));
    for bucket in ["other", "..", "inboundmail"] {
        assert_eq!(stage.get(bucket, KEY).await, nowhere, "{bucket}");
    }
    assert!(stage.storage.put("other", KEY, b"x").is_err());
    assert!(stage.storage.put(BUCKET, "../x", b"x").is_err());
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_refused_as_such() {
    let stage = stage(None);
    stage.storage.put(BUCKET, KEY, b"x").unwrap();
    let object = format!("/{BUCKET}/{KEY}");
    let lacking = ("NotImplemented".to_owned(), 501);
    for (method, target, headers) in [
        ("PUT", object.clone(), &[][..]),
        ("DELETE", object.clone(), &[]),
        ("GET", format!("/{BUCKET}?list-type=2"), &[]),
        ("GET", format!("/{BUCKET}/?list-type=2"), &[]),
        ("GET", format!("{object}?acl"), &[]),
        ("GET", object.clone(), &[("range", "bytes=0-0")]),
    ] {
        let answer = stage.call(method, &target, headers).await;
        assert_eq!(refusal(answer).await, lacking, "{method} {target}");
    }
    assert_eq!(stage.get(BUCKET, KEY).await, Ok(b"x".to_vec()));
}

#[tokio::test]
async fn objects_survive_a_restart_and_go_when_the_buckets_lifecycle_says_so() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("objects");
    for (number, folder) in [Some(folder.clone()), Some(folder), None].into_iter().enumerate() {
        let first = stage(folder.clone());
        first.storage.put(BUCKET, KEY, b"kept").unwrap();
        let stage = match number {
            2 => first,
            _ => stage(folder.clone()),
        };
        assert_eq!(stage.get(BUCKET, KEY).await, Ok(b"kept".to_vec()));
        stage.clock.set("2023-03-09T02:00:00Z".parse().unwrap());
        assert_eq!(stage.get(BUCKET, KEY).await, Ok(b"kept".to_vec()));
        stage.clock.set("2023-03-09T02:50:00Z".parse().unwrap());
        assert_eq!(stage.get(BUCKET, KEY).await, Err(("NoSuchKey".to_owned(), 404)));
        stage.storage.put(BUCKET, "next", b"next").unwrap();
        if let Some(folder) = folder {
            assert_eq!(fs::read_dir(folder.join(BUCKET)).unwrap().count(), 1);
            fs::remove_file(folder.join(BUCKET).join("next")).unwrap();
        }
    }
}
