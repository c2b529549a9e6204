//! ACS3-HMAC-SHA256, the signature method of the current SDKs.
//!
//! Source: the vendor's page "Request syntax and signature method V3".

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::canonical_query::canonical_query;
use super::{Operation, SignedRequest, Stamp};
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::system::clock::iso_8601;

/// The method's name in the Authorization header and in the StringToSign.
pub(crate) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Signs `operation` as a POST with an empty body, as the official SDKs do. `host` is the Host header.
pub fn sign(operation: &Operation, host: &str, credentials: &Credentials, stamp: &Stamp) -> SignedRequest {
    let parameters = operation.all_parameters().collect();
    let body_hash = sha256_hex(b"");
    let mut headers = vec![
        ("x-acs-action", operation.action.to_owned()),
        ("x-acs-content-sha256", body_hash.clone()),
        ("x-acs-date", iso_8601(stamp.time)),
        ("x-acs-signature-nonce", stamp.nonce.clone()),
        ("x-acs-version", operation.version.to_owned()),
    ];
    if let Some(token) = &credentials.security_token {
        headers.push(("x-acs-security-token", token.expose().to_owned()));
    }
    let signed: BTreeMap<&str, &str> =
        headers.iter().map(|(name, value)| (*name, value.as_str())).chain([("host", host)]).collect();

    let query = canonical_query(&parameters);
    let string_to_sign = string_to_sign(&canonical_request("POST", &query, &signed, &body_hash));
    let signature = signature(&string_to_sign, &credentials.access_key_secret);
    let authorization = format!(
        "{ALGORITHM} Credential={},SignedHeaders={},Signature={signature}",
        credentials.access_key_id.expose(),
        header_names(&signed),
    );
    headers.push(("authorization", authorization));
    SignedRequest {
        method: "POST",
        path_and_query: Secret::new(format!("/?{query}")),
        headers: headers.into_iter().map(|(name, value)| (name, Secret::new(value))).collect(),
        form: None,
        secrets: operation.secrets_and(Some(signature)),
        string_to_sign: Secret::new(string_to_sign),
    }
}

/// Returns method, path, query, `k:v` of each signed header, their names and the body's hash, one per line.
pub(crate) fn canonical_request(method: &str, query: &str, headers: &BTreeMap<&str, &str>, body_hash: &str) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    format!("{method}\n/\n{query}\n{lines}\n{}\n{body_hash}", header_names(headers))
}

/// Returns the algorithm and the hash of the canonical request.
pub(crate) fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", sha256_hex(canonical_request.as_bytes()))
}

/// Returns the hexadecimal HMAC-SHA256 with the AccessKeySecret as the key.
pub(crate) fn signature(string_to_sign: &str, secret: &Secret) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(string_to_sign.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// Returns the hexadecimal SHA-256.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn header_names(headers: &BTreeMap<&str, &str>) -> String {
    headers.keys().copied().collect::<Vec<_>>().join(";")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
