//! The built-in console page: noVNC, and the buttons and messages around it. It needs no build step and no other server.
//!
//! ```text
//! console.html → console.js → connection (local | demo) → session (WebSocket → noVNC) → backoff (reconnects)
//!                           → typing (paste as keystrokes, chords)
//!                           → text (the text of the screen, read by the command that serves the page)
//! ```
//!
//! The page has two modes. At a path that ends with `/`, the link on loopback, it fetches `info`, connects to `socket`,
//! fetches `last-end` to learn why a session ended, posts a picture to `text` to get its text, and keeps a request for `presence` open. At any other path, in the
//! simulated account, it takes `vncUrl`, `instanceId` and `isWindows` from its query as Alibaba Cloud's page does.

mod assets;

use std::sync::OnceLock;

pub(crate) use assets::LICENCES;

use crate::language::{self, Language};

/// A file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    pub(crate) media_type: &'static str,
    pub(crate) body: &'static [u8],
}

/// The path of the page itself.
pub(crate) const PAGE: &str = "console.html";

/// The page marked as Chinese, for `language.js`. Made when it is first asked for.
static CHINESE_PAGE: OnceLock<String> = OnceLock::new();

/// The file at a path relative to the page. The page itself is in the language of the process.
pub(crate) fn asset(path: &str) -> Option<Asset> {
    if path == PAGE && language::current() == Language::Chinese {
        let page = CHINESE_PAGE.get_or_init(|| in_chinese(include_str!("console.html")));
        return Some(Asset { media_type: media_type(path), body: page.as_bytes() });
    }
    if path == "licences.txt" {
        return Some(Asset { media_type: media_type(path), body: LICENCES.as_bytes() });
    }
    let (path, body) = assets::FILES.iter().find(|(name, _)| *name == path)?;
    Some(Asset { media_type: media_type(path), body })
}

fn in_chinese(page: &str) -> String {
    page.replacen("<html lang=\"en\">", "<html lang=\"zh-CN\">", 1)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// The page's Content-Security-Policy. `socket` is the origin of its WebSocket: `ws://HOST:PORT`.
///
/// noVNC uses `data:` for PNG and JPEG pictures (encoding Tight) and for the shape of the pointer. It sets styles through
/// the CSSOM, which needs no `style-src`.
pub(crate) fn policy(socket: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
