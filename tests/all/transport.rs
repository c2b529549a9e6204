//! What lies between this tool and the service: DNS, TCP, TLS, proxies, and whatever else answers.

use std::fs;
use std::io::{Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::fake::{Fake, Reply, good, http, read_header};
use crate::sandbox::Sandbox;
use crate::tls_server::{NOWHERE, TlsServer};

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// A proxy that leads every CONNECT to `port` on this machine, and remembers where it should have gone.
fn proxy(port: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let asked = seen.clone();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let header = read_header(&mut client);
            asked.lock().unwrap().push(header.lines().next().unwrap_or_default().to_owned());
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            join(client, TcpStream::connect(("127.0.0.1", port)).unwrap());
        }
    });
    (url, seen)
}

pub(crate) fn join(client: TcpStream, server: TcpStream) {
    for (mut from, mut to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
        thread::spawn(move || {
            let _ = copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}

fn at(endpoint: &str) -> Sandbox {
    Sandbox::with_account(endpoint)
}

fn pem(sandbox: &Sandbox, text: &str) -> String {
    let file = sandbox.path("ca.pem");
    fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn tls_trusts_what_ssl_cert_file_holds_and_nothing_else() {
    let TlsServer { port, certificate } = TlsServer::start(|_| ());
    let endpoint = format!("127.0.0.1:{port}");
    let sandbox = at(&endpoint);
    let file = pem(&sandbox, &certificate);
    sandbox.env("SSL_CERT_FILE", &file).run(&ARGS).ends(0);

    let other = TlsServer::start(|_| ()).certificate;
    let sandbox = at(&endpoint);
    let file = pem(&sandbox, &other);
    let run = sandbox.env("SSL_CERT_FILE", &file).run(&ARGS).ends(10);
    run.says(&["could not connect to 127.0.0.1:", "certificate", "SSL_CERT_FILE"]);
    if Path::new("/etc/ssl/certs/ca-certificates.crt").exists() {
        at(&endpoint).run(&ARGS).ends(10).says(&["certificate"]);
    }
}

#[test]
fn an_unusable_ssl_cert_file_is_usage() {
    let sandbox = at(NOWHERE);
    let empty = pem(&sandbox, "no certificate\n");
    let missing = sandbox.path("missing.pem").display().to_string();
    sandbox.env("SSL_CERT_FILE", &empty).run(&ARGS).ends(2).says(&["ca.pem", "contains no certificate"]);
    at(NOWHERE).env("SSL_CERT_FILE", &missing).run(&ARGS).ends(2).says(&["missing.pem", "SSL_CERT_FILE"]);
}

#[test]
fn https_goes_through_the_proxy_unless_no_proxy_says_otherwise() {
    let TlsServer { port, certificate } = TlsServer::start(|_| ());
    let (proxy, seen) = proxy(port);
    let sandbox = at(NOWHERE);
    let file = pem(&sandbox, &certificate);
    let sandbox = sandbox.env("SSL_CERT_FILE", &file).env("HTTPS_PROXY", &proxy);
    sandbox.run(&ARGS).ends(0);
    assert_eq!(*seen.lock().unwrap(), [format!("CONNECT {NOWHERE}:443 HTTP/1.1")]);
    sandbox.env("NO_PROXY", ".invalid").run(&ARGS).ends(10).says(&[NOWHERE]);
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let sandbox = Sandbox::new().env("HTTP_PROXY", "http://127.0.0.1:1").env("ALL_PROXY", "http://127.0.0.1:1");
    sandbox.env("http_proxy", "http://127.0.0.1:1").run(&["vnc-url", "--profile", "demo", "i-demo-linux"]).ends(0);
}

#[test]
fn a_proxy_that_refuses_is_no_connection() {
    let proxy = Fake::start(|_, _| http("407 Proxy Authentication Required", "", ""));
    let run = at(NOWHERE).env("HTTPS_PROXY", &proxy.endpoint).run(&ARGS).ends(10);
    let host = proxy.endpoint.strip_prefix("http://").unwrap();
    run.says(&[NOWHERE, &format!("HTTPS_PROXY {host}")]);
}

#[test]
fn a_variable_that_is_no_proxy_is_not_passed_over() {
    for bad in ["http://[::", "ftp://x", "http://"] {
        let run = at(NOWHERE).env("HTTPS_PROXY", bad).run(&ARGS).ends(2);
        run.says(&["HTTPS_PROXY is not a valid proxy"]);
    }
    let run = at(NOWHERE)
        .env("ALL_PROXY", "http://user:pass99@127.0.0.1:1")
        .run(&ARGS)
        .ends(10)
        .says(&["ALL_PROXY 127.0.0.1:1"]);
    assert!(!run.stderr.contains("pass99"), "{}", run.stderr);
}

#[test]
fn names_and_ports_that_lead_nowhere_are_named() {
    at(NOWHERE)
        .run(&ARGS)
        .ends(10)
        .says(&["could not connect to ecs.cn-test.invalid: ", "that the endpoint ecs.cn-test"]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = at(&format!("http://{free}")).run(&ARGS).ends(10);
    run.says(&[&format!("could not connect to {free}: "), "refused"]);
}

#[test]
fn an_endpoint_is_told_without_its_password() {
    let run = at("https://user:pa55word@host").run(&ARGS).ends(2).says(&["is not an endpoint"]);
    assert!(!run.stderr.contains("pa55word"), "{}", run.stderr);
}

#[test]
fn redirects_are_not_followed() {
    let target = Fake::start(|_, request| good(request));
    let location = format!("Location: {}/elsewhere?x=1\r\n", target.endpoint);
    for status in ["301 Moved", "302 Found", "307 ExpiringCredentials", "308 Permanent"] {
        let headers = location.clone();
        let server = Fake::start(move |_, _| http(status, &headers, ""));
        let run = at(&server.endpoint).run(&ARGS).ends(20).says(&["redirect", "/elsewhere"]);
        assert!(!run.stderr.contains("x=1"), "{}", run.stderr);
    }
    assert!(target.requests().is_empty());
}

#[test]
fn an_answer_has_its_limit() {
    // Said and not said beforehand.
    let long = "x".repeat((1 << 20) + 1);
    let body = long.clone();
    let server = Fake::start(move |_, _| http("200 OK", "", &body));
    at(&server.endpoint).run(&ARGS).ends(20).says(&["longer than 1048576 bytes"]);
    let server = Fake::start(move |_, _| Reply::Bytes(format!("HTTP/1.1 200 OK\r\n\r\n{long}").into()));
    at(&server.endpoint).run(&ARGS).ends(20).says(&["longer than 1048576 bytes"]);
}

#[test]
fn a_login_page_is_not_the_api() {
    let server = Fake::start(|_, _| http("200 OK", "Content-Type: text/html\r\n", "<html>\x1b[2JPlease log in</html>"));
    let run = at(&server.endpoint).run(&ARGS).ends(20).says(&["not JSON", "hint:"]);
    assert!(!run.stderr.contains('\u{1b}'));
    let server = Fake::start(|_, _| http("403 Forbidden", "", "<html>\x1b[2JBlocked by policy</html>"));
    let run = at(&server.endpoint).run(&ARGS).ends(20).says(&["HTTP 403", "Blocked by policy"]);
    assert!(!run.stderr.contains('\u{1b}'));
}

#[test]
fn a_request_in_the_clear_is_warned_about_unless_it_stays_here() {
    at(&format!("http://{NOWHERE}"))
        .run(&ARGS)
        .ends(10)
        .says(&["warning: http://ecs.cn-test.invalid is not encrypted"]);
    let server = Fake::start(|_, request| good(request));
    assert!(at(&server.endpoint).run(&ARGS).ends(0).stderr.is_empty());
}

#[test]
fn a_connection_that_is_cut_is_lost() {
    let server = Fake::start(|_, _| Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()));
    let run = at(&server.endpoint).run(&[&ARGS[..], &["--timeout", "1"]].concat()).ends(11);
    run.says(&["the connection to 127.0.0.1:", "was lost"]);
}
