//! The ECS and STS APIs: typed operations, sent as signed requests.

mod certificate_file;
mod client;
pub mod endpoint;
mod error;
mod event;
pub mod no_proxy;
pub mod operations;
mod pace;
mod proxy;
pub mod response;
mod retry;
mod service_clock;
pub mod signature;
mod tls_failure;
mod tls_roots;
mod transport;

pub(crate) use client::Response;
pub use client::{Client, ClientEnv};
pub use error::ApiError;
pub(crate) use error::{ServiceError, SignatureMismatch, is_throttling, is_transient_status};
pub use event::{Event, EventHandler};
pub(crate) use pace::Pace;
pub use tls_failure::TlsFailure;
pub use transport::Network;
pub(crate) use transport::{NetworkSetupError, Transport, find_tls_failure, root_cause};
