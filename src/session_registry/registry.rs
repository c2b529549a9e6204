//! Finds the sessions of this user's commands.

use std::io;
use std::path::PathBuf;
use std::process;

use super::console_lock::ConsoleLock;
use super::record::SessionRecord;
use super::session_port::SessionPort;
use crate::listen::{self, Stream};
use crate::system::directories;
use crate::system::environment::Environment;
use crate::system::private_cache::{PrivateCache, hashed_name};

/// How the names of records begin.
pub(super) const KIND: &str = "session";

/// How many digits of a console's hash are in the name of its socket: the path of a Unix socket has about 100 bytes.
const SOCKET_NAME_LEN: usize = 24;

/// Stands for a console: the same for every command that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConsoleKey(String);

impl ConsoleKey {
    /// `service` tells services apart that have instances of the same id: the vendor's, and simulated ones.
    pub(crate) fn new(service: &str, region: &str, instance: &str) -> Self {
        Self(hashed_name(&[service.as_bytes(), region.as_bytes(), instance.as_bytes()]))
    }

    pub(super) fn record_name(&self) -> String {
        format!("{KIND}-{}.json", self.0)
    }

    fn takeover_name(&self) -> String {
        format!("takeover-{}.json", self.0)
    }

    pub(super) fn socket_name(&self) -> String {
        format!("{}.sock", &self.0[..SOCKET_NAME_LEN])
    }

    pub(super) fn lock_name(&self) -> String {
        format!("{}.lock", self.0)
    }
}

/// A session of another command, and a connection to it.
#[derive(Debug)]
pub(crate) struct FoundSession {
    pub(crate) record: SessionRecord,
    /// Speaks RFB. The command that serves the session is the server.
    pub(crate) stream: Stream,
}

/// Where the clients of a session connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    UnixSocket,
    /// A port on 127.0.0.1, which has secrets as any user may connect.
    Port,
}

/// The directory of sockets and records.
#[derive(Clone, Debug)]
pub(crate) struct SessionRegistry {
    pub(super) dir: Option<PathBuf>,
    pub(super) transport: Transport,
    pub(super) records: PrivateCache,
}

impl SessionRegistry {
    /// That of the user. Without a directory nothing is published and nothing is found.
    pub(crate) fn of_user() -> Self {
        let dir = directories::runtime(&Environment::from_process());
        let transport = if cfg!(unix) { Transport::UnixSocket } else { Transport::Port };
        dir.map_or_else(Self::disabled, |dir| Self::at(dir.join("ecs-vnc"), transport))
    }

    /// Publishes nothing and finds nothing.
    pub(crate) fn disabled() -> Self {
        Self { dir: None, transport: Transport::UnixSocket, records: PrivateCache::disabled() }
    }

    pub(super) fn at(dir: PathBuf, transport: Transport) -> Self {
        Self { records: PrivateCache::at(&dir), transport, dir: Some(dir) }
    }

    /// Connects to the session of a console. `None` if no other process serves one.
    pub(crate) async fn find(&self, console: &ConsoleKey) -> Option<FoundSession> {
        let bytes = self.records.read(&console.record_name())?;
        let record = SessionRecord::parse(&bytes).filter(|record| record.process_id != process::id())?;
        let stream = match self.transport {
            Transport::UnixSocket => {
                listen::connect_to_socket(&self.dir.as_ref()?.join(console.socket_name())).await.ok()?
            }
            // Windows takes two seconds to say that nothing listens at a port.
            Transport::Port if self.remove_unserved(console) => return None,
            Transport::Port => SessionPort::parse(&bytes)?.connect().await.ok()?,
        };
        Some(FoundSession { record, stream })
    }

    /// Notes that this process ends its session because another client has the console. Commands that have joined the session
    /// must not open the console again by themselves.
    pub(crate) fn note_takeover(&self, console: &ConsoleKey) {
        // Where it cannot be written, each command finds it out for itself.
        _ = self.records.write(&console.takeover_name(), process::id().to_string().as_bytes());
    }

    /// Whether the session that this process served has ended so.
    pub(crate) fn was_taken_over(&self, console: &ConsoleKey, process_id: u32) -> bool {
        self.records.read(&console.takeover_name()).is_some_and(|noted| *noted == process_id.to_string().as_bytes())
    }

    /// Forgets that, since the console is open again.
    pub(crate) fn forget_takeover(&self, console: &ConsoleKey) {
        self.records.remove(&console.takeover_name());
    }

    /// The sessions that are being served, by region and id. Removes the records of commands that are gone.
    pub(crate) async fn list(&self) -> Vec<SessionRecord> {
        let mut found = Vec::new();
        for name in self.records.names(KIND) {
            let hash = name.trim_start_matches("session-").trim_end_matches(".json");
            let console = ConsoleKey(hash.to_owned());
            match self.find(&console).await {
                Some(session) => found.push(session.record),
                None => self.remove_if_unserved(&console).await,
            }
        }
        found.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
        found
    }

    /// Removes the record of a console if no process serves it. A process may be busy, or this one may have too many open files.
    async fn remove_if_unserved(&self, console: &ConsoleKey) {
        let Some(dir) = &self.dir else { return };
        match self.transport {
            Transport::Port => _ = self.remove_unserved(console),
            Transport::UnixSocket => {
                let connected = listen::connect_to_socket(&dir.join(console.socket_name())).await;
                let is_gone = |error: &io::Error| {
                    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
                };
                if connected.as_ref().err().is_some_and(is_gone) {
                    self.records.remove(&console.record_name());
                }
            }
        }
    }

    /// With ports: removes the record of a console that no process serves. The lock is kept by a process that was stopped for a
    /// while. Returns whether no process serves the console.
    fn remove_unserved(&self, console: &ConsoleKey) -> bool {
        let remove = || self.records.remove(&console.record_name());
        self.dir.as_ref().is_none_or(|dir| ConsoleLock::if_free(dir, &console.lock_name(), remove))
    }
}
