//! An HTTP server that can be stopped in order, and that waits for nobody without end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::{BoxError, Router};
use futures_util::{StreamExt as _, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;
use tower::ServiceExt as _;

/// How long a stop waits for calls that are under way.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);

/// How long the header of a request may take, and then its body.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// How long nothing is accepted after a connection could not be, for example because too many files are open.
const AFTER_ERROR: Duration = Duration::from_millis(100);

/// A running server. Dropping it stops it too, without waiting for what is under way.
pub struct Server {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    pub fn start(listener: TcpListener, router: Router) -> Self {
        Self::start_with(listener, router, REQUEST_WITHIN)
    }

    fn start_with(listener: TcpListener, router: Router, request_within: Duration) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, router, request_within, stopped));
        Self { stop, task }
    }

    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(STOP_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    request_within: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = stop(&mut stopped) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let router = router.clone();
                connections.spawn(serve(stream, address, router, request_within, stopped.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(AFTER_ERROR).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    request_within: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(|body| arriving_within(Body::new(body), request_within));
        request.extensions_mut().insert(ConnectInfo(address));
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(request_within)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Waits until the server is to stop. A sender that was dropped says the same as one that spoke.
async fn stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|&stopped| stopped).await;
}

/// A body that fails if it is not there in time.
fn arriving_within(body: Body, limit: Duration) -> Body {
    let deadline = Instant::now() + limit;
    let chunks = stream::unfold(body.into_data_stream(), move |mut chunks| async move {
        let next: Result<Bytes, BoxError> = match tokio::time::timeout_at(deadline, chunks.next()).await {
            Ok(next) => next?.map_err(BoxError::from),
            Err(late) => Err(late.into()),
        };
        Some((next, chunks))
    });
    Body::from_stream(chunks)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// What a server answers to these bytes before it closes the connection.
    async fn answer(sent: &str) -> String {
        let echo = |body: Body| async {
            match to_bytes(body, 100).await {
                Ok(body) => Ok(body),
                Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
            }
        };
        let router = Router::new().route("/", post(echo));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::start_with(listener, router, Duration::from_millis(200));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        tokio::time::timeout(STOP_WITHIN, read).await.unwrap().unwrap();
        server.stop().await;
        answer
    }

    #[tokio::test]
    async fn a_request_whose_header_never_ends_is_cut_off() {
        assert_eq!(answer("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: 1").await, "");
    }

    #[tokio::test]
    async fn a_request_whose_body_never_ends_fails() {
        let answer =
            answer("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nab").await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }

    #[tokio::test]
    async fn a_request_that_is_whole_is_answered() {
        let sent = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde";
        let answer = answer(sent).await;
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("abcde"),
            "{answer}"
        );
    }
}
