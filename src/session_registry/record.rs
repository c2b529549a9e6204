//! What is told of a session.

use std::io;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::session_port::SessionPort;
use crate::text::sanitize::sanitize;

/// The longest text of a record that is shown, in characters.
const MAX_TEXT_LEN: usize = 128;

/// More than the file of a record has, in bytes.
const FILE_CAPACITY: usize = 4096;

/// Who serves a session. It holds no secret, as it is printed. Another version may have written it, so unknown fields are ignored.
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

    /// The content of the record's file, which only this user can read. It has the secrets of the port, if there is one.
    pub(super) fn to_file(&self, port: Option<&SessionPort>) -> io::Result<Zeroizing<Vec<u8>>> {
        // A vector that grows leaves copies of the secrets in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_CAPACITY));
        let port = port.map(|port| PortFields {
            port: port.port,
            client_secret: port.client_secret.expose(),
            server_secret: port.server_secret.expose(),
        });
        serde_json::to_writer(&mut *bytes, &RecordFile { record: self, port })?;
        Ok(bytes)
    }
}

/// What is in the file of a record.
#[derive(Serialize)]
struct RecordFile<'a> {
    #[serde(flatten)]
    record: &'a SessionRecord,
    #[serde(flatten)]
    port: Option<PortFields<'a>>,
}

/// As [`SessionPort`] reads them. That type cannot be written by mistake.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PortFields<'a> {
    port: u16,
    client_secret: &'a str,
    server_secret: &'a str,
}
