//! The proxy set in the environment, by curl's conventions.

use reqwest::Url;
use thiserror::Error;

use super::endpoint::Endpoint;
use super::no_proxy;
use crate::system::environment::Environment;

/// A proxy and the environment variable that sets it.
#[derive(Clone)]
pub(crate) struct Proxy {
    variable: &'static str,
    url: Url,
}

/// The port of a SOCKS proxy that names none. Source: the man page of curl, `--proxy`.
const SOCKS_PORT: u16 = 1080;

/// A proxy variable with an invalid value. It is not ignored, since requests must not bypass the proxy.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{variable} is not a valid proxy; use [http://|https://|socks5://|socks5h://]HOST[:PORT]")]
pub struct InvalidProxy {
    pub(crate) variable: &'static str,
}

impl Proxy {
    /// Returns the proxy for `endpoint`, if one is set. A loopback endpoint never uses a proxy, nor does one that NO_PROXY
    /// lists: then the proxy's variable may be invalid.
    pub(crate) fn for_endpoint(env: &Environment, endpoint: &Endpoint) -> Result<Option<Self>, InvalidProxy> {
        let exceptions = env.get("no_proxy").or(env.get("NO_PROXY")).unwrap_or_default();
        if endpoint.is_loopback() || no_proxy::contains(exceptions, endpoint.host(), endpoint.port()) {
            return Ok(None);
        }
        let scheme_variables =
            if endpoint.is_plaintext() { ["http_proxy", "HTTP_PROXY"] } else { ["https_proxy", "HTTPS_PROXY"] };
        let variables = scheme_variables.into_iter().chain(["all_proxy", "ALL_PROXY"]);
        let found = variables.into_iter().find_map(|variable| env.get(variable).map(|value| (variable, value)));
        let Some((variable, value)) = found else {
            return Ok(None);
        };
        let url = parse(value).ok_or(InvalidProxy { variable })?;
        Ok(Some(Self { variable, url }))
    }

    pub(crate) fn to_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        reqwest::Proxy::all(self.url.clone())
    }

    /// Returns the variable and the proxy's host, without user name and password.
    pub(crate) fn describe(&self) -> String {
        let port = self.url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{} {}{port}", self.variable, self.url.host_str().unwrap_or_default())
    }
}

/// Parses the value of a proxy variable.
///
/// `socks://` is SOCKS 5, and the proxy resolves the name: so desktops such as GNOME write it. Source: the documentation
/// of GSimpleProxyResolver, where it means every version of SOCKS, from 5 on.
fn parse(value: &str) -> Option<Url> {
    let url = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
    let mut url = url.ok().filter(Url::has_host)?;
    if url.scheme() == "socks" {
        url.set_scheme("socks5h").ok()?;
    }
    match url.scheme() {
        "http" | "https" => {}
        "socks5" | "socks5h" if url.port().is_none() => url.set_port(Some(SOCKS_PORT)).ok()?,
        "socks5" | "socks5h" => {}
        _ => return None,
    }
    Some(url)
}

// Windows ignores the case of names.
#[cfg(not(windows))]
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

    /// Source of the port: the man page of curl, `--proxy`.
    #[test]
    fn socks_is_version_5_at_port_1080() {
        for url in ["socks://h", "socks5://h", "SOCKS5H://u:p@h/"] {
            assert_eq!(proxy_for(&[("ALL_PROXY", url)], "a.com"), Ok(Some("ALL_PROXY h:1080".into())), "{url}");
        }
        assert_eq!(parse("socks://h:1").unwrap().as_str(), "socks5h://h:1");
    }

    #[test]
    fn an_excluded_endpoint_needs_no_valid_proxy() {
        let env = [("ALL_PROXY", "ftp://x"), ("NO_PROXY", "b.com"), ("no_proxy", "a.com:443")];
        assert_eq!(proxy_for(&env, "a.com"), Ok(None));
        assert_eq!(proxy_for(&env, "b.com"), Err(InvalidProxy { variable: "ALL_PROXY" }), "the lower case counts");
        assert_eq!(proxy_for(&[("ALL_PROXY", "h"), ("NO_PROXY", "*")], "https://[2001:db8::1]"), Ok(None));
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
