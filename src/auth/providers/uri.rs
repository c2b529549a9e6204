//! A URI that answers with keys: the official CLI's mode `CredentialsURI`.

use std::time::Duration;

use reqwest::Url;

use super::METADATA;
use super::http::{FetchError, fetch, keys};
use crate::api::Network;
use crate::api::endpoint::Endpoint;
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;

/// Fetches keys from `uri`. Its path and query may be secret, so errors name the host only.
pub(crate) async fn from_uri(
    uri: &Secret,
    network: &Network,
    limit: Duration,
) -> Result<ExpiringCredentials, FetchError> {
    let (url, endpoint) = parse(uri).ok_or(FetchError::Address)?;
    let at = endpoint.to_string();
    let (http, proxy) = network.client(&endpoint)?;
    keys(&fetch(http.get(url).timeout(limit), &at, proxy.as_deref()).await?, &at)
}

/// Whether keys from `uri` travel in the clear, past others. The metadata service is on the instance's own host.
pub(crate) fn is_plain_and_remote(uri: &Secret) -> bool {
    let travels =
        |endpoint: Endpoint| endpoint.is_plaintext() && !endpoint.is_loopback() && endpoint.to_string() != METADATA;
    parse(uri).is_some_and(|(_, endpoint)| travels(endpoint))
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
    fn keys_in_the_clear_are_told_from_those_that_are_not() {
        let plain = |uri: &str| is_plain_and_remote(&Secret::new(uri));
        for uri in ["http://keys.example/k?s=x", "HTTP://u:p@10.0.0.1:80/", "http://localhost.example/"] {
            assert!(plain(uri), "{uri}");
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
            assert!(!plain(uri), "{uri}");
        }
    }

    /// The address is TEST-NET-1 (RFC 5737), the proxy a port without a listener.
    #[tokio::test]
    async fn a_proxy_on_the_way_is_named_without_its_password() {
        let network = Network::new(&[("http_proxy", "http://user:hunter2@127.0.0.1:1/")].into_iter().collect());
        let uri = Secret::new("http://192.0.2.1/hunter2?hunter2");
        let error = from_uri(&uri, &network, Duration::from_secs(5)).await.unwrap_err();
        let start = "http://192.0.2.1 did not answer (the way may lead through http_proxy 127.0.0.1:1): ";
        assert!(error.to_string().starts_with(start), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
