//! The metadata service of the ECS instance that this program runs on. It returns the credentials of the instance's RAM
//! role (the official CLI's mode `EcsRamRole`) and the instance's region.
//!
//! Source: the vendor's page on instance metadata in security hardening mode. The first request fetches a token, which
//! the other requests carry.

use std::time::Duration;

use super::http::{FetchError, fetch, parse_response};
use crate::api::Network;
use crate::api::endpoint::{Endpoint, check_region};
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;
use crate::system::environment::Environment;
use crate::text::percent::encode;

/// The URL of the metadata service, the same on every instance.
pub(crate) const METADATA_URL: &str = "http://100.100.100.200";

/// The time limit of each request. The service is on the same host, so a longer silence means that there is none.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The requested lifetime of the token, in seconds. It must last for two more requests.
const TOKEN_TTL_SECONDS: &str = "60";

/// Fetches the credentials of the instance's role. Without `role`, the service is asked for the role's name first.
/// `base_url` is [`METADATA_URL`], except in tests.
pub async fn from_metadata(base_url: &str, role: Option<&str>) -> Result<ExpiringCredentials, FetchError> {
    let service = MetadataService::connect(base_url).await?;
    let get = async |role: &str| service.get(&format!("ram/security-credentials/{role}")).await;
    let role = match role {
        Some(role) => role.to_owned(),
        None => trimmed_text(&get("").await?),
    };
    parse_response(&get(&encode(&role)).await?, &service.server)
}

/// Fetches the id of the instance's region. `base_url` is [`METADATA_URL`], except in tests.
pub async fn region_from_metadata(base_url: &str) -> Result<String, FetchError> {
    let service = MetadataService::connect(base_url).await?;
    let region = trimmed_text(&service.get("region-id").await?);
    match check_region(&region) {
        Ok(_) => Ok(region),
        Err(_) => Err(FetchError::NoRegion { server: service.server }),
    }
}

/// The metadata service, with the token that it has issued.
struct MetadataService {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// The service's name for error messages.
    server: String,
    token: Secret,
}

impl MetadataService {
    /// Fetches a token.
    async fn connect(base_url: &str) -> Result<Self, FetchError> {
        let endpoint = Endpoint::parse(base_url).map_err(|_| FetchError::InvalidUrl)?;
        // An empty environment sets no proxy: a proxy cannot reach the address, which is local to the instance.
        let (http, _) = Network::new(&Environment::default()).client(&endpoint)?;
        let server = format!("the metadata service ({})", endpoint.authority());
        let request = http.put(endpoint.url("/latest/api/token")).timeout(REQUEST_TIMEOUT);
        let request = request.header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_TTL_SECONDS);
        let token = Secret::new(trimmed_text(&fetch(request, &server, None).await?));
        Ok(Self { http, endpoint, server, token })
    }

    /// Fetches the metadata at `path`, which is relative to `/latest/meta-data/`.
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let request = self.http.get(self.endpoint.url(&format!("/latest/meta-data/{path}"))).timeout(REQUEST_TIMEOUT);
        fetch(request.header("X-aliyun-ecs-metadata-token", self.token.expose()), &self.server, None).await
    }
}

fn trimmed_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).trim().to_owned()
}
