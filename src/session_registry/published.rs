//! A session that other commands can find.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::console_lock::ConsoleLock;
use super::record::SessionRecord;
use super::registry::{ConsoleKey, SessionRegistry, Transport};
use super::session_port::SessionPort;
use crate::listen::Listener;
use crate::system::shutdown::{CleanupGuard, Shutdown};

/// The socket or port, and the record of a session. They are removed when this is dropped, or when the process ends.
#[derive(Debug)]
pub(crate) struct PublishedSession {
    listener: Listener,
    port: Option<SessionPort>,
    registry: SessionRegistry,
    console: ConsoleKey,
    record: Mutex<SessionRecord>,
    cleanup: CleanupGuard,
    /// Released last: a later session has a record of the same name.
    _lock: Option<ConsoleLock>,
}

impl PublishedSession {
    /// Publishes a session, whose clients come to the listener. `None` if there is no place for it. Fails with `AddrInUse` if
    /// another command serves one.
    pub(crate) async fn open(
        registry: &SessionRegistry,
        console: ConsoleKey,
        record: SessionRecord,
    ) -> io::Result<Option<Self>> {
        let Some(dir) = &registry.dir else { return Ok(None) };
        let (listener, lock) = match registry.transport {
            Transport::UnixSocket => (Listener::unix(&dir.join(console.socket_name())).await?, None),
            Transport::Port => {
                let lock = ConsoleLock::acquire(dir, &console.lock_name())?;
                // The secrets say more than the user, whom Windows does not always tell.
                (Listener::tcp_for_all_users(SessionPort::ANY).await?, Some(lock))
            }
        };
        let port = listener.address().map(|address| SessionPort::new(address.port()));
        let ((), cleanup) = Shutdown::of_process().create(|| {
            registry.records.write(&console.record_name(), &record.to_file(port.as_ref())?)?;
            let (records, name) = (registry.records.clone(), console.record_name());
            Ok(((), move || records.remove(&name)))
        })?;
        let registry = registry.clone();
        Ok(Some(Self { listener, port, registry, console, record: record.into(), cleanup, _lock: lock }))
    }

    /// Where other commands connect.
    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }

    /// What a client of a port must prove first. A Unix socket needs no proof.
    pub(crate) fn port(&self) -> Option<&SessionPort> {
        self.port.as_ref()
    }

    /// Tells how many clients there are. That it cannot be written is no reason to end the session.
    pub(crate) fn set_clients(&self, clients: usize) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if record.clients != clients {
            record.clients = clients;
            let written = record.to_file(self.port.as_ref());
            _ = written.and_then(|bytes| self.registry.records.write(&self.console.record_name(), &bytes));
        }
    }
}

impl Drop for PublishedSession {
    fn drop(&mut self) {
        self.cleanup.run();
    }
}
