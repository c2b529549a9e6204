use std::os::unix::fs::symlink;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("own/below/s");
    (home, path)
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

async fn refused(path: &Path) -> (io::ErrorKind, String) {
    let error = Socket::bind(path).await.unwrap_err();
    (error.kind(), error.to_string())
}

#[tokio::test]
async fn the_socket_is_private_and_removed_when_it_is_dropped() {
    let (home, path) = home();
    let socket = Socket::bind(&path).await.unwrap();
    assert_eq!(socket.path(), path);
    let modes = ["own", "own/below", "own/below/s"].map(|name| mode(&home.path().join(name)));
    assert_eq!(modes, [0o700, 0o700, 0o600]);
    let mut client = UnixStream::connect(&path).await.unwrap();
    let ListenEvent::Connected { mut stream, peer } = socket.accept().await.unwrap() else { panic!("refused") };
    assert_eq!(peer, format!("process {}", std::process::id()));
    client.write_all(b"x").await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'x');
    drop(socket);
    assert!(!path.exists() && path.parent().unwrap().exists());
    Socket::bind(&path).await.unwrap();
}

#[tokio::test]
async fn a_dead_socket_is_replaced_and_a_live_one_is_not() {
    let (_home, path) = home();
    let live = Socket::bind(&path).await.unwrap();
    assert_eq!(refused(&path).await.0, io::ErrorKind::AddrInUse);
    drop(UnixStream::connect(&path).await.unwrap());
    drop(live);
    // std does not remove the file.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let socket = Socket::bind(&path).await.unwrap();
    UnixStream::connect(&path).await.unwrap();
    assert_eq!(mode(&path), 0o600);
    drop(socket);
}

#[tokio::test]
async fn two_tasks_of_a_thread_do_not_wait_for_each_other() {
    let (_home, path) = home();
    let _live = Socket::bind(&path).await.unwrap();
    let bound = Socket::bind(&path).now_or_never();
    assert_eq!(bound.expect("the lock is not kept").unwrap_err().kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn binding_waits_for_the_lock_on_the_directory() {
    let (_home, path) = home();
    let lock = lock_private_dir(path.parent().unwrap()).unwrap();
    thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(Socket::bind(&path)).map(drop)
        });
        thread::sleep(Duration::from_millis(50));
        assert!(!waits.is_finished() && !path.exists());
        drop(lock);
        waits.join().unwrap().unwrap();
    });
}

#[tokio::test]
async fn a_file_that_is_no_socket_is_never_removed() {
    let (_home, path) = home();
    drop(lock_private_dir(path.parent().unwrap()).unwrap());
    fs::write(&path, "mine").unwrap();
    let expected = (io::ErrorKind::AlreadyExists, "the file exists and is not a socket".to_owned());
    assert_eq!(refused(&path).await, expected);
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    let link = path.with_file_name("link");
    let target = path.with_file_name("target");
    drop(std::os::unix::net::UnixListener::bind(&target).unwrap());
    symlink(&target, &link).unwrap();
    assert_eq!(refused(&link).await, expected);
    assert!(target.exists());
    // A file that replaced the socket stays.
    let socket = Socket::bind(&target).await.unwrap();
    fs::rename(&path, &target).unwrap();
    drop(socket);
    assert_eq!(fs::read(&target).unwrap(), b"mine");
}

#[tokio::test]
async fn a_directory_that_others_can_access_is_refused() {
    let (home, _) = home();
    for open in [0o1777, 0o755, 0o710, 0o720, 0o701, 0o704] {
        fs::set_permissions(home.path(), Permissions::from_mode(open)).unwrap();
        let (kind, text) = refused(&home.path().join("s")).await;
        assert_eq!(kind, io::ErrorKind::PermissionDenied);
        assert!(text.contains(&format!("mode {open:04o}")) && text.contains("0700"), "{text}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    fs::set_permissions(home.path(), Permissions::from_mode(0o700)).unwrap();
    drop(Socket::bind(&home.path().join("s")).await.unwrap());
    // Only root can test this.
    if std::os::unix::fs::chown(home.path(), Some(65_534), None).is_ok() {
        let (kind, text) = refused(&home.path().join("s")).await;
        assert!(kind == io::ErrorKind::PermissionDenied && text.contains("another user"), "{text}");
    }
}

#[tokio::test]
async fn a_directory_that_others_can_rename_is_refused() {
    let (home, path) = home();
    let parent = home.path().join("own");
    drop(Socket::bind(&path).await.unwrap());
    for open in [0o777, 0o770, 0o722, 0o702] {
        fs::set_permissions(&parent, Permissions::from_mode(open)).unwrap();
        let (kind, text) = refused(&path).await;
        assert!(kind == io::ErrorKind::PermissionDenied && text.contains("can rename"), "{open:o}: {text}");
    }
    // With the sticky bit, only the owner of an entry can rename it.
    for safe in [0o1777, 0o755] {
        fs::set_permissions(&parent, Permissions::from_mode(safe)).unwrap();
        drop(Socket::bind(&path).await.unwrap());
    }
    // Only root can test this.
    if std::os::unix::fs::chown(&parent, Some(65_534), None).is_ok() {
        assert!(refused(&path).await.1.contains("can rename"));
    }
}

#[tokio::test]
async fn an_invalid_path_is_reported() {
    let (home, _) = home();
    let long = home.path().join("x".repeat(120));
    let (kind, text) = refused(&long).await;
    assert!(kind == io::ErrorKind::InvalidInput && text.contains("too long"), "{text}");
    assert!(text.contains(&format!(" {} bytes", long.as_os_str().len())), "{text}");
    for none in ["", "/", "..", "a/.."] {
        assert_eq!(refused(Path::new(none)).await.1, "not the name of a file", "{none}");
    }
}

#[tokio::test]
async fn the_socket_is_removed_when_the_process_ends() {
    let (_home, path) = home();
    let shutdown = crate::system::shutdown::tests::shutdown();
    let socket = Socket::bind_until(&path, shutdown).await.unwrap();
    assert!(path.exists());
    shutdown.run_cleanups();
    assert!(!path.exists());
    assert_eq!(Socket::bind_until(&path, shutdown).await.unwrap_err().kind(), io::ErrorKind::Interrupted);
    assert!(!path.exists());
    // A socket that took the path since then stays.
    let other = std::os::unix::net::UnixListener::bind(&path).unwrap();
    drop(socket);
    assert!(path.exists());
    drop(other);
}
