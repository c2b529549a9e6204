//! What a tool has at hand.

use std::sync::{Arc, OnceLock};

use super::machines::Machines;

/// A call of a client, for the tool that does it.
pub(super) struct Call {
    pub(super) machines: Arc<Machines>,
    /// The id of the machine, once it is known.
    pub(super) instance: OnceLock<String>,
}
