//! Parses HTTP responses of the API. Pure.
//!
//! The response may come from anyone on the way, and may repeat parts of the request: the length of everything taken from
//! it is limited, and the credentials are removed from texts before they become part of an error.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, ServiceError, SignatureMismatch};
use super::signature::SignedRequest;
use crate::credentials::Credentials;
use crate::text::percent::encode;
use crate::text::sanitize::sanitize;

/// The longest response body of an operation that sets no limit of its own, in bytes. A page of 100 instances has about
/// 300 KiB.
pub(crate) const DEFAULT_MAX_BODY_LEN: usize = 1 << 20;

/// The longest error message of the service that is shown, in characters.
const MAX_MESSAGE_LEN: usize = 600;

/// The longest RequestId that is shown, in characters.
const MAX_REQUEST_ID_LEN: usize = 64;

/// An HTTP response.
#[derive(Debug)]
pub struct HttpResponse {
    /// HTTP status code.
    pub status: u16,
    /// When the server answered: the header `Date`.
    pub date: Option<DateTime<Utc>>,
    /// Header `x-acs-retry-after`, or `Retry-After` without it.
    pub retry_after: Option<Duration>,
    /// Header `x-acs-request-id`.
    pub request_id: Option<String>,
    /// Header `Location`. Redirects are never followed.
    pub location: Option<String>,
    /// The body, at most as long as the operation allows.
    pub body: Vec<u8>,
}

/// The request that a response belongs to. Errors name its host, and its secrets are removed from them.
#[derive(Clone, Copy, Debug)]
pub struct RequestContext<'a> {
    /// The server, as `host[:port]`.
    pub authority: &'a str,
    /// The credentials that signed the request; `None` if it is unsigned.
    pub credentials: Option<&'a Credentials>,
    /// The request as it was sent.
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

/// Returns the RequestId, which every response of the service contains: in the body, and in a header for bodies that cannot
/// be read.
pub fn request_id(response: &HttpResponse, context: RequestContext<'_>) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Envelope {
        request_id: String,
    }
    let envelope: Option<Envelope> = serde_json::from_slice(&response.body).ok();
    let id = envelope.map(|envelope| envelope.request_id).filter(|id| !id.is_empty());
    let id = id.or_else(|| response.request_id.clone())?;
    Some(sanitized(&id, context, MAX_REQUEST_ID_LEN))
}

/// Parses a result of type `T`.
///
/// Returns [`ApiError::Service`] if the service refused the request, and [`ApiError::UnexpectedResponse`] for a response
/// that is neither a result nor an error of the API.
pub fn parse<T: DeserializeOwned>(response: &HttpResponse, context: RequestContext<'_>) -> Result<T, ApiError> {
    let is_success = (200..300).contains(&response.status);
    let value = if is_success { serde_json::from_slice(&response.body).map_err(Some) } else { Err(None) };
    let json_error = match value {
        Ok(value) => return Ok(value),
        Err(json_error) => json_error,
    };
    // An error code counts whatever the status is: the vendor's pages disagree about the status of many errors.
    if let Some(body) = error_body(&response.body) {
        return Err(ApiError::Service(Box::new(service_error(response, context, body))));
    }
    let reason = match json_error {
        Some(error) => describe_json_error(&error),
        None => body_excerpt(&response.body, context),
    };
    Err(unexpected_response(response, context, reason))
}

/// Parses the error in a response: JSON, or the XML that a gateway sends if it fails before it has read `Format=JSON`.
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

/// Returns the error for a response from elsewhere, such as a captive portal, a proxy's error page or a redirect.
fn unexpected_response(response: &HttpResponse, context: RequestContext<'_>, reason: String) -> ApiError {
    let reason = match &response.location {
        Some(location) if (300..400).contains(&response.status) => {
            let location = location.split('?').next().unwrap_or_default();
            format!("a redirect to {}, which is not followed", sanitized(location, context, 200))
        }
        _ => reason,
    };
    ApiError::UnexpectedResponse {
        authority: context.authority.to_owned(),
        status: response.status,
        request_id: request_id(response, context).filter(|id| !id.is_empty()),
        retry_after: response.retry_after,
        reason,
    }
}

fn service_error(response: &HttpResponse, context: RequestContext<'_>, body: ErrorBody) -> ServiceError {
    // Redact before splitting or truncating: half of a token would not be recognised.
    let message = redact(&body.message.unwrap_or_default(), context);
    let (sentence, string_to_sign) = split_string_to_sign(&message);
    let signature_mismatch = string_to_sign
        .map(|theirs| compare_strings_to_sign(theirs, &redact(context.request.string_to_sign.expose(), context)));
    ServiceError {
        code: sanitized(&body.code, context, 100),
        message: sanitize(sentence, MAX_MESSAGE_LEN),
        request_id: body
            .request_id
            .or_else(|| response.request_id.clone())
            .map(|id| sanitized(&id, context, MAX_REQUEST_ID_LEN)),
        http_status: response.status,
        retry_after: response.retry_after,
        date: response.date,
        signature_mismatch,
    }
}

/// Splits the service's StringToSign off an error message. It contains the AccessKeyId and the token, so it is compared
/// but never shown.
fn split_string_to_sign(message: &str) -> (&str, Option<&str>) {
    const PREFIX: &str = "server string to sign is:";
    match message.to_ascii_lowercase().find(PREFIX) {
        // Converting ASCII to lower case keeps all byte offsets.
        Some(at) => (message[..at].trim_end(), Some(message[at + PREFIX.len()..].trim())),
        None => (message, None),
    }
}

fn compare_strings_to_sign(theirs: &str, ours: &str) -> SignatureMismatch {
    if theirs == ours {
        return SignatureMismatch::WrongSecret;
    }
    let (theirs, ours) = (parameters(theirs), parameters(ours));
    let names = theirs.keys().chain(ours.keys()).filter(|name| theirs.get(*name) != ours.get(*name));
    let mut names: Vec<String> = names.map(|name| sanitize(name, 64)).collect();
    names.sort();
    names.dedup();
    names.truncate(8);
    SignatureMismatch::DifferentRequest(names)
}

/// Returns the parameters in an RPC StringToSign and, as `the HTTP method`, its method. Returns an empty map for anything
/// else.
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

/// Makes a text of the response safe to show: without secrets and control characters, at most `max_len` characters long.
fn sanitized(text: &str, context: RequestContext<'_>, max_len: usize) -> String {
    sanitize(&redact(text, context), max_len)
}

/// The shortest secret that is redacted, in bytes: the length of a VNC password. A shorter one would occur in ordinary
/// words.
const MIN_SECRET_LEN: usize = 6;

/// Removes the AccessKeyId, the secret, the token, the signature and the secret parameter from `text`: plain and
/// percent-encoded once or twice, in upper and lower case, since others write `%2f` for `%2F`.
fn redact(text: &str, RequestContext { credentials, request, .. }: RequestContext<'_>) -> String {
    let masked_id = credentials.map(|credentials| credentials.access_key_id.to_string()).unwrap_or_default();
    let own_secrets =
        credentials.map(|credentials| [Some(&credentials.access_key_secret), credentials.security_token.as_ref()]);
    let secrets = own_secrets.into_iter().flatten().flatten().chain(&request.secrets);
    let secrets = secrets.map(|secret| (secret.expose(), "[redacted]"));
    let values = secrets.chain(credentials.map(|credentials| (credentials.access_key_id.expose(), masked_id.as_str())));
    let forms: Vec<(String, &str)> = values
        .filter(|(value, _)| value.len() >= MIN_SECRET_LEN)
        .flat_map(|(value, mask)| [encode(&encode(value)), encode(value), value.to_owned()].map(|form| (form, mask)))
        .map(|(form, mask)| (form.to_ascii_lowercase(), mask))
        .collect();

    // Converting ASCII to lower case keeps all byte offsets.
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

/// Describes a JSON error by its position. The value itself is not quoted, since it may be a token.
fn describe_json_error(error: &serde_json::Error) -> String {
    let problem = match error.classify() {
        serde_json::error::Category::Data => "JSON without the expected fields",
        serde_json::error::Category::Eof => "truncated JSON",
        _ => "not JSON",
    };
    format!("{problem} (line {}, column {})", error.line(), error.column())
}

fn body_excerpt(body: &[u8], context: RequestContext<'_>) -> String {
    match sanitized(&String::from_utf8_lossy(body), context, 120) {
        text if text.is_empty() => "an empty body".to_owned(),
        text => format!("`{text}`"),
    }
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
