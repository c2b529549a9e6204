//! A URI that answers with keys: the official CLI's mode `CredentialsURI`.

use std::time::Duration;

use reqwest::Url;

use super::fetch::{FetchError, fetch, keys};
use crate::api::endpoint::Endpoint;
use crate::api::http_client;
use crate::credentials::Credentials;
use crate::environment::Environment;
use crate::printable::printable;

/// Fetches keys from `uri`. Its path and query may be secret, so errors name the host only.
pub async fn from_uri(uri: &str, env: &Environment, limit: Duration) -> Result<Credentials, FetchError> {
    let not_an_address = || FetchError::Address(printable(uri.split(['?', '#']).next().unwrap_or_default(), 100));
    let url = Url::parse(uri).map_err(|_| not_an_address())?;
    let endpoint = Endpoint::parse(&url.origin().ascii_serialization()).map_err(|_| not_an_address())?;
    let at = endpoint.to_string();
    let (http, _) = http_client(&endpoint, env)?;
    keys(&fetch(http.get(url).timeout(limit), &at).await?, &at)
}
