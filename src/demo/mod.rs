//! The simulated account: what the ECS API and its VNC proxy do, on loopback, for trying and testing.
//!
//! ```text
//! HTTP → server ─┬→ api → gateway (signature, time, nonce, key) ─┬→ service (ECS: fleet, filter, pages, screenshots) → JSON | XML
//!                │                                               └→ sts (roles) → sessions (temporary keys)
//!                ├→ page (the console page of our own)
//!                └→ proxy → tickets (VncUrl: 15 s, once) → seats (one an instance) → vnc (display | target)
//! ```

mod account;
mod answer;
mod api;
mod boot_log;
mod console_slots;
pub(crate) mod display;
mod displays;
mod fault;
mod filter;
mod fleet;
mod pages;
mod proxy;
mod regions;
mod request_auth;
mod response;
mod screenshots;
mod server;
mod service;
mod sessions;
mod state;
mod sts;
pub(crate) mod vnc;
mod vnc_tokens;

pub use account::{
    ACCESS_KEY_ID, ACCESS_KEY_SECRET, EXTERNAL_ID, OIDC_PROVIDER, OIDC_TOKEN, REGION, ROLE, ROLE_CHAINED,
    ROLE_EXTERNAL, ROLE_OIDC, profile,
};
pub(crate) use account::{INSTANCES, PROFILE};
pub use fleet::FLEET;
pub(crate) use regions::NOT_OPENED as REGION_NOT_OPENED;
pub use server::Demo;
pub use state::{Event, Options};
pub(crate) use vnc::Target as VncTarget;

/// Where the console page is on the account's server.
pub(crate) const CONSOLE_PATH: &str = "/console/index.html";
