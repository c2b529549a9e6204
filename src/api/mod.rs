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

pub use client::{Client, Event, Listener, Reply, Sources};
pub use error::{ApiError, ServiceError, SignatureFault, is_passing, is_throttling};
pub use keys::Keys;
pub use transport::{Network, SetUpError, Transport, innermost, read_capped};
