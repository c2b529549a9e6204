//! The operations that ecs-vnc calls, and the parts of their responses that it reads.

mod base64;
mod console;
mod console_output;
mod instances;
mod power;
mod regions;
mod screenshot;
mod sts;

use serde::{Deserialize, Deserializer};

pub(crate) use base64::Base64;
pub use console::VncUrlResponse;
pub use console_output::ConsoleOutput;
pub(crate) use console_output::console_output_operation;
pub use instances::Instance;
pub(crate) use instances::{AddressKind, Filter, Page};
pub(crate) use power::PowerAction;
pub(crate) use regions::{KNOWN_REGIONS, Region};
pub use screenshot::Screenshot;
pub(crate) use screenshot::{MIN_SCREENSHOT_INTERVAL, screenshot_operation};
pub use sts::StsCredentials;
pub(crate) use sts::{Identity, Role};

/// Treats null as the default, so that one unusual value does not make a whole response fail.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The version of the ECS API. Source: the vendor's ECS API reference.
const ECS: &str = "2014-05-26";
