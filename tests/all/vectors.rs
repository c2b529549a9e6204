//! Known answers: the vendor's documents and SDKs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ecs_vnc::api::signature::{Operation, Stamp, acs3, rpc_v1};
use ecs_vnc::credentials::Credentials;
use ecs_vnc::secret::{AccessKeyId, Secret};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    id: String,
    method: String,
    secret: String,
    params: BTreeMap<String, String>,
    signature: String,
}

/// Each vector names its source.
fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../data/rpc_v1_vectors.json")).unwrap()
}

#[test]
fn rpc_v1_signs_as_the_vendor_does() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 8);
    for vector in vectors {
        let string_to_sign = rpc_v1::string_to_sign(&vector.method, &vector.params);
        assert_eq!(rpc_v1::signature(&string_to_sign, &Secret::new(vector.secret)), vector.signature, "{}", vector.id);
    }
}

fn operation(action: &'static str, parameters: &[(&'static str, &str)]) -> Operation {
    let operation = Operation::new(action, "2014-05-26");
    parameters.iter().fold(operation, |operation, (name, value)| operation.with(*name, *value))
}

fn stamp(time: &str, nonce: &str) -> Stamp {
    Stamp { time: time.parse::<DateTime<Utc>>().unwrap(), nonce: nonce.to_owned() }
}

fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: AccessKeyId::new(id),
        access_key_secret: Secret::new(secret),
        security_token: token.map(Secret::new),
    }
}

/// Vector S1, from the request as this tool has it to the URL as it leaves.
#[test]
fn rpc_v1_sends_everything_in_the_query() {
    let operation =
        operation("DescribeInstanceVncUrl", &[("RegionId", "cn-hangzhou"), ("InstanceId", "i-bp1hzoinajzkh91h")]);
    let stamp = stamp("2024-02-29T12:34:56Z", "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E");
    let signed = rpc_v1::sign(&operation, &credentials("testid", "testsecret", None), &stamp);
    assert_eq!(signed.method, "GET");
    assert_eq!(
        signed.path_and_query.expose(),
        "/?AccessKeyId=testid&Action=DescribeInstanceVncUrl&Format=JSON&InstanceId=i-bp1hzoinajzkh91h\
         &RegionId=cn-hangzhou&SignatureMethod=HMAC-SHA1&SignatureNonce=473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E\
         &SignatureVersion=1.0&Timestamp=2024-02-29T12%3A34%3A56Z&Version=2014-05-26\
         &Signature=dwfC%2BmYYaIbzH7m%2BbTcz%2BTp6BRE%3D"
    );
}

#[test]
fn a_token_is_signed_in_both_schemes() {
    let operation = operation("DescribeRegions", &[]);
    let stamp = stamp("2024-02-29T12:34:56Z", "n");
    let credentials = credentials("testid", "testsecret", Some("to/ken"));
    let rpc = rpc_v1::sign(&operation, &credentials, &stamp);
    assert!(rpc.path_and_query.expose().contains("&SecurityToken=to%2Fken&"));
    let acs3 = acs3::sign(&operation, "h", &credentials, &stamp);
    let header = |name: &str| acs3.headers.iter().find(|(key, _)| *key == name).unwrap().1.expose().to_owned();
    assert_eq!(header("x-acs-security-token"), "to/ken");
    assert!(header("authorization").contains(";x-acs-security-token;"));
}

/// Source: the vendor's page "Request syntax and signature method V3", its RunInstances sample.
#[test]
fn acs3_signs_as_the_vendor_does() {
    let image = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd";
    let operation = operation("RunInstances", &[("ImageId", image), ("RegionId", "cn-shanghai")]);
    let stamp = stamp("2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d");
    let credentials = credentials("YourAccessKeyId", "YourAccessKeySecret", None);
    let signed = acs3::sign(&operation, "ecs.cn-shanghai.aliyuncs.com", &credentials, &stamp);
    assert_eq!(
        signed.string_to_sign.expose(),
        "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    let (_, authorization) = signed.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
    assert_eq!(
        authorization.expose(),
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
         x-acs-signature-nonce;x-acs-version,\
         Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
    assert_eq!(signed.method, "POST");
    assert_eq!(signed.path_and_query.expose(), format!("/?ImageId={image}&RegionId=cn-shanghai"));
}

#[test]
fn a_secret_parameter_is_signed_like_any_other_and_not_printed() {
    let stamp = stamp("2024-02-29T12:34:56Z", "n");
    let credentials = credentials("testid", "testsecret", None);
    let open = operation("X", &[("VncPassword", "abc123")]);
    let secret = operation("X", &[]).with_secret("VncPassword", Secret::new("abc123"));
    assert!(!format!("{secret:?}").contains("abc123"));
    let rpc = [&open, &secret].map(|operation| rpc_v1::sign(operation, &credentials, &stamp));
    assert_eq!(rpc[0].path_and_query.expose(), rpc[1].path_and_query.expose());
    let acs3 = [&open, &secret].map(|operation| acs3::sign(operation, "h", &credentials, &stamp));
    assert_eq!(acs3[0].path_and_query.expose(), acs3[1].path_and_query.expose());
    assert_eq!(acs3[0].string_to_sign.expose(), acs3[1].string_to_sign.expose());
}

#[test]
fn a_signed_request_does_not_print_itself() {
    let signed = rpc_v1::sign(
        &operation("X", &[]),
        &credentials("testid", "testsecret", None),
        &stamp("2024-02-29T12:34:56Z", "n"),
    );
    assert!(!format!("{signed:?}").contains("Signature="));
}
