//! Operating system services: time, random numbers, environment, files, signals. [`backoff`] is pure.

pub(crate) mod backoff;
pub(crate) mod blocking;
pub mod clock;
pub(crate) mod command_line;
pub(crate) mod directories;
pub mod environment;
pub(crate) mod exit_status;
pub(crate) mod interruption;
pub(crate) mod invocation;
pub mod operating_system;
pub mod platform;
pub(crate) mod private_cache;
pub(crate) mod private_dir;
pub mod random;
pub mod shutdown;
pub(crate) mod temporary;
