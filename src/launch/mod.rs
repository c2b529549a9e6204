//! From a console to a browser: a link on loopback that mints the URL only when the browser arrives.
//!
//! ```text
//! bind → browser(link) → GET /<secret> → guard → budget → mint → 303 connect URL
//! ```

mod browser;
mod guard;
mod link;
mod page;

pub use browser::{Browser, BrowserError};
pub use link::{Link, MintFn, Visit};
