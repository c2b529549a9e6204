//! From a console to a browser: a link on loopback that mints the URL only when the browser arrives.
//!
//! ```text
//! bind → browser(link) → GET /<secret> → guard ─┬→ lead: budget → mint → 303 connect URL
//!                                               └→ console: our page → its WebSocket → a console's bytes
//! ```
//!
//! And to a native viewer: `viewers` says which there are, `viewer` starts one.

mod console_page;
mod error_page;
mod open_pages;
mod redirect;
mod request_guard;
mod response;
mod server;

pub(crate) use console_page::{About, ConsoleFn, Ended, PageVisit};
pub(crate) use redirect::{MintFn, Visit};
pub(crate) use server::Link;
