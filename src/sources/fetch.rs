//! What the sources over HTTP share: a bounded fetch, and the form in which they give keys.

use reqwest::RequestBuilder;
use serde::Deserialize;
use thiserror::Error;

use crate::api::{SetUpError, innermost, read_capped};
use crate::credentials::{Credentials, CredentialsError, checked};
use crate::secret::{AccessKeyId, Secret};

/// The most an answer may hold, in bytes.
const LIMIT: usize = 64 << 10;

/// Why no keys were fetched. Nothing of an answer is quoted: it holds keys.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not an address keys could be fetched from. It is not repeated: it may hold a password.
    #[error("credentials_uri is not an http:// or https:// URL with a host")]
    Address,
    /// No way there.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// No answer.
    #[error("{at} did not answer: {cause}")]
    Silent {
        /// Who.
        at: String,
        /// Why.
        cause: String,
    },
    /// No answer in time.
    #[error("{at} did not answer within the time limit")]
    TooSlow {
        /// Who.
        at: String,
    },
    /// Another answer than keys.
    #[error("{at} answered HTTP {status}, which is not keys")]
    Refused {
        /// Who.
        at: String,
        /// The HTTP status.
        status: u16,
    },
    /// A good answer without keys in it.
    #[error("{at} did not answer with `Code` Success and keys")]
    NoKeys {
        /// Who.
        at: String,
    },
    /// Keys that are none.
    #[error("{at}: {cause}")]
    Keys {
        /// Who.
        at: String,
        /// Why.
        cause: CredentialsError,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    security_token: Secret,
}

/// Sends a request and gives the body of a good answer. `at` is who is asked, for errors.
pub async fn fetch(request: RequestBuilder, at: &str) -> Result<Vec<u8>, FetchError> {
    let silent = |error: reqwest::Error| {
        if error.is_timeout() {
            return FetchError::TooSlow { at: at.to_owned() };
        }
        FetchError::Silent { at: at.to_owned(), cause: innermost(&error) }
    };
    let response = request.send().await.map_err(silent)?;
    let status = response.status();
    let body = read_capped(response, LIMIT).await.map_err(silent)?;
    match body {
        Some(body) if status.is_success() => Ok(body),
        _ => Err(FetchError::Refused { at: at.to_owned(), status: status.as_u16() }),
    }
}

/// Reads keys. Source: the vendor's pages on the credentials URI and on instance metadata, which have one form.
pub fn keys(body: &[u8], at: &str) -> Result<Credentials, FetchError> {
    let no_keys = || FetchError::NoKeys { at: at.to_owned() };
    let answer: Answer = serde_json::from_slice(body).map_err(|_| no_keys())?;
    if answer.code != "Success" {
        return Err(no_keys());
    }
    let names = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
    let found = checked(Some(answer.access_key_id), Some(answer.access_key_secret), Some(answer.security_token), names);
    found.map_err(|cause| FetchError::Keys { at: at.to_owned(), cause })?.ok_or_else(no_keys)
}
