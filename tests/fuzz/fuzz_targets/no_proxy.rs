//! Any NO_PROXY list, host and port: an entry more never takes a host off the list, the host itself and `*` put it there,
//! and the case of names does not matter.
//!
//! The input is the list, the host and the port, a line each.

#![no_main]

use ecs_vnc::api::no_proxy::contains;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (list, host) = (line(), line());
    let port = line().parse().unwrap_or(443);
    let is_listed = contains(list, host, port);
    assert!(contains(&format!("{list},*"), host, port));
    assert!(!is_listed || contains(&format!("x.invalid {list} y.invalid:1"), host, port));
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if host.split('.').all(is_name) {
        assert!(contains(&format!("{list} {host}"), host, port));
        assert!(contains(&format!("{list} {host}:{port}"), host, port));
        assert_eq!(is_listed, contains(list, &host.to_ascii_uppercase(), port));
    }
});
