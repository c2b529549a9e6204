//! What all HTTP servers of this program share: limits per connection, and security headers. The limits on connections are
//! in [`Listener::accept_loop`](crate::listen::Listener::accept_loop).

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::http::response::Builder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};

use crate::listen::Stream;

/// A client that does not send a complete header within this time is disconnected.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum length of a request's header, in bytes. Requests to the simulated account have parameters in the URL.
const MAX_HEADER_LEN: usize = 64 << 10;

/// The Content-Security-Policy of responses that are not meant to be shown by a browser.
pub(crate) const NO_CONTENT_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

pub(crate) type HttpResponse = Response<Full<Bytes>>;

/// Serves HTTP/1.1 on one connection until it ends. If the client disconnects, the future of `answer` is dropped.
pub(crate) async fn serve_connection<F, R>(stream: Stream, keep_alive: bool, answer: F)
where
    F: Fn(Request<Incoming>) -> R + Send,
    R: Future<Output = HttpResponse> + Send,
{
    let usage = stream.usage();
    let service = service_fn(|request| {
        usage.begin();
        let response = answer(request);
        async move { Ok::<_, Infallible>(response.await) }
    });
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_LEN)
        .keep_alive(keep_alive);
    // An error is the client's: a broken connection or an invalid request.
    drop(server.serve_connection(TokioIo::new(stream), service).with_upgrades().await);
}

/// Starts a response. It is not cached, not sniffed, sends no referrer, and has `policy` as Content-Security-Policy.
pub(crate) fn response(status: u16, policy: &str) -> Builder {
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, policy)
}

/// The value of a header as text; empty if it is missing or not ASCII.
pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::listen::{ListenEvent, Listener};

    /// Sends a request to a server that answers 204, and returns the status line and the headers.
    async fn answer_to(request: &[u8]) -> String {
        let listener = Listener::tcp((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
        let mut client = TcpStream::connect(listener.address().unwrap()).await.unwrap();
        let serving = listener.accept_loop(1, |event| {
            let ListenEvent::Connected { stream, .. } = event else { panic!("{event:?}") };
            tokio::spawn(serve_connection(stream, false, async |_| {
                response(204, NO_CONTENT_POLICY).body(Full::default()).unwrap()
            }));
        });
        let asking = async {
            client.write_all(request).await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            answer
        };
        tokio::select! {
            answer = asking => answer,
            _ = serving => unreachable!("the loop does not end"),
        }
    }

    #[tokio::test]
    async fn every_response_has_the_security_headers() {
        let answer = answer_to(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        for line in [
            "cache-control: no-store\r\n",
            "referrer-policy: no-referrer\r\n",
            "x-content-type-options: nosniff\r\n",
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n",
        ] {
            assert!(answer.contains(line), "{line} in {answer}");
        }
    }

    #[tokio::test]
    async fn a_header_that_is_too_long_is_refused() {
        let header = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(MAX_HEADER_LEN));
        let complete = format!("{}\r\n\r\n", &header[..MAX_HEADER_LEN / 2]);
        assert!(answer_to(complete.as_bytes()).await.starts_with("HTTP/1.1 204"));
        assert!(answer_to(&header.as_bytes()[..MAX_HEADER_LEN]).await.starts_with("HTTP/1.1 431"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_no_complete_header_is_disconnected() {
        let began = tokio::time::Instant::now();
        answer_to(b"GET / HTTP/1.1\r\n").await;
        assert_eq!(began.elapsed().as_secs(), HEADER_TIMEOUT.as_secs());
    }
}
