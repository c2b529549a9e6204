//! A session that other commands can find.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::record::SessionRecord;
use super::registry::{ConsoleKey, SessionRegistry};
use crate::listen::Listener;
use crate::system::shutdown::{CleanupGuard, Shutdown};

/// The socket and the record of a session. Both are removed when this is dropped, or when the process ends.
#[derive(Debug)]
pub(crate) struct PublishedSession {
    listener: Listener,
    registry: SessionRegistry,
    console: ConsoleKey,
    record: Mutex<SessionRecord>,
    cleanup: CleanupGuard,
}

impl PublishedSession {
    /// Publishes a session, whose clients come to the listener. `None` if there is no place for it. Fails if another command
    /// serves one.
    pub(crate) async fn open(
        registry: &SessionRegistry,
        console: ConsoleKey,
        record: SessionRecord,
    ) -> io::Result<Option<Self>> {
        let Some(socket) = registry.socket(&console) else { return Ok(None) };
        let listener = Listener::unix(&socket).await?;
        let ((), cleanup) = Shutdown::of_process().create(|| {
            registry.records.write(&console.record_name(), &record.to_bytes())?;
            let (records, name) = (registry.records.clone(), console.record_name());
            Ok(((), move || records.remove(&name)))
        })?;
        Ok(Some(Self { listener, registry: registry.clone(), console, record: record.into(), cleanup }))
    }

    /// Where other commands connect.
    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }

    /// Tells how many clients there are. That it cannot be written is no reason to end the session.
    pub(crate) fn set_clients(&self, clients: usize) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if record.clients != clients {
            record.clients = clients;
            _ = self.registry.records.write(&self.console.record_name(), &record.to_bytes());
        }
    }
}

impl Drop for PublishedSession {
    fn drop(&mut self) {
        self.cleanup.run();
    }
}
