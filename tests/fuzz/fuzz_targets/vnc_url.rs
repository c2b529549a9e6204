//! Any VncUrl and any instance: what is taken as one gives one connect URL, and one parameter in it.
//!
//! The input is the VncUrl and the instance, a line each.

#![no_main]

use chrono::DateTime;
use ecs_vnc::secret::Secret;
use ecs_vnc::system::clock::Timestamp;
use ecs_vnc::vnc::page_url::{VENDOR_PAGE, build_connect_url};
use ecs_vnc::vnc::url::VncUrl;
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use tokio::time::Instant;

fuzz_target!(|text: &str| {
    let (given, instance) = text.split_once('\n').unwrap_or((text, "i-1"));
    let asked = Timestamp { utc: DateTime::UNIX_EPOCH, instant: Instant::now() };
    let Ok(vnc_url) = VncUrl::parse(&Secret::new(given), asked) else { return };
    assert_eq!(vnc_url.original().expose(), given);
    let socket = vnc_url.web_socket_url().expose();
    let scheme = socket.split_once("://").expect("a socket's URL has a scheme").0.to_ascii_lowercase();
    assert!(scheme == "ws" || scheme == "wss", "{scheme}");
    assert!(socket.bytes().all(|byte| byte.is_ascii_graphic()), "{socket}");

    for page in [VENDOR_PAGE, "https://page.example/?lang=en"] {
        let url = build_connect_url(page, &vnc_url, instance, text.len().is_multiple_of(2), None);
        let url = url.expose();
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
        let rest = url.strip_prefix(page).expect("the page comes first");
        let pairs: Vec<(&str, &str)> = rest[1..].split('&').map(|pair| pair.split_once('=').expect("a pair")).collect();
        let names: Vec<&str> = pairs.iter().map(|pair| pair.0).collect();
        assert_eq!(names, ["vncUrl", "instanceId", "isWindows"], "{url}");
        assert_eq!(decode(pairs[0].1), socket);
        assert_eq!(decode(pairs[1].1), instance);
    }
});

fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8().expect("what was encoded was text").into_owned()
}
