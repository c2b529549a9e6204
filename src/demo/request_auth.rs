//! What the service checks before an operation runs: parameters, key, time, signature, nonce, token, policy.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::account::{KEYS, Role};
use super::fault::Fault;
use super::sessions::Sessions;
use crate::api::signature::{acs3, canonical_query, rpc_v1};
use crate::secret::Secret;

/// How far a request's time may be off.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The most nonces remembered; past it they are forgotten: this is a simulation, and bounded.
const NONCES: usize = 100_000;

/// The only operation that is not signed: its caller has no key yet.
const UNSIGNED: &str = "AssumeRoleWithOIDC";

/// A request as it came over the wire.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// `GET` or `POST`.
    pub(crate) method: String,
    /// Parameters of the query.
    pub(crate) query: BTreeMap<String, String>,
    /// Parameters of a form in the body.
    pub(crate) form: BTreeMap<String, String>,
    /// Headers, names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Which service a request is for, by its Version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Product {
    /// `2014-05-26`
    #[default]
    Ecs,
    /// `2015-04-01`
    Sts,
}

/// Who has signed a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody.
    #[default]
    Nobody,
    /// The account's RAM user.
    User,
    /// Whoever has assumed a role, under this RoleSessionName.
    Role(&'static Role, String),
}

/// A request that has passed: an operation and its parameters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthenticatedRequest {
    /// Of which service.
    pub(crate) product: Product,
    /// Action.
    pub(crate) action: String,
    /// Who asks.
    pub(crate) caller: Caller,
    /// All parameters.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Remembers nonces.
#[derive(Debug, Default)]
pub(crate) struct RequestAuth {
    nonces: HashMap<String, DateTime<Utc>>,
}

impl Received {
    /// Parameters, wherever they are.
    fn parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.query.clone();
        parameters.extend(self.form.clone());
        parameters
    }
}

impl AuthenticatedRequest {
    /// A parameter that may be left out, and is if it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    pub(crate) fn need(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| missing(name))
    }
}

/// What a signature scheme puts into a request, wherever it puts it.
struct Signed {
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

impl RequestAuth {
    /// Checks a request as the service would at `now`.
    pub(crate) fn check(
        &mut self,
        received: &Received,
        sessions: &Sessions,
        now: DateTime<Utc>,
    ) -> Result<AuthenticatedRequest, Fault> {
        let authorization = received.headers.get("authorization");
        let (action, version) = asked(received, authorization.is_some())?;
        let product = match version {
            "2014-05-26" => Product::Ecs,
            "2015-04-01" => Product::Sts,
            _ => return Err(Fault::new(404, "InvalidVersion", "Specified parameter Version is not valid.")),
        };
        let action = action.to_owned();
        if action == UNSIGNED {
            let parameters = received.parameters();
            return Ok(AuthenticatedRequest { product, action, caller: Caller::Nobody, parameters });
        }
        let signed = match authorization {
            Some(authorization) => acs3_of(received, authorization)?,
            None => rpc_v1_of(received)?,
        };
        let key = known(&signed.access_key_id, sessions)?;
        check_time(&signed.time, now)?;
        let expected = (signed.sign)(&signed.string_to_sign, &key.secret);
        if expected != signed.signature {
            let theirs = format!(" server string to sign is:{}", signed.string_to_sign);
            return Err(Fault::of("SignatureDoesNotMatch").saying(&theirs));
        }
        self.check_nonce(&signed.nonce, now)?;
        check_token(&key, signed.token.as_deref(), now)?;
        // GetCallerIdentity needs no permission. Source: the vendor's page on it.
        let is_free = action == "GetCallerIdentity";
        if !is_free && key.allowed.is_some_and(|allowed| !allowed.contains(&action.as_str())) {
            return Err(Fault::of(if product == Product::Ecs { "Forbidden.RAM" } else { "NoPermission" }));
        }
        Ok(AuthenticatedRequest { product, action, caller: key.caller, parameters: signed.parameters })
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
    let mut parameters = received.parameters();
    let signature = parameters.remove("Signature").ok_or_else(|| missing("Signature"))?;
    let string_to_sign = rpc_v1::string_to_sign(&received.method, &parameters);
    let take = |name: &str| parameters.get(name).cloned().ok_or_else(|| missing(name));
    if take("SignatureMethod")? != "HMAC-SHA1" || take("SignatureVersion")? != "1.0" {
        return Err(Fault::of("IncompleteSignature"));
    }
    // Taken from a header, these would not be signed.
    take("Action")?;
    take("Version")?;
    Ok(Signed {
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
    Ok(Signed {
        access_key_id: field("Credential")?.to_owned(),
        token: received.headers.get("x-acs-security-token").cloned(),
        time: header("x-acs-date")?,
        nonce: header("x-acs-signature-nonce")?,
        signature: field("Signature")?.to_owned(),
        string_to_sign: acs3::string_to_sign(&canonical),
        sign: acs3::signature,
        parameters: received.parameters(),
    })
}

/// A parameter that is not there.
fn missing(name: &str) -> Fault {
    let message =
        format!("The input parameter \"{name}\" that is mandatory for processing this request is not supplied.");
    Fault::new(400, "MissingParameter", &message)
}

/// Action and Version, from where the scheme has them.
fn asked(received: &Received, is_acs3: bool) -> Result<(&str, &str), Fault> {
    let take = |parameter: &str, header: &str| {
        let of_parameters = received.query.get(parameter).or(received.form.get(parameter)).filter(|_| !is_acs3);
        let value = of_parameters.or_else(|| received.headers.get(header)).map(String::as_str);
        value.ok_or_else(|| missing(parameter))
    };
    Ok((take("Action", "x-acs-action")?, take("Version", "x-acs-version")?))
}

/// A key as the gateway sees it, whether it is the account's own or was issued.
struct Known {
    secret: Secret,
    token: Option<Secret>,
    expires: Option<DateTime<Utc>>,
    allowed: Option<&'static [&'static str]>,
    caller: Caller,
}

fn known(id: &str, sessions: &Sessions) -> Result<Known, Fault> {
    if let Some(session) = sessions.get(id) {
        return Ok(Known {
            secret: session.secret.clone(),
            token: Some(session.token.clone()),
            expires: Some(session.expires),
            allowed: None,
            caller: Caller::Role(session.role, session.name.clone()),
        });
    }
    let key = KEYS.iter().find(|key| key.id == id).ok_or_else(|| Fault::of("InvalidAccessKeyId.NotFound"))?;
    if !key.active {
        return Err(Fault::of("InvalidAccessKeyId.Inactive"));
    }
    Ok(Known {
        secret: Secret::new(key.secret),
        token: key.token.map(Secret::new),
        expires: None,
        allowed: key.allowed,
        caller: Caller::User,
    })
}

fn check_time(text: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| Fault::of("IllegalTimestamp"))?;
    if (now - time.and_utc()).abs() > WINDOW { Err(Fault::of("InvalidTimeStamp.Expired")) } else { Ok(()) }
}

fn check_token(key: &Known, given: Option<&str>, now: DateTime<Utc>) -> Result<(), Fault> {
    match (&key.token, given) {
        (Some(_), None) => Err(Fault::of("MissingSecurityToken")),
        (Some(expected), Some(given)) if expected.expose() != given => Err(Fault::of("InvalidSecurityToken.Malformed")),
        _ if key.expires.is_some_and(|expires| expires <= now) => Err(Fault::of("InvalidSecurityToken.Expired")),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "request_auth_tests.rs"]
mod tests;
