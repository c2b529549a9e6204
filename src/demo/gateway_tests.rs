use chrono::TimeZone as _;

use super::*;
use crate::api::signature::{Operation, Stamp};
use crate::credentials::Credentials;
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

fn code(outcome: Result<Passed, Fault>) -> String {
    outcome.map_or_else(|fault| fault.code, |passed| passed.action)
}

#[test]
fn a_good_request_passes_once() {
    for acs3 in [false, true] {
        let mut gateway = Gateway::default();
        let request = received(acs3, "n", now());
        let passed = gateway.check(&request, now()).unwrap();
        assert_eq!(passed.parameters["AcceptLanguage"], "a*b c");
        assert_eq!(code(gateway.check(&request, now())), "SignatureNonceUsed");
        assert_eq!(code(gateway.check(&received(acs3, "m", now()), now())), "DescribeRegions");
    }
}

#[test]
fn time_may_be_15_minutes_off_either_way() {
    for acs3 in [false, true] {
        for (seconds, expected) in [(900, "DescribeRegions"), (901, "InvalidTimeStamp.Expired")] {
            for sign in [1, -1] {
                let time = now() + TimeDelta::seconds(sign * seconds);
                assert_eq!(code(Gateway::default().check(&received(acs3, "n", time), now())), expected);
            }
        }
    }
    let mut odd = received(false, "n", now());
    odd.query.insert("Timestamp".into(), "yesterday".into());
    assert_eq!(code(Gateway::default().check(&odd, now())), "IllegalTimestamp");
}

#[test]
fn whatever_is_changed_on_the_way_is_noticed() {
    let check = |acs3: bool, change: fn(&mut Received)| {
        let mut request = received(acs3, "n", now());
        change(&mut request);
        code(Gateway::default().check(&request, now()))
    };
    for acs3 in [false, true] {
        let changed = |change| assert_eq!(check(acs3, change), "SignatureDoesNotMatch");
        changed(|request| drop(request.query.insert("AcceptLanguage".into(), "en".into())));
        changed(|request| drop(request.query.insert("More".into(), String::new())));
        changed(|request| request.method = "PUT".into());
    }
    let incomplete = |change| assert_eq!(check(true, change), "IncompleteSignature");
    incomplete(|request| request.body = b"x".to_vec());
    incomplete(|request| drop(request.headers.insert("authorization".into(), "Basic x".into())));
    incomplete(|request| {
        let without_host = request.headers["authorization"].replace("host;", "");
        request.headers.insert("authorization".into(), without_host);
    });
    let missing = |change| assert_eq!(check(false, change), "MissingParameter");
    missing(|request| drop(request.query.remove("Signature")));
    missing(|request| drop(request.query.remove("SignatureNonce")));
}

#[test]
fn keys_tokens_and_policies_count() {
    let check = |id: &str, secret: &str, token: Option<&str>| {
        let operation = Operation::new("DescribeInstances", "2014-05-26");
        let stamp = Stamp { time: now(), nonce: "n".to_owned() };
        let signed = rpc_v1::sign(&operation, &credentials(id, secret, token), &stamp);
        let query = parameters(signed.path_and_query.expose().split_once('?').unwrap().1);
        code(Gateway::default().check(&Received { method: "GET".into(), query, ..Received::default() }, now()))
    };
    assert_eq!(check("nobody", "x", None), "InvalidAccessKeyId.NotFound");
    assert_eq!(check(KEYS[3].id, KEYS[3].secret, None), "InvalidAccessKeyId.Inactive");
    assert_eq!(check(KEYS[0].id, "wrong", None), "SignatureDoesNotMatch");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, None), "MissingSecurityToken");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, Some("other")), "InvalidSecurityToken.Malformed");
    assert_eq!(check(KEYS[1].id, KEYS[1].secret, KEYS[1].token), "DescribeInstances");
    assert_eq!(check(KEYS[2].id, KEYS[2].secret, None), "Forbidden.RAM");
}
