//! Sends signed requests over HTTP: the only room that talks to the service.

use std::error::Error as _;
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, LOCATION};
use reqwest::{Method, Response, redirect};
use rustls::ClientConfig;
use thiserror::Error;

use super::answer::Answer;
use super::endpoint::Endpoint;
use super::error::ApiError;
use super::proxy::{NotAProxy, Proxy};
use super::signature::SignedRequest;
use super::trust::{self, TrustError};
use crate::system::environment::Environment;
use crate::text::sanitize::sanitize;

/// Connect limit, as in the official SDKs.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A connection pool to one endpoint.
#[derive(Debug)]
pub struct Transport {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// For errors.
    proxy: Option<String>,
}

/// Why there is no way to an endpoint.
#[derive(Debug, Error)]
pub enum NetworkSetupError {
    /// Nobody to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A proxy that is none.
    #[error(transparent)]
    Proxy(#[from] NotAProxy),
}

/// The way out of this machine: whom TLS trusts, and the proxies, as the environment names them.
#[derive(Debug)]
pub struct Network {
    env: Environment,
    /// Read once, and by those only who need it.
    tls: OnceLock<ClientConfig>,
}

impl Network {
    /// The way out that this environment names.
    pub fn new(env: &Environment) -> Self {
        Self { env: env.clone(), tls: OnceLock::new() }
    }

    /// An HTTP client for one endpoint, and the proxy that may be on its way, for errors.
    pub(crate) fn client(&self, endpoint: &Endpoint) -> Result<(reqwest::Client, Option<String>), NetworkSetupError> {
        let proxy = Proxy::of(&self.env, endpoint)?;
        let tls = match (endpoint.is_plaintext(), self.tls.get()) {
            (true, _) => trust::client_config(false, None)?,
            (false, Some(tls)) => tls.clone(),
            (false, None) => {
                let tls = trust::client_config(true, self.env.get("SSL_CERT_FILE").map(Path::new))?;
                self.tls.get_or_init(|| tls).clone()
            }
        };
        Ok((build(tls, proxy.as_ref()), proxy.map(|proxy| proxy.describe())))
    }

    /// A connection pool to one endpoint. It connects to nothing yet.
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
        .connect_timeout(CONNECT_LIMIT)
        .user_agent(concat!("ecs-vnc/", env!("CARGO_PKG_VERSION")));
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy.to_reqwest().expect("its URL was checked"));
    }
    builder.build().expect("the configuration above is sound")
}

/// An error of the HTTP library and what caused it, from the outside in. The outermost text would name the signed URL.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| (*error).source())
}

/// The words of the innermost cause.
pub(crate) fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Reads a body of at most `limit` bytes; nothing where it is longer.
pub(crate) async fn read_capped(mut response: Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

impl Transport {
    /// The endpoint it leads to.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The variable that names a proxy, and the proxy, if one may be on the way.
    pub(crate) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Sends one request and reads its answer to the end, or to `limit` bytes.
    pub(crate) async fn send(&self, request: &SignedRequest, limit: usize) -> Result<Answer, ApiError> {
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
        let response = builder.send().await.map_err(|error| self.fault(&error))?;
        let headers = response.headers();
        let mut answer = Answer {
            status: response.status().as_u16(),
            date: text(headers, DATE.as_str()).and_then(http_date),
            retry_after: text(headers, "x-acs-retry-after").and_then(|ms| ms.parse().ok()).map(Duration::from_millis),
            location: text(headers, LOCATION.as_str()).map(str::to_owned),
            body: Vec::new(),
        };
        match read_capped(response, limit).await.map_err(|error| self.fault(&error))? {
            Some(body) => answer.body = body,
            None => {
                let why = format!("it is longer than {limit} bytes");
                return Err(ApiError::Unreadable { authority: self.authority(), status: answer.status, why });
            }
        }
        Ok(answer)
    }

    /// Takes the HTTP library's error apart. Its own text would name the signed URL.
    fn fault(&self, error: &reqwest::Error) -> ApiError {
        let authority = self.authority();
        let io_kind = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
        let timed_out = error.is_timeout() || io_kind == Some(io::ErrorKind::TimedOut);
        let cause = match (timed_out, error.source()) {
            (true, _) => format!("no answer within {} s", CONNECT_LIMIT.as_secs()),
            (false, Some(_)) => sanitize(&innermost(error), 200),
            (false, None) => "the HTTP exchange failed".to_owned(),
        };
        if error.is_connect() {
            let reset = matches!(io_kind, Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted));
            let proxy = self.proxy.clone();
            return ApiError::Connect { authority, proxy, cause, passing: timed_out || reset };
        }
        ApiError::Lost { authority, cause }
    }

    fn authority(&self) -> String {
        self.endpoint.authority()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`. A year that no service lives in is no date: it would be
/// reckoned with.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    (2020..=2099).contains(&time.year()).then_some(time)
}
