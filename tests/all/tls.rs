//! Why TLS failed, in words, and what to do about it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, ExtendedKeyUsagePurpose, IsCa, SanType, date_time_ymd,
};

use crate::fake::{Fake, http};
use crate::sandbox::{Run, Sandbox};
use crate::tls_server::TlsServer;

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// No name of a Rust type is shown.
#[track_caller]
fn in_words(run: Run) -> Run {
    for debug in ["Context", "UnknownIssuer", "InvalidContentType", "UsedAs", "DnsName", "{", "Received", "Some("] {
        assert!(!run.stderr.contains(debug), "{debug}: {}", run.stderr);
    }
    run
}

/// A run that trusts the server's certificate.
#[track_caller]
fn trusting(server: &TlsServer) -> Run {
    let sandbox = Sandbox::with_account(&server.endpoint());
    let file = sandbox.path("ca.pem");
    fs::write(&file, &server.certificate).unwrap();
    in_words(sandbox.env("SSL_CERT_FILE", &file.display().to_string()).run(&ARGS).ends(10))
}

fn with(change: impl FnOnce(&mut CertificateParams)) -> Run {
    trusting(&TlsServer::start(change))
}

#[test]
fn an_unknown_issuer_is_told_with_the_way_to_trust_it() {
    let sandbox = Sandbox::with_account(&TlsServer::start(|_| ()).endpoint());
    let file = sandbox.path("ca.pem");
    let other = TlsServer::start(|params| params.distinguished_name = DistinguishedName::new());
    fs::write(&file, other.certificate).unwrap();
    let run = sandbox.env("SSL_CERT_FILE", &file.display().to_string()).run(&ARGS).ends(10);
    in_words(run).says(&["its certificate was issued by an unknown CA", "SSL_CERT_FILE"]);
}

/// Both certificates are of a CA with the same name, as after a company has renewed its own.
#[test]
fn a_ca_with_the_same_name_and_another_key_is_told() {
    let sandbox = Sandbox::with_account(&TlsServer::start(|_| ()).endpoint());
    let file = sandbox.path("ca.pem");
    fs::write(&file, TlsServer::start(|_| ()).certificate).unwrap();
    let run = sandbox.env("SSL_CERT_FILE", &file.display().to_string()).run(&ARGS).ends(10);
    in_words(run).says(&["not signed by the trusted CA of that name", "new certificate", "SSL_CERT_FILE"]);
}

#[test]
fn a_certificate_of_another_time_is_told_with_its_date() {
    let expired = with(|params| params.not_after = date_time_ymd(2002, 3, 4));
    expired.says(&["its certificate expired on 2002-03-04", "clock"]);
    let early = with(|params| params.not_before = date_time_ymd(2999, 3, 4));
    early.says(&["its certificate is not valid before 2999-03-04", "clock"]);
}

#[test]
fn a_certificate_of_another_host_is_told_with_its_names() {
    let named = |names: &[&str]| {
        let names: Vec<SanType> = names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect();
        with(|params| params.subject_alt_names = names)
    };
    named(&["a.example"]).says(&["its certificate is for a.example, not for 127.0.0.1", "--endpoint"]);
    named(&["a.example", "*.b.example", "c.example", "d.example"])
        .says(&["for a.example, *.b.example, c.example and 1 more, not for 127.0.0.1"]);
    let address = with(|params| params.subject_alt_names = vec![SanType::IpAddress([192, 0, 2, 1].into())]);
    address.says(&["its certificate is for 192.0.2.1, not for 127.0.0.1"]);
    with(|params| params.subject_alt_names.clear()).says(&["its certificate names no host"]);
}

#[test]
fn a_certificate_for_another_use_is_told() {
    let client = with(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    client.says(&["its certificate is not for servers", "serverAuth"]);
    let ca = with(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    ca.says(&["its certificate is that of a CA, not of a server", "SSL_CERT_FILE"]);
}

/// A server that gives `answer` to a ClientHello, and ends.
fn answering(answer: &[u8]) -> String {
    let answer = answer.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut header = [0; 5];
            stream.read_exact(&mut header).unwrap();
            let mut hello = vec![0; u16::from_be_bytes([header[3], header[4]]).into()];
            stream.read_exact(&mut hello).unwrap();
            stream.write_all(&answer).unwrap();
        }
    });
    endpoint
}

/// The alerts' numbers are in RFC 8446, section 6: handshake_failure 40, protocol_version 70, insufficient_security 71,
/// internal_error 80, unrecognized_name 112, certificate_required 116.
#[test]
fn a_server_that_refuses_the_handshake_is_told_with_its_reason() {
    let run = |alert| {
        let endpoint = answering(&[21, 3, 3, 0, 2, 2, alert]);
        in_words(Sandbox::with_account(&endpoint).run(&ARGS).ends(10))
    };
    run(70).says(&["no TLS version in common", "TLS 1.2 and 1.3"]);
    run(40).says(&["no cipher in common"]);
    run(71).says(&["no cipher in common"]);
    run(112).says(&["does not serve the name"]);
    run(116).says(&["wants a client certificate"]);
    run(80).says(&["refused the TLS handshake (alert 80)"]);
}

#[test]
fn http_at_a_tls_port_and_tls_at_an_http_port_are_told() {
    let host = &answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let run = in_words(Sandbox::with_account(host).run(&ARGS).ends(10));
    run.says(&["it does not speak TLS", &format!("http://{host}")]);
    let proxy = in_words(
        Sandbox::with_account("ecs.cn-test.invalid").env("HTTPS_PROXY", &format!("https://{host}")).run(&ARGS).ends(10),
    );
    proxy.says(&["does not speak TLS", &format!("HTTPS_PROXY {host}"), "http://"]);
    let server = TlsServer::start(|_| ());
    let run = in_words(Sandbox::with_account(&format!("http://{}", server.endpoint())).run(&ARGS).ends(10));
    run.says(&["its answer is not HTTP", &format!("https://{}", server.endpoint())]);
}

#[test]
fn a_console_and_a_credentials_uri_say_it_in_the_same_words() {
    let server = TlsServer::start(|params| params.not_after = date_time_ymd(2002, 3, 4));
    let port = server.port;
    let account = Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", r#"{"Instances":{"Instance":[{"InstanceId":"i-1","Status":"Running"}]}}"#),
        false => {
            http("200 OK", "", &format!(r#"{{"RequestId":"R","VncUrl":"wss%3A%2F%2F127.0.0.1%3A{port}%2F%3Fs%3Dab"}}"#))
        }
    });
    let sandbox = Sandbox::with_account(&account.endpoint);
    let run = sandbox.run(&["screenshot", "i-1", "--via", "vnc", "-f", "-"]).ends(10);
    in_words(run).says(&["its certificate expired on 2002-03-04", "clock"]);
    let uri = format!("https://{}/", server.endpoint());
    let sandbox = Sandbox::new().env("ALIBABA_CLOUD_CREDENTIALS_URI", &uri).env("ALIBABA_CLOUD_REGION_ID", "cn-test");
    in_words(sandbox.run(&ARGS).ends(3)).says(&["its certificate expired on 2002-03-04"]);
}
