//! What the instance this runs on knows of itself: the keys of its role (the official CLI's mode `EcsRamRole`), and its
//! region.
//!
//! Source: the vendor's page on instance metadata in security hardening mode: a token first, then everything with it.

use std::time::Duration;

use super::http::{FetchError, fetch, keys};
use crate::api::Network;
use crate::api::endpoint::{Endpoint, check_region};
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;
use crate::system::environment::Environment;
use crate::text::percent::encode;

/// Where the service is, on every instance.
pub(crate) const METADATA: &str = "http://100.100.100.200";

/// For each request: it is on the same host, or there is none.
const LIMIT: Duration = Duration::from_secs(1);

/// How long the token is to work, in seconds: for the two requests that follow.
const TOKEN_LIFE: &str = "60";

/// The keys of the instance's role; `role` is asked for where it is not known. `base` is [`METADATA`].
pub async fn from_metadata(base: &str, role: Option<&str>) -> Result<ExpiringCredentials, FetchError> {
    let service = Service::greet(base).await?;
    let get = async |name: &str| service.get(&format!("ram/security-credentials/{name}")).await;
    let role = match role {
        Some(role) => role.to_owned(),
        None => text(&get("").await?),
    };
    keys(&get(&encode(&role)).await?, &service.at)
}

/// The instance's region. `base` is [`METADATA`].
pub async fn region_from_metadata(base: &str) -> Result<String, FetchError> {
    let service = Service::greet(base).await?;
    let region = text(&service.get("region-id").await?);
    match check_region(&region) {
        Ok(_) => Ok(region),
        Err(_) => Err(FetchError::NoRegion { at: service.at }),
    }
}

/// The service, once it has given a token.
struct Service {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// The URL, for error messages.
    at: String,
    token: Secret,
}

impl Service {
    async fn greet(base: &str) -> Result<Self, FetchError> {
        let endpoint = Endpoint::parse(base).map_err(|_| FetchError::Address)?;
        // No proxy leads there.
        let (http, _) = Network::new(&Environment::default()).client(&endpoint)?;
        let at = format!("the metadata service ({})", endpoint.authority());
        let request = http.put(endpoint.url("/latest/api/token")).timeout(LIMIT);
        let request = request.header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_LIFE);
        let token = Secret::new(text(&fetch(request, &at, None).await?));
        Ok(Self { http, endpoint, at, token })
    }

    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let request = self.http.get(self.endpoint.url(&format!("/latest/meta-data/{path}"))).timeout(LIMIT);
        fetch(request.header("X-aliyun-ecs-metadata-token", self.token.expose()), &self.at, None).await
    }
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).trim().to_owned()
}
