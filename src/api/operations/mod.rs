//! The operations that this tool uses, with the parts of their answers it reads: one file a group.

mod console;
mod instances;
mod regions;
mod sts;

pub use console::VncUrlAnswer;
pub use instances::{AddressKind, Filter, Instance, Page};
pub use regions::{KNOWN_REGIONS, Region};
pub use sts::{Identity, Role, TemporaryKeys};

/// Source: the vendor's ECS API reference.
const ECS: &str = "2014-05-26";
