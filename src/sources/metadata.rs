//! The role of the instance this runs on, from its metadata service: the official CLI's mode `EcsRamRole`.
//!
//! Source: the vendor's page on instance metadata in security hardening mode: a token first, then everything with it.

use std::time::Duration;

use super::fetch::{FetchError, fetch, keys};
use crate::api::endpoint::Endpoint;
use crate::api::http_client;
use crate::credentials::Credentials;
use crate::environment::Environment;
use crate::percent::encode;

/// Where the service is, on every instance.
pub const METADATA: &str = "http://100.100.100.200";

/// It is on the same host, or there is none.
const LIMIT: Duration = Duration::from_secs(1);

/// How long the token is to work, in seconds: for the two requests that follow.
const TOKEN_LIFE: &str = "60";

/// The keys of the instance's role; `role` is asked for where it is not known. `base` is [`METADATA`].
pub async fn from_metadata(base: &str, role: Option<&str>) -> Result<Credentials, FetchError> {
    let endpoint = Endpoint::parse(base).map_err(|_| FetchError::Address)?;
    // No proxy leads there.
    let (http, _) = http_client(&endpoint, &Environment::default())?;
    let at = format!("the metadata service ({})", endpoint.authority());
    let text = |body: Vec<u8>| String::from_utf8_lossy(&body).trim().to_owned();

    let request = http.put(endpoint.url("/latest/api/token")).timeout(LIMIT);
    let token = fetch(request.header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_LIFE), &at).await.map(text)?;
    let get = |path: &str| {
        let path = format!("/latest/meta-data/ram/security-credentials/{path}");
        let request = http.get(endpoint.url(&path)).timeout(LIMIT);
        request.header("X-aliyun-ecs-metadata-token", token.as_str())
    };
    let role = match role {
        Some(role) => role.to_owned(),
        None => fetch(get(""), &at).await.map(text)?,
    };
    keys(&fetch(get(&encode(&role)), &at).await?, &at)
}
