//! What the service checks before an operation runs: parameters, key, time, signature, nonce, token, policy.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::account::{KEYS, Key};
use super::fault::Fault;
use crate::api::signature::{acs3, canonical_query, rpc_v1};
use crate::secret::Secret;

/// How far a request's time may be off.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The most nonces remembered; past it they are forgotten: this is a simulation, and bounded.
const NONCES: usize = 100_000;

/// A request as it came over the wire.
#[derive(Debug, Default)]
pub struct Received {
    /// `GET` or `POST`.
    pub method: String,
    /// Parameters of the query.
    pub query: BTreeMap<String, String>,
    /// Parameters of a form in the body.
    pub form: BTreeMap<String, String>,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that has passed: an operation and its parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct Passed {
    /// Action.
    pub action: String,
    /// All parameters.
    pub parameters: BTreeMap<String, String>,
}

/// Remembers nonces.
#[derive(Debug, Default)]
pub struct Gateway {
    nonces: HashMap<String, DateTime<Utc>>,
}

/// What a signature scheme puts into a request, wherever it puts it.
struct Signed {
    action: String,
    version: String,
    access_key_id: String,
    token: Option<String>,
    time: String,
    nonce: String,
    signature: String,
    string_to_sign: String,
    /// Computes the signature under a secret.
    sign: fn(&str, &Secret) -> String,
    parameters: BTreeMap<String, String>,
}

impl Gateway {
    /// Checks a request as the service would at `now`.
    pub fn check(&mut self, received: &Received, now: DateTime<Utc>) -> Result<Passed, Fault> {
        let signed = match received.headers.get("authorization") {
            Some(authorization) => acs3_of(received, authorization)?,
            None => rpc_v1_of(received)?,
        };
        let key = key(&signed.access_key_id)?;
        check_time(&signed.time, now)?;
        let expected = (signed.sign)(&signed.string_to_sign, &Secret::new(key.secret));
        if expected != signed.signature {
            let theirs = format!(" server string to sign is:{}", signed.string_to_sign);
            return Err(Fault::of("SignatureDoesNotMatch").saying(&theirs));
        }
        self.check_nonce(&signed.nonce, now)?;
        check_token(key, signed.token.as_deref())?;
        if signed.version != "2014-05-26" {
            return Err(Fault::new(404, "InvalidVersion", "Specified parameter Version is not valid."));
        }
        if key.allowed.is_some_and(|allowed| !allowed.contains(&signed.action.as_str())) {
            return Err(Fault::of("Forbidden.RAM"));
        }
        Ok(Passed { action: signed.action, parameters: signed.parameters })
    }

    fn check_nonce(&mut self, nonce: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        if self.nonces.len() >= NONCES {
            self.nonces.retain(|_, seen| now - *seen < WINDOW);
            if self.nonces.len() >= NONCES {
                self.nonces.clear();
            }
        }
        match self.nonces.insert(nonce.to_owned(), now) {
            Some(_) => Err(Fault::of("SignatureNonceUsed")),
            None => Ok(()),
        }
    }
}

fn rpc_v1_of(received: &Received) -> Result<Signed, Fault> {
    let mut parameters = received.query.clone();
    parameters.extend(received.form.clone());
    let signature = parameters.remove("Signature").ok_or_else(|| missing("Signature"))?;
    let string_to_sign = rpc_v1::string_to_sign(&received.method, &parameters);
    let take = |name: &str| parameters.get(name).cloned().ok_or_else(|| missing(name));
    if take("SignatureMethod")? != "HMAC-SHA1" || take("SignatureVersion")? != "1.0" {
        return Err(Fault::of("IncompleteSignature"));
    }
    Ok(Signed {
        action: take("Action")?,
        version: take("Version")?,
        access_key_id: take("AccessKeyId")?,
        token: parameters.get("SecurityToken").cloned(),
        time: take("Timestamp")?,
        nonce: take("SignatureNonce")?,
        signature,
        string_to_sign,
        sign: rpc_v1::signature,
        parameters,
    })
}

fn acs3_of(received: &Received, authorization: &str) -> Result<Signed, Fault> {
    let incomplete = || Fault::of("IncompleteSignature");
    let fields = authorization.strip_prefix(acs3::ALGORITHM).ok_or_else(incomplete)?;
    let fields: BTreeMap<&str, &str> = fields.split(',').filter_map(|field| field.trim().split_once('=')).collect();
    let field = |name: &str| fields.get(name).copied().ok_or_else(incomplete);
    let header = |name: &str| received.headers.get(name).cloned().ok_or_else(|| missing(name));

    let body_hash = acs3::sha256_hex(&received.body);
    if header("x-acs-content-sha256")? != body_hash {
        return Err(incomplete());
    }
    let mut signed_headers = BTreeMap::new();
    for name in field("SignedHeaders")?.split(';') {
        signed_headers.insert(name, received.headers.get(name).ok_or_else(incomplete)?.as_str());
    }
    // Whatever decides about the request must be signed.
    let must = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];
    if must.iter().any(|name| !signed_headers.contains_key(name)) {
        return Err(incomplete());
    }
    let query = canonical_query(&received.query);
    let canonical = acs3::canonical_request(&received.method, &query, &signed_headers, &body_hash);
    let mut parameters = received.query.clone();
    parameters.extend(received.form.clone());
    Ok(Signed {
        action: header("x-acs-action")?,
        version: header("x-acs-version")?,
        access_key_id: field("Credential")?.to_owned(),
        token: received.headers.get("x-acs-security-token").cloned(),
        time: header("x-acs-date")?,
        nonce: header("x-acs-signature-nonce")?,
        signature: field("Signature")?.to_owned(),
        string_to_sign: acs3::string_to_sign(&canonical),
        sign: acs3::signature,
        parameters,
    })
}

/// A parameter that every request needs.
pub fn missing(name: &str) -> Fault {
    let message =
        format!("The input parameter \"{name}\" that is mandatory for processing this request is not supplied.");
    Fault::new(400, "MissingParameter", &message)
}

fn key(id: &str) -> Result<&'static Key, Fault> {
    let key = KEYS.iter().find(|key| key.id == id).ok_or_else(|| Fault::of("InvalidAccessKeyId.NotFound"))?;
    if key.active { Ok(key) } else { Err(Fault::of("InvalidAccessKeyId.Inactive")) }
}

fn check_time(text: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| Fault::of("IllegalTimestamp"))?;
    if (now - time.and_utc()).abs() > WINDOW { Err(Fault::of("InvalidTimeStamp.Expired")) } else { Ok(()) }
}

fn check_token(key: &Key, given: Option<&str>) -> Result<(), Fault> {
    match (key.token, given) {
        (Some(_), None) => Err(Fault::of("MissingSecurityToken")),
        (Some(expected), Some(given)) if expected != given => Err(Fault::of("InvalidSecurityToken.Malformed")),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;
