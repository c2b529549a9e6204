//! Requests without a signature: AssumeRoleWithOIDC is called before there are credentials.
//!
//! Source: the vendor's page on AssumeRoleWithOIDC, and the official Go SDK's provider, which sends the operation's
//! parameters as a form. This keeps the OIDC token out of the URL, which proxies log.

use std::collections::BTreeMap;

use super::canonical_query::canonical_query;
use super::{Operation, SignedRequest, Stamp};
use crate::secret::Secret;
use crate::system::clock::iso_8601;

/// Returns the request for `operation`, as a POST.
pub fn request(operation: &Operation, stamp: &Stamp) -> SignedRequest {
    let common: BTreeMap<String, String> = [
        ("Action", operation.action),
        ("Version", operation.version),
        ("Format", "JSON"),
        ("SignatureNonce", &stamp.nonce),
        ("Timestamp", &iso_8601(stamp.time)),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    SignedRequest {
        method: "POST",
        path_and_query: Secret::new(format!("/?{}", canonical_query(&common))),
        headers: Vec::new(),
        form: Some(Secret::new(canonical_query(&operation.all_parameters().collect()))),
        secrets: operation.secrets_and(None),
        string_to_sign: Secret::new(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_parameter_is_in_the_body_only() {
        let operation = Operation::new("AssumeRoleWithOIDC", "2015-04-01")
            .with("RoleArn", "acs:ram::1:role/r")
            .with_secret("OIDCToken", Secret::new("a.b+c/d="));
        let time = "2024-02-29T12:34:56Z".parse().unwrap();
        let request = request(&operation, &Stamp { time, nonce: "n".to_owned() });
        assert_eq!(request.method, "POST");
        assert_eq!(
            request.path_and_query.expose(),
            "/?Action=AssumeRoleWithOIDC&Format=JSON&SignatureNonce=n&Timestamp=2024-02-29T12%3A34%3A56Z&Version=2015-04-01"
        );
        let form = request.form.unwrap();
        assert_eq!(form.expose(), "OIDCToken=a.b%2Bc%2Fd%3D&RoleArn=acs%3Aram%3A%3A1%3Arole%2Fr");
        assert_eq!(request.secrets.len(), 1);
    }
}
