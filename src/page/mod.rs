//! The console page of our own: noVNC, embedded, and what a console needs around it. No build step, no other server.
//!
//! ```text
//! console.html → console.js → way (local | vendor-like) → session (WebSocket → noVNC) → again (reconnects)
//!                           → typing (paste as keystrokes, chords)
//! ```
//!
//! One page, two ways in. Served at a path that ends with `/`, it asks for `about`, connects to `socket`, learns why
//! that ended from `reason`, and shows with `here` that it is still open: the link on loopback. At any other path it
//! takes `vncUrl`, `instanceId` and `isWindows` from its query as the vendor's page does: the demo account.

mod assets;

/// A file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Its Content-Type.
    pub(crate) media_type: &'static str,
    /// What it holds.
    pub(crate) body: &'static [u8],
}

/// The page itself.
pub(crate) const PAGE: &str = "console.html";

/// The file at a path below the page.
pub(crate) fn asset(path: &str) -> Option<Asset> {
    if path == "licences.txt" {
        return Some(Asset { media_type: media_type(path), body: assets::LICENCES.as_bytes() });
    }
    let (path, body) = assets::FILES.iter().find(|(name, _)| *name == path)?;
    Some(Asset { media_type: media_type(path), body })
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
/// `data:` is for pictures that come as PNG or JPEG (encoding Tight) and for the pointer's shape, which noVNC draws
/// so. What noVNC styles, it styles through the CSSOM, which no policy forbids.
pub(crate) fn policy(socket: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
