//! The pages that a browser shows instead of a console.

use std::time::Duration;

use thiserror::Error;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// Why a request is refused, as the browser shows it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RefusedRequest {
    /// The Host header is not this machine's name.
    #[error("This link works only on this machine.")]
    ForeignHost,
    /// The WebSocket was not opened by this link's page.
    #[error("Only the page at this link may connect here.")]
    ForeignOrigin,
    /// The path does not start with the secret, or there is no such file.
    #[error("There is nothing at this address.")]
    WrongPath,
    /// Another method, such as the HEAD of a link checker.
    #[error("This address does not accept requests of this kind.")]
    NotGet,
    /// A browser prefetches links that its user may open.
    #[error("This link cannot be prefetched; open it.")]
    Prefetch,
    /// The request does not open a WebSocket: RFC 6455, section 4.2.1.
    #[error("This address only accepts WebSocket connections with the subprotocol binary.")]
    NoHandshake,
    /// The request has no picture that can be read, or is too long.
    #[error("This address only accepts a PNG or JPEG picture.")]
    NoPicture,
    /// The service allows 30 connections a minute.
    #[error("Alibaba Cloud allows 30 connections per minute. Reload in {} s.", wait.as_secs() + 1)]
    RateLimited {
        /// The time until the next connection is allowed.
        wait: Duration,
    },
}

impl RefusedRequest {
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::ForeignHost | Self::ForeignOrigin => 403,
            Self::WrongPath => 404,
            Self::NotGet => 405,
            Self::NoHandshake | Self::NoPicture => 400,
            Self::Prefetch => 503,
            Self::RateLimited { .. } => 429,
        }
    }

    pub(crate) fn page(self) -> String {
        html("No console", &[("p", &self.to_string())])
    }
}

/// The HTTP status and the page for an error.
pub(super) fn for_error(error: &CommandError) -> (u16, String) {
    let status = match error.kind {
        ErrorKind::TimeLimit => 504,
        ErrorKind::Unavailable => 503,
        _ => 502,
    };
    let message = format!("{:#}", error.error);
    let hint = error.hint.as_deref().unwrap_or_default();
    (status, html("No console", &[("p class=error", &message), ("p", hint)]))
}

fn html(title: &str, parts: &[(&str, &str)]) -> String {
    let parts: String = parts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(tag, text)| format!("<{tag}>{}</{}>\n", escape(text), tag.split(' ').next().unwrap_or(tag)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<title>{title} - ecs-vnc</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:4em auto;padding:0 1em;\
         color-scheme:light dark}}.error{{color:#c33;overflow-wrap:anywhere}}</style>\n<h1>{title}</h1>\n{parts}"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_service_are_escaped() {
        let error = CommandError::message(ErrorKind::BadAnswer, "<script>alert(1)</script>").hint("a & b");
        let (status, page) = for_error(&error);
        assert_eq!(status, 502);
        assert!(
            page.contains("<p class=error>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
                && page.contains("<p>a &amp; b</p>")
        );
    }
}
