//! The proxy that the environment names, by curl's conventions.

use reqwest::{NoProxy, Url};
use thiserror::Error;

use super::endpoint::Endpoint;
use crate::system::environment::Environment;

/// A proxy, and the variable that names it.
#[derive(Clone)]
pub(crate) struct Proxy {
    variable: &'static str,
    url: Url,
    exceptions: Option<NoProxy>,
}

/// A variable that is set, but names no proxy. Going on without it could lead requests out where they must not go.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{variable} is set, but is no proxy: it must be [http://|https://|socks5://|socks5h://]HOST[:PORT]")]
pub struct NotAProxy {
    /// The variable.
    pub(crate) variable: &'static str,
}

impl Proxy {
    /// The proxy for this endpoint, if any; this very machine is never reached through one.
    pub(crate) fn of(env: &Environment, endpoint: &Endpoint) -> Result<Option<Self>, NotAProxy> {
        if endpoint.is_loopback() {
            return Ok(None);
        }
        let own = if endpoint.is_plaintext() { ["http_proxy", "HTTP_PROXY"] } else { ["https_proxy", "HTTPS_PROXY"] };
        let variables = own.into_iter().chain(["all_proxy", "ALL_PROXY"]);
        let found = variables.into_iter().find_map(|variable| env.get(variable).map(|value| (variable, value)));
        let Some((variable, value)) = found else {
            return Ok(None);
        };
        let url = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
        let is_proxy = |url: &Url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.has_host();
        let url = url.ok().filter(is_proxy).ok_or(NotAProxy { variable })?;
        let exceptions = env.get("no_proxy").or(env.get("NO_PROXY")).and_then(NoProxy::from_string);
        Ok(Some(Self { variable, url, exceptions }))
    }

    /// For the HTTP library.
    pub(crate) fn to_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        reqwest::Proxy::all(self.url.clone()).map(|proxy| proxy.no_proxy(self.exceptions.clone()))
    }

    /// The variable and the proxy, without the user's name and password.
    pub(crate) fn describe(&self) -> String {
        let port = self.url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{} {}{port}", self.variable, self.url.host_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)], endpoint: &str) -> Result<Option<String>, NotAProxy> {
        let env = pairs.iter().copied().collect();
        Proxy::of(&env, &Endpoint::parse(endpoint).unwrap()).map(|proxy| proxy.map(|proxy| proxy.describe()))
    }

    #[test]
    fn the_endpoints_own_variable_comes_before_the_one_for_all() {
        let env = [("HTTPS_PROXY", "proxy:3128"), ("http_proxy", "http://u:p@plain"), ("ALL_PROXY", "socks5://all:1")];
        assert_eq!(of(&env, "ecs.example.com"), Ok(Some("HTTPS_PROXY proxy:3128".into())));
        assert_eq!(of(&env, "http://ecs.example.com"), Ok(Some("http_proxy plain:80".into())));
        assert_eq!(of(&env[2..], "ecs.example.com"), Ok(Some("ALL_PROXY all:1".into())));
        assert_eq!(of(&env, "https://127.0.0.1"), Ok(None));
    }

    #[test]
    fn what_is_no_proxy_is_not_passed_over() {
        for bad in ["http://[::", "ftp://x", "http://", "socks9://a", "a b", ":"] {
            assert_eq!(
                of(&[("HTTPS_PROXY", bad)], "ecs.example.com"),
                Err(NotAProxy { variable: "HTTPS_PROXY" }),
                "{bad}"
            );
        }
    }
}
