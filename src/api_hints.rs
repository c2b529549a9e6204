//! What an API error means for the user: its exit code, and what to do next. Pure.
//!
//! Source of the codes: the vendor's pages on DescribeInstanceVncUrl, on DescribeInstances, on GetInstanceScreenshot, on
//! GetInstanceConsoleOutput and on common errors.

use crate::api::operations::SCREENSHOT_SPACING;
use crate::api::{ApiError, ServiceError, SignatureFault, is_passing, is_throttling};
use crate::command_error::CommandError;
use crate::credentials::CredentialsOrigin;
use crate::error_kind::ErrorKind;
use crate::secret::AccessKeyId;

const CONSOLE_OUTPUT: &str = "GetInstanceConsoleOutput";
const SCREENSHOT: &str = "GetInstanceScreenshot";

/// What was being done, for whom.
#[derive(Debug)]
pub(crate) struct About<'a> {
    /// The operation, for example `DescribeInstanceVncUrl`.
    pub(crate) action: &'a str,
    /// The region asked in.
    pub(crate) region: &'a str,
    /// The instance asked for.
    pub(crate) instance: &'a str,
    /// Its status, where it is known.
    pub(crate) status: Option<&'a str>,
    /// Where the key came from.
    pub(crate) origin: &'a CredentialsOrigin,
    /// The key, shown in part.
    pub(crate) access_key_id: &'a AccessKeyId,
    /// Whether a token goes with the key.
    pub(crate) has_token: bool,
}

/// The failure that `error` is to the user.
pub(crate) fn explain(error: ApiError, about: &About<'_>) -> CommandError {
    let (exit, hint) = match &error {
        ApiError::Service(service) => service_hint(service, about),
        ApiError::CredentialsUnavailable(_) => {
            (ErrorKind::Credentials, Some(format!("this is how {} comes to its keys", about.origin)))
        }
        error => way_hint(error, about.region),
    };
    failure(error, exit, hint)
}

/// The same where STS was asked to let keys from `origin` take on a role.
pub(crate) fn explain_sts(error: ApiError, action: &str, role: &str, origin: &CredentialsOrigin) -> CommandError {
    let (exit, hint) = match &error {
        ApiError::Service(service) => sts_hint(service, action, role, origin),
        error => way_hint(error, ""),
    };
    failure(error, exit, hint)
}

fn failure(error: ApiError, exit: ErrorKind, hint: Option<String>) -> CommandError {
    let service = error.service().cloned().map(Box::new);
    CommandError { hint, service, ..CommandError::new(exit, error) }
}

/// What is wrong with the way to the service, and not with what it was asked.
fn way_hint(error: &ApiError, region: &str) -> (ErrorKind, Option<String>) {
    let (exit, hint) = match error {
        ApiError::Connect { authority, proxy, cause, .. } => {
            (ErrorKind::CannotConnect, connect_hint(authority, proxy.as_deref(), cause, region))
        }
        ApiError::Lost { .. } => (ErrorKind::ConnectionLost, "try again; -v shows each attempt".to_owned()),
        ApiError::Unreadable { status, .. } if is_passing(*status) => {
            (ErrorKind::Unavailable, "the service, or a proxy before it, is failing; try again later".to_owned())
        }
        ApiError::Unreadable { .. } => {
            let hint =
                "something else answers there: check --endpoint, HTTPS_PROXY and whether the network wants a login";
            (ErrorKind::BadAnswer, hint.to_owned())
        }
        ApiError::TimeLimit { .. } => {
            let hint = "the network may be slow or closed; `timeout` in the profile, or --timeout (but in `open`), allows more";
            (ErrorKind::TimeLimit, hint.to_owned())
        }
        ApiError::Service(_) | ApiError::CredentialsUnavailable(_) => return (ErrorKind::Other, None),
    };
    (exit, Some(hint))
}

/// Source: the vendor's pages on AssumeRole and AssumeRoleWithOIDC.
fn sts_hint(error: &ServiceError, action: &str, role: &str, origin: &CredentialsOrigin) -> (ErrorKind, Option<String>) {
    let hint = match error.code.as_str() {
        code if is_throttling(code) || matches!(code, "ServiceUnavailable" | "InternalError") => {
            return (ErrorKind::Unavailable, Some("STS is failing or busy; wait a minute".to_owned()));
        }
        "NoPermission" => format!(
            "{origin} may not take on {role}: its user needs the RAM action sts:{action}, and the role's trust policy \
             must name it (and its external_id, where it demands one)"
        ),
        "EntityNotExist.Role" => format!("there is no role {role}; is ram_role_arn of {origin} right?"),
        code if code.starts_with("AuthenticationFail") => {
            format!("the token of {origin} is not one that the OIDC provider of {role} takes; is it expired?")
        }
        code if code.starts_with("InvalidParameter") => format!("a setting of the role in {origin} is not valid"),
        _ => format!("the keys of {origin} that should take on {role} were refused"),
    };
    (ErrorKind::Credentials, Some(hint))
}

fn service_hint(error: &ServiceError, about: &About<'_>) -> (ErrorKind, Option<String>) {
    let About { action, region, instance, origin, access_key_id, .. } = about;
    let key = format!("the AccessKey {access_key_id} from {origin}");
    let (exit, hint) = match error.code.as_str() {
        "Throttling" if *action == SCREENSHOT => {
            let seconds = SCREENSHOT_SPACING.as_secs();
            let hint = format!(
                "the service takes one screenshot of an instance in {seconds} s, whoever asks for it; --timeout SECONDS \
                 waits longer"
            );
            (ErrorKind::Unavailable, hint)
        }
        code if is_throttling(code) => {
            (ErrorKind::Unavailable, "the account's requests exceed the service's limit; wait a minute".to_owned())
        }
        "ServiceUnavailable" | "InternalError" | "UnknownError" => {
            let hint = "the service is failing, not you; try again, and give the RequestId to the vendor's support";
            (ErrorKind::Unavailable, hint.to_owned())
        }
        "SignatureNonceUsed" => (ErrorKind::Unavailable, "a proxy may be sending requests twice; try again".to_owned()),
        "InstanceNotReady" => {
            (ErrorKind::WrongState, format!("{}; try again in a minute", state(about, "is not ready for VNC yet")))
        }
        "IncorrectInstanceStatus" if *action == CONSOLE_OUTPUT => {
            (ErrorKind::WrongState, format!("{}; nothing is kept of it yet", state(about, "has not started")))
        }
        "NotSupported" if *action == CONSOLE_OUTPUT => {
            let hint = format!(
                "Windows instances have no console output, and retired instance types neither; `ecs-vnc screenshot \
                 {instance}` shows the screen"
            );
            (ErrorKind::WrongState, hint)
        }
        "NotSupported" => {
            let hint = format!("the service has no {action} for {instance}; retired instance types, for one, lack it");
            (ErrorKind::WrongState, hint)
        }
        "IncorrectInstanceStatus" => {
            let hint = format!("{}; the console needs it Running: start it first", state(about, "does not run"));
            (ErrorKind::WrongState, hint)
        }
        "InvalidInstanceId.NotFound" => {
            (ErrorKind::NotFound, format!("{key} has no instance {instance} in {region}; is --region right?"))
        }
        "InvalidRegionInstance" => {
            (ErrorKind::NotFound, format!("{instance} is not in {region}; name its region with --region"))
        }
        "InvalidRegionId.NotFound" => {
            (ErrorKind::NotFound, format!("there is no region {region}; ids look like cn-hangzhou or ap-southeast-1"))
        }
        "InvalidTimeStamp.Expired" | "IllegalTimestamp" => {
            let hint = "the service refuses times that are 15 minutes off: check this machine's clock (NTP), and whether \
                        a proxy holds requests back";
            (ErrorKind::Other, hint.to_owned())
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            (ErrorKind::Credentials, signature_hint(error.signature.as_ref(), about))
        }
        "InvalidAccessKeyId.NotFound" => {
            (ErrorKind::Credentials, format!("{key} does not exist; was it deleted or mistyped?"))
        }
        "InvalidAccessKeyId.Inactive" => {
            (ErrorKind::Credentials, format!("{key} is disabled; enable it in the RAM console"))
        }
        "MissingSecurityToken" => {
            let hint = format!("{key} is temporary: its token is missing (sts_token, or ALIBABA_CLOUD_SECURITY_TOKEN)");
            (ErrorKind::Credentials, hint)
        }
        code if code.starts_with("InvalidSecurityToken") => (
            ErrorKind::Credentials,
            format!("the token that goes with {key} is expired or damaged; get a new pair from STS"),
        ),
        code if error.is_forbidden() => {
            let hint =
                format!("{key} lacks the RAM action ecs:{action}; have it added to the policy of its user or role");
            // What the service says where a region is not opened for the account, too.
            let or =
                if code == "Forbidden" { format!(", or choose another region than {region}") } else { String::new() };
            (ErrorKind::Credentials, hint + &or)
        }
        "MissingParameter" => {
            let hint = "ecs-vnc sends all parameters, so something on the way took one out; -v shows the endpoint";
            (ErrorKind::Other, hint.to_owned())
        }
        code if code.ends_with(".NotFound") => return (ErrorKind::NotFound, None),
        _ => return (ErrorKind::Other, None),
    };
    (exit, Some(hint))
}

fn state(about: &About<'_>, otherwise: &str) -> String {
    match about.status {
        Some(status) => format!("{} is {status}", about.instance),
        None => format!("{} {otherwise}", about.instance),
    }
}

fn signature_hint(fault: Option<&SignatureFault>, about: &About<'_>) -> String {
    let About { origin, access_key_id, has_token, .. } = about;
    match fault {
        Some(SignatureFault::Secret) => format!(
            "both sides signed the same text, so the AccessKeySecret that goes with {access_key_id} from {origin} is wrong"
        ),
        Some(SignatureFault::Signer(names)) => {
            let differing = match names.as_slice() {
                [] => "the two texts".to_owned(),
                names => names.join(", "),
            };
            format!(
                "the service signed another text than ecs-vnc ({differing} differ), so the secret is not at fault: \
                 a proxy changed the request, or this is a fault of ecs-vnc to report"
            )
        }
        None if *has_token => {
            format!("check the AccessKeySecret and the token that go with {access_key_id} from {origin}")
        }
        None => format!("check the AccessKeySecret that goes with {access_key_id} from {origin}"),
    }
}

fn connect_hint(authority: &str, proxy: Option<&str>, cause: &str, region: &str) -> String {
    let cause = cause.to_ascii_lowercase();
    if cause.contains("certificate") {
        return "TLS does not trust that host: a company's CA belongs into the system's store, or into the file that \
                SSL_CERT_FILE names"
            .to_owned();
    }
    if let Some(proxy) = proxy {
        return format!("the way may lead through a proxy ({proxy}): does that answer? NO_PROXY makes exceptions");
    }
    let is_unknown = ["lookup", "dns", "name or service", "nodename", "no such host"].iter().any(|w| cause.contains(w));
    match is_unknown {
        true if authority.ends_with(".aliyuncs.com") && !region.is_empty() => {
            format!("is {region} a region, and is the network up?")
        }
        true => format!("is the endpoint {authority} right, and is the network up?"),
        false => "is the network up? HTTPS_PROXY names a proxy; --endpoint or endpoint_type = \"vpc\" lead another way"
            .to_owned(),
    }
}

#[cfg(test)]
#[path = "api_hints_tests.rs"]
mod tests;
