//! The console output as `-o json` prints it.

use serde::Serialize;

/// `-o json`: the answer under the API's own names, with the console output decoded to text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BootlogOutput<'a> {
    pub(super) instance_id: &'a str,
    pub(super) region_id: &'a str,
    pub(super) last_update_time: Option<String>,
    pub(super) console_output: &'a str,
    /// With `--follow`: whether this piece does not continue the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) has_gap: Option<bool>,
    pub(super) request_id: &'a str,
}
