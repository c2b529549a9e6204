//! The operations that this tool uses, with the parts of their answers it reads: one file a group.

mod base64;
mod console;
mod console_output;
mod instances;
mod regions;
mod screenshot;
mod sts;

pub use base64::Base64;
pub use console::VncUrlAnswer;
pub use console_output::ConsoleOutput;
pub use instances::{AddressKind, Filter, Instance, Page};
pub use regions::{KNOWN_REGIONS, Region};
pub use screenshot::{SCREENSHOT_SPACING, Screenshot};
pub use sts::{Identity, Role, TemporaryKeys};

/// Source: the vendor's ECS API reference.
const ECS: &str = "2014-05-26";
