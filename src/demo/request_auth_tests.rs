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

/// A request of the account's own key, signed by either scheme, as it comes over the wire.
fn received(acs3: bool, nonce: &str, time: DateTime<Utc>) -> Received {
    let key = &KEYS[0];
    let operation = Operation::new("DescribeRegions", "2014-05-26").with("AcceptLanguage", "a*b c");
    let credentials = credentials(key.id, key.secret, None);
    let stamp = Stamp { time, nonce: nonce.to_owned() };
    let signed = match acs3 {
        true => acs3::sign(&operation, "h:1", &credentials, &stamp),
        false => rpc_v1::sign(&operation, &credentials, &stamp),
    };
    let headers = signed.headers.iter().map(|(name, value)| ((*name).to_owned(), value.expose().to_owned()));
    Received {
        method: signed.method.to_owned(),
        query: parameters(signed.path_and_query.expose().split_once('?').unwrap().1),
        headers: headers.chain([("host".to_owned(), "h:1".to_owned())]).collect(),
        ..Received::default()
    }
}

/// A gateway that has seen nothing before, and no temporary key.
fn check(received: &Received) -> Result<AuthenticatedRequest, Fault> {
    RequestAuth::default().check(received, &Sessions::default(), now())
}

fn code(outcome: Result<AuthenticatedRequest, Fault>) -> String {
    outcome.map_or_else(|fault| fault.code, |passed| passed.action)
}

#[test]
fn a_good_request_passes_once() {
    for acs3 in [false, true] {
        let mut gateway = RequestAuth::default();
        let request = received(acs3, "n", now());
        let passed = gateway.check(&request, &Sessions::default(), now()).unwrap();
        assert_eq!(passed.parameters["AcceptLanguage"], "a*b c");
        assert_eq!(code(gateway.check(&request, &Sessions::default(), now())), "SignatureNonceUsed");
        assert_eq!(code(gateway.check(&received(acs3, "m", now()), &Sessions::default(), now())), "DescribeRegions");
    }
}

#[test]
fn time_may_be_15_minutes_off_either_way() {
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
fn whatever_is_changed_on_the_way_is_noticed() {
    let changed = |acs3: bool, change: fn(&mut Received)| {
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

/// A request by the older scheme, with any key, for any service.
fn signed(version: &'static str, action: &'static str, credentials: &Credentials) -> Received {
    let operation = Operation::new(action, version);
    let stamp = Stamp { time: now(), nonce: "n".to_owned() };
    let signed = rpc_v1::sign(&operation, credentials, &stamp);
    let query = parameters(signed.path_and_query.expose().split_once('?').unwrap().1);
    Received { method: "GET".into(), query, ..Received::default() }
}

#[test]
fn keys_tokens_and_policies_count() {
    let of = |version, action, id: &str, secret: &str, token: Option<&str>| {
        code(check(&signed(version, action, &credentials(id, secret, token))))
    };
    let check = |id, secret, token| of("2014-05-26", "DescribeInstances", id, secret, token);
    assert_eq!(check("nobody", "x", None), "InvalidAccessKeyId.NotFound");
    assert_eq!(check(KEYS[3].id, KEYS[3].secret, None), "InvalidAccessKeyId.Inactive");
    assert_eq!(check(KEYS[0].id, "wrong", None), "SignatureDoesNotMatch");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, None), "MissingSecurityToken");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, Some("other")), "InvalidSecurityToken.Malformed");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, KEYS[1].token), "DescribeInstances");
    assert_eq!(check(KEYS[2].id, KEYS[2].secret, None), "Forbidden.RAM");
    assert_eq!(of("2015-04-01", "AssumeRole", KEYS[2].id, KEYS[2].secret, None), "NoPermission");
    assert_eq!(of("2015-04-01", "GetCallerIdentity", KEYS[2].id, KEYS[2].secret, None), "GetCallerIdentity");
}

#[test]
fn the_version_says_which_service() {
    let own = credentials(KEYS[0].id, KEYS[0].secret, None);
    let product = |version| check(&signed(version, "AssumeRole", &own)).map(|passed| passed.product);
    assert_eq!(product("2015-04-01"), Ok(Product::Sts));
    assert_eq!(product("2014-05-26"), Ok(Product::Ecs));
    assert_eq!(product("2014-05-27").unwrap_err().code, "InvalidVersion");
}

#[test]
fn an_issued_key_needs_its_token_and_passes_until_it_expires() {
    let mut sessions = Sessions::default();
    let expires = now() + TimeDelta::seconds(900);
    let (id, session) = sessions.issue(&ROLES[0], "alice", expires, now());
    let (secret, token) = (session.secret.expose().to_owned(), session.token.expose().to_owned());
    let at = |seconds, token| {
        let request = signed("2014-05-26", "DescribeRegions", &credentials(&id, &secret, token));
        // 900 s is also as late as a request's own time may be: it is the key that is too old.
        RequestAuth::default().check(&request, &sessions, now() + TimeDelta::seconds(seconds))
    };
    assert_eq!(at(899, Some(&token)).unwrap().caller, Caller::Role(&ROLES[0], "alice".to_owned()));
    assert_eq!(at(900, Some(&token)).unwrap_err().code, "InvalidSecurityToken.Expired");
    assert_eq!(at(0, None).unwrap_err().code, "MissingSecurityToken");
    assert_eq!(at(0, Some("x")).unwrap_err().code, "InvalidSecurityToken.Malformed");
}

#[test]
fn only_the_one_operation_is_not_signed() {
    let ask = |in_headers: bool, action: &str| {
        let (action, version) = (action.to_owned(), "2015-04-01".to_owned());
        let names = if in_headers { ["x-acs-action", "x-acs-version"] } else { ["Action", "Version"] };
        let both = names.map(str::to_owned).into_iter().zip([action, version]).collect();
        let form = BTreeMap::from([("OIDCToken".to_owned(), "t".to_owned())]);
        check(&match in_headers {
            true => Received { method: "POST".into(), headers: both, form, ..Received::default() },
            false => Received { method: "POST".into(), query: both, form, ..Received::default() },
        })
    };
    for in_headers in [false, true] {
        let passed = ask(in_headers, "AssumeRoleWithOIDC").unwrap();
        assert_eq!(
            (passed.product, &passed.caller, passed.get("OIDCToken")),
            (Product::Sts, &Caller::Nobody, Some("t"))
        );
        assert_eq!(code(ask(in_headers, "AssumeRole")), "MissingParameter");
    }
}

#[test]
fn what_is_not_signed_decides_nothing() {
    // The action of a header, beside a signature that does not cover it.
    let own = credentials(KEYS[0].id, KEYS[0].secret, None);
    let mut request = signed("2014-05-26", "DescribeRegions", &own);
    request.headers.insert("x-acs-action".into(), "DescribeInstances".into());
    assert_eq!(code(check(&request)), "DescribeRegions");
    let mut request = received(true, "n", now());
    request.query.insert("Action".into(), "DescribeInstances".into());
    assert_eq!(code(check(&request)), "SignatureDoesNotMatch");
}
