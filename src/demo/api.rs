//! The account's API over HTTP, from a request to a response.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header;
use hyper::{Request, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::time::{sleep, timeout};

use super::answer::{self, Format};
use super::fault::Fault;
use super::power::PowerChange;
use super::request_auth::{Product, ReceivedRequest};
use super::response::plain;
use super::state::{Account, Event, State};
use super::sts;
use crate::http_server::{self, HttpResponse, NO_CONTENT_POLICY, header_text};
use crate::system::random;

/// The longest body of a request, in bytes.
const MAX_BODY_LEN: usize = 1 << 20;

/// How long a client may take to send the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Answers a request to the API.
pub(crate) async fn serve(account: Arc<Account>, request: Request<Incoming>) -> HttpResponse {
    let host = header_text(request.headers(), &header::HOST).to_owned();
    let date = account.options.clock.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let Ok(Some(received)) = timeout(BODY_TIMEOUT, receive(request)).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large, or too slow.");
    };
    if let Some(delay) = account.options.delay {
        sleep(delay).await;
    }
    let request_id = random::hex_128().to_uppercase();
    let parameter = |name: &str| received.query.get(name).or(received.form.get(name)).map(String::as_str);
    // The current SDK writes `json`, the older one `JSON`.
    let asks_for_json = parameter("Format").is_some_and(|format| format.eq_ignore_ascii_case("json"));
    let is_json = received.headers.contains_key("authorization") || asks_for_json;
    let format = if is_json { Format::Json } else { Format::Xml };

    let action = parameter("Action").or(received.headers.get("x-acs-action").map(String::as_str)).unwrap_or("-");
    let instance = parameter("InstanceId");
    let outcome = run(&account, &received);
    let code = outcome.as_ref().err().map(|fault| fault.code.as_str());
    account.report(&Event::Answered { action, instance, code });

    let (status, body) = match &outcome {
        Ok((action, fields)) => (200, answer::result(action, fields.clone(), &request_id, format)),
        Err(fault) => (fault.status, answer::fault(fault, &host, &request_id, format)),
    };
    let media_type = if format == Format::Json { "application/json" } else { "text/xml" };
    let mut builder = http_server::response(status, NO_CONTENT_POLICY)
        .header(header::CONTENT_TYPE, format!("{media_type};charset=utf-8"))
        .header(header::DATE, date)
        .header("x-acs-request-id", &request_id);
    if let Some(wait) = outcome.err().and_then(|fault| fault.retry_after) {
        builder = builder.header("x-acs-retry-after", wait.as_millis().to_string());
    }
    builder.body(Full::from(body)).expect("the headers above are valid")
}

fn run(account: &Account, received: &ReceivedRequest) -> Result<(String, serde_json::Value), Fault> {
    let clock = &account.options.clock;
    let State { request_auth, sts_sessions, service, throttle } = &mut *account.state();
    let request = request_auth.check(received, sts_sessions, clock.utc())?;
    if let (Product::Ecs, Some(limit)) = (request.product, account.options.rate_limit) {
        throttle.admit(limit, clock.instant())?;
    }
    let fields = match request.product {
        Product::Ecs => {
            let fields = service.run(&request, &account.authority, &account.displays, clock.now())?;
            if PowerChange::of(&request.action, false).is_some() {
                account.power_changes.send_replace(());
            }
            fields
        }
        Product::Sts => sts::run(&request, sts_sessions, clock.utc())?,
    };
    Ok((request.action, fields))
}

/// Reads a request to its end, `None` if its body is too long or cut off.
async fn receive(request: Request<Incoming>) -> Option<ReceivedRequest> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_LEN).collect().await.ok()?.to_bytes().to_vec();
    let headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let is_form =
        headers.get("content-type").is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let form = if is_form { parameters(&String::from_utf8_lossy(&body)) } else { BTreeMap::new() };
    let query = parameters(parts.uri.query().unwrap_or_default());
    Some(ReceivedRequest { method: parts.method.to_string(), query, form, headers, body })
}

/// Decodes `k=v&k=v`, in which `+` is a space, too.
pub(crate) fn parameters(text: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(key, value)| (decode(key), decode(value))).collect()
}
