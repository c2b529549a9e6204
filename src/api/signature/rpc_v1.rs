//! The RPC signature, `SignatureVersion=1.0` with HMAC-SHA1.
//!
//! Source: the vendor's page "Request syntax and signature method V2 for RPC APIs".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::canonical_query::canonical_query;
use super::{Operation, SignedRequest, Stamp};
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::system::clock::iso_8601;
use crate::text::percent::encode;

/// Signs `operation` as a GET with all parameters in the query, the best documented form.
pub fn sign(operation: &Operation, credentials: &Credentials, stamp: &Stamp) -> SignedRequest {
    let mut parameters: BTreeMap<String, String> = [
        ("Action", operation.action),
        ("Version", operation.version),
        ("Format", "JSON"),
        ("AccessKeyId", credentials.access_key_id.expose()),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &stamp.nonce),
        ("Timestamp", &iso_8601(stamp.time)),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    if let Some(token) = &credentials.security_token {
        parameters.insert("SecurityToken".into(), token.expose().to_owned());
    }
    parameters.extend(operation.all_parameters());

    let string_to_sign = string_to_sign("GET", &parameters);
    let signature = signature(&string_to_sign, &credentials.access_key_secret);
    SignedRequest {
        method: "GET",
        path_and_query: Secret::new(format!("/?{}&Signature={}", canonical_query(&parameters), encode(&signature))),
        headers: Vec::new(),
        form: None,
        secrets: operation.secrets_and(Some(signature)),
        string_to_sign: Secret::new(string_to_sign),
    }
}

/// Returns `METHOD&%2F&` and the encoded canonical query. `method` is the HTTP method of the request.
pub fn string_to_sign(method: &str, parameters: &BTreeMap<String, String>) -> String {
    format!("{method}&%2F&{}", encode(&canonical_query(parameters)))
}

/// Returns the base64 of the HMAC-SHA1 with the AccessKeySecret followed by `&` as the key.
pub fn signature(string_to_sign: &str, secret: &Secret) -> String {
    let key = Secret::new(format!("{}&", secret.expose()));
    let mut mac = Hmac::<Sha1>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(string_to_sign.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
