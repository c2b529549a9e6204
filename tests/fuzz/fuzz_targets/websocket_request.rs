//! Any headers of a WebSocket request: what is accepted has what RFC 6455, section 4.2.1 requires, and the subprotocol.
//!
//! The input is a header a line, `NAME: VALUE`.

#![no_main]

use ecs_vnc::websocket::server_handshake::check_request;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut headers = HeaderMap::new();
    for (name, value) in text.lines().take(100).filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    if let Ok(key) = check_request(&headers) {
        assert!(!key.is_empty());
        let has = |name: &str, word: &str| {
            headers.get_all(name).iter().any(|value| value.to_str().is_ok_and(|v| v.to_ascii_lowercase().contains(word)))
        };
        assert!(has("upgrade", "websocket") && has("connection", "upgrade") && has("sec-websocket-version", "13"));
        assert!(has("sec-websocket-protocol", "binary"));
    }
});
