//! The console sessions of this user's commands on this machine: one command serves a session, others find it and join.
//!
//! ```text
//! publish → DIR/HASH.sock (RFB, mode 0600) and DIR/session-HASH.json (who serves it)
//! find    → the record, and a connection to the socket
//! ```
//!
//! DIR is `ecs-vnc` in the user's runtime directory (`XDG_RUNTIME_DIR`), or in the cache directory where there is none. HASH
//! stands for the console: its service, region and instance.
//!
//! On a system without Unix sockets, the session has a port on 127.0.0.1. Its number and two secrets are in the record, and
//! DIR/HASH.lock is locked as long as it is served.

mod console_lock;
mod published;
mod record;
mod registry;
mod session_port;

pub(crate) use published::PublishedSession;
pub(crate) use record::SessionRecord;
pub(crate) use registry::{ConsoleKey, SessionRegistry};
pub(crate) use session_port::SessionPort;

#[cfg(test)]
mod registry_tests;
