//! The console sessions of this user's commands on this machine: one command serves a session, others find it and join.
//!
//! ```text
//! publish → DIR/HASH.sock (RFB, mode 0600) and DIR/session-HASH.json (who serves it)
//! find    → the record, and a connection to the socket
//! ```
//!
//! DIR is `ecs-vnc` in the user's runtime directory (`XDG_RUNTIME_DIR`), or in the cache directory where there is none. HASH
//! stands for the console: its service, region and instance. A system without Unix sockets has no such sessions.

mod published;
mod record;
mod registry;

pub(crate) use published::PublishedSession;
pub(crate) use record::SessionRecord;
pub(crate) use registry::{ConsoleKey, SessionRegistry};
