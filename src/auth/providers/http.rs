//! What the providers over HTTP share: a request with a limited response, and the JSON form of credentials.

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use serde::Deserialize;
use thiserror::Error;

use crate::api::{NetworkSetupError, TlsFailure, find_tls_failure, root_cause};
use crate::credentials::{CredentialsError, ExpiringCredentials, checked, expiration};
use crate::secret::{AccessKeyId, Secret};

/// The maximum length of a response body, in bytes.
const MAX_BODY_LEN: usize = 64 << 10;

/// Why a request gave no credentials or no region.
///
/// No error quotes the response, which may hold secrets. `server` names the server without the path, query and password
/// of its URL, which may be secret.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The URL cannot be used. It is not shown, because it may hold a password.
    #[error("credentials_uri is not an http:// or https:// URL with a host")]
    InvalidUrl,
    /// The HTTP client could not be set up, for example because the proxy's URL is malformed.
    #[error(transparent)]
    Setup(#[from] NetworkSetupError),
    /// The connection could not be made, or broke before the response was complete.
    #[error("{server} did not answer{}: {cause}", proxy_suffix(proxy.as_deref()))]
    Connection {
        /// The server's name for messages.
        server: String,
        /// The variable that sets a proxy, and the proxy's address, if one applies to the server.
        proxy: Option<String>,
        /// The innermost cause.
        cause: String,
        /// Why TLS failed, if it did.
        tls: Option<TlsFailure>,
    },
    /// The response was not complete within the time limit.
    #[error("{server} did not answer within the time limit{}", proxy_suffix(proxy.as_deref()))]
    Timeout {
        /// The server's name for messages.
        server: String,
        /// The variable that sets a proxy, and the proxy's address, if one applies to the server.
        proxy: Option<String>,
    },
    /// The status of the response is not one of 200 to 299.
    #[error("{server} answered HTTP {status}")]
    HttpStatus {
        /// The server's name for messages.
        server: String,
        /// The HTTP status.
        status: u16,
    },
    /// The response body is longer than 64 KiB.
    #[error("{server} answered with more than {MAX_BODY_LEN} bytes")]
    TooLong {
        /// The server's name for messages.
        server: String,
    },
    /// The metadata service issues no token, and ALIBABA_CLOUD_IMDSV1_DISABLED forbids requests without one.
    #[error("{server} answered HTTP {status} instead of a token, and ALIBABA_CLOUD_IMDSV1_DISABLED requires one")]
    NoToken {
        /// The server's name for messages.
        server: String,
        /// The HTTP status.
        status: u16,
    },
    /// The metadata service does not know the role.
    #[error("{server} has no role {role}; check the name, and that the role is attached to this instance")]
    NoRole {
        /// The server's name for messages.
        server: String,
        /// The role's name, sanitized.
        role: String,
    },
    /// The metadata service names no role.
    #[error("{server} names no role; attach a RAM role to this instance")]
    NoInstanceRole {
        /// The server's name for messages.
        server: String,
    },
    /// The response is not a region id.
    #[error("{server} did not answer with a region id")]
    NoRegion {
        /// The server's name for messages.
        server: String,
    },
    /// The response is not a JSON object with credentials, or its `Code` is not Success.
    #[error("{server} did not answer with `Code` Success and credentials")]
    NoCredentials {
        /// The server's name for messages.
        server: String,
    },
    /// The response has malformed credentials.
    #[error("{server}: {cause}")]
    InvalidCredentials {
        /// The server's name for messages.
        server: String,
        /// What is wrong with the credentials.
        cause: CredentialsError,
    },
}

fn proxy_suffix(proxy: Option<&str>) -> String {
    proxy.map(|proxy| format!(" (possibly because of the proxy: {proxy})")).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    code: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    security_token: Secret,
    #[serde(default, deserialize_with = "expiration")]
    expiration: Option<DateTime<Utc>>,
}

/// Sends a request and returns the response body, of at most 64 KiB. `server` and `proxy` are for error messages.
pub(crate) async fn fetch(request: RequestBuilder, server: &str, proxy: Option<&str>) -> Result<Vec<u8>, FetchError> {
    let failed = |error: reqwest::Error| {
        let (server, proxy) = (server.to_owned(), proxy.map(str::to_owned));
        if error.is_timeout() {
            return FetchError::Timeout { server, proxy };
        }
        let tls = find_tls_failure(&error);
        // The root cause may be `error` itself, whose text has the URL.
        let cause = root_cause(&error.without_url());
        FetchError::Connection { server, proxy, cause, tls }
    };
    let response = request.send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        return Err(FetchError::HttpStatus { server: server.to_owned(), status: status.as_u16() });
    }
    let body = read_body(response, MAX_BODY_LEN).await.map_err(failed)?;
    body.ok_or_else(|| FetchError::TooLong { server: server.to_owned() })
}

/// Reads the body; returns `None` if it is longer than `max_len` bytes.
async fn read_body(mut response: reqwest::Response, max_len: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > max_len {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Parses credentials. `server` is for error messages. Source: the vendor's pages on the credentials URI and on
/// instance metadata, which describe the same JSON object.
pub fn parse_response(body: &[u8], server: &str) -> Result<ExpiringCredentials, FetchError> {
    let no_credentials = || FetchError::NoCredentials { server: server.to_owned() };
    let response: Response = serde_json::from_slice(body).map_err(|_| no_credentials())?;
    if response.code != "Success" {
        return Err(no_credentials());
    }
    let (id, secret, token) = (response.access_key_id, response.access_key_secret, response.security_token);
    let names = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
    let credentials = checked(Some(id), Some(secret), Some(token), names)
        .map_err(|cause| FetchError::InvalidCredentials { server: server.to_owned(), cause })?;
    Ok(ExpiringCredentials { credentials: credentials.ok_or_else(no_credentials)?, expires: response.expiration })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::Network;
    use crate::api::endpoint::Endpoint;
    use crate::system::environment::Environment;

    /// Fetches `response` from a server that closes the connection after it, or keeps it open. Returns the body's
    /// length.
    async fn fetch_from_server(response: String, closes: bool) -> Result<usize, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hunter2", listener.local_addr().unwrap());
        let server = async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            // The client closes the connection early if the response is too long.
            let _ = stream.write_all(response.as_bytes()).await;
            if !closes {
                std::future::pending::<()>().await;
            }
        };
        let server_task = tokio::spawn(server);
        let endpoint = Endpoint::parse(&url[..url.len() - "/hunter2".len()]).unwrap();
        let (http, _) = Network::new(&Environment::default()).client(&endpoint).unwrap();
        let request = http.get(url).timeout(Duration::from_millis(500));
        let fetched = fetch(request, "HOST", Some("http_proxy p:1")).await;
        server_task.abort();
        fetched.map(|body| body.len()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn incomplete_long_or_late_responses_are_errors() {
        let response = |length: usize, sent: usize| {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}", "x".repeat(sent))
        };
        assert_eq!(fetch_from_server(response(MAX_BODY_LEN, MAX_BODY_LEN), false).await, Ok(MAX_BODY_LEN));
        let too_long = Err(format!("HOST answered with more than {MAX_BODY_LEN} bytes"));
        assert_eq!(fetch_from_server(response(MAX_BODY_LEN + 1, MAX_BODY_LEN + 1), false).await, too_long);
        let proxy = "(possibly because of the proxy: http_proxy p:1)";
        let too_late = Err(format!("HOST did not answer within the time limit {proxy}"));
        assert_eq!(fetch_from_server(response(9, 1), false).await, too_late);
        let broken = fetch_from_server(response(9, 1), true).await.unwrap_err();
        assert!(
            broken.starts_with(&format!("HOST did not answer {proxy}: ")) && !broken.contains("hunter2"),
            "{broken}"
        );
        // The body of an error response is not read.
        let not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n".to_owned();
        assert_eq!(fetch_from_server(not_found, false).await, Err("HOST answered HTTP 404".to_owned()));
    }

    /// Source: the example on the vendor's page on the credentials URI.
    #[test]
    fn expiration_is_optional() {
        let expires = |rest: &str| {
            let body = r#"{"Code":"Success","AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t"REST}"#;
            parse_response(body.replace("REST", rest).as_bytes(), "HOST").unwrap().expires.map(|time| time.timestamp())
        };
        assert_eq!(expires(r#","Expiration":"2096-10-02T07:06:40Z""#), Some(4_000_000_000));
        assert_eq!(expires(r#","Expiration":"2096-10-02T15:06:40+08:00""#), Some(4_000_000_000));
        for missing in ["", r#","Expiration":null"#, r#","Expiration":"""#, r#","Expiration":{}"#] {
            assert_eq!(expires(missing), None, "{missing}");
        }
    }
}
