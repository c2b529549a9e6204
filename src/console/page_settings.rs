//! What the console page is told.

use crate::vnc::password::VncPassword;

/// What a command tells the console page of its instances.
#[derive(Debug, Default)]
pub(crate) struct PageSettings {
    /// Whether the instances run Windows, where a flag says so; `None` asks the API.
    pub(crate) is_windows: Option<bool>,
    pub(crate) password: Option<VncPassword>,
}
