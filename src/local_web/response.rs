//! What every answer of the link has in common.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::header::{self, HeaderName};

use super::error_page::Refusal;
use crate::secret::Secret;

/// For pages that say something and do nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// 303: whatever the method was, the next is GET; and nothing of this is kept or passed on.
pub(crate) fn redirect(url: &Secret) -> Response<Full<Bytes>> {
    respond(303, header::LOCATION, url.expose(), POLICY, Bytes::new())
}

/// A page that says something.
pub(crate) fn page(status: u16, html: String) -> Response<Full<Bytes>> {
    respond(status, header::CONTENT_TYPE, "text/html; charset=utf-8", POLICY, html.into())
}

/// A refusal as a page.
pub(crate) fn refuse(refusal: Refusal) -> Response<Full<Bytes>> {
    page(refusal.status(), refusal.page())
}

/// An answer with one header of its own.
pub(crate) fn respond(status: u16, name: HeaderName, value: &str, policy: &str, body: Bytes) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(name, value)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .body(Full::from(body))
        .expect("a checked URL is a valid header")
}
