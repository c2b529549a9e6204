//! Turns errors of the API into errors of a command: the kind of error, and a hint about what to do next. Pure.
//!
//! Source of the error codes: the vendor's pages on DescribeInstanceVncUrl, DescribeInstances, GetInstanceScreenshot,
//! GetInstanceConsoleOutput, AssumeRole, AssumeRoleWithOIDC, and on common errors.

mod power;

use crate::api::operations::{KNOWN_REGIONS, MIN_SCREENSHOT_INTERVAL};
use crate::api::{ApiError, ServiceError, SignatureMismatch, is_throttling, is_transient_status};
use crate::command_error::CommandError;
use crate::credentials::CredentialsOrigin;
use crate::error_kind::ErrorKind;
use crate::secret::AccessKeyId;
use crate::text::suggest::suggest;

const CONSOLE_OUTPUT: &str = "GetInstanceConsoleOutput";
const SCREENSHOT: &str = "GetInstanceScreenshot";
const SET_PASSWORD: &str = "ModifyInstanceVncPasswd";

const CLOCK_HINT: &str = "the service accepts times that are up to 15 minutes off: check this machine's clock (NTP), and \
                          whether a proxy delays requests";

/// The request that failed, and the credentials that it was signed with.
#[derive(Debug)]
pub(crate) struct RequestDetails<'a> {
    /// For example `DescribeInstanceVncUrl`.
    pub(crate) action: &'a str,
    pub(crate) region: &'a str,
    pub(crate) instance: &'a str,
    /// The instance's status, if it is known.
    pub(crate) status: Option<&'a str>,
    pub(crate) origin: &'a CredentialsOrigin,
    pub(crate) access_key_id: &'a AccessKeyId,
    /// Whether the credentials have an STS token.
    pub(crate) has_token: bool,
}

/// What an error means to the user.
struct Explanation {
    kind: ErrorKind,
    hint: Option<String>,
}

impl Explanation {
    fn new(kind: ErrorKind, hint: impl Into<String>) -> Self {
        Self { kind, hint: Some(hint.into()) }
    }

    fn without_hint(kind: ErrorKind) -> Self {
        Self { kind, hint: None }
    }

    fn into_command_error(self, error: ApiError) -> CommandError {
        let service = error.service().cloned().map(Box::new);
        CommandError { hint: self.hint, service, ..CommandError::new(self.kind, error) }
    }
}

/// Explains the error of an ECS operation.
pub(crate) fn explain(error: ApiError, request: &RequestDetails<'_>) -> CommandError {
    let explanation = match &error {
        ApiError::Service(service) => explain_service_error(service, request),
        ApiError::CredentialsUnavailable(unavailable) => {
            Explanation::new(unavailable.kind, format!("the credentials come from {}", request.origin))
        }
        error if error.is_outcome_unknown() && unknown_outcome(request).is_some() => {
            let Explanation { kind, .. } = explain_network_error(error, request.region);
            Explanation { kind, hint: unknown_outcome(request) }
        }
        error => explain_network_error(error, request.region),
    };
    explanation.into_command_error(error)
}

/// Explains the error of an STS operation that was to assume `role` for the credentials from `origin`.
pub(crate) fn explain_sts(error: ApiError, action: &str, role: &str, origin: &CredentialsOrigin) -> CommandError {
    let explanation = match &error {
        ApiError::Service(service) => explain_sts_error(service, action, role, origin),
        error => explain_network_error(error, ""),
    };
    explanation.into_command_error(error)
}

/// Explains errors that do not depend on the operation.
fn explain_network_error(error: &ApiError, region: &str) -> Explanation {
    match error {
        ApiError::Connect { authority, proxy, tls: Some(tls), .. } => {
            Explanation::new(ErrorKind::CannotConnect, tls.next_step(authority, proxy.as_deref()))
        }
        ApiError::Connect { authority, proxy, cause, .. } => {
            Explanation::new(ErrorKind::CannotConnect, connect_hint(authority, proxy.as_deref(), cause, region))
        }
        ApiError::Lost { .. } => Explanation::new(ErrorKind::ConnectionLost, "try again; -v shows each attempt"),
        ApiError::UnexpectedResponse { status, .. } if is_transient_status(*status) => {
            Explanation::new(ErrorKind::Unavailable, "the service or a proxy is failing; try again later")
        }
        ApiError::UnexpectedResponse { request_id: Some(id), .. } => Explanation::new(
            ErrorKind::BadAnswer,
            format!(
                "the service answered, but not in the documented form; try again, or report this as a bug of ecs-vnc \
                 with the RequestId {id}"
            ),
        ),
        ApiError::UnexpectedResponse { .. } => Explanation::new(
            ErrorKind::BadAnswer,
            "another server responded: check --endpoint and HTTPS_PROXY, and whether the network requires a login",
        ),
        ApiError::NoResponse { .. } | ApiError::Stalled { .. } | ApiError::TimeLimit { .. } => Explanation::new(
            ErrorKind::TimeLimit,
            "the network may be slow or blocked; allow more time with --timeout SECONDS, or with `timeout` in the \
             profile",
        ),
        ApiError::CredentialsUnavailable(unavailable) => Explanation::without_hint(unavailable.kind),
        ApiError::Service(_) => Explanation::without_hint(ErrorKind::Other),
    }
}

/// Returns the known region that is most similar to an unknown one, if one is.
pub(crate) fn similar_region(region: &str) -> Option<&'static str> {
    if KNOWN_REGIONS.contains(&region) { None } else { suggest(region, KNOWN_REGIONS) }
}

/// What the texts of errors contain if a host is not known, in lower case. Windows says it in the user's language, with a number:
/// WSAHOST_NOT_FOUND, WSATRY_AGAIN, WSANO_RECOVERY or WSANO_DATA of winsock2.h.
const DNS_ERRORS: [&str; 9] = [
    "lookup",
    "dns",
    "name or service",
    "nodename",
    "no such host",
    "(os error 11001)",
    "(os error 11002)",
    "(os error 11003)",
    "(os error 11004)",
];

fn connect_hint(authority: &str, proxy: Option<&str>, cause: &str, region: &str) -> String {
    let cause = cause.to_ascii_lowercase();
    if let Some(proxy) = proxy {
        return format!("check the proxy ({proxy}); NO_PROXY lists hosts to connect to without it");
    }
    match DNS_ERRORS.iter().any(|text| cause.contains(text)) {
        true if authority.ends_with(".aliyuncs.com") && !region.is_empty() => {
            let suggestion = similar_region(region).map(|similar| format!(": did you mean {similar}?"));
            format!("check the network, and that {region} is a region{}", suggestion.unwrap_or_default())
        }
        true => format!("check the network, and that the endpoint {authority} is right"),
        false => "check the network; set HTTPS_PROXY if you need a proxy, or try another --endpoint, or \
                  endpoint_type = \"vpc\" inside a VPC"
            .to_owned(),
    }
}

/// Source: the vendor's pages on AssumeRole and AssumeRoleWithOIDC.
fn explain_sts_error(error: &ServiceError, action: &str, role: &str, origin: &CredentialsOrigin) -> Explanation {
    let hint = match error.code.as_str() {
        _ if error.is_temporary() => {
            return Explanation::new(ErrorKind::Unavailable, "STS is failing or busy; try again in a minute");
        }
        "InvalidTimeStamp.Expired" | "IllegalTimestamp" => return Explanation::new(ErrorKind::Other, CLOCK_HINT),
        "NoPermission" => format!(
            "{origin} is not allowed to assume {role}: grant its user the RAM action sts:{action}, and allow it in the \
             role's trust policy (with the external_id, if the policy requires one)"
        ),
        "EntityNotExist.Role" => format!("the role {role} does not exist; check ram_role_arn in {origin}"),
        code if code.starts_with("AuthenticationFail") => {
            format!("the OIDC provider of {role} does not accept the token of {origin}; check whether it has expired")
        }
        code if code.starts_with("InvalidParameter") => format!("check the settings of the role in {origin}"),
        code if is_about_credentials(code) => format!("STS refused the credentials of {origin} for assuming {role}"),
        _ => format!("STS did not let {origin} assume {role}; the code says why"),
    };
    Explanation::new(ErrorKind::Credentials, hint)
}

/// Whether a code says that the AccessKey, its token or its signature is not accepted.
fn is_about_credentials(code: &str) -> bool {
    let prefixes = ["InvalidAccessKeyId", "InvalidSecurityToken", "MissingSecurityToken", "Signature"];
    code == "IncompleteSignature" || prefixes.iter().any(|prefix| code.starts_with(prefix))
}

/// What to do if an operation that is not repeated may have been carried out.
fn unknown_outcome(request: &RequestDetails<'_>) -> Option<String> {
    match request.action {
        SET_PASSWORD => Some("it is not known whether the password was set; run the command again".to_owned()),
        action => power::unknown_outcome(action, request.instance),
    }
}

fn explain_service_error(error: &ServiceError, request: &RequestDetails<'_>) -> Explanation {
    let RequestDetails { action, region, instance, origin, access_key_id, .. } = request;
    let access_key = format!("the AccessKey {access_key_id} from {origin}");
    match error.code.as_str() {
        "Throttling" if *action == SCREENSHOT => {
            let seconds = MIN_SCREENSHOT_INTERVAL.as_secs();
            let hint = format!(
                "the service allows one screenshot of an instance in {seconds} s, for all users together; wait longer \
                 with --timeout SECONDS"
            );
            Explanation::new(ErrorKind::Unavailable, hint)
        }
        code if is_throttling(code) => Explanation::new(
            ErrorKind::Unavailable,
            "the account has reached the service's rate limit; wait a minute and try again",
        ),
        "SignatureNonceUsed" => {
            Explanation::new(ErrorKind::Unavailable, "try again; a proxy may have sent the request twice")
        }
        _ if error.is_temporary() && matches!(error.http_status, 408 | 429) => Explanation::new(
            ErrorKind::Unavailable,
            "the service is busy, or a limit of the account is reached; wait a minute and try again",
        ),
        _ if error.is_temporary() => Explanation::new(
            ErrorKind::Unavailable,
            "this is a fault of the service; try again, or contact Alibaba Cloud support with the RequestId",
        ),
        "InstanceNotReady" => {
            Explanation::new(ErrorKind::WrongState, format!("{}; try again in a minute", not_ready(request)))
        }
        "IncorrectInstanceStatus" => Explanation::new(ErrorKind::WrongState, wrong_status_hint(request)),
        code if power::refusal_hint(code, request.instance).is_some() => {
            Explanation { kind: ErrorKind::WrongState, hint: power::refusal_hint(code, request.instance) }
        }
        "NotSupported" if *action == CONSOLE_OUTPUT => {
            let hint = format!(
                "Windows instances and retired instance types have no console output; show the screen with \
                 `ecs-vnc screenshot {instance}`"
            );
            Explanation::new(ErrorKind::WrongState, hint)
        }
        "NotSupported" => {
            let hint = format!("{instance} does not support {action}; retired instance types do not");
            Explanation::new(ErrorKind::WrongState, hint)
        }
        "InvalidInstanceId.NotFound" => {
            let hint = format!("{access_key} has no instance {instance} in {region}; check --region");
            Explanation::new(ErrorKind::NotFound, hint)
        }
        "InvalidRegionInstance" => {
            let hint = format!("{instance} is not in {region}; set its region with --region");
            Explanation::new(ErrorKind::NotFound, hint)
        }
        "InvalidRegionId.NotFound" => {
            let advice = match similar_region(region) {
                Some(similar) => format!("did you mean {similar}?"),
                None => "ids look like cn-hangzhou or ap-southeast-1".to_owned(),
            };
            let hint = format!("there is no region {region}; {advice}");
            Explanation::new(ErrorKind::NotFound, hint)
        }
        "InvalidTimeStamp.Expired" | "IllegalTimestamp" => Explanation::new(ErrorKind::Other, CLOCK_HINT),
        "MissingParameter" => Explanation::new(
            ErrorKind::Other,
            "ecs-vnc sent all parameters, so a proxy may have removed one; -v shows the endpoint",
        ),
        _ => explain_credentials_error(error, request, &access_key),
    }
}

fn explain_credentials_error(error: &ServiceError, request: &RequestDetails<'_>, access_key: &str) -> Explanation {
    let hint = match error.code.as_str() {
        "SignatureDoesNotMatch" | "IncompleteSignature" => signature_hint(error.signature_mismatch.as_ref(), request),
        "InvalidAccessKeyId.NotFound" => {
            format!("{access_key} does not exist; check whether it was deleted or mistyped")
        }
        "InvalidAccessKeyId.Inactive" => format!("{access_key} is disabled; enable it in the RAM console"),
        "MissingSecurityToken" => {
            format!("{access_key} is temporary and needs its STS token: set sts_token, or ALIBABA_CLOUD_SECURITY_TOKEN")
        }
        code if code.starts_with("InvalidSecurityToken") => {
            format!("the STS token of {access_key} is invalid or has expired; get new temporary credentials from STS")
        }
        code if error.is_forbidden() => {
            let RequestDetails { action, region, .. } = request;
            let hint =
                format!("{access_key} lacks the RAM action ecs:{action}; add it to the policy of the user or role");
            let hint = match *action {
                SCREENSHOT => format!("{hint}, or use --via vnc, which disconnects anyone on the console"),
                _ => hint,
            };
            // The service returns `Forbidden` for a region that is not enabled for the account, too.
            match code {
                "Forbidden" => format!("{hint}, or use another region than {region}"),
                _ => hint,
            }
        }
        code if code.ends_with(".NotFound") => return Explanation::without_hint(ErrorKind::NotFound),
        _ => return Explanation::without_hint(ErrorKind::Other),
    };
    Explanation::new(ErrorKind::Credentials, hint)
}

fn not_ready(request: &RequestDetails<'_>) -> String {
    let instance = request.instance;
    match request.status {
        Some(status) => format!("{instance} is {status}"),
        None => format!("the console of {instance} is not ready yet"),
    }
}

fn wrong_status_hint(request: &RequestDetails<'_>) -> String {
    let RequestDetails { action, instance, status, .. } = request;
    let status = status.unwrap_or("not running");
    match *action {
        CONSOLE_OUTPUT => format!("{instance} is {status}; it has no console output until it has been started"),
        action if let Some(hint) = power::wrong_status_hint(action, instance, request.status) => hint,
        _ => format!("{instance} is {status}; start it first: ecs-vnc start {instance} --region {}", request.region),
    }
}

fn signature_hint(mismatch: Option<&SignatureMismatch>, request: &RequestDetails<'_>) -> String {
    let RequestDetails { origin, access_key_id, has_token, .. } = request;
    match mismatch {
        Some(SignatureMismatch::WrongSecret) => format!(
            "the AccessKeySecret of {access_key_id} from {origin} is wrong: client and service signed the same text"
        ),
        Some(SignatureMismatch::DifferentRequest(names)) => {
            let differing = match names.as_slice() {
                [] => "the signed texts differ".to_owned(),
                names => format!("different: {}", names.join(", ")),
            };
            format!(
                "the AccessKeySecret is not at fault: the service received another request than ecs-vnc signed \
                 ({differing}); a proxy may have changed it, otherwise please report this as a bug"
            )
        }
        None if *has_token => {
            format!("check the AccessKeySecret and the STS token of {access_key_id} from {origin}")
        }
        None => format!("check the AccessKeySecret of {access_key_id} from {origin}"),
    }
}

#[cfg(test)]
#[path = "api_hints_tests.rs"]
mod tests;
