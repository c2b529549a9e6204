//! The Security Token Service: roles that are assumed. It runs on the same server, under its own Version.
//!
//! Source of codes and messages: the vendor's pages on AssumeRole, AssumeRoleWithOIDC and the error codes of STS.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account::{ACCOUNT_ID, OIDC_PROVIDER, OIDC_TOKEN, ROLES, Role, Trust};
use super::fault::Fault;
use super::request_auth::{AuthenticatedRequest, Caller};
use super::service::no_such_action;
use super::sessions::Sessions;
use crate::system::clock::iso_8601;

/// How long a key may live, in seconds: all roles have the default MaxSessionDuration, which is also the default.
const DURATION: (i64, i64) = (900, 3600);

/// Runs an operation. A Policy is accepted and ignored: no role here may do less than all.
pub(crate) fn run(passed: &AuthenticatedRequest, sessions: &mut Sessions, now: DateTime<Utc>) -> Result<Value, Fault> {
    match passed.action.as_str() {
        "AssumeRole" => assume_role(passed, sessions, now),
        "AssumeRoleWithOIDC" => assume_role_with_oidc(passed, sessions, now),
        "GetCallerIdentity" => Ok(caller_identity(&passed.caller)),
        _ => Err(no_such_action()),
    }
}

fn assume_role(passed: &AuthenticatedRequest, sessions: &mut Sessions, now: DateTime<Utc>) -> Result<Value, Fault> {
    let (session, duration, role) = asked(passed)?;
    let trusted = match (role.trusts, &passed.caller) {
        (Trust::Own(external_id), Caller::User) => external_id.is_none_or(|id| passed.get("ExternalId") == Some(id)),
        (Trust::Role(arn), Caller::Role(role, _)) => role.arn == arn,
        _ => false,
    };
    if !trusted {
        return Err(Fault::of("NoPermission").saying(" You should be authorized by RAM."));
    }
    Ok(issue(sessions, role, session, duration, now))
}

fn assume_role_with_oidc(
    passed: &AuthenticatedRequest,
    sessions: &mut Sessions,
    now: DateTime<Utc>,
) -> Result<Value, Fault> {
    let refused = |code: &str, message| Fault::new(401, &format!("AuthenticationFail.{code}"), message);
    let provider = passed.need("OIDCProviderArn")?;
    let token = passed.need("OIDCToken")?;
    let (session, duration, role) = asked(passed)?;
    if provider != OIDC_PROVIDER {
        return Err(refused("NoPermission", "No such OIDC Provider registered."));
    }
    if token != OIDC_TOKEN {
        return Err(refused("OIDCToken.Invalid", "The Jwt content is invalid that cannot be recognized."));
    }
    if role.trusts != Trust::Oidc(OIDC_PROVIDER) {
        return Err(refused("NoPermission", "There is no permission"));
    }
    let mut answer = issue(sessions, role, session, duration, now);
    answer["OIDCTokenInfo"] =
        json!({ "Issuer": "https://oidc.example/demo", "Subject": "demo-subject", "ClientIds": "demo-client" });
    Ok(answer)
}

/// RoleSessionName, DurationSeconds and the role, each as it must be.
fn asked(passed: &AuthenticatedRequest) -> Result<(&str, i64, &'static Role), Fault> {
    let wrong = |name: &str, message: &str| Fault::new(400, &format!("InvalidParameter.{name}"), message);
    let arn = passed.need("RoleArn")?;
    if !is_role_arn(arn) {
        return Err(wrong("RoleArn", "The parameter RoleArn is wrongly formed."));
    }
    let session = passed.need("RoleSessionName")?;
    if !(2..=64).contains(&session.len()) || !session.chars().all(|c| c.is_ascii_alphanumeric() || ".@_-".contains(c)) {
        return Err(wrong("RoleSessionName", "The parameter RoleSessionName is wrongly formed."));
    }
    let duration = passed.get("DurationSeconds").map_or(Ok(DURATION.1), str::parse);
    let duration = duration.ok().filter(|duration| (DURATION.0..=DURATION.1).contains(duration));
    let duration =
        duration.ok_or_else(|| wrong("DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr."))?;
    let role = ROLES.iter().find(|role| role.arn == arn);
    let role = role.ok_or_else(|| Fault::new(404, "EntityNotExist.Role", "The specified Role not exists."))?;
    Ok((session, duration, role))
}

/// `acs:ram::ACCOUNT:role/NAME`
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

fn issue(sessions: &mut Sessions, role: &'static Role, name: &str, seconds: i64, now: DateTime<Utc>) -> Value {
    let (id, session) = sessions.issue(role, name, now + TimeDelta::seconds(seconds), now);
    json!({
        "Credentials": {
            "AccessKeyId": id, "AccessKeySecret": session.secret.expose(),
            "SecurityToken": session.token.expose(), "Expiration": iso_8601(session.expires),
        },
        "AssumedRoleUser": { "Arn": format!("{}/{name}", role.arn), "AssumedRoleId": format!("{}:{name}", role.id) },
    })
}

/// The account's own keys are those of a RAM user: the account itself may not assume roles.
fn caller_identity(caller: &Caller) -> Value {
    let (kind, arn, principal) = match caller {
        Caller::Role(role, name) => (
            "AssumedRoleUser",
            format!("acs:ram::{ACCOUNT_ID}:assumed-role/{}/{name}", role.name()),
            format!("{}:{name}", role.id),
        ),
        Caller::User | Caller::Nobody => {
            ("RAMUser", format!("acs:ram::{ACCOUNT_ID}:user/demo"), "200000000000000001".to_owned())
        }
    };
    let mut identity = json!({ "IdentityType": kind, "AccountId": ACCOUNT_ID, "PrincipalId": principal, "Arn": arn });
    match caller {
        Caller::Role(role, _) => identity["RoleId"] = json!(role.id),
        Caller::User | Caller::Nobody => identity["UserId"] = json!(principal),
    }
    identity
}

#[cfg(test)]
#[path = "sts_tests.rs"]
mod tests;
