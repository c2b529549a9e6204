//! The simulated account: what the ECS API and its VNC proxy do, on loopback, for trying and testing.
//!
//! ```text
//! HTTP → server ─┬→ gateway (signature, time, nonce, key) → service (operations) → JSON | XML
//!                ├→ console.html
//!                └→ tickets (VncUrl: 15 s, once) → vnc (WebSocket → RFB, a test card)
//! ```

mod account;
mod answer;
mod fault;
mod gateway;
mod server;
mod service;
mod tickets;
pub mod vnc;

pub use account::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, INSTANCES, PROFILE, REGION, profile};
pub use server::{Consoles, Demo, Event, Options};

/// Where the console page is on the account's server.
pub const CONSOLE_PATH: &str = "/console/index.html";
