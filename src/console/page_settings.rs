//! The settings of the console page.

use crate::vnc::password::VncPassword;

/// What the console page needs to know about the instances of a command.
#[derive(Debug, Default)]
pub(crate) struct PageSettings {
    /// Whether the instances run Windows, from `--windows` or `--no-windows`; `None` asks the API.
    pub(crate) is_windows: Option<bool>,
    pub(crate) password: Option<VncPassword>,
}
