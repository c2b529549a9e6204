//! The responses of a link.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderName};

use super::error_page::RefusedRequest;
use crate::http_server::{self, HttpResponse};
use crate::secret::Secret;

/// The Content-Security-Policy of pages without scripts.
const STATIC_PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// 303: the browser follows with GET, whatever the method was.
pub(super) fn redirect(url: &Secret) -> HttpResponse {
    respond(303, header::LOCATION, url.expose(), STATIC_PAGE_POLICY, Bytes::new())
}

pub(super) fn static_page(status: u16, html: String) -> HttpResponse {
    respond(status, header::CONTENT_TYPE, "text/html; charset=utf-8", STATIC_PAGE_POLICY, html.into())
}

pub(super) fn refuse(refused: RefusedRequest) -> HttpResponse {
    static_page(refused.status(), refused.page())
}

/// A response with one more header, such as Content-Type.
pub(super) fn respond(status: u16, name: HeaderName, value: &str, policy: &str, body: Bytes) -> HttpResponse {
    let response = http_server::response(status, policy).header(name, value).body(Full::from(body));
    response.expect("a checked URL is a valid header")
}
