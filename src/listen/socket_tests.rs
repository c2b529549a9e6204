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
async fn it_is_the_users_alone_and_goes_when_it_is_dropped() {
    let (home, path) = home();
    let socket = Socket::bind(&path).await.unwrap();
    assert_eq!(socket.path(), path);
    let modes = ["own", "own/below", "own/below/s"].map(|name| mode(&home.path().join(name)));
    assert_eq!(modes, [0o700, 0o700, 0o600]);
    let mut client = UnixStream::connect(&path).await.unwrap();
    let (mut stream, who) = socket.accept().await.unwrap().unwrap();
    assert_eq!(who, format!("process {}", std::process::id()));
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
    // std leaves it there.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let socket = Socket::bind(&path).await.unwrap();
    UnixStream::connect(&path).await.unwrap();
    assert_eq!(mode(&path), 0o600);
    drop(socket);
}

/// Of two that find the same dead socket, the second would remove the first one's.
#[test]
fn one_after_another() {
    let (_home, path) = home();
    let lock = private(path.parent().unwrap()).unwrap();
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
async fn what_is_no_socket_is_never_removed() {
    let (_home, path) = home();
    drop(private(path.parent().unwrap()).unwrap());
    fs::write(&path, "mine").unwrap();
    let expected = (io::ErrorKind::AlreadyExists, "that is there, and is no socket".to_owned());
    assert_eq!(refused(&path).await, expected);
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    let link = path.with_file_name("link");
    let target = path.with_file_name("target");
    drop(std::os::unix::net::UnixListener::bind(&target).unwrap());
    symlink(&target, &link).unwrap();
    assert_eq!(refused(&link).await, expected);
    assert!(target.exists());
    // One that has taken a socket's name is not the socket's.
    let socket = Socket::bind(&target).await.unwrap();
    fs::rename(&path, &target).unwrap();
    drop(socket);
    assert_eq!(fs::read(&target).unwrap(), b"mine");
}

#[tokio::test]
async fn a_directory_that_others_enter_is_refused() {
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
    // Only root can come by such a one.
    if std::os::unix::fs::chown(home.path(), Some(65_534), None).is_ok() {
        let (kind, text) = refused(&home.path().join("s")).await;
        assert!(kind == io::ErrorKind::PermissionDenied && text.contains("another user"), "{text}");
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_one_is_said_plainly() {
    let (home, _) = home();
    let long = home.path().join("x".repeat(120));
    let (kind, text) = refused(&long).await;
    assert!(kind == io::ErrorKind::InvalidInput && text.contains("too long"), "{text}");
    assert_eq!(text.split(' ').next().unwrap(), long.as_os_str().len().to_string());
    for none in ["", "/", "..", "a/.."] {
        assert_eq!(refused(Path::new(none)).await.1, "that names no file", "{none}");
    }
}

/// The tests' own process does not end, so what it does then is done to a copy of its list.
#[tokio::test]
async fn at_the_end_of_the_process_it_goes() {
    let (_home, path) = home();
    let socket = Socket::bind(&path).await.unwrap();
    let known: Vec<Bound> = Sockets::of_process().files.iter().filter(|file| **file == socket.bound).cloned().collect();
    assert!(known.len() == 1 && known[0].path.is_absolute());
    let mut sockets = Sockets { files: known, has_ended: false };
    sockets.end();
    assert!(!path.exists() && sockets.has_ended && sockets.files.is_empty());
    // Another's that has taken the name since.
    let other = std::os::unix::net::UnixListener::bind(&path).unwrap();
    drop(socket);
    assert!(path.exists());
    drop(other);
}
