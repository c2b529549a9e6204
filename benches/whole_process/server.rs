//! The service all sides ask: the same fixed answer for everyone, over http and over https.

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::io::{Read as _, stdin};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Source: the sample answer on the vendor's page on DescribeInstanceVncUrl.
pub(crate) const VNC_URL: &str = "wss%3A%2F%2Fhz01-vncproxy.aliyun.com%2Fwebsockify%2F%3Fs%3DDvh%252FIA%252BYc73gWO48cBx2gBxUDVzaAnSKr74pq30mzqUYgeUMcB%252FbkNixDxdEA996";

/// The instance both answers are about.
pub(crate) const INSTANCE: &str = "i-bp1hzoinajzkh91h";

/// Writes the CA's certificate to `ca`, prints the ports of http and https, and serves until stdin ends.
pub(crate) fn serve(ca: &Path) -> Result<(), Box<dyn Error>> {
    let acceptor = TlsAcceptor::from(Arc::new(tls(ca)?));
    std::thread::spawn(|| {
        // The bench is over, however it ended.
        let _ = stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let plain = TcpListener::bind("127.0.0.1:0").await?;
        let secure = TcpListener::bind("127.0.0.1:0").await?;
        println!("{} {}", plain.local_addr()?.port(), secure.local_addr()?.port());
        loop {
            tokio::select! {
                accepted = plain.accept() => drop(tokio::spawn(answer_all(no_delay(accepted?.0)?))),
                accepted = secure.accept() => {
                    let (acceptor, stream) = (acceptor.clone(), no_delay(accepted?.0)?);
                    tokio::spawn(async move {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            answer_all(stream).await;
                        }
                    });
                }
            }
        }
    })
}

fn no_delay(stream: TcpStream) -> std::io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn answer_all(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let service = service_fn(async |request| Ok::<_, Infallible>(answer(&request)));
    // A client that leaves is no fault of the service.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// ACS3 names the operation in a header, RPC in the query.
fn answer<B>(request: &Request<B>) -> Response<Full<Bytes>> {
    const INSTANCES: &str = "DescribeInstances";
    let by_header = request.headers().get("x-acs-action").is_some_and(|action| action == INSTANCES);
    let by_query =
        request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair == "Action=DescribeInstances"));
    let body = if by_header || by_query {
        format!(
            r#"{{"RequestId":"473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E","TotalCount":1,"PageNumber":1,"PageSize":100,"Instances":{{"Instance":[{{"InstanceId":"{INSTANCE}","InstanceName":"web-01","OSType":"linux","OSName":"Alibaba Cloud Linux 3","Status":"Running","RegionId":"cn-hangzhou"}}]}}}}"#
        )
    } else {
        format!(r#"{{"RequestId":"1C488B66-B819-4D14-8711-C4EAAA13AC01","VncUrl":"{VNC_URL}"}}"#)
    };
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    response
}

/// A CA and its certificate for this machine, made for this run.
fn tls(ca_file: &Path) -> Result<ServerConfig, Box<dyn Error>> {
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "ecs-vnc bench CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate()?;
    fs::write(ca_file, ca.self_signed(&ca_key)?.pem())?;

    let mut leaf = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &Issuer::new(ca, ca_key))?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(config)
}
