//! Serves a console to a browser on this machine, at a link with a secret path.
//!
//! ```text
//! bind → browser opens GET /<secret> → request_guard ─┬→ redirect: rate limit → issue a URL → 303 connect URL
//!                                                     └→ console_page: the built-in page → its WebSocket → console
//!                                                                                      └→ a picture → its text
//! ```

mod console_page;
mod error_page;
mod open_pages;
mod page_event;
mod redirect;
pub mod request_guard;
mod response;
mod screen_text;
mod server;

pub(crate) use console_page::{ConnectConsoleFn, PageInfo};
pub use error_page::RefusedRequest;
pub(crate) use page_event::{PageEvent, PageSessionEnd};
pub(crate) use redirect::{IssueUrlFn, RedirectEvent};
pub(crate) use screen_text::ReadTextFn;
pub(crate) use server::LocalServer;
