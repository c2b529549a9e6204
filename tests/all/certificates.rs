//! The forms in which people have trusted certificates: files and directories.

use std::fs;

use crate::sandbox::Sandbox;
use crate::tls_server::TlsServer;

const ARGS: [&str; 3] = ["vnc-url", "--no-windows", "i-1"];

/// Trusts the file with `bytes`.
fn trusting(server: &TlsServer, bytes: &[u8]) -> Sandbox {
    let sandbox = Sandbox::with_account(&server.endpoint());
    let file = sandbox.path("ca.pem");
    fs::write(&file, bytes).unwrap();
    sandbox.env("SSL_CERT_FILE", &file.display().to_string())
}

#[test]
fn a_byte_order_mark_loses_no_certificate() {
    let server = TlsServer::start(|_| ());
    let other = TlsServer::start(|_| ()).certificate;
    let marked = format!("\u{feff}{}", server.certificate);
    let second = format!("\u{feff}{other}\u{feff}{}", server.certificate);
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [marked.as_bytes(), second.as_bytes(), &wide] {
        trusting(&server, bytes).run(&ARGS).ends(0);
    }
}

#[test]
fn the_older_headers_are_certificates_too() {
    let server = TlsServer::start(|_| ());
    for name in ["X509 CERTIFICATE", "TRUSTED CERTIFICATE"] {
        let text = server.certificate.replace(" CERTIFICATE", &format!(" {name}")).replace('\n', "\r\n");
        trusting(&server, text.as_bytes()).run(&ARGS).ends(0);
    }
}

#[test]
fn a_damaged_certificate_is_named_without_its_bytes() {
    let server = TlsServer::start(|_| ());
    let (start, _) = server.certificate.split_once("-----END").unwrap();
    let run = trusting(&server, start.as_bytes()).run(&ARGS).ends(2);
    assert!(!run.stderr.contains("[45"), "{}", run.stderr);
    run.says(&["ca.pem", "SSL_CERT_FILE", "END"]);
    let run = trusting(&server, server.certificate.replacen("MI", "!!", 1).as_bytes()).run(&ARGS).ends(2);
    assert!(!run.stderr.contains("InvalidByte"), "{}", run.stderr);
    run.says(&["ca.pem", "SSL_CERT_FILE", "base64"]);
}

#[test]
fn a_directory_of_certificates_is_trusted() {
    let server = TlsServer::start(|_| ());
    let sandbox = Sandbox::with_account(&server.endpoint());
    let [empty, full] = ["empty", "full"].map(|name| sandbox.path(name));
    fs::create_dir(&empty).unwrap();
    fs::create_dir(&full).unwrap();
    fs::create_dir(full.join("a directory")).unwrap();
    fs::write(full.join("README"), "no certificate\n").unwrap();
    fs::write(full.join("ca.pem"), &server.certificate).unwrap();
    let list = std::env::join_paths([&empty, &full]).unwrap().into_string().unwrap();
    let sandbox = sandbox.env("SSL_CERT_DIR", &list);
    sandbox.run(&ARGS).ends(0);
    // Both variables count, as for OpenSSL.
    let other = sandbox.path("other.pem");
    fs::write(&other, TlsServer::start(|_| ()).certificate).unwrap();
    sandbox.env("SSL_CERT_FILE", &other.display().to_string()).run(&ARGS).ends(0);
    let sandbox = Sandbox::with_account(&server.endpoint());
    let nothing = sandbox.path("nothing").display().to_string();
    sandbox.env("SSL_CERT_DIR", &nothing).run(&ARGS).ends(2).says(&["SSL_CERT_DIR", &nothing, "no certificate"]);
}

/// A named pipe without a writer, and a device that never ends.
#[cfg(unix)]
#[test]
fn a_file_without_end_ends_with_an_error() {
    use std::process::Command;

    let server = TlsServer::start(|_| ());
    let sandbox = Sandbox::with_account(&server.endpoint());
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe").display().to_string();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    sandbox.env("SSL_CERT_FILE", &pipe).run(&ARGS).ends(2).says(&[
        &pipe,
        "SSL_CERT_FILE",
        "was not ready within 5.0 s",
    ]);
    let token = Sandbox::new()
        .env("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r")
        .env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p")
        .env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &pipe)
        .env("ALIBABA_CLOUD_REGION_ID", "cn-test");
    token.run(&ARGS).ends(3).says(&[&pipe, "was not ready within 5.0 s"]);
    let endless = Sandbox::with_account(&server.endpoint()).env("SSL_CERT_FILE", "/dev/zero");
    endless.run(&ARGS).ends(2).says(&["/dev/zero", "SSL_CERT_FILE", "longer than"]);
}
