//! A URI that answers with keys: the official CLI's mode `CredentialsURI`.

use std::time::Duration;

use reqwest::Url;

use super::fetch::{FetchError, fetch, keys};
use crate::api::endpoint::Endpoint;
use crate::api::http_client;
use crate::credentials::Credentials;
use crate::environment::Environment;

/// Fetches keys from `uri`. Its path and query may be secret, so errors name the host only.
pub async fn from_uri(uri: &str, env: &Environment, limit: Duration) -> Result<Credentials, FetchError> {
    let url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(FetchError::Address)?;
    let endpoint = Endpoint::parse(&url.origin().ascii_serialization()).map_err(|_| FetchError::Address)?;
    let at = endpoint.to_string();
    let (http, _) = http_client(&endpoint, env)?;
    keys(&fetch(http.get(url).timeout(limit), &at).await?, &at)
}
