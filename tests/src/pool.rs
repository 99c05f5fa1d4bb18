//! The function `provision` in this process, with what it says to the user pool recorded on the way.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use countersign_platform::App;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::World;
use crate::market::app_of_function;

/// What every operation's name starts with.
const SERVICE: &str = "AWSCognitoIdentityProviderService.";

/// A proxy between a function and the user pool. Dropping it cuts the connection.
pub struct PoolWire {
    operations: Arc<Mutex<BTreeSet<String>>>,
    url: String,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    operations: Arc<Mutex<BTreeSet<String>>>,
    pool: String,
    http: reqwest::Client,
}

impl PoolWire {
    /// Starts the proxy.
    pub async fn lay(world: &World) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.unwrap_or_else(|error| panic!("the proxy got no port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let operations = Arc::<Mutex<BTreeSet<String>>>::default();
        let shared = Shared {
            operations: operations.clone(),
            pool: world.local.users_endpoint().to_owned(),
            http: reqwest::Client::new(),
        };
        let router = Router::new().fallback(serve).with_state(shared);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                panic!("the proxy stopped: {error}");
            }
        });
        Self {
            operations,
            url: format!("http://{address}"),
            server,
        }
    }

    /// The operations that were called so far.
    pub fn operations(&self) -> BTreeSet<String> {
        let operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        operations.clone()
    }

    /// What the function works with in this world, with the pool reached through this wire.
    pub fn app(&self, world: &World) -> App {
        provision_app(world, &self.url)
    }
}

impl Drop for PoolWire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What the function `provision` works with in this world, with the pool at that endpoint.
pub fn provision_app(world: &World, pool: &str) -> App {
    let endpoints = [
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", pool),
        ("AWS_ENDPOINT_URL_SESV2", world.local.ses_endpoint()),
    ];
    app_of_function(world, "provision", &endpoints)
}

fn note(shared: &Shared, operation: String) {
    let mut operations = shared.operations.lock().unwrap_or_else(PoisonError::into_inner);
    operations.insert(operation);
}

async fn serve(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Bytes), StatusCode> {
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix(SERVICE));
    let operation = operation.ok_or(StatusCode::BAD_REQUEST)?.to_owned();
    let call = shared
        .http
        .post(&shared.pool)
        .header("x-amz-target", format!("{SERVICE}{operation}"))
        .body(body);
    note(&shared, operation);
    let answer = call.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok((status, body))
}
