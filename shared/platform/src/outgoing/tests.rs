use std::env;
use std::process::Command;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;

/// A certificate that no authority has signed, and its key.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/outgoing/own.pem");

/// A host with that certificate, which answers each call with nothing. Returns its address.
async fn host() -> String {
    let certificate = CertificateDer::from_pem_file(OWN).unwrap();
    let key = PrivateKeyDer::from_pem_file(OWN).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A caller that does not trust it ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let _ = stream.read(&mut [0; 1024]).await;
            let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    url
}

#[tokio::test]
async fn a_root_of_this_machine_is_trusted_by_who_asks_for_it_and_by_nobody_else() {
    const SELF: &str =
        "outgoing::tests::a_root_of_this_machine_is_trusted_by_who_asks_for_it_and_by_nobody_else";
    // A process reads the machine's roots once, so this test gets one whose machine has no other root.
    if env::var_os("SSL_CERT_FILE").is_none_or(|file| file != OWN) {
        let mut itself = Command::new(env::current_exe().unwrap());
        let run = itself.args([SELF, "--exact"]).env("SSL_CERT_FILE", OWN).output();
        let said = String::from_utf8(run.unwrap().stdout).unwrap();
        assert!(said.contains("1 passed"), "{said}");
        return;
    }
    let url = host().await;
    let answer = Outgoing::trusting_this_machine().get(&url).await;
    assert_eq!(answer.unwrap().status, 204);
    let Unanswered(why) = Outgoing::default().get(&url).await.unwrap_err();
    assert!(why.contains("UnknownIssuer"), "{why}");
}
