//! The operations that ecs-vnc calls, and the parts of their responses that it reads.

mod base64;
mod console;
mod console_output;
mod instances;
mod regions;
mod screenshot;
mod sts;

pub(crate) use base64::Base64;
pub use console::VncUrlResponse;
pub use console_output::ConsoleOutput;
pub use instances::Instance;
pub(crate) use instances::{AddressKind, Filter, Page};
pub(crate) use regions::{KNOWN_REGIONS, Region};
pub(crate) use screenshot::MIN_SCREENSHOT_INTERVAL;
pub use screenshot::Screenshot;
pub use sts::StsCredentials;
pub(crate) use sts::{Identity, Role};

/// The version of the ECS API. Source: the vendor's ECS API reference.
const ECS: &str = "2014-05-26";
