//! The simulated account: what the ECS API and its VNC proxy do, on loopback, for trying and testing.
//!
//! ```text
//! HTTP → server ─┬→ api → gateway (signature, time, nonce, key) → service (operations) → JSON | XML
//!                ├→ console.html
//!                └→ proxy → tickets (VncUrl: 15 s, once) → vnc (WebSocket → RFB, a test card)
//! ```

mod account;
mod answer;
mod api;
mod fault;
mod gateway;
mod proxy;
mod server;
mod service;
mod state;
mod tickets;
pub mod vnc;

pub use account::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, INSTANCES, PROFILE, REGION, profile};
pub use server::Demo;
pub use state::{Consoles, Event, Options};

/// Where the console page is on the account's server.
pub const CONSOLE_PATH: &str = "/console/index.html";
