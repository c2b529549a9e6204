//! The proxy variables as people have them. The rules are those of curl (the man page of `--noproxy`) and of Go (the
//! package golang.org/x/net/http/httpproxy).

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::sandbox::{Run, Sandbox};
use crate::tls_server::{NOWHERE, TlsServer};
use crate::transport::join;

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// A SOCKS 5 proxy (RFC 1928) that leads to `port` on this machine; the names it was asked for.
fn socks5(port: u16) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own_port = listener.local_addr().unwrap().port();
    let (sender, asked) = channel();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut greeting = [0; 2];
            client.read_exact(&mut greeting).unwrap();
            let mut methods = vec![0; greeting[1].into()];
            client.read_exact(&mut methods).unwrap();
            client.write_all(&[5, 0]).unwrap();
            // CONNECT to a name, type 3: a name that this machine resolved would be an address, type 1.
            let mut request = [0; 5];
            client.read_exact(&mut request).unwrap();
            assert_eq!(request[..4], [5, 1, 0, 3]);
            let mut name = vec![0; request[4].into()];
            client.read_exact(&mut name).unwrap();
            client.read_exact(&mut [0; 2]).unwrap();
            sender.send(String::from_utf8(name).unwrap()).unwrap();
            client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).unwrap();
            join(client, TcpStream::connect(("127.0.0.1", port)).unwrap());
        }
    });
    (own_port, asked)
}

#[test]
fn a_socks_proxy_without_a_version_is_socks_5_and_resolves_the_name() {
    let server = TlsServer::start(|_| ());
    let (port, asked) = socks5(server.port);
    for url in [format!("socks://127.0.0.1:{port}/"), format!("SOCKS5h://127.0.0.1:{port}")] {
        let sandbox = Sandbox::with_account(NOWHERE);
        let file = sandbox.path("ca.pem");
        fs::write(&file, &server.certificate).unwrap();
        let sandbox = sandbox.env("SSL_CERT_FILE", &file.display().to_string()).env("ALL_PROXY", &url);
        sandbox.run(&ARGS).ends(0);
        assert_eq!(asked.recv().unwrap(), NOWHERE);
    }
}

/// A run against an endpoint that cannot be reached. Its proxy, where it is used, cannot be reached either.
fn run(endpoint: &str, no_proxy: &str) -> Run {
    let sandbox = Sandbox::with_account(endpoint);
    sandbox.env("ALL_PROXY", "http://127.0.0.1:1").env("NO_PROXY", no_proxy).run(&ARGS).ends(10)
}

#[test]
fn no_proxy_is_read_as_curl_and_go_read_it() {
    for list in ["*", "a.example *", "ecs.cn-test.invalid.", "*.invalid,a.example", "a.example ecs.cn-test.invalid:443"]
    {
        let direct = run(NOWHERE, list);
        assert!(!direct.stderr.contains("ALL_PROXY"), "{list}: {}", direct.stderr);
    }
    for list in ["a.example", "*.ecs.cn-test.invalid", "ecs.cn-test.invalid:444", "test.invalid"] {
        run(NOWHERE, list).says(&["ALL_PROXY 127.0.0.1:1"]);
    }
    // Nothing listens on the addresses of this machine's loopback network, and they count as reachable without a proxy
    // anyway. An address of another network would need one.
    let used = Sandbox::with_account("https://[100::1]:443").env("ALL_PROXY", "http://127.0.0.1:1");
    used.run(&ARGS).ends(10).says(&["ALL_PROXY 127.0.0.1:1"]);
    let unused = run("https://[100::1]:443", "*");
    assert!(!unused.stderr.contains("ALL_PROXY"), "{}", unused.stderr);
}

#[test]
fn a_proxy_that_no_proxy_excludes_may_be_invalid() {
    let sandbox = Sandbox::with_account(NOWHERE).env("ALL_PROXY", "ftp://x").env("NO_PROXY", NOWHERE);
    let run = sandbox.run(&ARGS).ends(10);
    assert!(!run.stderr.contains("ALL_PROXY"), "{}", run.stderr);
    let other = Sandbox::with_account(NOWHERE).env("ALL_PROXY", "ftp://x").env("NO_PROXY", "a.example");
    other.run(&ARGS).ends(2).says(&["ALL_PROXY is not a valid proxy"]);
}
