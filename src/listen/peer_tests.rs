use super::*;

#[test]
fn only_sockets_of_this_user_and_of_root_are_allowed() {
    let owner = |uid, inode| check_owner(Owner { uid, inode }, 1000);
    assert!(owner(1000, 7).is_ok());
    assert!(matches!(owner(1001, 7), Err(RefusedPeer::OtherUser(1001))));
    assert!(owner(0, 7).is_ok(), "root can read everything of this user anyway");
    assert!(matches!(owner(1000, 0), Err(RefusedPeer::NoOwner)));
    assert!(matches!(check_owner(Owner { uid: 0, inode: 0 }, 0), Err(RefusedPeer::NoOwner)), "closed, not root's");
}

#[test]
fn only_processes_of_this_user_and_of_system_are_allowed() {
    let [own, other] =
        ["S-1-5-21-1004336348-1177238915-682003330-1001", "S-1-5-21-1004336348-1177238915-682003330-1002"];
    let check = |user: &str| check_process(ProcessOwner { process: 20, user: user.to_owned() }, own);
    assert!(check(own).is_ok());
    assert!(check("S-1-5-18").is_ok(), "SYSTEM can read everything of this user anyway");
    let refused = check(other).unwrap_err();
    assert_eq!(refused.to_string(), format!("a connection from another user ({other}, process 20)"));
    assert!(!refused.has_disconnected(), "it is worth a warning");
}

#[test]
fn a_connection_to_loopback_is_from_this_machine() {
    let is = |peer: &str, local: &str| is_from_this_machine(peer.parse().unwrap(), local.parse().unwrap());
    assert!(is("127.0.0.1", "127.0.0.1") && is("::1", "::1") && is("127.9.9.9", "127.0.0.1"));
    assert!(is("::ffff:127.0.0.1", "::ffff:127.0.0.1"));
    assert!(is("192.0.2.2", "127.0.0.1"), "its own address, bound before it connected");
    assert!(is("192.0.2.2", "192.0.2.2") && is("::ffff:192.0.2.2", "192.0.2.2"));
    assert!(!is("192.0.2.1", "192.0.2.2") && !is("2001:db8::1", "2001:db8::2"));
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::os::unix::process::CommandExt as _;
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// Both kinds of lookup must say the same: each is the other's second source.
    const LOOKUPS: [OwnerLookup; 2] = [OwnerLookup::Query, OwnerLookup::Table];

    fn may_connect(peer: SocketAddr, local: SocketAddr) -> Result<(), RefusedPeer> {
        let [query, table] = LOOKUPS.map(|lookup| lookup.may_connect(peer, local));
        assert_eq!(format!("{query:?}"), format!("{table:?}"));
        query
    }

    #[test]
    fn a_connection_of_this_user_is_allowed_while_it_is_open() {
        for (any, own) in [("127.0.0.1:0", "127.0.0.1"), ("[::1]:0", "::1"), ("[::]:0", "127.0.0.1")] {
            if let Ok(listener) = TcpListener::bind(any) {
                is_allowed_while_it_is_open(&listener, own);
            }
        }
    }

    fn is_allowed_while_it_is_open(listener: &TcpListener, own: &str) {
        let port = listener.local_addr().unwrap().port();
        assert_eq!(OwnerLookup::detect(listener.local_addr().unwrap()), OwnerLookup::Query);
        let client = TcpStream::connect((own, port)).unwrap();
        let (stream, peer) = listener.accept().unwrap();
        let local = stream.local_addr().unwrap();
        may_connect(peer, local).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        may_connect(peer, local).unwrap();
        drop(client);
        // A child that another test has forked holds the connection too, until it runs its program.
        let closed_by = Instant::now() + Duration::from_secs(10);
        for lookup in LOOKUPS {
            while !matches!(lookup.may_connect(peer, local), Err(RefusedPeer::NoOwner)) {
                assert!(Instant::now() < closed_by, "{lookup:?}");
                thread::sleep(Duration::from_millis(1));
            }
        }
        let unused = SocketAddr::new(peer.ip(), 1);
        assert!(matches!(may_connect(unused, local), Err(RefusedPeer::NoOwner)));
        may_connect(address("192.0.2.1:1"), address("192.0.2.2:1")).unwrap();
    }

    /// Only root can run a program as another user.
    #[test]
    fn a_connection_of_another_user_is_refused() {
        let bash = "/bin/bash";
        if platform::current_uid().unwrap() != 0 || !std::path::Path::new(bash).exists() {
            return;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let local = listener.local_addr().unwrap();
        let script = format!("exec 3<>/dev/tcp/127.0.0.1/{}; read -r -t 20 -u 3", local.port());
        let mut command = Command::new(bash);
        let mut child = command.args(["-c", &script]).uid(65_534).stderr(Stdio::null()).spawn().unwrap();
        let (stream, peer) = listener.accept().unwrap();
        assert!(matches!(may_connect(peer, local), Err(RefusedPeer::OtherUser(65_534))));
        drop(stream);
        child.wait().unwrap();
    }
}
