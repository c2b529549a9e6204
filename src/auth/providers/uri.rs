//! A URI that returns credentials. The official CLI's mode `CredentialsURI`.

use std::time::Duration;

use reqwest::Url;

use super::METADATA_URL;
use super::http::{FetchError, fetch, parse_response};
use crate::api::Network;
use crate::api::endpoint::Endpoint;
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;

/// Fetches credentials from `uri`. Its path and query may be secret, so errors show only its scheme, host and port.
pub(crate) async fn from_uri(
    uri: &Secret,
    network: &Network,
    time_limit: Duration,
) -> Result<ExpiringCredentials, FetchError> {
    let (url, endpoint) = parse(uri).ok_or(FetchError::InvalidUrl)?;
    let server = endpoint.to_string();
    let (http, proxy) = network.client(&endpoint)?;
    parse_response(&fetch(http.get(url).timeout(time_limit), &server, proxy.as_deref()).await?, &server)
}

/// Whether credentials from `uri` cross a network unencrypted. Those from the metadata service do not, because it is on
/// the instance's own host.
pub(crate) fn is_unencrypted_and_remote(uri: &Secret) -> bool {
    parse(uri).is_some_and(|(_, endpoint)| {
        endpoint.is_plaintext() && !endpoint.is_loopback() && endpoint.to_string() != METADATA_URL
    })
}

fn parse(uri: &Secret) -> Option<(Url, Endpoint)> {
    let url = Url::parse(uri.expose()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let endpoint = Endpoint::parse(&url.origin().ascii_serialization()).ok()?;
    Some((url, endpoint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_remote_http_uris_are_unencrypted_and_remote() {
        let is_unencrypted = |uri: &str| is_unencrypted_and_remote(&Secret::new(uri));
        for uri in ["http://keys.example/k?s=x", "HTTP://u:p@10.0.0.1:80/", "http://localhost.example/"] {
            assert!(is_unencrypted(uri), "{uri}");
        }
        for uri in [
            "https://keys.example/",
            "http://localhost:8080/k",
            "http://127.0.0.1/",
            "http://[::1]:1/",
            "http://100.100.100.200/latest/meta-data/x",
            "keys.example",
            "ftp://keys.example/",
        ] {
            assert!(!is_unencrypted(uri), "{uri}");
        }
    }

    /// 192.0.2.1 is a documentation address (RFC 5737), and nothing listens on the proxy's port.
    #[tokio::test]
    async fn errors_name_the_proxy_without_its_password() {
        let network = Network::new(&[("http_proxy", "http://user:hunter2@127.0.0.1:1/")].into_iter().collect());
        let uri = Secret::new("http://192.0.2.1/hunter2?hunter2");
        let error = from_uri(&uri, &network, Duration::from_secs(5)).await.unwrap_err();
        let start = "http://192.0.2.1 did not answer (possibly because of the proxy: http_proxy 127.0.0.1:1): ";
        assert!(error.to_string().starts_with(start), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
