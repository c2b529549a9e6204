//! API endpoints of regions.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use serde::Deserialize;
use thiserror::Error;

/// Regions whose host is not `ecs.REGION.aliyuncs.com`. Source: the vendor's endpoint list and the official SDKs' endpoint tables.
const HOST_EXCEPTIONS: [(&str, &str); 4] = [
    ("cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com"),
    ("cn-shanghai-finance-1", "ecs-cn-hangzhou.aliyuncs.com"),
    ("cn-shenzhen-finance-1", "ecs-cn-hangzhou.aliyuncs.com"),
    ("cn-north-2-gov-1", "ecs.aliyuncs.com"),
];

/// The network that the API is called from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EndpointType {
    /// From the internet.
    #[default]
    Public,
    /// A VPC of Alibaba Cloud.
    Vpc,
}

/// An endpoint of the API: scheme, host and optional port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// An invalid region id or endpoint.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EndpointError {
    /// The id would not be valid as part of a host name.
    #[error("`{0}` is not a region id; use lower-case letters, digits and dashes, as in cn-hangzhou")]
    Region(String),
    /// Neither a host nor `http(s)://HOST[:PORT]`.
    #[error("`{0}` is not an endpoint; use a host, such as ecs.cn-beijing.aliyuncs.com, or http(s)://HOST[:PORT]")]
    Endpoint(String),
}

/// Returns `region` if it is valid as part of a host name.
pub(crate) fn check_region(region: &str) -> Result<&str, EndpointError> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || region.len() > 63 || !region.chars().all(is_allowed) || region.starts_with('-') {
        return Err(EndpointError::Region(crate::text::sanitize::sanitize(region, 70)));
    }
    Ok(region)
}

impl Endpoint {
    /// Returns the endpoint of a region without asking the vendor's location service, which would cost a round trip.
    pub(crate) fn of_region(region: &str, endpoint_type: EndpointType) -> Result<Self, EndpointError> {
        let region = check_region(region)?;
        let exception = HOST_EXCEPTIONS.iter().find(|(name, _)| *name == region).map(|(_, host)| *host);
        match (endpoint_type, exception) {
            (EndpointType::Public, Some(host)) => Self::parse(host),
            (EndpointType::Public, None) => Self::parse(&format!("ecs.{region}.aliyuncs.com")),
            (EndpointType::Vpc, _) => Self::parse(&format!("ecs-vpc.{region}.aliyuncs.com")),
        }
    }

    /// Parses `HOST[:PORT]`, which means https, or `http(s)://HOST[:PORT]`.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        // The part before an @ may contain a password.
        let shown = text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("…@{host}"));
        let invalid = || EndpointError::Endpoint(crate::text::sanitize::sanitize(&shown, 200));
        let url = match text.contains("://") {
            true => Url::parse(text),
            false => Url::parse(&format!("https://{text}")),
        };
        let url = url.map_err(|_| invalid())?;
        let has_no_path = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let has_no_user = url.username().is_empty() && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !has_no_path || !has_no_user {
            return Err(invalid());
        }
        Ok(Self(url))
    }

    /// `host` or `host:port`, as in the Host header.
    pub(crate) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The host: a name, or an address without brackets.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_matches(['[', ']'])
    }

    /// The port, or that of the scheme.
    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Whether requests are sent without encryption.
    pub(crate) fn is_plaintext(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Whether the endpoint is on this machine, so that requests cannot be intercepted on a network.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Returns the URL of a request.
    pub(crate) fn url(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(region: &str, kind: EndpointType) -> String {
        Endpoint::of_region(region, kind).unwrap().to_string()
    }

    #[test]
    fn regions_follow_the_rule_and_its_exceptions() {
        use EndpointType::{Public, Vpc};
        assert_eq!(region("cn-beijing", Public), "https://ecs.cn-beijing.aliyuncs.com");
        assert_eq!(region("cn-hangzhou", Public), "https://ecs-cn-hangzhou.aliyuncs.com");
        assert_eq!(region("cn-shanghai-finance-1", Public), "https://ecs-cn-hangzhou.aliyuncs.com");
        assert_eq!(region("cn-shenzhen-finance-1", Public), "https://ecs-cn-hangzhou.aliyuncs.com");
        assert_eq!(region("cn-north-2-gov-1", Public), "https://ecs.aliyuncs.com");
        assert_eq!(region("cn-hangzhou", Vpc), "https://ecs-vpc.cn-hangzhou.aliyuncs.com");
    }

    #[test]
    fn a_region_cannot_lead_elsewhere() {
        for bad in ["", "evil.com/#", "cn-hangzhou.evil.com", "CN-HANGZHOU", "-x", "a@b", &"a".repeat(64)] {
            assert!(Endpoint::of_region(bad, EndpointType::Public).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_bare_host_means_https() {
        let parse = |text| Endpoint::parse(text).unwrap();
        assert_eq!(parse("ecs.example.com").to_string(), "https://ecs.example.com");
        assert_eq!(parse("127.0.0.1:8080").authority(), "127.0.0.1:8080");
        assert_eq!(parse("http://[::1]:8080/").url("/?A=b"), "http://[::1]:8080/?A=b");
        assert!(parse("http://localhost").is_loopback() && parse("http://[::1]").is_loopback());
        assert!(!parse("http://127.0.0.1.evil.com").is_loopback());
    }

    #[test]
    fn anything_but_scheme_host_and_port_is_refused() {
        for bad in
            ["", "ftp://a", "https://a/path", "https://a?x=1", "https://u:p@a", "https://", "a b", "https://a/#f"]
        {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
    }
}
