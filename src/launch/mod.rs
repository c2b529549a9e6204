//! From a console to a browser: a link on loopback that mints the URL only when the browser arrives.
//!
//! ```text
//! bind → browser(link) → GET /<secret> → guard ─┬→ lead: budget → mint → 303 connect URL
//!                                               └→ console: our page → its WebSocket → a console's bytes
//! ```
//!
//! And to a native viewer: `viewers` says which there are, `viewer` starts one.

mod answer;
mod browser;
mod console;
mod guard;
mod lead;
mod link;
mod page;
mod presence;
mod viewer;
mod viewers;

pub use browser::{Browser, BrowserError};
pub use console::{About, ConsoleFn, Ended, PageVisit};
pub use lead::{MintFn, Visit};
pub use link::Link;
pub use viewer::{Running, Spot, Viewer, ViewerError};

/// Ends the viewers of this process. For the end of the process, which drops nothing.
pub fn end() {
    viewer::end();
}
