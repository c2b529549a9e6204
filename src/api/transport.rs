//! Sends signed requests over HTTP.

use std::error::Error as _;
use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Method, Response, redirect};
use rustls::ClientConfig;
use thiserror::Error;
use tokio::time::timeout;

use super::endpoint::Endpoint;
use super::error::ApiError;
use super::proxy::{InvalidProxy, Proxy};
use super::response::HttpResponse;
use super::signature::SignedRequest;
use super::tls_failure::TlsFailure;
use super::tls_roots::{self, TlsRootsError};
use crate::system::environment::Environment;
use crate::text::sanitize::sanitize;

/// Time limit of a connection attempt, as in the official SDKs.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The text of the `tokio-rustls` crate for a connection that ended during the handshake.
const HANDSHAKE_EOF: &str = "tls handshake eof";

/// A connection pool to one endpoint.
#[derive(Debug)]
pub struct Transport {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// Named in errors.
    proxy: Option<String>,
}

/// Invalid network settings.
#[derive(Debug, Error)]
pub enum NetworkSetupError {
    /// No usable root certificates.
    #[error(transparent)]
    TlsRoots(#[from] TlsRootsError),
    /// A proxy variable with an invalid value.
    #[error(transparent)]
    Proxy(#[from] InvalidProxy),
}

/// The network settings of the environment: root certificates and proxies.
#[derive(Debug)]
pub struct Network {
    env: Environment,
    /// Root certificates are loaded once, for the first https endpoint.
    tls: OnceLock<ClientConfig>,
}

impl Network {
    /// Network settings from `SSL_CERT_FILE`, `SSL_CERT_DIR` and the proxy variables of `env`.
    pub fn new(env: &Environment) -> Self {
        Self { env: env.clone(), tls: OnceLock::new() }
    }

    /// Returns an HTTP client for `endpoint`, and a description of its proxy for errors.
    pub(crate) fn client(&self, endpoint: &Endpoint) -> Result<(reqwest::Client, Option<String>), NetworkSetupError> {
        let proxy = Proxy::for_endpoint(&self.env, endpoint)?;
        let tls = match (endpoint.is_plaintext(), self.tls.get()) {
            (true, _) => tls_roots::empty_client_config(),
            (false, Some(tls)) => tls.clone(),
            (false, None) => {
                let tls = tls_roots::client_config(&self.env)?;
                self.tls.get_or_init(|| tls).clone()
            }
        };
        Ok((build(tls, proxy.as_ref()), proxy.map(|proxy| proxy.describe())))
    }

    /// Returns a connection pool to `endpoint`, which connects on the first request.
    pub fn transport(&self, endpoint: Endpoint) -> Result<Transport, NetworkSetupError> {
        let (http, proxy) = self.client(&endpoint)?;
        Ok(Transport { http, endpoint, proxy })
    }
}

fn build(tls: ClientConfig, proxy: Option<&Proxy>) -> reqwest::Client {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("ecs-vnc/", env!("CARGO_PKG_VERSION")));
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy.to_reqwest().expect("the URL was validated"));
    }
    builder.build().expect("the configuration above is valid")
}

/// Iterates over `error` and its causes, from the outermost to the root. The outermost contains the signed URL.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| (*error).source())
}

/// Returns the text of the root cause, for one line of a terminal.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let text = || causes(error).last().map(ToString::to_string).unwrap_or_default();
    sanitize(&find_tls_failure(error).map_or_else(text, |failure| failure.to_string()), 400)
}

/// Returns why TLS failed, or `None` if something else did.
pub(crate) fn find_tls_failure(error: &reqwest::Error) -> Option<TlsFailure> {
    causes(error).find_map(|cause| {
        if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return Some(TlsFailure::NotHttp);
        }
        let mut io = cause.downcast_ref::<io::Error>()?;
        // The error inside an `io::Error` is not among its causes.
        while let Some(inner) = io.get_ref().and_then(|inner| inner.downcast_ref()) {
            io = inner;
        }
        match io.get_ref()?.downcast_ref() {
            Some(error) => Some(TlsFailure::of(error)),
            None => (io.kind() == io::ErrorKind::UnexpectedEof && io.to_string() == HANDSHAKE_EOF)
                .then_some(TlsFailure::Closed),
        }
    })
}

impl Transport {
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The environment variable of the proxy and its host, if a proxy is set.
    pub(crate) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Sends `request` and reads the response, with a body of at most `max_body_len` bytes.
    ///
    /// Fails with [`ApiError::NoResponse`] if the response has not begun after `response_limit`, and with
    /// [`ApiError::Stalled`] if no further part of it came for that long. `now` is the service's time as far as it is known,
    /// for a `Retry-After` that is a date.
    pub(crate) async fn send(
        &self,
        request: &SignedRequest,
        max_body_len: usize,
        response_limit: Option<Duration>,
        now: DateTime<Utc>,
    ) -> Result<HttpResponse, ApiError> {
        let method = if request.method == "POST" { Method::POST } else { Method::GET };
        let url = self.endpoint.url(request.path_and_query.expose());
        let mut builder = self.http.request(method, url).header(ACCEPT, "application/json");
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.expose());
        }
        if let Some(form) = &request.form {
            builder = builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            builder = builder.body(form.expose().to_owned());
        }
        let sending = builder.send();
        let received = match response_limit {
            None => sending.await,
            Some(limit) => timeout(limit, sending)
                .await
                .map_err(|_| ApiError::NoResponse { authority: self.authority(), limit })?,
        };
        let received = received.map_err(|error| self.api_error(&error))?;
        let headers = received.headers();
        let date = header(headers, DATE.as_str()).and_then(http_date);
        let mut response = HttpResponse {
            status: received.status().as_u16(),
            date,
            retry_after: retry_after(headers, date.unwrap_or(now)),
            request_id: header(headers, "x-acs-request-id").map(str::to_owned),
            location: header(headers, LOCATION.as_str()).map(str::to_owned),
            body: Vec::new(),
        };
        match self.read_body(received, max_body_len, response_limit).await? {
            Some(body) => response.body = body,
            None => {
                let reason = format!("longer than {max_body_len} bytes");
                return Err(ApiError::UnexpectedResponse {
                    authority: self.authority(),
                    status: response.status,
                    request_id: None,
                    retry_after: response.retry_after,
                    reason,
                });
            }
        }
        Ok(response)
    }

    /// Reads the body; returns `None` if it is longer than `max_len` bytes. Fails if no part of it comes for `pause_limit`.
    async fn read_body(
        &self,
        mut response: Response,
        max_len: usize,
        pause_limit: Option<Duration>,
    ) -> Result<Option<Vec<u8>>, ApiError> {
        let limit = pause_limit.unwrap_or(Duration::MAX);
        let mut body = Vec::new();
        loop {
            let part = timeout(limit, response.chunk()).await;
            let part = part.map_err(|_| ApiError::Stalled { authority: self.authority(), limit })?;
            match part.map_err(|error| self.api_error(&error))? {
                None => return Ok(Some(body)),
                Some(part) if body.len() + part.len() > max_len => return Ok(None),
                Some(part) => body.extend_from_slice(&part),
            }
        }
    }

    /// Converts an error of the HTTP client, whose own text contains the signed URL.
    fn api_error(&self, error: &reqwest::Error) -> ApiError {
        let authority = self.authority();
        let io_kind = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
        let is_timeout = error.is_timeout() || io_kind == Some(io::ErrorKind::TimedOut);
        let cause = match (is_timeout, error.source()) {
            (true, _) => format!("no response within {} s", CONNECT_TIMEOUT.as_secs()),
            (false, Some(_)) => root_cause(error),
            (false, None) => "the HTTP exchange failed".to_owned(),
        };
        let tls = find_tls_failure(error).map(Box::new);
        if error.is_connect() || tls.is_some() {
            let is_reset = matches!(io_kind, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted));
            let proxy = self.proxy.clone();
            return ApiError::Connect { authority, proxy, cause, tls, is_transient: is_timeout || is_reset };
        }
        ApiError::Lost { authority, cause }
    }

    fn authority(&self) -> String {
        self.endpoint.authority()
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// How long the service asks to wait: `x-acs-retry-after` in milliseconds, or `Retry-After` in seconds or as a date by the
/// service's clock, whose time is `now`. Source: RFC 9110, section 10.2.3.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    if let Some(ms) = header(headers, "x-acs-retry-after").and_then(|ms| ms.parse().ok()) {
        return Some(Duration::from_millis(ms));
    }
    let text = header(headers, RETRY_AFTER.as_str())?.trim();
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX))),
        // A date in the past asks for no wait.
        false => Some((http_date(text)? - now).to_std().unwrap_or_default()),
    }
}

/// Parses a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). Ignores years before 2020 and after
/// 2099: the local clock would be corrected by them.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    (2020..=2099).contains(&time.year()).then_some(time)
}
