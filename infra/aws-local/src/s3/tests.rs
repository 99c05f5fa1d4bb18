//! S3's wire through the real SDK.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use super::*;
use crate::REGION;
use crate::clock::tests::TestClock;
use crate::server::Server;

const BUCKET: &str = "InboundMail";
const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// S3 with one bucket, whose objects stay for 30 days.
struct Stage {
    storage: Arc<Storage>,
    clock: TestClock,
    client: Client,
    _server: Server,
}

async fn stage(folder: Option<PathBuf>) -> Stage {
    let clock = TestClock::at("2023-02-07T02:43:00Z");
    let buckets = [Bucket {
        name: BUCKET.to_owned(),
        days: Some(30),
    }];
    let storage = Arc::new(Storage::open(&buckets, folder, clock.clock()).unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
        .force_path_style(true)
        .credentials_provider(Credentials::new("reader", "local", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Stage {
        client: Client::from_conf(config.build()),
        _server: Server::start(listener, router(storage.clone())),
        storage,
        clock,
    }
}

/// The code and the status that a call is refused with.
fn refusal<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    answer: Result<T, SdkError<E, aws_sdk_s3::config::http::HttpResponse>>,
) -> (String, u16) {
    let error = answer.unwrap_err();
    let status = error.raw_response().unwrap().status().as_u16();
    (error.code().unwrap_or_default().to_owned(), status)
}

impl Stage {
    async fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, (String, u16)> {
        match self.client.get_object().bucket(bucket).key(key).send().await {
            Ok(object) => Ok(object.body.collect().await.unwrap().to_vec()),
            Err(error) => Err(refusal::<(), _>(Err(error))),
        }
    }
}

#[tokio::test]
async fn what_was_stored_is_fetched_with_its_length_tag_and_date_by_the_runners_clock() {
    let place = tempfile::tempdir().unwrap();
    for folder in [None, Some(place.path().to_owned())] {
        let stage = stage(folder).await;
        let content: Vec<u8> = (0..=255).collect();
        stage.storage.put(BUCKET, KEY, &content).unwrap();
        let object = stage
            .client
            .get_object()
            .bucket(BUCKET)
            .key(KEY)
            .send()
            .await
            .unwrap();
        assert_eq!(object.content_length(), Some(256));
        let tag = object.e_tag().unwrap();
        assert!(
            tag.len() == 34 && tag.starts_with('"') && tag.ends_with('"'),
            "{tag}"
        );
        let age = object.last_modified().unwrap().secs() - stage.clock.clock().now().as_second();
        assert!((-10..=0).contains(&age), "{age}");
        assert_eq!(object.body.collect().await.unwrap().to_vec(), content);
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_s3s_codes() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("secret"), "x").unwrap();
    let stage = stage(Some(place.path().to_owned())).await;
    let missing = Err(("NoSuchKey".to_owned(), 404));
    for key in [KEY, "../secret", "..%2fsecret", "a/b", "a.new", "Ä"] {
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
    let stage = stage(None).await;
    stage.storage.put(BUCKET, KEY, b"x").unwrap();
    let (client, lacking) = (&stage.client, ("NotImplemented".to_owned(), 501));
    let put = client.put_object().bucket(BUCKET).key(KEY);
    assert_eq!(
        refusal(put.body(ByteStream::from_static(b"y")).send().await),
        lacking
    );
    let deleted = client.delete_object().bucket(BUCKET).key(KEY).send().await;
    assert_eq!(refusal(deleted), lacking);
    assert_eq!(
        refusal(client.list_objects_v2().bucket(BUCKET).send().await),
        lacking
    );
    let acl = client.get_object_acl().bucket(BUCKET).key(KEY).send().await;
    assert_eq!(refusal(acl), lacking);
    let part = client.get_object().bucket(BUCKET).key(KEY).range("bytes=0-0");
    assert_eq!(refusal(part.send().await), lacking);
    assert_eq!(stage.get(BUCKET, KEY).await, Ok(b"x".to_vec()));
}

#[tokio::test]
async fn objects_survive_a_restart_and_go_when_the_buckets_lifecycle_says_so() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("objects");
    for (number, folder) in [Some(folder.clone()), Some(folder), None].into_iter().enumerate() {
        let first = stage(folder.clone()).await;
        first.storage.put(BUCKET, KEY, b"kept").unwrap();
        let stage = match number {
            2 => first,
            _ => stage(folder.clone()).await,
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
