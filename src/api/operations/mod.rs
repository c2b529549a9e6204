//! The operations that this tool uses, with the parts of their answers it reads: one file a group.

mod base64;
mod console;
mod console_output;
mod instances;
mod regions;
mod screenshot;
mod sts;

pub(crate) use base64::Base64;
pub use console::VncUrlAnswer;
pub use console_output::ConsoleOutput;
pub use instances::Instance;
pub(crate) use instances::{AddressKind, Filter, Page};
pub(crate) use regions::{KNOWN_REGIONS, Region};
pub(crate) use screenshot::SCREENSHOT_SPACING;
pub use screenshot::Screenshot;
pub use sts::TemporaryKeys;
pub(crate) use sts::{Identity, Role};

/// Source: the vendor's ECS API reference.
const ECS: &str = "2014-05-26";
