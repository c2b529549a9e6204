use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::console_lock::ConsoleLock;
use super::registry::{KIND, Transport};
use super::{ConsoleKey, PublishedSession, SessionPort, SessionRecord, SessionRegistry};
use crate::listen::ListenEvent;
use crate::system::platform;

/// Those that this system has.
const TRANSPORTS: &[Transport] =
    if cfg!(unix) { &[Transport::UnixSocket, Transport::Port] } else { &[Transport::Port] };

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

fn registry(transport: Transport) -> (TempDir, SessionRegistry) {
    let home = tempfile::tempdir().unwrap();
    let registry = SessionRegistry::at(home.path().join("ecs-vnc"), transport);
    (home, registry)
}

async fn publish(registry: &SessionRegistry) -> io::Result<PublishedSession> {
    PublishedSession::open(registry, key("i-1"), record("i-1")).await.map(|published| published.unwrap())
}

/// Greets the clients of a session for ever, as its RFB server does.
async fn greet(published: &PublishedSession) {
    let greet = |event| {
        let port = published.port().cloned();
        tokio::spawn(async move {
            let ListenEvent::Connected { mut stream, .. } = event else { panic!("{event:?}") };
            let is_admitted = match port {
                Some(port) => port.admit(&mut stream).await.is_ok(),
                None => true,
            };
            // A client that only looks whether there is a session has left already.
            if is_admitted && stream.write_all(b"RFB").await.is_ok() {
                _ = stream.read_u8().await;
            }
        });
    };
    published.listener().accept_loop(9, greet).await;
}

/// How many files there are, without the one that Windows locks in place of the directory.
fn files(dir: &Path) -> usize {
    fs::read_dir(dir).unwrap().filter(|entry| entry.as_ref().unwrap().file_name() != ".lock").count()
}

#[tokio::test]
async fn a_session_is_found_and_joined_while_it_is_published() {
    for &transport in TRANSPORTS {
        let (_home, registry) = registry(transport);
        assert!(registry.find(&key("i-1")).await.is_none() && registry.list().await.is_empty());
        let published = publish(&registry).await.unwrap();
        published.set_clients(2);
        let finding = async {
            let mut found = registry.find(&key("i-1")).await.unwrap();
            assert_eq!(found.record, SessionRecord { clients: 2, ..record("i-1") });
            let mut greeting = [0; 3];
            found.stream.read_exact(&mut greeting).await.unwrap();
            assert_eq!(&greeting, b"RFB");
            for other in [key("i-2"), ConsoleKey::new("demo", "cn-hangzhou", "i-1")] {
                assert!(registry.find(&other).await.is_none());
            }
            assert_eq!(registry.list().await.len(), 1);
        };
        tokio::select! {
            () = greet(&published) => {}
            () = finding => {}
        }
        drop(published);
        assert!(registry.find(&key("i-1")).await.is_none() && registry.list().await.is_empty());
        assert_eq!(files(registry.dir.as_ref().unwrap()), 0, "nothing is left");
    }
}

// The time passes at once where everything waits.
#[tokio::test(start_paused = true)]
async fn a_console_is_published_once() {
    for &transport in TRANSPORTS {
        let (_home, registry) = registry(transport);
        let first = publish(&registry).await.unwrap();
        assert_eq!(publish(&registry).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        // A command that was stopped for a while does not answer, and serves the console all the same.
        registry.list().await;
        assert_eq!(publish(&registry).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        assert_eq!(registry.records.names(KIND).len(), 1);
        PublishedSession::open(&registry, key("i-2"), record("i-2")).await.unwrap().unwrap();
        drop(first);
        publish(&registry).await.unwrap();
        assert_eq!(files(registry.dir.as_ref().unwrap()), 0);
    }
}

#[tokio::test]
async fn what_a_killed_command_has_left_is_no_session() {
    for &transport in TRANSPORTS {
        let (_home, registry) = registry(transport);
        let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let port = (transport == Transport::Port).then(|| SessionPort::new(unused));
        let left = record("i-1").to_file(port.as_ref()).unwrap();
        for bytes in [&left[..], b"{}", b"\0"] {
            registry.records.write(&key("i-1").record_name(), bytes).unwrap();
            fs::write(registry.dir.as_ref().unwrap().join(key("i-1").lock_name()), "").unwrap();
            assert!(registry.find(&key("i-1")).await.is_none());
            assert!(registry.list().await.is_empty());
            assert!(registry.records.names(KIND).is_empty(), "the record is removed");
        }
        registry.records.write(&key("i-1").record_name(), &left).unwrap();
        publish(&registry).await.unwrap();
    }
}

#[tokio::test]
async fn a_client_without_the_secret_is_told_nothing() {
    let (_home, registry) = registry(Transport::Port);
    let published = publish(&registry).await.unwrap();
    let address = published.listener().address().unwrap();
    assert!(address.ip().is_loopback());
    let connecting = async {
        for sent in ["", "RFB 003.008\n", &"0".repeat(64), SessionPort::new(1).client_secret.expose()] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(sent.as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
            let mut answer = Vec::new();
            // The system may report that the connection was reset.
            _ = client.read_to_end(&mut answer).await;
            assert_eq!(answer, b"", "{sent}");
        }
        assert!(registry.find(&key("i-1")).await.is_some(), "another client is served");
    };
    tokio::select! {
        () = greet(&published) => {}
        () = connecting => {}
    }
}

#[tokio::test]
async fn a_program_that_has_taken_the_port_is_no_session() {
    let (_home, registry) = registry(Transport::Port);
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = SessionPort::new(other.local_addr().unwrap().port());
    // As if its command were about to write the record anew.
    let _lock = ConsoleLock::acquire(registry.dir.as_ref().unwrap(), &key("i-1").lock_name()).unwrap();
    registry.records.write(&key("i-1").record_name(), &record("i-1").to_file(Some(&port)).unwrap()).unwrap();
    let answering = async {
        let (mut stream, _) = other.accept().await.unwrap();
        let mut secret = [0; 64];
        stream.read_exact(&mut secret).await.unwrap();
        stream.write_all(&secret).await.unwrap();
        stream.write_all(b"RFB 003.008\n").await.unwrap();
    };
    let console = key("i-1");
    let (found, ()) = tokio::join!(registry.find(&console), answering);
    assert!(found.is_none());
}

#[tokio::test]
async fn the_secrets_are_in_the_private_file_only() {
    let (_home, registry) = registry(Transport::Port);
    let published = publish(&registry).await.unwrap();
    published.set_clients(2);
    let path = registry.dir.as_ref().unwrap().join(key("i-1").record_name());
    assert_eq!(platform::mode_open_to_others(&path), None);
    let file = fs::read_to_string(&path).unwrap();
    let port = published.port().unwrap();
    let secrets = [&port.client_secret, &port.server_secret].map(|secret| secret.expose().to_owned());
    let listing = async {
        let sessions = registry.list().await;
        let found = registry.find(&key("i-1")).await;
        [serde_json::to_string(&sessions).unwrap(), format!("{sessions:?} {found:?} {published:?} {registry:?}")]
    };
    let shown = tokio::select! {
        () = greet(&published) => unreachable!(),
        shown = listing => shown,
    };
    assert!(shown[0].contains("web-01") && !shown[0].contains("Secret") && !shown[0].contains("Port"), "{}", shown[0]);
    for secret in secrets {
        assert!(file.contains(&secret));
        assert!(!shown.iter().any(|text| text.contains(&secret)));
    }
}

#[test]
fn only_one_at_a_time_has_the_lock_of_a_console() {
    let home = tempfile::tempdir().unwrap();
    let (dir, holders, acquired) = (home.path().join("ecs-vnc"), AtomicUsize::new(0), AtomicUsize::new(0));
    let compete = |dir: &Path| {
        for _ in 0..50 {
            let Ok(lock) = ConsoleLock::acquire(dir, "x.lock") else { continue };
            assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
            assert!(!ConsoleLock::if_free(dir, "x.lock", || panic!("it is locked")));
            acquired.fetch_add(1, Ordering::SeqCst);
            holders.fetch_sub(1, Ordering::SeqCst);
            drop(lock);
        }
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| compete(&dir));
        }
    });
    assert!(acquired.into_inner() > 0);
    let mut is_run = false;
    assert!(ConsoleLock::if_free(&dir, "x.lock", || is_run = true) && is_run);
    assert_eq!(files(&dir), 0);
}

#[test]
fn a_record_cannot_write_onto_the_terminal() {
    let hostile = SessionRecord { command: "\u{1b}[2J".to_owned(), ..record("i-1") };
    let parsed = SessionRecord::parse(&hostile.to_file(None).unwrap()).unwrap();
    assert!(!parsed.command.contains('\u{1b}'), "{parsed:?}");
}
