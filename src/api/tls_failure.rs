//! Why TLS failed, in words, and what to do about it. Pure.
//!
//! The texts of the `rustls` crate are names of Rust types for the most part. They are never shown.

use chrono::DateTime;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};
use thiserror::Error as DeriveError;

use crate::text::sanitize::sanitize;

/// The most names of a certificate that are shown.
const MAX_NAMES_SHOWN: usize = 3;

/// The longest name that is shown, in characters. A certificate may contain any text.
const MAX_NAME_LEN: usize = 80;

/// Why TLS failed. The text continues `could not connect to HOST:`. Dates are YYYY-MM-DD in UTC.
#[derive(Clone, Debug, DeriveError, PartialEq, Eq)]
pub enum TlsFailure {
    /// No trusted CA has issued the certificate.
    #[error("its certificate was issued by an unknown CA")]
    UnknownIssuer,
    /// A trusted CA has the issuer's name, but another key.
    #[error("its certificate is not signed by the trusted CA of that name")]
    WrongIssuerKey,
    /// The certificate was valid until the date.
    #[error("its certificate expired on {0}")]
    Expired(String),
    /// The certificate will be valid from the date on.
    #[error("its certificate is not valid before {0}")]
    NotYetValid(String),
    /// The certificate belongs to other hosts.
    #[error("its certificate is for {names}, not for {host}")]
    WrongName {
        /// The host that was connected to.
        host: String,
        /// The hosts in the certificate.
        names: String,
    },
    /// The certificate belongs to no host at all.
    #[error("its certificate names no host")]
    NoNames,
    /// The certificate is for clients, for signing programs, or for another use.
    #[error("its certificate is not for servers")]
    NotForServers,
    /// The server uses the certificate of a CA as its own.
    #[error("its certificate is that of a CA, not of a server")]
    CaAsServer,
    /// The issuer has revoked the certificate.
    #[error("its certificate was revoked")]
    Revoked,
    /// The certificate is malformed, or has a signature or an extension that is wrong or unknown.
    #[error("its certificate is not valid")]
    InvalidCertificate,
    /// The server speaks only versions that are no longer secure, or none that is known.
    #[error("no TLS version in common")]
    NoCommonVersion,
    /// Version and host are right, but not the algorithms.
    #[error("no cipher in common")]
    NoCommonCipher,
    /// The server has no certificate for the host (RFC 6066, section 3).
    #[error("it does not serve the name")]
    NameNotServed,
    /// The server accepts only clients that it knows.
    #[error("it wants a client certificate")]
    WantsClientCertificate,
    /// The server sent another fatal alert. Source of the numbers: RFC 8446, section 6.
    #[error("it refused the TLS handshake (alert {0})")]
    Refused(u8),
    /// The answer is not TLS, but plain HTTP or another protocol.
    #[error("it does not speak TLS at this port")]
    NotTls,
    /// The answer to a request in plain HTTP is not HTTP; it may be TLS.
    #[error("its answer is not HTTP")]
    NotHttp,
    /// The connection ended inside the handshake.
    #[error("it closed the connection during the TLS handshake")]
    Closed,
    /// The answer is TLS, but violates the protocol.
    #[error("it violated the TLS protocol")]
    Violation,
}

impl TlsFailure {
    /// The failure that an error of the `rustls` crate stands for.
    pub(crate) fn of(error: &Error) -> Self {
        use InvalidMessage::{InvalidContentType, MessageTooLarge, UnknownProtocolVersion};
        match error {
            Error::InvalidCertificate(error) => Self::of_certificate(error),
            Error::AlertReceived(alert) => Self::of_alert(*alert),
            Error::InvalidMessage(InvalidContentType | MessageTooLarge | UnknownProtocolVersion) => Self::NotTls,
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => Self::NoCommonVersion,
            Error::PeerIncompatible(_) => Self::NoCommonCipher,
            Error::NoCertificatesPresented => Self::InvalidCertificate,
            _ => Self::Violation,
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::BadSignature => Self::WrongIssuerKey,
            CertificateError::ExpiredContext { not_after, .. } => Self::Expired(date(*not_after)),
            CertificateError::NotValidYetContext { not_before, .. } => Self::NotYetValid(date(*not_before)),
            CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => Self::NoNames,
            CertificateError::NotValidForNameContext { expected, presented } => {
                Self::WrongName { host: expected.to_str().into_owned(), names: list(presented) }
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Self::NotForServers,
            CertificateError::Revoked => Self::Revoked,
            CertificateError::Other(other) => match other.0.downcast_ref() {
                Some(webpki::Error::CaUsedAsEndEntity) => Self::CaAsServer,
                _ => Self::InvalidCertificate,
            },
            _ => Self::InvalidCertificate,
        }
    }

    fn of_alert(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::ProtocolVersion => Self::NoCommonVersion,
            AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => Self::NoCommonCipher,
            AlertDescription::UnrecognisedName => Self::NameNotServed,
            AlertDescription::CertificateRequired => Self::WantsClientCertificate,
            alert => Self::Refused(alert.into()),
        }
    }

    /// What to do about it. `authority` is the `host[:port]` that was connected to, and `proxy` the variable and the host
    /// of the proxy on the way, if there is one.
    pub(crate) fn next_step(&self, authority: &str, proxy: Option<&str>) -> String {
        match (self, proxy) {
            (Self::UnknownIssuer, _) => {
                "add your company's CA to the system's certificate store, or name its file in SSL_CERT_FILE".to_owned()
            }
            (Self::WrongIssuerKey, _) => {
                "the CA may have a new certificate; get it, and name its file in SSL_CERT_FILE".to_owned()
            }
            (Self::Expired(_) | Self::NotYetValid(_), _) => {
                "check this machine's clock; if it is right, the server needs a new certificate".to_owned()
            }
            (Self::WrongName { .. } | Self::NoNames | Self::NameNotServed, _) => {
                "check the host in --endpoint; a proxy, or the login page of a network, may answer in its place"
                    .to_owned()
            }
            (Self::NotForServers, _) => {
                "the server needs a certificate with the extended key usage serverAuth".to_owned()
            }
            (Self::CaAsServer, _) => "give the server a certificate that this CA has issued, and name only the CA in \
                                      SSL_CERT_FILE"
                .to_owned(),
            (Self::Revoked | Self::InvalidCertificate, _) => "the server needs a new certificate".to_owned(),
            (Self::NoCommonVersion, _) => {
                "ecs-vnc speaks TLS 1.2 and 1.3; the server, or a proxy on the way, must allow one of them".to_owned()
            }
            (Self::NoCommonCipher, _) => "ecs-vnc offers the AES-GCM and ChaCha20-Poly1305 ciphers with ECDHE; the \
                                          server, or a proxy on the way, must allow one of them"
                .to_owned(),
            (Self::WantsClientCertificate, _) => {
                "ecs-vnc has no client certificates; use an endpoint that wants none".to_owned()
            }
            (Self::NotTls, Some(proxy)) => format!(
                "if the proxy ({proxy}) speaks plain HTTP, write it as http://HOST:PORT; otherwise check the port of \
                 {authority}"
            ),
            (Self::NotTls, None) => {
                format!("check the port; if the server is not meant to be encrypted, write http://{authority}")
            }
            (Self::NotHttp, _) => format!("check the port; a server that uses TLS is written as https://{authority}"),
            (Self::Refused(_) | Self::Closed | Self::Violation, Some(proxy)) => {
                format!("check the port of {authority}, and the proxy ({proxy})")
            }
            (Self::Refused(_) | Self::Closed | Self::Violation, None) => {
                format!("check the port of {authority}, and whether a firewall or a proxy inspects TLS")
            }
        }
    }
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map_or_else(|| "an unknown date".to_owned(), |time| time.format("%Y-%m-%d").to_string())
}

/// The names in a certificate, of which at most three are shown. The `webpki` crate writes each as `DnsName("a.example")`
/// or `IpAddress(192.0.2.1)`.
fn list(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or("another kind of name");
        sanitize(inner.trim_matches('"'), MAX_NAME_LEN)
    };
    let mut shown: Vec<String> = presented.iter().take(MAX_NAMES_SHOWN).map(bare).collect();
    match presented.len() - shown.len() {
        0 => {}
        hidden => shown.push(format!("{hidden} more")),
    }
    match shown.pop() {
        Some(last) if !shown.is_empty() => format!("{} and {last}", shown.join(", ")),
        last => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server without TLS 1.2 answers with an older version in its ServerHello, or with an alert.
    #[test]
    fn an_old_server_has_no_version_in_common() {
        for error in [
            Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
            Error::AlertReceived(AlertDescription::ProtocolVersion),
        ] {
            assert_eq!(TlsFailure::of(&error), TlsFailure::NoCommonVersion);
        }
        let cipher = Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon);
        assert_eq!(TlsFailure::of(&cipher), TlsFailure::NoCommonCipher);
    }

    #[test]
    fn names_are_shown_without_control_characters_and_not_all() {
        let names = ["DnsName(\"a\u{1b}[2J\")", "IpAddress(192.0.2.1)", "DirectoryName", "x", "y"].map(str::to_owned);
        assert_eq!(list(&names[..1]), "a\u{FFFD}[2J");
        assert_eq!(list(&names[..2]), "a\u{FFFD}[2J and 192.0.2.1");
        assert_eq!(list(&names), "a\u{FFFD}[2J, 192.0.2.1, another kind of name and 2 more");
    }
}
