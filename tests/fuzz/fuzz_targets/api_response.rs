//! Any answer: none panics, and no error shows a part of the credentials, however the service repeats them: those that a
//! request was signed with, and the token of one that nobody signs.
//!
//! The input is the status, the Location and the body, a line each (the body may have more). In the latter two the
//! bytes 1 to 4 stand for the secret, the token, the signature and the key's id; 5 to 8 for the same encoded, and 14 to
//! 17 encoded twice.

#![no_main]

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::DateTime;
use ecs_vnc::api::ApiError;
use ecs_vnc::api::response::{self, HttpResponse, RequestContext, parse};
use ecs_vnc::api::operations::{ConsoleOutput, Instance, Screenshot, StsCredentials, VncUrlResponse};
use ecs_vnc::api::signature::{Operation, SignedRequest, Stamp, rpc_v1, unsigned};
use ecs_vnc::credentials::Credentials;
use ecs_vnc::secret::{AccessKeyId, Secret};
use ecs_vnc::text::percent::encode;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Qs7/mZ2pX+v9Kd4tR1wY6uH3=bN8";
/// As those of STS: longer than what is shown of any text.
const TOKEN: &str = "CAIS8wF1q6Ft5B2yfSjIr5bBIsjRgqpH0K/aVU3ctlMPQ7xJiLT43jz2IHpPe3dtAu4at+8ylGFY6/sSlr9hS5NIQ0WcatN5vs1fql+6OYfMvZnqsu9Wyc6fRFGSXHHfLRV0gmK+Ez5oUWBQvLBR0aAH3j2l4tqZ==";
const ID: &str = "LTAI5tQnWbCdEfGhIjKlMnOp";
/// So many characters of them in a row are a leak; the id's ends are shown on purpose, four of each.
const WINDOW: usize = 8;

/// What went out, and what must not come back: secret, token, signature, id.
struct Sent {
    credentials: Credentials,
    signed: SignedRequest,
    unsigned: SignedRequest,
    values: [String; 4],
    windows: HashSet<Vec<u8>>,
    token: HashSet<Vec<u8>>,
}

static SENT: LazyLock<Sent> = LazyLock::new(|| {
    let credentials = Credentials {
        access_key_id: AccessKeyId::new(ID),
        access_key_secret: Secret::new(SECRET),
        security_token: Some(Secret::new(TOKEN)),
    };
    let stamp = Stamp { time: DateTime::UNIX_EPOCH, nonce: "nonce".to_owned() };
    let operation = Operation::new("DescribeInstanceVncUrl", "2014-05-26");
    let operation = operation.with("RegionId", "cn-hangzhou").with("InstanceId", "i-1");
    let signed = rpc_v1::sign(&operation, &credentials, &stamp);
    let operation = Operation::new("AssumeRoleWithOIDC", "2015-04-01").with("RoleArn", "acs:ram::1:role/r");
    let unsigned = unsigned::request(&operation.with_secret("OIDCToken", Secret::new(TOKEN)), &stamp);
    let values = [SECRET, TOKEN, signed.secrets[0].expose(), ID].map(str::to_owned);
    let token = windows_of(TOKEN).collect();
    let windows = values.iter().flat_map(|value| windows_of(value)).collect();
    Sent { credentials, signed, unsigned, values, windows, token }
});

fuzz_target!(|data: &[u8]| {
    if leak(data, &SENT.windows).is_some() {
        return; // Chance, or a fuzzer that reads memory: this part comes from nobody's credentials.
    }
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let status = std::str::from_utf8(line()).ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let location = String::from_utf8(expand(line())).ok().filter(|text| text.bytes().all(|b| b.is_ascii_graphic()));
    let retry_after = data.len().is_multiple_of(2).then(|| Duration::from_millis(data.len() as u64));
    let request_id = location.clone();
    let response = HttpResponse { status, date: None, retry_after, request_id, location, body: expand(line()) };

    let context = RequestContext { authority: "ecs.example.com", credentials: Some(&SENT.credentials), request: &SENT.signed };
    check(parse::<VncUrlResponse>(&response, context).err(), &SENT.windows);
    check(parse::<Screenshot>(&response, context).err(), &SENT.windows);
    check(parse::<ConsoleOutput>(&response, context).err(), &SENT.windows);
    check(parse::<Instance>(&response, context).err(), &SENT.windows);
    check_id(response::request_id(&response, context), &SENT.windows);

    // Of this one, only the token is known: a service that repeats what it was never told has it from elsewhere.
    let context = RequestContext { authority: "sts.example.com", credentials: None, request: &SENT.unsigned };
    check(parse::<StsCredentials>(&response, context).err(), &SENT.token);
    check_id(response::request_id(&response, context), &SENT.token);
});

fn check_id(id: Option<String>, secrets: &HashSet<Vec<u8>>) {
    if let Some(id) = id {
        assert_eq!(leak(id.as_bytes(), secrets), None, "in: {id}");
    }
}

fn check(error: Option<ApiError>, secrets: &HashSet<Vec<u8>>) {
    let Some(error) = error else { return };
    let shown = format!("{error}\n{error:?}");
    assert_eq!(leak(shown.as_bytes(), secrets), None, "in: {shown}");
    assert!(!error.to_string().contains(char::is_control), "{shown}");
    let _ = error.retry_strategy();
}

fn expand(text: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::new();
    for byte in text {
        match byte {
            1..=4 => expanded.extend(SENT.values[usize::from(byte - 1)].bytes()),
            5..=8 => expanded.extend(encode(&SENT.values[usize::from(byte - 5)]).bytes()),
            14..=17 => expanded.extend(encode(&encode(&SENT.values[usize::from(byte - 14)])).bytes()),
            byte => expanded.push(*byte),
        }
    }
    expanded
}

fn windows_of(value: &str) -> impl Iterator<Item = Vec<u8>> {
    value.as_bytes().windows(WINDOW).map(<[u8]>::to_vec)
}

/// A part of what must not come back.
fn leak(text: &[u8], secrets: &HashSet<Vec<u8>>) -> Option<String> {
    let part = text.windows(WINDOW).find(|part| secrets.contains(*part))?;
    Some(String::from_utf8_lossy(part).into_owned())
}
