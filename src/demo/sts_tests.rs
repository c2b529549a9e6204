use chrono::TimeZone as _;

use super::*;
use crate::demo::account::{EXTERNAL_ID, ROLE, ROLE_CHAINED, ROLE_EXTERNAL, ROLE_OIDC};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 29, 12, 34, 56).unwrap()
}

fn call(action: &str, caller: Caller, parameters: &[(&str, &str)]) -> Result<Value, Fault> {
    // Of two values of a parameter the last one counts.
    let all = [("RoleArn", ROLE), ("RoleSessionName", "alice")];
    let parameters = all.iter().chain(parameters).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let request = AuthenticatedRequest {
        action: action.to_owned(),
        caller,
        parameters: parameters.collect(),
        ..AuthenticatedRequest::default()
    };
    run(&request, &mut StsSessions::default(), now())
}

fn code(outcome: Result<Value, Fault>) -> (u16, String) {
    outcome.map_or_else(|fault| (fault.status, fault.code), |_| (200, String::new()))
}

fn assume(caller: Caller, parameters: &[(&str, &str)]) -> (u16, String) {
    code(call("AssumeRole", caller, parameters))
}

fn ok() -> (u16, String) {
    (200, String::new())
}

#[test]
fn the_answer_has_the_fields_of_the_vendors_page() {
    let answer = call("AssumeRole", Caller::User, &[("DurationSeconds", "900"), ("Policy", "{}")]).unwrap();
    let credentials = &answer["Credentials"];
    assert_eq!(credentials["Expiration"], "2024-02-29T12:49:56Z");
    assert!(credentials["AccessKeyId"].as_str().unwrap().starts_with("STS."));
    assert!(credentials["AccessKeySecret"].is_string() && credentials["SecurityToken"].is_string());
    // The page has `acs:ram::123456789012****:role/adminrole/alice` and `34458433936495****:alice`.
    let user = &answer["AssumedRoleUser"];
    assert_eq!(user["Arn"], "acs:ram::1234567890123456:role/demo-console/alice");
    assert!(user["AssumedRoleId"].as_str().unwrap().ends_with(":alice"));
    let answer = call("AssumeRole", Caller::User, &[]).unwrap();
    assert_eq!(answer["Credentials"]["Expiration"], "2024-02-29T13:34:56Z", "3600 s where nothing is said");
}

#[test]
fn parameters_are_checked() {
    let long = "a".repeat(65);
    let wrong = |name| (400, format!("InvalidParameter.{name}"));
    for (name, value, expected) in [
        ("RoleArn", "demo-console", wrong("RoleArn")),
        ("RoleArn", "acs:ram::x:role/demo-console", wrong("RoleArn")),
        ("RoleArn", "acs:ram::1234567890123456:user/demo-console", wrong("RoleArn")),
        ("RoleArn", "acs:ram::1234567890123456:role/", wrong("RoleArn")),
        ("RoleArn", "acs:ram::1234567890123456:role/nobody", (404, "EntityNotExist.Role".to_owned())),
        ("RoleArn", "acs:ram::1:role/demo-console", (404, "EntityNotExist.Role".to_owned())),
        ("RoleArn", "", (400, "MissingParameter".to_owned())),
        ("RoleSessionName", "a", wrong("RoleSessionName")),
        ("RoleSessionName", "abc*abc", wrong("RoleSessionName")),
        ("RoleSessionName", "忍者神龟", wrong("RoleSessionName")),
        ("RoleSessionName", &long, wrong("RoleSessionName")),
        ("RoleSessionName", &long[..64], ok()),
        ("RoleSessionName", "a.B@_-9", ok()),
        ("RoleSessionName", "", (400, "MissingParameter".to_owned())),
        ("DurationSeconds", "899", wrong("DurationSeconds")),
        ("DurationSeconds", "900", ok()),
        ("DurationSeconds", "3600", ok()),
        ("DurationSeconds", "3601", wrong("DurationSeconds")),
        ("DurationSeconds", "1h", wrong("DurationSeconds")),
    ] {
        assert_eq!(assume(Caller::User, &[(name, value)]), expected, "{name}={value}");
    }
}

#[test]
fn a_role_can_be_assumed_by_its_trusted_principal_only() {
    let of = |arn: &str| {
        let role = ROLES.iter().find(|role| role.arn == arn).unwrap();
        Caller::Role(role, "bob".to_owned())
    };
    let refused = || (403, "NoPermission".to_owned());
    assert_eq!(assume(Caller::User, &[("RoleArn", ROLE_CHAINED)]), refused());
    assert_eq!(assume(of(ROLE), &[("RoleArn", ROLE_CHAINED)]), ok());
    assert_eq!(assume(of(ROLE_EXTERNAL), &[("RoleArn", ROLE_CHAINED)]), refused());
    assert_eq!(assume(of(ROLE), &[("RoleArn", ROLE)]), refused());
    assert_eq!(assume(Caller::User, &[("RoleArn", ROLE_EXTERNAL)]), refused());
    assert_eq!(assume(Caller::User, &[("RoleArn", ROLE_EXTERNAL), ("ExternalId", "x")]), refused());
    assert_eq!(assume(Caller::User, &[("RoleArn", ROLE_EXTERNAL), ("ExternalId", EXTERNAL_ID)]), ok());
    assert_eq!(assume(Caller::User, &[("RoleArn", ROLE_OIDC)]), refused());
}

#[test]
fn only_the_token_of_the_trusted_oidc_provider_assumes_a_role() {
    let good = [("RoleArn", ROLE_OIDC), ("OIDCProviderArn", OIDC_PROVIDER), ("OIDCToken", OIDC_TOKEN)];
    let with = |parameter: (&'static str, &'static str)| {
        code(call("AssumeRoleWithOIDC", Caller::Anonymous, &[&good[..], &[parameter]].concat()))
    };
    assert_eq!(with(("Policy", "{}")), ok());
    // The vendor's page of STS error codes has these with 401.
    let refused = |code: &str| (401, format!("AuthenticationFail.{code}"));
    assert_eq!(with(("OIDCToken", "another")), refused("OIDCToken.Invalid"));
    assert_eq!(with(("OIDCProviderArn", "acs:ram::1:oidc-provider/x")), refused("NoPermission"));
    assert_eq!(with(("RoleArn", ROLE)), refused("NoPermission"));
    assert_eq!(with(("RoleArn", "acs:ram::1:role/x")), (404, "EntityNotExist.Role".to_owned()));
    assert_eq!(with(("OIDCToken", "")), (400, "MissingParameter".to_owned()));
}

#[test]
fn get_caller_identity_names_the_user_or_the_role() {
    let own = call("GetCallerIdentity", Caller::User, &[]).unwrap();
    assert_eq!((&own["IdentityType"], &own["AccountId"]), (&json!("RAMUser"), &json!("1234567890123456")));
    assert!(own["UserId"].is_string() && own["RoleId"].is_null());
    let role = call("GetCallerIdentity", Caller::Role(&ROLES[0], "bob".to_owned()), &[]).unwrap();
    assert_eq!(role["IdentityType"], "AssumedRoleUser");
    assert_eq!(role["Arn"], "acs:ram::1234567890123456:assumed-role/demo-console/bob");
    assert!(role["UserId"].is_null() && role["RoleId"].is_string());
}

#[test]
fn an_operation_of_another_service_is_not_found() {
    assert_eq!(code(call("DescribeRegions", Caller::User, &[])), (404, "InvalidAction.NotFound".to_owned()));
}
