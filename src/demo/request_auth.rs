//! What the service checks before an operation runs: parameters, key, time, signature, nonce, token and policy.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::account::{ACCESS_KEYS, Role};
use super::fault::Fault;
use super::sts_sessions::StsSessions;
use crate::api::signature::{acs3, canonical_query, rpc_v1};
use crate::secret::Secret;

/// How far a request's time may be from the service's clock.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(15);

/// The most nonces remembered. Beyond it old ones are forgotten, which the real service does not do.
const MAX_NONCES: usize = 100_000;

/// The only action that is not signed: its caller has no key yet.
const UNSIGNED_ACTION: &str = "AssumeRoleWithOIDC";

/// An HTTP request, not yet checked.
#[derive(Debug, Default)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    /// The decoded parameters of the query.
    pub(crate) query: BTreeMap<String, String>,
    /// The decoded parameters of a form in the body.
    pub(crate) form: BTreeMap<String, String>,
    /// By names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// The service that a request is for, by its Version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Product {
    /// Version `2014-05-26`.
    #[default]
    Ecs,
    /// Version `2015-04-01`.
    Sts,
}

/// The owner of the key that signed a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The request was not signed.
    #[default]
    Anonymous,
    /// The account's RAM user.
    User,
    /// A role, assumed under a RoleSessionName.
    Role(&'static Role, String),
}

/// A request that has passed all checks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthenticatedRequest {
    pub(crate) product: Product,
    pub(crate) action: String,
    pub(crate) caller: Caller,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Checks requests, and remembers their nonces.
#[derive(Debug, Default)]
pub(crate) struct RequestAuth {
    /// When each nonce was used.
    nonces: HashMap<String, DateTime<Utc>>,
}

impl ReceivedRequest {
    /// The parameters of query and form.
    fn all_parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.query.clone();
        parameters.extend(self.form.clone());
        parameters
    }
}

impl AuthenticatedRequest {
    /// An optional parameter. An empty one counts as left out.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A mandatory parameter.
    pub(crate) fn require(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| missing(name))
    }
}

/// What a request holds in either signature scheme.
struct SignedRequest {
    access_key_id: String,
    token: Option<String>,
    time: String,
    nonce: String,
    signature: String,
    string_to_sign: String,
    /// Computes the signature of a string under a secret.
    sign: fn(&str, &Secret) -> String,
    parameters: BTreeMap<String, String>,
}

impl RequestAuth {
    /// Checks a request as the service would do at `now`.
    pub(crate) fn check(
        &mut self,
        received: &ReceivedRequest,
        sessions: &StsSessions,
        now: DateTime<Utc>,
    ) -> Result<AuthenticatedRequest, Fault> {
        let authorization = received.headers.get("authorization");
        let (action, version) = action_and_version(received, authorization.is_some())?;
        let product = match version {
            "2014-05-26" => Product::Ecs,
            "2015-04-01" => Product::Sts,
            _ => return Err(Fault::new(404, "InvalidVersion", "Specified parameter Version is not valid.")),
        };
        let action = action.to_owned();
        if action == UNSIGNED_ACTION {
            let parameters = received.all_parameters();
            return Ok(AuthenticatedRequest { product, action, caller: Caller::Anonymous, parameters });
        }
        let signed = match authorization {
            Some(authorization) => read_acs3(received, authorization)?,
            None => read_rpc_v1(received)?,
        };
        let key = find_key(&signed.access_key_id, sessions)?;
        check_time(&signed.time, now)?;
        let expected = (signed.sign)(&signed.string_to_sign, &key.secret);
        if expected != signed.signature {
            let detail = format!(" server string to sign is:{}", signed.string_to_sign);
            return Err(Fault::of("SignatureDoesNotMatch").with_detail(&detail));
        }
        self.check_nonce(&signed.nonce, now)?;
        check_token(&key, signed.token.as_deref(), now)?;
        // GetCallerIdentity needs no permission. Source: the vendor's page on it.
        let needs_no_permission = action == "GetCallerIdentity";
        if !needs_no_permission && key.allowed_actions.is_some_and(|allowed| !allowed.contains(&action.as_str())) {
            return Err(Fault::of(if product == Product::Ecs { "Forbidden.RAM" } else { "NoPermission" }));
        }
        Ok(AuthenticatedRequest { product, action, caller: key.caller, parameters: signed.parameters })
    }

    fn check_nonce(&mut self, nonce: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        if self.nonces.len() >= MAX_NONCES {
            self.nonces.retain(|_, seen| now - *seen < MAX_CLOCK_SKEW);
            if self.nonces.len() >= MAX_NONCES {
                self.nonces.clear();
            }
        }
        match self.nonces.insert(nonce.to_owned(), now) {
            Some(_) => Err(Fault::of("SignatureNonceUsed")),
            None => Ok(()),
        }
    }
}

fn read_rpc_v1(received: &ReceivedRequest) -> Result<SignedRequest, Fault> {
    let mut parameters = received.all_parameters();
    let signature = parameters.remove("Signature").ok_or_else(|| missing("Signature"))?;
    let string_to_sign = rpc_v1::string_to_sign(&received.method, &parameters);
    let take = |name: &str| parameters.get(name).cloned().ok_or_else(|| missing(name));
    if take("SignatureMethod")? != "HMAC-SHA1" || take("SignatureVersion")? != "1.0" {
        return Err(Fault::of("IncompleteSignature"));
    }
    // In a header these would not be signed.
    take("Action")?;
    take("Version")?;
    Ok(SignedRequest {
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

fn read_acs3(received: &ReceivedRequest, authorization: &str) -> Result<SignedRequest, Fault> {
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
    // Everything that decides what the request does must be signed.
    let mandatory =
        ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];
    if mandatory.iter().any(|name| !signed_headers.contains_key(name)) {
        return Err(incomplete());
    }
    let query = canonical_query(&received.query);
    let canonical = acs3::canonical_request(&received.method, &query, &signed_headers, &body_hash);
    Ok(SignedRequest {
        access_key_id: field("Credential")?.to_owned(),
        token: received.headers.get("x-acs-security-token").cloned(),
        time: header("x-acs-date")?,
        nonce: header("x-acs-signature-nonce")?,
        signature: field("Signature")?.to_owned(),
        string_to_sign: acs3::string_to_sign(&canonical),
        sign: acs3::signature,
        parameters: received.all_parameters(),
    })
}

/// The error for a mandatory parameter that is missing.
fn missing(name: &str) -> Fault {
    let message =
        format!("The input parameter \"{name}\" that is mandatory for processing this request is not supplied.");
    Fault::new(400, "MissingParameter", &message)
}

/// Action and Version, which ACS3 has in headers, and RPC in parameters or headers.
fn action_and_version(received: &ReceivedRequest, is_acs3: bool) -> Result<(&str, &str), Fault> {
    let take = |parameter: &str, header: &str| {
        let of_parameters = received.query.get(parameter).or(received.form.get(parameter)).filter(|_| !is_acs3);
        let value = of_parameters.or_else(|| received.headers.get(header)).map(String::as_str);
        value.ok_or_else(|| missing(parameter))
    };
    Ok((take("Action", "x-acs-action")?, take("Version", "x-acs-version")?))
}

/// A key of the account, whether it is permanent or was issued by STS.
struct KnownKey {
    secret: Secret,
    token: Option<Secret>,
    expires: Option<DateTime<Utc>>,
    allowed_actions: Option<&'static [&'static str]>,
    caller: Caller,
}

fn find_key(id: &str, sessions: &StsSessions) -> Result<KnownKey, Fault> {
    if let Some(session) = sessions.get(id) {
        return Ok(KnownKey {
            secret: session.secret.clone(),
            token: Some(session.token.clone()),
            expires: Some(session.expires),
            allowed_actions: None,
            caller: Caller::Role(session.role, session.name.clone()),
        });
    }
    let key = ACCESS_KEYS.iter().find(|key| key.id == id).ok_or_else(|| Fault::of("InvalidAccessKeyId.NotFound"))?;
    if !key.is_active {
        return Err(Fault::of("InvalidAccessKeyId.Inactive"));
    }
    Ok(KnownKey {
        secret: Secret::new(key.secret),
        token: key.token.map(Secret::new),
        expires: None,
        allowed_actions: key.allowed_actions,
        caller: Caller::User,
    })
}

fn check_time(text: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| Fault::of("IllegalTimestamp"))?;
    if (now - time.and_utc()).abs() > MAX_CLOCK_SKEW { Err(Fault::of("InvalidTimeStamp.Expired")) } else { Ok(()) }
}

fn check_token(key: &KnownKey, given: Option<&str>, now: DateTime<Utc>) -> Result<(), Fault> {
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
