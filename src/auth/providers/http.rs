//! What the sources over HTTP share: a bounded fetch, and the form in which they give keys.

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use serde::Deserialize;
use thiserror::Error;

use crate::api::{NetworkSetupError, read_body, root_cause};
use crate::credentials::{CredentialsError, ExpiringCredentials, checked, expiration};
use crate::secret::{AccessKeyId, Secret};
use crate::text::sanitize::sanitize;

/// The most an answer may hold, in bytes.
const LIMIT: usize = 64 << 10;

/// Why nothing was fetched. Nothing of an answer is quoted: it holds keys.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not an address keys could be fetched from. It is not repeated: it may hold a password.
    #[error("credentials_uri is not an http:// or https:// URL with a host")]
    Address,
    /// No way there.
    #[error(transparent)]
    SetUp(#[from] NetworkSetupError),
    /// The connection failed, or there was no answer.
    #[error("{at} did not answer{}: {cause}", through(proxy.as_deref()))]
    Silent {
        /// The URL that was asked, without its secrets.
        at: String,
        /// The variable that names a proxy, and the proxy, if one may be on the way.
        proxy: Option<String>,
        /// The innermost cause.
        cause: String,
    },
    /// No answer in time.
    #[error("{at} did not answer within the time limit{}", through(proxy.as_deref()))]
    TooSlow {
        /// The URL that was asked, without its secrets.
        at: String,
        /// The variable that names a proxy, and the proxy, if one was used.
        proxy: Option<String>,
    },
    /// An answer that is not a good one.
    #[error("{at} answered HTTP {status}")]
    Refused {
        /// The URL that was asked, without its secrets.
        at: String,
        /// The HTTP status.
        status: u16,
    },
    /// More than keys can be.
    #[error("{at} answered with more than {LIMIT} bytes")]
    TooLong {
        /// The URL that was asked, without its secrets.
        at: String,
    },
    /// A good answer that is no region.
    #[error("{at} did not answer with a region id")]
    NoRegion {
        /// The URL that was asked, without its secrets.
        at: String,
    },
    /// A good answer without keys in it.
    #[error("{at} did not answer with `Code` Success and keys")]
    NoKeys {
        /// The URL that was asked, without its secrets.
        at: String,
    },
    /// Keys that are none.
    #[error("{at}: {cause}")]
    ProvideCredentials {
        /// The URL that was asked, without its secrets.
        at: String,
        /// What is wrong with the credentials in the answer.
        cause: CredentialsError,
    },
}

fn through(proxy: Option<&str>) -> String {
    proxy.map(|proxy| format!(" (the way may lead through {proxy})")).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    security_token: Secret,
    #[serde(default, deserialize_with = "expiration")]
    expiration: Option<DateTime<Utc>>,
}

/// Sends a request and gives the body of a good answer. For errors: `at` is who is asked, `proxy` what may be on the way.
pub(crate) async fn fetch(request: RequestBuilder, at: &str, proxy: Option<&str>) -> Result<Vec<u8>, FetchError> {
    let silent = |error: reqwest::Error| {
        let (at, proxy) = (at.to_owned(), proxy.map(str::to_owned));
        if error.is_timeout() {
            return FetchError::TooSlow { at, proxy };
        }
        // The root_cause cause may be the outermost one, which would name the URL.
        let cause = sanitize(&root_cause(&error.without_url()), 200);
        FetchError::Silent { at, proxy, cause }
    };
    let response = request.send().await.map_err(silent)?;
    let status = response.status();
    if !status.is_success() {
        return Err(FetchError::Refused { at: at.to_owned(), status: status.as_u16() });
    }
    read_body(response, LIMIT).await.map_err(silent)?.ok_or_else(|| FetchError::TooLong { at: at.to_owned() })
}

/// Reads keys. Source: the vendor's pages on the credentials URI and on instance metadata, which have one form.
pub fn keys(body: &[u8], at: &str) -> Result<ExpiringCredentials, FetchError> {
    let no_keys = || FetchError::NoKeys { at: at.to_owned() };
    let answer: Answer = serde_json::from_slice(body).map_err(|_| no_keys())?;
    if answer.code != "Success" {
        return Err(no_keys());
    }
    let names = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
    let found = checked(Some(answer.access_key_id), Some(answer.access_key_secret), Some(answer.security_token), names);
    let found = found.map_err(|cause| FetchError::ProvideCredentials { at: at.to_owned(), cause })?;
    Ok(ExpiringCredentials { credentials: found.ok_or_else(no_keys)?, expires: answer.expiration })
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

    /// What comes of an answer after which the connection stays open, or ends.
    async fn outcome(answer: String, ends: bool) -> Result<usize, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hunter2", listener.local_addr().unwrap());
        let server = async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            // Who has read enough may be gone.
            let _ = stream.write_all(answer.as_bytes()).await;
            if !ends {
                std::future::pending::<()>().await;
            }
        };
        let serving = tokio::spawn(server);
        let endpoint = Endpoint::parse(&url[..url.len() - "/hunter2".len()]).unwrap();
        let (http, _) = Network::new(&Environment::default()).client(&endpoint).unwrap();
        let request = http.get(url).timeout(Duration::from_millis(500));
        let fetched = fetch(request, "HOST", Some("http_proxy p:1")).await;
        serving.abort();
        fetched.map(|body| body.len()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_body_is_whole_short_enough_and_in_time_or_it_is_told() {
        let answer = |length: usize, sent: usize| {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}", "x".repeat(sent))
        };
        assert_eq!(outcome(answer(LIMIT, LIMIT), false).await, Ok(LIMIT));
        let long = Err(format!("HOST answered with more than {LIMIT} bytes"));
        assert_eq!(outcome(answer(LIMIT + 1, LIMIT + 1), false).await, long);
        let way = "(the way may lead through http_proxy p:1)";
        let slow = Err(format!("HOST did not answer within the time limit {way}"));
        assert_eq!(outcome(answer(9, 1), false).await, slow);
        let cut = outcome(answer(9, 1), true).await.unwrap_err();
        assert!(cut.starts_with(&format!("HOST did not answer {way}: ")) && !cut.contains("hunter2"), "{cut}");
        // Whatever is in it.
        let refused = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n".to_owned();
        assert_eq!(outcome(refused, false).await, Err("HOST answered HTTP 404".to_owned()));
    }

    /// The form is that of the vendor's page on the credentials URI.
    #[test]
    fn the_end_of_keys_is_read_where_it_is_there() {
        let expires = |rest: &str| {
            let body = r#"{"Code":"Success","AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t"REST}"#;
            keys(body.replace("REST", rest).as_bytes(), "HOST").unwrap().expires.map(|time| time.timestamp())
        };
        assert_eq!(expires(r#","Expiration":"2096-10-02T07:06:40Z""#), Some(4_000_000_000));
        assert_eq!(expires(r#","Expiration":"2096-10-02T15:06:40+08:00""#), Some(4_000_000_000));
        for none in ["", r#","Expiration":null"#, r#","Expiration":"""#, r#","Expiration":{}"#] {
            assert_eq!(expires(none), None, "{none}");
        }
    }
}
