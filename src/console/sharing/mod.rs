//! One session with a console for several clients: viewers, and the user's other commands.
//!
//! - [`shared_console`]: opens the session for the first client, and again when it is lost
//! - [`viewer_gateway`]: the viewers of a command that starts them
//! - [`session_host`]: a command that uses the session itself, and others beside it
//! - [`clients`]: the clients of a port or socket
//! - [`publication`]: the socket where other commands of this user join
//! - [`endpoint`]: a port or socket of `relay --share`
//! - [`args`]: the flags of `relay --share`

pub(crate) mod args;
mod clients;
pub(crate) mod endpoint;
pub(crate) mod publication;
pub(crate) mod session_host;
mod shared_console;
pub(crate) mod viewer_gateway;
