//! The simulated account: the ECS API, STS and the VNC proxy on loopback, for trying and testing.
//!
//! ```text
//! HTTP → server ─┬→ api → request_auth (signature, time, nonce, key) ─┬→ service (ECS: fleet, filter, pages, power, screenshots) → JSON | XML
//!                │                                                    └→ sts (roles) → sts_sessions (temporary keys)
//!                ├→ page (the built-in console page)
//!                └→ proxy → vnc_tokens (15 s, once) → console_slots (one session an instance) → vnc (display | target)
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
mod power;
mod proxy;
mod regions;
mod request_auth;
mod response;
mod screenshots;
mod server;
mod service;
mod state;
mod sts;
mod sts_sessions;
mod throttle;
pub(crate) mod vnc;
mod vnc_tokens;

pub use account::{
    ACCESS_KEY_ID, ACCESS_KEY_SECRET, EXTERNAL_ID, OIDC_PROVIDER, OIDC_TOKEN, REGION, ROLE, ROLE_CHAINED,
    ROLE_EXTERNAL, ROLE_OIDC, profile,
};
pub(crate) use account::{INSTANCES, PROFILE};
pub use fleet::{INSTANCE_COUNT, MAX_INSTANCE_COUNT};
pub(crate) use regions::NOT_OPENED as REGION_NOT_OPENED;
pub use server::Demo;
pub use state::{Event, Options};
pub(crate) use vnc::Target as VncTarget;

/// The path of the console page on the account's server.
pub(crate) const CONSOLE_PATH: &str = "/console/index.html";
