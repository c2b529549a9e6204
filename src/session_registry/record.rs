//! What is told of a session.

use serde::{Deserialize, Serialize};

use crate::text::sanitize::sanitize;

/// The longest text of a record that is shown, in characters.
const MAX_TEXT_LEN: usize = 128;

/// Who serves a session. Another version may have written it, so unknown fields are ignored.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SessionRecord {
    pub(crate) instance_id: String,
    pub(crate) instance_name: Option<String>,
    pub(crate) region_id: String,
    /// The command that serves it, such as `view`.
    pub(crate) command: String,
    pub(crate) process_id: u32,
    /// How many clients are connected, with the command's own viewer.
    pub(crate) clients: usize,
    /// When the console was opened, in UTC: `2026-11-26T03:00:00Z`.
    pub(crate) since: String,
}

impl SessionRecord {
    /// Who serves it, for messages.
    pub(crate) fn served_by(&self) -> String {
        format!("`ecs-vnc {}` (process {})", self.command, self.process_id)
    }

    /// Reads a record. `None` if it is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let shown = |text: &str| sanitize(text, MAX_TEXT_LEN);
        Some(Self {
            instance_id: shown(&record.instance_id),
            instance_name: record.instance_name.as_deref().map(shown),
            region_id: shown(&record.region_id),
            command: shown(&record.command),
            since: shown(&record.since),
            ..record
        })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
