//! Plain-text responses of the account's server.

use http_body_util::Full;
use hyper::StatusCode;
use hyper::header;

use crate::http_server::{self, HttpResponse, NO_CONTENT_POLICY};

pub(super) fn plain(status: StatusCode, text: &str) -> HttpResponse {
    http_server::response(status.as_u16(), NO_CONTENT_POLICY)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Full::from(format!("{text}\n")))
        .expect("the header above is valid")
}
