//! The metadata service of the ECS instance that this program runs on. It returns the credentials of the instance's RAM
//! role (the official CLI's mode `EcsRamRole`) and the instance's region.
//!
//! Source: the vendor's page on instance metadata. In security hardening mode the first request fetches a token, which the
//! other requests carry. In normal mode they need none. As in the official SDKs, hardening mode is tried first, and normal
//! mode is used if no token is issued, unless ALIBABA_CLOUD_IMDSV1_DISABLED is true.

use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::CONNECTION;

use super::http::{FetchError, fetch, parse_response};
use crate::api::Network;
use crate::api::endpoint::{Endpoint, check_region};
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;
use crate::system::environment::Environment;
use crate::text::percent::encode;
use crate::text::sanitize::sanitize;

/// The URL of the metadata service, the same on every instance.
pub(crate) const METADATA_URL: &str = "http://100.100.100.200";

/// The longest name of a RAM role. Source: the vendor's page on CreateRole.
const MAX_ROLE_LEN: usize = 64;

/// The time limit of each request. The service is on the same host, so a longer silence means that there is none.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The requested lifetime of the token, in seconds. It must last for two more requests.
const TOKEN_TTL_SECONDS: &str = "60";

/// How the metadata service is reached.
#[derive(Clone, Copy, Debug)]
pub struct MetadataAccess<'a> {
    /// [`METADATA_URL`], except in tests.
    pub url: &'a str,
    /// Whether a service that issues no token is not asked without one.
    pub requires_token: bool,
}

impl MetadataAccess<'static> {
    /// Reads `ALIBABA_CLOUD_IMDSV1_DISABLED`. Source: the official SDKs.
    pub(crate) fn from_environment(env: &Environment) -> Self {
        let disabled = env.vendor("IMDSV1_DISABLED").is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"));
        Self { url: METADATA_URL, requires_token: disabled }
    }
}

/// Fetches the credentials of the instance's role. Without `role`, the service is asked for the role's name first.
pub async fn from_metadata(access: MetadataAccess<'_>, role: Option<&str>) -> Result<ExpiringCredentials, FetchError> {
    let service = MetadataService::connect(access).await?;
    let get = async |role: &str| service.get(&format!("ram/security-credentials/{role}")).await;
    let is_missing = |error: &FetchError| matches!(error, FetchError::HttpStatus { status: 404, .. });
    let role = match role {
        Some(role) => role.to_owned(),
        None => match get("").await {
            Ok(name) => {
                role_name(&name).ok_or_else(|| FetchError::NoInstanceRole { server: service.server.clone() })?
            }
            Err(error) if is_missing(&error) => return Err(FetchError::NoInstanceRole { server: service.server }),
            Err(error) => return Err(error),
        },
    };
    match get(&encode(&role)).await {
        Ok(body) => parse_response(&body, &service.server),
        Err(error) if is_missing(&error) => {
            Err(FetchError::NoRole { server: service.server, role: sanitize(&role, MAX_ROLE_LEN) })
        }
        Err(error) => Err(error),
    }
}

/// The name of the role in a response; `None` if it is not the name of a role.
fn role_name(body: &[u8]) -> Option<String> {
    let name = trimmed_text(body);
    let is_name = !name.is_empty()
        && name.len() <= MAX_ROLE_LEN
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    is_name.then_some(name)
}

/// Fetches the id of the instance's region.
pub async fn region_from_metadata(access: MetadataAccess<'_>) -> Result<String, FetchError> {
    let service = MetadataService::connect(access).await?;
    let region = trimmed_text(&service.get("region-id").await?);
    match check_region(&region) {
        Ok(_) => Ok(region),
        Err(_) => Err(FetchError::NoRegion { server: service.server }),
    }
}

/// The metadata service, with the token that it has issued, if it issues any.
struct MetadataService {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// The service's name for error messages.
    server: String,
    token: Option<Secret>,
}

impl MetadataService {
    /// Fetches a token.
    async fn connect(access: MetadataAccess<'_>) -> Result<Self, FetchError> {
        let endpoint = Endpoint::parse(access.url).map_err(|_| FetchError::InvalidUrl)?;
        // An empty environment sets no proxy: a proxy cannot reach the address, which is local to the instance.
        let (http, _) = Network::new(&Environment::default()).client(&endpoint)?;
        let server = format!("the metadata service ({})", endpoint.authority());
        let request = on_own_connection(http.put(endpoint.url("/latest/api/token")));
        let request = request.header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_TTL_SECONDS);
        let token = match fetch(request, &server, None).await {
            Ok(token) => Some(Secret::new(trimmed_text(&token))),
            Err(FetchError::HttpStatus { .. }) if !access.requires_token => None,
            Err(FetchError::HttpStatus { status, .. }) => return Err(FetchError::NoToken { server, status }),
            Err(error) => return Err(error),
        };
        Ok(Self { http, endpoint, server, token })
    }

    /// Fetches the metadata at `path`, which is relative to `/latest/meta-data/`.
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let request = on_own_connection(self.http.get(self.endpoint.url(&format!("/latest/meta-data/{path}"))));
        let request = match &self.token {
            Some(token) => request.header("X-aliyun-ecs-metadata-token", token.expose()),
            None => request,
        };
        fetch(request, &self.server, None).await
    }
}

/// A server may close a connection after it has refused a request, just when the next one is sent on it.
fn on_own_connection(request: RequestBuilder) -> RequestBuilder {
    request.header(CONNECTION, "close").timeout(REQUEST_TIMEOUT)
}

fn trimmed_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use super::*;

    /// Answers one request, and closes the connection when another one comes on it.
    fn answer_once(mut stream: TcpStream) {
        let mut request = [0; 4096];
        let count = stream.read(&mut request).unwrap();
        let answer = match request[..count].starts_with(b"PUT") {
            true => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            false => {
                let keys = r#"{"Code":"Success","AccessKeyId":"id","AccessKeySecret":"secret","SecurityToken":"token","Expiration":"2099-01-01T00:00:00Z"}"#;
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{keys}", keys.len())
            }
        };
        stream.write_all(answer.as_bytes()).unwrap();
        _ = stream.read(&mut request);
    }

    #[tokio::test]
    async fn no_request_is_lost_with_the_connection_of_the_one_before() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            listener.incoming().flatten().for_each(|stream| drop(thread::spawn(|| answer_once(stream))))
        });
        let access = MetadataAccess { url: &url, requires_token: false };
        from_metadata(access, Some("role")).await.unwrap();
    }

    /// Source of the variable and its values: `credentials-go` and the other SDKs of the vendor.
    #[test]
    fn a_variable_forbids_requests_without_a_token() {
        let requires = |name: &str, value: &str| {
            MetadataAccess::from_environment(&[(name, value)].into_iter().collect()).requires_token
        };
        assert!(requires("ALIBABA_CLOUD_IMDSV1_DISABLED", "true") && requires("ALIBABA_CLOUD_IMDSV1_DISABLED", "True"));
        assert!(!requires("ALIBABA_CLOUD_IMDSV1_DISABLED", "false") && !requires("X", "true"));
    }
}
