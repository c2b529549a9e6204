//! Finds the sessions of this user's commands.

use std::path::PathBuf;
use std::process;

use super::record::SessionRecord;
use crate::listen::{self, Stream};
use crate::system::private_cache::{PrivateCache, hashed_name};

/// How the names of records begin.
const KIND: &str = "session";

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

    fn socket_name(&self) -> String {
        format!("{}.sock", &self.0[..SOCKET_NAME_LEN])
    }
}

/// A session of another command, and a connection to it.
#[derive(Debug)]
pub(crate) struct FoundSession {
    pub(crate) record: SessionRecord,
    /// Speaks RFB. The command that serves the session is the server.
    pub(crate) stream: Stream,
}

/// The directory of sockets and records.
#[derive(Clone, Debug)]
pub(crate) struct SessionRegistry {
    dir: Option<PathBuf>,
    pub(super) records: PrivateCache,
}

impl SessionRegistry {
    /// That of the user. Without a directory nothing is published and nothing is found.
    pub(crate) fn of_user() -> Self {
        let dir = dirs::runtime_dir().or_else(dirs::cache_dir);
        dir.map_or_else(Self::disabled, |dir| Self::at(dir.join("ecs-vnc")))
    }

    /// Publishes nothing and finds nothing.
    pub(crate) fn disabled() -> Self {
        Self { dir: None, records: PrivateCache::disabled() }
    }

    pub(crate) fn at(dir: PathBuf) -> Self {
        Self { records: PrivateCache::at(&dir), dir: Some(dir) }
    }

    /// Connects to the session of a console. `None` if no other process serves one.
    pub(crate) async fn find(&self, console: &ConsoleKey) -> Option<FoundSession> {
        let bytes = self.records.read(&console.record_name())?;
        let record = SessionRecord::parse(&bytes).filter(|record| record.process_id != process::id())?;
        let stream = listen::connect_to_socket(&self.socket(console)?).await.ok()?;
        Some(FoundSession { record, stream })
    }

    /// The sessions that are being served, by region and id. Removes the records of commands that are gone.
    pub(crate) async fn list(&self) -> Vec<SessionRecord> {
        let mut found = Vec::new();
        for name in self.records.names(KIND) {
            let hash = name.trim_start_matches("session-").trim_end_matches(".json");
            let console = ConsoleKey(hash.to_owned());
            match self.find(&console).await {
                Some(session) => found.push(session.record),
                None => self.records.remove(&name),
            }
        }
        found.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
        found
    }

    /// Where the socket of a console is.
    pub(super) fn socket(&self, console: &ConsoleKey) -> Option<PathBuf> {
        Some(self.dir.as_ref()?.join(console.socket_name()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;
    use crate::listen::ListenEvent;
    use crate::session_registry::PublishedSession;

    fn record(instance: &str) -> SessionRecord {
        SessionRecord {
            instance_id: instance.to_owned(),
            instance_name: Some("web-01".to_owned()),
            region_id: "cn-hangzhou".to_owned(),
            command: "view".to_owned(),
            process_id: 7,
            clients: 1,
            since: "2026-11-26T03:00:00Z".to_owned(),
        }
    }

    fn key(instance: &str) -> ConsoleKey {
        ConsoleKey::new("alibabacloud", "cn-hangzhou", instance)
    }

    #[tokio::test]
    async fn a_session_is_found_while_it_is_published() {
        let dir = tempfile::tempdir().unwrap();
        let registry = SessionRegistry::at(dir.path().join("ecs-vnc"));
        assert!(registry.find(&key("i-1")).await.is_none() && registry.list().await.is_empty());
        let published = PublishedSession::open(&registry, key("i-1"), record("i-1")).await.unwrap().unwrap();
        let (sender, mut connected) = tokio::sync::mpsc::unbounded_channel();
        published.set_clients(2);
        assert!(PublishedSession::open(&registry, key("i-1"), record("i-1")).await.is_err(), "a second one");
        let accepting = published.listener().accept_loop(9, |event| drop(sender.send(event)));
        let finding = async {
            let found = registry.find(&key("i-1")).await.unwrap();
            assert_eq!(found.record, SessionRecord { clients: 2, ..record("i-1") });
            assert!(matches!(connected.recv().await, Some(ListenEvent::Connected { .. })));
            for other in [key("i-2"), ConsoleKey::new("demo", "cn-hangzhou", "i-1")] {
                assert!(registry.find(&other).await.is_none());
            }
            assert_eq!(registry.list().await.len(), 1);
        };
        tokio::select! {
            () = accepting => {}
            () = finding => {}
        }
        drop(published);
        assert!(registry.find(&key("i-1")).await.is_none() && registry.list().await.is_empty());
        assert_eq!(fs::read_dir(dir.path().join("ecs-vnc")).unwrap().count(), 0, "nothing is left");
    }

    #[tokio::test]
    async fn what_a_killed_command_has_left_is_no_session() {
        let dir = tempfile::tempdir().unwrap();
        let registry = SessionRegistry::at(dir.path().join("ecs-vnc"));
        for bytes in [&record("i-1").to_bytes()[..], b"{}", b"\0"] {
            registry.records.write(&key("i-1").record_name(), bytes).unwrap();
            assert!(registry.find(&key("i-1")).await.is_none());
            assert!(registry.list().await.is_empty());
            assert!(registry.records.names(KIND).is_empty(), "the record is removed");
        }
    }

    #[test]
    fn a_record_cannot_write_onto_the_terminal() {
        let hostile = SessionRecord { command: "\u{1b}[2J".to_owned(), ..record("i-1") };
        let parsed = SessionRecord::parse(&hostile.to_bytes()).unwrap();
        assert!(!parsed.command.contains('\u{1b}'), "{parsed:?}");
    }
}
