//! What the operating system gives: time, randomness, the environment, files, signals.

pub mod clock;
pub mod environment;
pub mod platform;
pub(crate) mod private_cache;
pub mod random;
pub mod shutdown;
