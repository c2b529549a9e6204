use chrono::TimeZone as _;

use super::*;
use crate::api::signature::{Operation, Stamp};
use crate::credentials::Credentials;
use crate::demo::account::ROLES;
use crate::demo::api::parameters;
use crate::secret::AccessKeyId;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 29, 12, 34, 56).unwrap()
}

fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: AccessKeyId::new(id),
        access_key_secret: Secret::new(secret),
        security_token: token.map(Secret::new),
    }
}

/// A request of the RAM user, signed by ACS3 or RPC v1, as it was received.
fn received(is_acs3: bool, nonce: &str, time: DateTime<Utc>) -> ReceivedRequest {
    let key = &ACCESS_KEYS[0];
    let operation = Operation::new("DescribeRegions", "2014-05-26").with("AcceptLanguage", "a*b c");
    let credentials = credentials(key.id, key.secret, None);
    let stamp = Stamp { time, nonce: nonce.to_owned() };
    let signed = match is_acs3 {
        true => acs3::sign(&operation, "h:1", &credentials, &stamp),
        false => rpc_v1::sign(&operation, &credentials, &stamp),
    };
    let headers = signed.headers.iter().map(|(name, value)| ((*name).to_owned(), value.expose().to_owned()));
    ReceivedRequest {
        method: signed.method.to_owned(),
        query: parameters(signed.path_and_query.expose().split_once('?').unwrap().1),
        headers: headers.chain([("host".to_owned(), "h:1".to_owned())]).collect(),
        ..ReceivedRequest::default()
    }
}

/// Checks a request that is the first one, in an account without temporary keys.
fn check(received: &ReceivedRequest) -> Result<AuthenticatedRequest, Fault> {
    RequestAuth::default().check(received, &StsSessions::default(), now())
}

fn code(outcome: Result<AuthenticatedRequest, Fault>) -> String {
    outcome.map_or_else(|fault| fault.code, |request| request.action)
}

#[test]
fn a_request_passes_once() {
    for acs3 in [false, true] {
        let mut auth = RequestAuth::default();
        let request = received(acs3, "n", now());
        let checked = auth.check(&request, &StsSessions::default(), now()).unwrap();
        assert_eq!(checked.parameters["AcceptLanguage"], "a*b c");
        assert_eq!(code(auth.check(&request, &StsSessions::default(), now())), "SignatureNonceUsed");
        assert_eq!(code(auth.check(&received(acs3, "m", now()), &StsSessions::default(), now())), "DescribeRegions");
    }
}

#[test]
fn the_time_may_be_15_minutes_early_or_late() {
    for acs3 in [false, true] {
        for (seconds, expected) in [(900, "DescribeRegions"), (901, "InvalidTimeStamp.Expired")] {
            for sign in [1, -1] {
                let time = now() + TimeDelta::seconds(sign * seconds);
                assert_eq!(code(check(&received(acs3, "n", time))), expected);
            }
        }
    }
    let mut odd = received(false, "n", now());
    odd.query.insert("Timestamp".into(), "yesterday".into());
    assert_eq!(code(check(&odd)), "IllegalTimestamp");
}

#[test]
fn a_request_that_was_changed_after_signing_is_refused() {
    let changed = |acs3: bool, change: fn(&mut ReceivedRequest)| {
        let mut request = received(acs3, "n", now());
        change(&mut request);
        code(check(&request))
    };
    for acs3 in [false, true] {
        let noticed = |change| assert_eq!(changed(acs3, change), "SignatureDoesNotMatch");
        noticed(|request| drop(request.query.insert("AcceptLanguage".into(), "en".into())));
        noticed(|request| drop(request.query.insert("More".into(), String::new())));
        noticed(|request| request.method = "PUT".into());
    }
    let incomplete = |change| assert_eq!(changed(true, change), "IncompleteSignature");
    incomplete(|request| request.body = b"x".to_vec());
    incomplete(|request| drop(request.headers.insert("authorization".into(), "Basic x".into())));
    incomplete(|request| {
        let without_host = request.headers["authorization"].replace("host;", "");
        request.headers.insert("authorization".into(), without_host);
    });
    let missing = |change| assert_eq!(changed(false, change), "MissingParameter");
    missing(|request| drop(request.query.remove("Signature")));
    missing(|request| drop(request.query.remove("SignatureNonce")));
}

/// A request signed by RPC v1.
fn signed(version: &'static str, action: &'static str, credentials: &Credentials) -> ReceivedRequest {
    let operation = Operation::new(action, version);
    let stamp = Stamp { time: now(), nonce: "n".to_owned() };
    let signed = rpc_v1::sign(&operation, credentials, &stamp);
    let query = parameters(signed.path_and_query.expose().split_once('?').unwrap().1);
    ReceivedRequest { method: "GET".into(), query, ..ReceivedRequest::default() }
}

#[test]
fn keys_tokens_and_policies_are_checked() {
    let of = |version, action, id: &str, secret: &str, token: Option<&str>| {
        code(check(&signed(version, action, &credentials(id, secret, token))))
    };
    let check = |id, secret, token| of("2014-05-26", "DescribeInstances", id, secret, token);
    assert_eq!(check("nobody", "x", None), "InvalidAccessKeyId.NotFound");
    assert_eq!(check(ACCESS_KEYS[3].id, ACCESS_KEYS[3].secret, None), "InvalidAccessKeyId.Inactive");
    assert_eq!(check(ACCESS_KEYS[0].id, "wrong", None), "SignatureDoesNotMatch");
    assert_eq!(check(ACCESS_KEYS[1].id, ACCESS_KEYS[1].secret, None), "MissingSecurityToken");
    assert_eq!(check(ACCESS_KEYS[1].id, ACCESS_KEYS[1].secret, Some("other")), "InvalidSecurityToken.Malformed");
    assert_eq!(check(ACCESS_KEYS[1].id, ACCESS_KEYS[1].secret, ACCESS_KEYS[1].token), "DescribeInstances");
    assert_eq!(check(ACCESS_KEYS[2].id, ACCESS_KEYS[2].secret, None), "Forbidden.RAM");
    assert_eq!(of("2015-04-01", "AssumeRole", ACCESS_KEYS[2].id, ACCESS_KEYS[2].secret, None), "NoPermission");
    assert_eq!(
        of("2015-04-01", "GetCallerIdentity", ACCESS_KEYS[2].id, ACCESS_KEYS[2].secret, None),
        "GetCallerIdentity"
    );
}

#[test]
fn the_version_decides_which_service_answers() {
    let own = credentials(ACCESS_KEYS[0].id, ACCESS_KEYS[0].secret, None);
    let product = |version| check(&signed(version, "AssumeRole", &own)).map(|request| request.product);
    assert_eq!(product("2015-04-01"), Ok(Product::Sts));
    assert_eq!(product("2014-05-26"), Ok(Product::Ecs));
    assert_eq!(product("2014-05-27").unwrap_err().code, "InvalidVersion");
}

#[test]
fn an_issued_key_needs_its_token_and_passes_until_it_expires() {
    let mut sessions = StsSessions::default();
    let expires = now() + TimeDelta::seconds(900);
    let (id, session) = sessions.issue(&ROLES[0], "alice", expires, now());
    let (secret, token) = (session.secret.expose().to_owned(), session.token.expose().to_owned());
    let at = |seconds, token| {
        let request = signed("2014-05-26", "DescribeRegions", &credentials(&id, &secret, token));
        // A request may be 900 s late, so only the key has expired.
        RequestAuth::default().check(&request, &sessions, now() + TimeDelta::seconds(seconds))
    };
    assert_eq!(at(899, Some(&token)).unwrap().caller, Caller::Role(&ROLES[0], "alice".to_owned()));
    assert_eq!(at(900, Some(&token)).unwrap_err().code, "InvalidSecurityToken.Expired");
    assert_eq!(at(0, None).unwrap_err().code, "MissingSecurityToken");
    assert_eq!(at(0, Some("x")).unwrap_err().code, "InvalidSecurityToken.Malformed");
}

#[test]
fn only_assume_role_with_oidc_needs_no_signature() {
    let ask = |in_headers: bool, action: &str| {
        let (action, version) = (action.to_owned(), "2015-04-01".to_owned());
        let names = if in_headers { ["x-acs-action", "x-acs-version"] } else { ["Action", "Version"] };
        let both = names.map(str::to_owned).into_iter().zip([action, version]).collect();
        let form = BTreeMap::from([("OIDCToken".to_owned(), "t".to_owned())]);
        check(&match in_headers {
            true => ReceivedRequest { method: "POST".into(), headers: both, form, ..ReceivedRequest::default() },
            false => ReceivedRequest { method: "POST".into(), query: both, form, ..ReceivedRequest::default() },
        })
    };
    for in_headers in [false, true] {
        let request = ask(in_headers, "AssumeRoleWithOIDC").unwrap();
        assert_eq!(
            (request.product, &request.caller, request.get("OIDCToken")),
            (Product::Sts, &Caller::Anonymous, Some("t"))
        );
        assert_eq!(code(ask(in_headers, "AssumeRole")), "MissingParameter");
    }
}

#[test]
fn parameters_that_are_not_signed_have_no_effect() {
    // The action of a header, beside a signature that does not cover it.
    let own = credentials(ACCESS_KEYS[0].id, ACCESS_KEYS[0].secret, None);
    let mut request = signed("2014-05-26", "DescribeRegions", &own);
    request.headers.insert("x-acs-action".into(), "DescribeInstances".into());
    assert_eq!(code(check(&request)), "DescribeRegions");
    let mut request = received(true, "n", now());
    request.query.insert("Action".into(), "DescribeInstances".into());
    assert_eq!(code(check(&request)), "SignatureDoesNotMatch");
}
