//! Any request to a link: what is accepted is a GET below the secret path, by a name of this machine, and no prefetch.
//!
//! The input is method, path, Host and Sec-Purpose, a line each.

#![no_main]

use ecs_vnc::local_web::request_guard::{RequestHead, check};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "/0123456789abcdef0123456789abcdef";

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (method, path, host, purpose) = (line(), line().replace('S', SECRET), line(), line());
    let head = RequestHead { method, path: &path, host, purposes: [Some(purpose), None, None, None] };
    if let Ok(rest) = check(head, SECRET) {
        assert_eq!(path, format!("{SECRET}{rest}"));
        assert!(rest.is_empty() || rest.starts_with('/'));
        assert_eq!(method, "GET");
        let name = host.to_ascii_lowercase();
        assert!(name.starts_with("127.0.0.1") || name.starts_with("localhost"), "{host}");
        assert!(!purpose.to_ascii_lowercase().contains("prefetch"));
    }
});
