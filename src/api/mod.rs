//! The ECS API: typed operations over signed requests.

pub mod answer;
mod client;
pub mod endpoint;
mod error;
mod keys;
pub mod operations;
mod proxy;
pub mod retry;
pub mod signature;
mod transport;
mod trust;

pub use client::{Client, ClientEnv, Event, EventHandler, Reply};
pub use error::{ApiError, ServiceError, SignatureFault, is_passing, is_throttling};
pub use keys::ProvideCredentials;
pub use transport::{Network, NetworkSetupError, Transport, innermost, read_capped};
