use super::*;
use chrono::TimeZone as _;
use proptest::prelude::*;

/// Source: the sample answer on the vendor's page on DescribeInstanceVncUrl.
const SAMPLE: &str = "wss%3A%2F%2Fhz01-vncproxy.aliyun.com%2Fwebsockify%2F%3Fs%3DDvh%252FIA%252BYc73gWO48cBx2gBxUDVzaAnSKr74pq30mzqUYgeUMcB%252FbkNixDxdEA996";
/// The sample, decoded once by Python's urllib.parse.unquote.
const DECODED: &str = "wss://hz01-vncproxy.aliyun.com/websockify/?s=Dvh%2FIA%2BYc73gWO48cBx2gBxUDVzaAnSKr74pq30mzqUYgeUMcB%2FbkNixDxdEA996";

fn requested_at() -> Timestamp {
    Timestamp { utc: Utc.with_ymd_and_hms(2024, 2, 29, 12, 34, 56).unwrap(), instant: Instant::now() }
}

fn parse(text: &str) -> Result<VncUrl, VncUrlError> {
    VncUrl::parse(&Secret::new(text), requested_at())
}

#[test]
fn an_encoded_url_is_decoded_exactly_once() {
    let url = parse(SAMPLE).unwrap();
    assert_eq!(url.original().expose(), SAMPLE);
    assert_eq!(url.percent_encoded().expose(), SAMPLE);
    assert_eq!(url.web_socket_url().expose(), DECODED);
}

#[test]
fn a_plain_url_is_encoded_exactly_once() {
    let url = parse(DECODED).unwrap();
    assert_eq!(url.percent_encoded().expose(), SAMPLE);
    assert_eq!(url.web_socket_url().expose(), DECODED);
}

#[test]
fn scheme_and_escapes_may_be_in_any_case() {
    assert_eq!(parse("ws%3A%2F%2Fhost%2Fwebsockify").unwrap().web_socket_url().expose(), "ws://host/websockify");
    for (text, expected) in [
        ("WSS%3a%2f%2fHost%2fWS", "wss://Host/WS"),
        ("WS://host/websockify", "ws://host/websockify"),
        ("Wss://host/?s=WSS://", "wss://host/?s=WSS://"),
    ] {
        let url = parse(text);
        assert_eq!(url.map(|url| url.web_socket_url().expose().to_owned()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn other_texts_are_errors() {
    use VncUrlError::{Character, Host, Length, Scheme};
    let long = format!("wss://host/{}", "a".repeat(9000));
    let cases = [
        ("", Scheme),
        ("https://host/", Scheme),
        ("wss%3Ahost", Scheme),
        ("javascript%3Aalert(1)", Scheme),
        ("wss:///path", Host),
        ("wss://?s=1", Host),
        ("wss://h%zz/", Host),
        ("ws://[::1", Host),
        ("wss://user:password@host/", Host),
        ("wss%3A%2F%2F%2Fpath", Host),
        ("wss%3A%2F%2Fhost&password=x", Character),
        ("wss%3A%2F%2Fhost%2F%0D%0ALocation", Character),
        ("wss%3A%2F%2Fhost%2F%FF", Character),
        ("wss://host/\u{1b}[2J", Character),
        ("wss://host/#x", Character),
        ("wss://host/\">", Character),
        (&long, Length),
    ];
    for (text, why) in cases {
        assert_eq!(parse(text).unwrap_err(), why, "{text:.60}");
    }
}

#[test]
fn age_and_expiry_count_from_the_request() {
    let url = parse(SAMPLE).unwrap();
    assert_eq!(url.expires_at(), Utc.with_ymd_and_hms(2024, 2, 29, 12, 35, 11).unwrap());
    assert_eq!(url.age(url.requested_at.instant + Duration::from_secs(4)), Duration::from_secs(4));
    assert!(!format!("{url:?}").contains("Dvh"));
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC*") {
        let _ = parse(&text);
        let _ = parse(&format!("wss%3A{text}"));
        let _ = parse(&format!("wss://{text}"));
    }

    #[test]
    fn plain_and_encoded_urls_give_the_same(token in "[A-Za-z0-9/+=%]{1,200}") {
        let plain = format!("wss://host.example/websockify/?s={}", encode(&token));
        let from_plain = parse(&plain).unwrap();
        let from_encoded = parse(&encode(&plain)).unwrap();
        prop_assert_eq!(from_plain.percent_encoded().expose(), from_encoded.percent_encoded().expose());
        prop_assert_eq!(from_plain.web_socket_url().expose(), from_encoded.web_socket_url().expose());
        prop_assert_eq!(from_plain.web_socket_url().expose(), plain);
    }
}
