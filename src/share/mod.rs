//! One session with a console, shared by many clients: an RFB client upstream, an RFB server downstream.
//!
//! ```text
//! console ← rfb::Client ─ upstream ─┬─ screen ─→ client: view → update → stream
//!               ↑                   └────────→ client: view → update → stream
//!               └──────── keys, pointer ←──────┘
//! ```
//!
//! - [`hub`]: what others use
//! - [`upstream`]: runs the session with the console, with one request always open
//! - [`downstream`]: serves a client
//! - [`screen`]: the picture and the clients' views of it
//! - [`damage`]: what has changed between two pictures: pure
//! - [`input`]: keys and the pointer, and what a client holds
//!
//! How to use it:
//!
//! - `Hub::new()`, once for an instance.
//! - `hub.serve(stream, &options, joined)` for each client, until it leaves. A client waits in the handshake until the hub has a picture.
//! - `hub.expect_client()` counts a client before it is served.
//! - `hub.client_count()` tells how many have got past the security type, by a `watch` channel: open the console when it is
//!   not 0, and drop `run_upstream` when it is 0 again.
//! - `hub.run_upstream(client)` with an [`rfb::Client`](crate::rfb::Client) that has done its handshake. It returns why the
//!   session was lost. The clients stay, with the last picture; call it again with a new session, and they get that one's.
//!   There is one upstream at a time; what clients type without one is dropped.
//! - `hub.tell(notice)` shows a notice behind the desktop's name, where a client can follow names. The next picture ends it.
//! - `hub.disconnect_all(reason)` ends all clients, also those in the handshake, and tells them why. They no
//!   longer count. `hub.drained()` waits until they are gone. Later clients are served, but not after `hub.close(reason)`.
//!
//! The hub sends no keepalives: the byte relay below the session does (`relay::bridge`).

mod damage;
mod downstream;
mod hub;
mod input;
mod screen;
mod upstream;

pub(crate) use downstream::ServeOptions;
pub(crate) use hub::{ExpectedClient, Hub};
