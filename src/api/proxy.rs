//! The proxy set in the environment, by curl's conventions.

use reqwest::{NoProxy, Url};
use thiserror::Error;

use super::endpoint::Endpoint;
use crate::system::environment::Environment;

/// A proxy and the environment variable that sets it.
#[derive(Clone)]
pub(crate) struct Proxy {
    variable: &'static str,
    url: Url,
    exceptions: Option<NoProxy>,
}

/// A proxy variable with an invalid value. It is not ignored, since requests must not bypass the proxy.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{variable} is not a valid proxy; use [http://|https://|socks5://|socks5h://]HOST[:PORT]")]
pub struct InvalidProxy {
    pub(crate) variable: &'static str,
}

impl Proxy {
    /// Returns the proxy for `endpoint`, if one is set. A loopback endpoint never uses a proxy.
    pub(crate) fn for_endpoint(env: &Environment, endpoint: &Endpoint) -> Result<Option<Self>, InvalidProxy> {
        if endpoint.is_loopback() {
            return Ok(None);
        }
        let scheme_variables =
            if endpoint.is_plaintext() { ["http_proxy", "HTTP_PROXY"] } else { ["https_proxy", "HTTPS_PROXY"] };
        let variables = scheme_variables.into_iter().chain(["all_proxy", "ALL_PROXY"]);
        let found = variables.into_iter().find_map(|variable| env.get(variable).map(|value| (variable, value)));
        let Some((variable, value)) = found else {
            return Ok(None);
        };
        let url = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
        let is_proxy = |url: &Url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.has_host();
        let url = url.ok().filter(is_proxy).ok_or(InvalidProxy { variable })?;
        let exceptions = env.get("no_proxy").or(env.get("NO_PROXY")).and_then(NoProxy::from_string);
        Ok(Some(Self { variable, url, exceptions }))
    }

    pub(crate) fn to_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        reqwest::Proxy::all(self.url.clone()).map(|proxy| proxy.no_proxy(self.exceptions.clone()))
    }

    /// Returns the variable and the proxy's host, without user name and password.
    pub(crate) fn describe(&self) -> String {
        let port = self.url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{} {}{port}", self.variable, self.url.host_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_for(pairs: &[(&str, &str)], endpoint: &str) -> Result<Option<String>, InvalidProxy> {
        let env = pairs.iter().copied().collect();
        Proxy::for_endpoint(&env, &Endpoint::parse(endpoint).unwrap()).map(|proxy| proxy.map(|proxy| proxy.describe()))
    }

    #[test]
    fn the_variable_of_the_scheme_comes_before_all_proxy() {
        let env = [("HTTPS_PROXY", "proxy:3128"), ("http_proxy", "http://u:p@plain"), ("ALL_PROXY", "socks5://all:1")];
        assert_eq!(proxy_for(&env, "ecs.example.com"), Ok(Some("HTTPS_PROXY proxy:3128".into())));
        assert_eq!(proxy_for(&env, "http://ecs.example.com"), Ok(Some("http_proxy plain:80".into())));
        assert_eq!(proxy_for(&env[2..], "ecs.example.com"), Ok(Some("ALL_PROXY all:1".into())));
        assert_eq!(proxy_for(&env, "https://127.0.0.1"), Ok(None));
    }

    #[test]
    fn an_invalid_proxy_is_not_ignored() {
        for bad in ["http://[::", "ftp://x", "http://", "socks9://a", "a b", ":"] {
            assert_eq!(
                proxy_for(&[("HTTPS_PROXY", bad)], "ecs.example.com"),
                Err(InvalidProxy { variable: "HTTPS_PROXY" }),
                "{bad}"
            );
        }
    }
}
