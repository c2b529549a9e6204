//! What the browser is shown where it is not led on.

use std::time::Duration;

use thiserror::Error;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// Why a request does not have a URL minted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not this machine's name.
    #[error("This link is served to this machine only.")]
    ForeignHost,
    /// A WebSocket that was not opened by the page.
    #[error("Only this link's own page connects here.")]
    ForeignOrigin,
    /// Not the secret path.
    #[error("There is nothing here.")]
    WrongPath,
    /// Not a GET.
    #[error("This link is opened with GET.")]
    NotGet,
    /// A browser's guess at what its user may want.
    #[error("This link works when it is visited, not before.")]
    Prefetch,
    /// Not a WebSocket's handshake, where only that is understood.
    #[error("Here is a WebSocket, of subprotocol binary.")]
    NotAHandshake,
    /// More than the service takes.
    #[error("The service takes 30 connections a minute. Reload in {} s.", wait.as_secs() + 1)]
    TooMany {
        /// Until the next one.
        wait: Duration,
    },
}

impl Refusal {
    /// The HTTP status that says it.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::ForeignHost | Self::ForeignOrigin => 403,
            Self::WrongPath => 404,
            Self::NotGet => 405,
            Self::NotAHandshake => 400,
            Self::Prefetch => 503,
            Self::TooMany { .. } => 429,
        }
    }

    /// The page.
    pub(crate) fn page(self) -> String {
        html("No console", &[("p", &self.to_string())])
    }
}

/// A failure as a page, and its HTTP status.
pub(crate) fn of_failure(failure: &CommandError) -> (u16, String) {
    let status = match failure.kind {
        ErrorKind::TimeLimit => 504,
        ErrorKind::Unavailable => 503,
        _ => 502,
    };
    let error = format!("{:#}", failure.error);
    let hint = failure.hint.as_deref().unwrap_or_default();
    (status, html("No console", &[("p class=error", &error), ("p", hint)]))
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
    fn what_the_service_says_stays_text() {
        let failure = CommandError::message(ErrorKind::BadAnswer, "<script>alert(1)</script>").hint("a & b");
        let (status, page) = of_failure(&failure);
        assert_eq!(status, 502);
        assert!(
            page.contains("<p class=error>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
                && page.contains("<p>a &amp; b</p>")
        );
    }
}
