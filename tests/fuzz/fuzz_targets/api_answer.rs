//! Any answer: none panics, and no error shows a part of the credentials, however the service repeats them.
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
use ecs_vnc::api::answer::{Answer, Asked, read, request_id};
use ecs_vnc::api::operations::{Instance, VncUrlAnswer};
use ecs_vnc::api::signature::{Operation, SignedRequest, Stamp, rpc_v1};
use ecs_vnc::credentials::Credentials;
use ecs_vnc::percent::encode;
use ecs_vnc::secret::{AccessKeyId, Secret};
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
    request: SignedRequest,
    values: [String; 4],
    windows: HashSet<Vec<u8>>,
}

static SENT: LazyLock<Sent> = LazyLock::new(|| {
    let credentials = Credentials {
        access_key_id: AccessKeyId::new(ID),
        access_key_secret: Secret::new(SECRET),
        security_token: Some(Secret::new(TOKEN)),
    };
    let operation = Operation::new("DescribeInstanceVncUrl", "2014-05-26")
        .with("RegionId", "cn-hangzhou")
        .with("InstanceId", "i-1");
    let request =
        rpc_v1::sign(&operation, &credentials, &Stamp { time: DateTime::UNIX_EPOCH, nonce: "nonce".to_owned() });
    let values = [SECRET, TOKEN, request.secrets[0].expose(), ID].map(str::to_owned);
    let windows = values.iter().flat_map(|value| value.as_bytes().windows(WINDOW).map(<[u8]>::to_vec)).collect();
    Sent { credentials, request, values, windows }
});

fuzz_target!(|data: &[u8]| {
    if leak(data).is_some() {
        return; // Chance, or a fuzzer that reads memory: this part comes from nobody's credentials.
    }
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let status = std::str::from_utf8(line()).ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let location = String::from_utf8(expand(line())).ok().filter(|text| text.bytes().all(|b| b.is_ascii_graphic()));
    let retry_after = data.len().is_multiple_of(2).then(|| Duration::from_millis(data.len() as u64));
    let answer = Answer { status, date: None, retry_after, location, body: expand(line()) };

    let asked = Asked { authority: "ecs.example.com", credentials: Some(&SENT.credentials), request: &SENT.request };
    check(read::<VncUrlAnswer>(&answer, asked).err());
    check(read::<Instance>(&answer, asked).err());
    if let Some(id) = request_id(&answer, asked) {
        assert_eq!(leak(id.as_bytes()), None, "in: {id}");
    }
});

fn check(error: Option<ApiError>) {
    let Some(error) = error else { return };
    let shown = format!("{error}\n{error:?}");
    assert_eq!(leak(shown.as_bytes()), None, "in: {shown}");
    assert!(!error.to_string().contains(char::is_control), "{shown}");
    let _ = error.verdict();
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

/// A part of what must not come back.
fn leak(text: &[u8]) -> Option<String> {
    let part = text.windows(WINDOW).find(|part| SENT.windows.contains(*part))?;
    Some(String::from_utf8_lossy(part).into_owned())
}
