//! The operations of STS, from parameters to an answer. They share the server with ECS and have another Version.
//!
//! Source of codes and messages: the vendor's pages on AssumeRole, AssumeRoleWithOIDC and the error codes of STS.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account::{ACCOUNT_ID, OIDC_PROVIDER, OIDC_TOKEN, ROLES, Role, TrustedPrincipal};
use super::fault::Fault;
use super::request_auth::{AuthenticatedRequest, Caller};
use super::service::no_such_action;
use super::sts_sessions::StsSessions;
use crate::system::clock::iso_8601;

/// The shortest DurationSeconds.
const MIN_DURATION_SECONDS: i64 = 900;

/// The longest DurationSeconds, and the default: all roles have the default MaxSessionDuration.
const MAX_DURATION_SECONDS: i64 = 3600;

/// Runs an operation. The parameter Policy is accepted and ignored: each role may do everything.
pub(crate) fn run(
    request: &AuthenticatedRequest,
    sessions: &mut StsSessions,
    now: DateTime<Utc>,
) -> Result<Value, Fault> {
    match request.action.as_str() {
        "AssumeRole" => assume_role(request, sessions, now),
        "AssumeRoleWithOIDC" => assume_role_with_oidc(request, sessions, now),
        "GetCallerIdentity" => Ok(caller_identity(&request.caller)),
        _ => Err(no_such_action()),
    }
}

fn assume_role(request: &AuthenticatedRequest, sessions: &mut StsSessions, now: DateTime<Utc>) -> Result<Value, Fault> {
    let (session, duration, role) = read_role_session(request)?;
    let is_trusted = match (role.trusted, &request.caller) {
        (TrustedPrincipal::User { external_id }, Caller::User) => {
            external_id.is_none_or(|id| request.get("ExternalId") == Some(id))
        }
        (TrustedPrincipal::Role(arn), Caller::Role(role, _)) => role.arn == arn,
        _ => false,
    };
    if !is_trusted {
        return Err(Fault::of("NoPermission").with_detail(" You should be authorized by RAM."));
    }
    Ok(issue(sessions, role, session, duration, now))
}

fn assume_role_with_oidc(
    request: &AuthenticatedRequest,
    sessions: &mut StsSessions,
    now: DateTime<Utc>,
) -> Result<Value, Fault> {
    let refused = |code: &str, message| Fault::new(401, &format!("AuthenticationFail.{code}"), message);
    let provider = request.require("OIDCProviderArn")?;
    let token = request.require("OIDCToken")?;
    let (session, duration, role) = read_role_session(request)?;
    if provider != OIDC_PROVIDER {
        return Err(refused("NoPermission", "No such OIDC Provider registered."));
    }
    if token != OIDC_TOKEN {
        return Err(refused("OIDCToken.Invalid", "The Jwt content is invalid that cannot be recognized."));
    }
    if role.trusted != TrustedPrincipal::OidcProvider(OIDC_PROVIDER) {
        return Err(refused("NoPermission", "There is no permission"));
    }
    let mut answer = issue(sessions, role, session, duration, now);
    answer["OIDCTokenInfo"] =
        json!({ "Issuer": "https://oidc.example/demo", "Subject": "demo-subject", "ClientIds": "demo-client" });
    Ok(answer)
}

/// Checks RoleSessionName, DurationSeconds and RoleArn, and returns their values.
fn read_role_session(request: &AuthenticatedRequest) -> Result<(&str, i64, &'static Role), Fault> {
    let wrong = |name: &str, message: &str| Fault::new(400, &format!("InvalidParameter.{name}"), message);
    let arn = request.require("RoleArn")?;
    if !is_role_arn(arn) {
        return Err(wrong("RoleArn", "The parameter RoleArn is wrongly formed."));
    }
    let session = request.require("RoleSessionName")?;
    if !(2..=64).contains(&session.len()) || !session.chars().all(|c| c.is_ascii_alphanumeric() || ".@_-".contains(c)) {
        return Err(wrong("RoleSessionName", "The parameter RoleSessionName is wrongly formed."));
    }
    let duration = request.get("DurationSeconds").map_or(Ok(MAX_DURATION_SECONDS), str::parse);
    let duration = duration.ok().filter(|duration| (MIN_DURATION_SECONDS..=MAX_DURATION_SECONDS).contains(duration));
    let duration =
        duration.ok_or_else(|| wrong("DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr."))?;
    let role = ROLES.iter().find(|role| role.arn == arn);
    let role = role.ok_or_else(|| Fault::new(404, "EntityNotExist.Role", "The specified Role not exists."))?;
    Ok((session, duration, role))
}

/// Whether this is `acs:ram::ACCOUNT:role/NAME`.
fn is_role_arn(arn: &str) -> bool {
    let Some((account, name)) = arn.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(":role/")) else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    !account.is_empty()
        && account.chars().all(|c| c.is_ascii_digit())
        && (1..=64).contains(&name.len())
        && name.chars().all(is_name)
}

fn issue(sessions: &mut StsSessions, role: &'static Role, name: &str, seconds: i64, now: DateTime<Utc>) -> Value {
    let (id, session) = sessions.issue(role, name, now + TimeDelta::seconds(seconds), now);
    json!({
        "Credentials": {
            "AccessKeyId": id, "AccessKeySecret": session.secret.expose(),
            "SecurityToken": session.token.expose(), "Expiration": iso_8601(session.expires),
        },
        "AssumedRoleUser": { "Arn": format!("{}/{name}", role.arn), "AssumedRoleId": format!("{}:{name}", role.id) },
    })
}

/// The fields of GetCallerIdentity.
fn caller_identity(caller: &Caller) -> Value {
    let (kind, arn, principal) = match caller {
        Caller::Role(role, name) => (
            "AssumedRoleUser",
            format!("acs:ram::{ACCOUNT_ID}:assumed-role/{}/{name}", role.name()),
            format!("{}:{name}", role.id),
        ),
        Caller::User | Caller::Anonymous => {
            ("RAMUser", format!("acs:ram::{ACCOUNT_ID}:user/demo"), "200000000000000001".to_owned())
        }
    };
    let mut identity = json!({ "IdentityType": kind, "AccountId": ACCOUNT_ID, "PrincipalId": principal, "Arn": arn });
    match caller {
        Caller::Role(role, _) => identity["RoleId"] = json!(role.id),
        Caller::User | Caller::Anonymous => identity["UserId"] = json!(principal),
    }
    identity
}

#[cfg(test)]
#[path = "sts_tests.rs"]
mod tests;
