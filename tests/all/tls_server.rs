//! An https server that gives the good answer, with a certificate that a test chooses.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fake::{Reply, good, read_header};

/// A name that never resolves (RFC 6761).
pub(crate) const NOWHERE: &str = "ecs.cn-test.invalid";

/// A running server.
pub(crate) struct TlsServer {
    pub port: u16,
    /// Its certificate, which it signed itself, as PEM.
    pub certificate: String,
}

impl TlsServer {
    /// Starts a server for [`NOWHERE`] and 127.0.0.1, unless `change` makes another certificate of it.
    pub(crate) fn start(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([NOWHERE.to_owned(), "127.0.0.1".to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap();
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || serve(&listener, &Arc::new(config)));
        Self { port, certificate: certificate.pem() }
    }

    /// `host:port`, which means https.
    pub(crate) fn endpoint(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

fn serve(listener: &TcpListener, config: &Arc<ServerConfig>) {
    for stream in listener.incoming() {
        let config = config.clone();
        thread::spawn(move || {
            let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream.unwrap());
            let request = read_header(&mut tls);
            if let Reply::Bytes(bytes) = good(&request) {
                let _ = tls.write_all(&bytes);
            }
            tls.conn.send_close_notify();
            let _ = tls.flush();
        });
    }
}
