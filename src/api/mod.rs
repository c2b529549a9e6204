//! The ECS API: typed operations over signed requests.

pub mod answer;
mod client;
pub mod endpoint;
mod error;
pub mod operations;
mod proxy;
pub(crate) mod retry;
pub mod signature;
mod transport;
mod trust;

pub(crate) use client::Reply;
pub use client::{Client, ClientEnv, Event, EventHandler};
pub use error::ApiError;
pub(crate) use error::{ServiceError, SignatureFault, is_passing, is_throttling};
pub use transport::Network;
pub(crate) use transport::{NetworkSetupError, Transport, innermost, read_capped};
