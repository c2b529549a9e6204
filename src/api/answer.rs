//! Reads an answer: pure, bounded, and without trust in what it reads.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, ServiceError, SignatureFault};
use super::signature::SignedRequest;
use crate::credentials::Credentials;
use crate::text::percent::encode;
use crate::text::sanitize::sanitize;

/// The most an answer may hold, in bytes, where its operation says nothing else. A page of 100 instances is about
/// 300 KiB.
pub(crate) const LIMIT: usize = 1 << 20;

/// The longest sentence of the service that is passed on, in characters.
const MESSAGE_LIMIT: usize = 600;

/// What came back over the wire.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header `Date`.
    pub date: Option<DateTime<Utc>>,
    /// Header `x-acs-retry-after`, milliseconds.
    pub retry_after: Option<Duration>,
    /// Header `Location`, which is never followed.
    pub location: Option<String>,
    /// Of bounded length.
    pub body: Vec<u8>,
}

/// What the answer belongs to: needed to name it in errors, and to take its secrets out of them.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `host[:port]`
    pub authority: &'a str,
    /// Who signed, if anybody.
    pub credentials: Option<&'a Credentials>,
    /// What was sent.
    pub request: &'a SignedRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody {
    code: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
}

/// The RequestId of any answer of the service, for those who follow the exchange.
pub fn request_id(answer: &Answer, asked: Asked<'_>) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Envelope {
        request_id: String,
    }
    let envelope: Envelope = serde_json::from_slice(&answer.body).ok()?;
    Some(shown(&envelope.request_id, asked, 64))
}

/// The operation's result, or the service's refusal, or that it is neither.
pub fn read<T: DeserializeOwned>(answer: &Answer, asked: Asked<'_>) -> Result<T, ApiError> {
    let is_success = (200..300).contains(&answer.status);
    let value = if is_success { serde_json::from_slice(&answer.body).map_err(Some) } else { Err(None) };
    let fault = match value {
        Ok(value) => return Ok(value),
        Err(fault) => fault,
    };
    // The code decides, whatever the status is: the vendor's own pages disagree about that.
    if let Some(body) = error_body(&answer.body) {
        return Err(ApiError::Service(Box::new(refusal(answer, asked, body))));
    }
    let why = fault.map_or_else(|| first_words(&answer.body, asked), |fault| json_fault(&fault));
    Err(unreadable(answer, asked, &why))
}

/// The error in an answer: JSON, or the XML that a gateway writes before it has read what form was asked for.
fn error_body(body: &[u8]) -> Option<ErrorBody> {
    if let Ok(body) = serde_json::from_slice(body) {
        return Some(body);
    }
    let text = std::str::from_utf8(body).ok()?;
    let (_, error) = text.split_once("<Error>")?;
    let element = |name: &str| {
        let (_, rest) = error.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
    };
    Some(ErrorBody { code: element("Code")?, message: element("Message"), request_id: element("RequestId") })
}

/// An answer that is not this API's: a captive portal, a proxy's page, a redirect.
pub(crate) fn unreadable(answer: &Answer, asked: Asked<'_>, why: &str) -> ApiError {
    let why = match &answer.location {
        Some(location) if (300..400).contains(&answer.status) => {
            let location = location.split('?').next().unwrap_or_default();
            format!("a redirect to {}, which is not followed", shown(location, asked, 200))
        }
        _ => why.to_owned(),
    };
    ApiError::Unreadable { authority: asked.authority.to_owned(), status: answer.status, why }
}

fn refusal(answer: &Answer, asked: Asked<'_>, body: ErrorBody) -> ServiceError {
    // Redacted whole, before it is taken apart: half a token would not be known as one.
    let message = redact(&body.message.unwrap_or_default(), asked);
    let (sentence, theirs) = split_string_to_sign(&message);
    let signature = theirs.map(|theirs| blame(theirs, &redact(asked.request.string_to_sign.expose(), asked)));
    ServiceError {
        code: shown(&body.code, asked, 100),
        message: sanitize(sentence, MESSAGE_LIMIT),
        request_id: body.request_id.map(|id| shown(&id, asked, 64)),
        http_status: answer.status,
        retry_after: answer.retry_after,
        date: answer.date,
        signature,
    }
}

/// Cuts the service's StringToSign off: it holds the AccessKeyId and the token, and is compared, not shown.
fn split_string_to_sign(message: &str) -> (&str, Option<&str>) {
    const MARK: &str = "server string to sign is:";
    match message.to_ascii_lowercase().find(MARK) {
        // Lower-casing ASCII keeps every byte's place.
        Some(at) => (message[..at].trim_end(), Some(message[at + MARK.len()..].trim())),
        None => (message, None),
    }
}

fn blame(theirs: &str, ours: &str) -> SignatureFault {
    if theirs == ours {
        return SignatureFault::Secret;
    }
    let (theirs, ours) = (parameters(theirs), parameters(ours));
    let names = theirs.keys().chain(ours.keys()).filter(|name| theirs.get(*name) != ours.get(*name));
    let mut names: Vec<String> = names.map(|name| sanitize(name, 64)).collect();
    names.sort();
    names.dedup();
    names.truncate(8);
    SignatureFault::Signer(names)
}

/// The parameters inside an RPC StringToSign, and its method under the name of none. Empty for anything else.
fn parameters(string_to_sign: &str) -> BTreeMap<String, String> {
    let mut parts = string_to_sign.splitn(3, '&');
    let (Some(method), Some("%2F"), Some(query)) = (parts.next(), parts.next(), parts.next()) else {
        return BTreeMap::new();
    };
    let query = percent_decode_str(query).decode_utf8_lossy();
    let pairs = query.split('&').take(200).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    pairs.chain([("the HTTP method".to_owned(), method.to_owned())]).collect()
}

/// A text from outside as it may be shown.
fn shown(text: &str, asked: Asked<'_>, limit: usize) -> String {
    sanitize(&redact(text, asked), limit)
}

/// The shortest value that is taken out: a VNC password's length. A shorter one would be found in every word.
const SHORTEST: usize = 6;

/// Takes the key, the secret, the token and the signature out of a text from outside, plain and encoded once or twice,
/// in any case of their letters: others write `%2f` for `%2F`.
fn redact(text: &str, Asked { credentials, request, .. }: Asked<'_>) -> String {
    let masked = credentials.map(|credentials| credentials.access_key_id.to_string()).unwrap_or_default();
    let of_keys = credentials.map(|keys| [Some(&keys.access_key_secret), keys.security_token.as_ref()]);
    let secrets = of_keys.into_iter().flatten().flatten().chain(&request.secrets);
    let secrets = secrets.map(|secret| (secret.expose(), "[redacted]"));
    let values = secrets.chain(credentials.map(|keys| (keys.access_key_id.expose(), masked.as_str())));
    let forms: Vec<(String, &str)> = values
        .filter(|(value, _)| value.len() >= SHORTEST)
        .flat_map(|(value, mask)| [encode(&encode(value)), encode(value), value.to_owned()].map(|form| (form, mask)))
        .map(|(form, mask)| (form.to_ascii_lowercase(), mask))
        .collect();

    // Lower-casing ASCII keeps every byte's place.
    let lower = text.to_ascii_lowercase();
    let (mut result, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(c) = text[at..].chars().next() {
        match forms.iter().find(|(form, _)| lower[at..].starts_with(form.as_str())) {
            Some((form, mask)) => {
                result.push_str(mask);
                at += form.len();
            }
            None => {
                result.push(c);
                at += c.len_utf8();
            }
        }
    }
    result
}

/// What is wrong with the JSON, without the value that is: that may be a token.
fn json_fault(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "JSON without the fields asked for",
        serde_json::error::Category::Eof => "JSON that ends too early",
        _ => "not JSON",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

fn first_words(body: &[u8], asked: Asked<'_>) -> String {
    match shown(&String::from_utf8_lossy(body), asked, 120) {
        text if text.is_empty() => "an empty body".to_owned(),
        text => format!("`{text}`"),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
