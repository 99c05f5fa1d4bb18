//! An HTTP server that can be stopped in order.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a stop waits for calls that are under way.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A running server. Dropping it stops it too, without waiting for what is under way.
pub struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, service).with_graceful_shutdown(async {
            // A sender that was dropped says the same as one that spoke.
            let _ = stopped.await;
        });
        Self {
            stop,
            task: tokio::spawn(server.into_future()),
        }
    }

    pub async fn stop(mut self) {
        drop(self.stop);
        if tokio::time::timeout(STOP_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
