use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::super::Client;
use super::super::tests::{HELLO, SERVER_INIT, server};
use super::*;

/// The challenge of the known answers.
const CHALLENGE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn with_password() -> ClientOptions {
    ClientOptions { password: Some("abc123".into()), ..ClientOptions::default() }
}

async fn refused(said: &[u8], options: &ClientOptions) -> String {
    Client::connect(server(said), options).await.unwrap_err().to_string()
}

/// RFC 6143, sections 7.1 to 7.3 and appendix A: what each version's server says, and what it must hear.
#[tokio::test]
async fn each_version_has_its_own_handshake() {
    let none = ClientOptions { shared: false, ..ClientOptions::default() };
    let password = with_password();
    // "abc123" over the bytes 0 to 15: see `the_response_matches_openssl`.
    let response: &[u8] = &hex("1957a5f5c72408e90d8aa6517f265c61");
    type Said<'a> = &'a [&'a [u8]];
    let cases: [(&ClientOptions, Said, Said); 6] = [
        (&none, &[b"RFB 003.003\n", b"\0\0\0\x01"], &[b"RFB 003.003\n", b"\0"]),
        (&none, &[b"RFB 003.007\n", b"\x02\x02\x01"], &[b"RFB 003.007\n", b"\x01", b"\0"]),
        (&none, &[b"RFB 003.008\n", b"\x02\x02\x01", b"\0\0\0\0"], &[b"RFB 003.008\n", b"\x01", b"\0"]),
        (
            &password,
            &[b"RFB 003.003\n", b"\0\0\0\x02", &CHALLENGE, b"\0\0\0\0"],
            &[b"RFB 003.003\n", response, b"\x01"],
        ),
        (
            &password,
            &[b"RFB 003.007\n", b"\x01\x02", &CHALLENGE, b"\0\0\0\0"],
            &[b"RFB 003.007\n", b"\x02", response, b"\x01"],
        ),
        (
            &password,
            &[b"RFB 003.008\n", b"\x02\x10\x02", &CHALLENGE, b"\0\0\0\0"],
            &[b"RFB 003.008\n", b"\x02", response, b"\x01"],
        ),
    ];
    for (options, said, expected) in cases {
        let (near, mut far) = duplex(8);
        let talk = async {
            let (mut hear, mut say) = tokio::io::split(&mut far);
            let said = [&said.concat(), SERVER_INIT].concat();
            let mut heard = vec![0; expected.concat().len()];
            let (_, heard_all) = tokio::join!(say.write_all(&said), hear.read_exact(&mut heard));
            heard_all.unwrap();
            heard
        };
        let (client, heard) = tokio::join!(Client::connect(near, options), talk);
        let client = client.unwrap();
        assert_eq!(heard, expected.concat(), "{}", said[0].escape_ascii());
        assert_eq!((client.screen().width(), client.screen().height()), (4, 2));
        assert_eq!(client.desktop_name(), "box \u{fffd}[2J");
    }
}

/// A C string's NUL, which its length counts, is no part of the name. `key` recognises QEMU by its name.
#[tokio::test]
async fn a_desktop_name_ends_before_its_nul() {
    let said = [HELLO, &SERVER_INIT[..20], b"\0\0\0\x05QEMU\0"].concat();
    let client = Client::connect(server(&said), &ClientOptions::default()).await.unwrap();
    assert_eq!(client.desktop_name(), "QEMU");
}

#[tokio::test]
async fn a_refusal_gives_the_servers_reason() {
    let none = ClientOptions::default();
    let password = with_password();
    let challenged = |result: &[u8]| [b"RFB 003.008\n\x01\x02", &CHALLENGE[..], result].concat();
    for (options, said, expected) in [
        (&none, b"RFB 003.008\n\0\0\0\0\x03no\x1b".to_vec(), "the server refused the connection: no\u{fffd}"),
        (&none, b"RFB 003.003\n\0\0\0\0\0\0\0\x02no".to_vec(), "the server refused the connection: no"),
        (&none, b"RFB 003.008\n\x01\x01\0\0\0\x01\0\0\0\0".to_vec(), "the server refused the connection"),
        (&none, b"RFB 003.008\n\x01\x02".to_vec(), "the server asks for a VNC password"),
        (&none, b"RFB 003.003\n\0\0\0\x02".to_vec(), "the server asks for a VNC password"),
        (&password, challenged(b"\0\0\0\x01\0\0\0\x05wrong"), "the server rejected the VNC password: wrong"),
        // QEMU, ui/vnc.c, `authentication_failed`: the reason has the NUL that ends a C string, which its length counts.
        (
            &password,
            challenged(b"\0\0\0\x01\0\0\0\x16Authentication failed\0"),
            "the server rejected the VNC password: Authentication failed",
        ),
        // A reason that is shorter than its length says is used all the same.
        (&password, challenged(b"\0\0\0\x01\xff\xff\xff\xffwrong"), "the server rejected the VNC password: wrong"),
        (&password, challenged(b"\0\0\0\x02"), "the server sent the unknown security result 2"),
        (
            &password,
            [b"RFB 003.003\n\0\0\0\x02", &CHALLENGE[..], b"\0\0\0\x01"].concat(),
            "the server rejected the VNC password",
        ),
        (
            &password,
            b"RFB 003.008\n\x02\x10\x13".to_vec(),
            "the server offers security type 16, 19; supported are 1 (None) and 2 (VNC authentication)",
        ),
        (
            &none,
            b"RFB 003.003\n\0\0\x01\0".to_vec(),
            "the server offers security type 256; supported are 1 (None) and 2 (VNC authentication)",
        ),
        (&none, b"HTTP/1.1 400".to_vec(), "the server sent \"HTTP/1.1 400\" instead of an RFB version"),
        (
            &none,
            [HELLO, &SERVER_INIT[..20], &[0, 0, 0x10, 1]].concat(),
            "the server's desktop name has 4097 bytes, more than 4096",
        ),
        (
            &none,
            [HELLO, b"\xff\xff\xff\xff", &SERVER_INIT[4..]].concat(),
            "a screen of 65535x65535 pixels is not supported; the limit is 16777216 pixels",
        ),
    ] {
        assert_eq!(refused(&said, options).await, expected);
    }
}

/// From `openssl enc -des-ecb -nopad -provider legacy -provider default -K KEY` (OpenSSL 3.0) over the bytes 0 to 15, with
/// the bits of each byte of the password turned round by Python: 8646c68c4ccc0000 for "abc123".
#[test]
fn the_response_matches_openssl() {
    let response = |password: &str| vnc_auth::encrypt_challenge(&password.into(), CHALLENGE);
    assert_eq!(response("abc123").to_vec(), hex("1957a5f5c72408e90d8aa6517f265c61"));
    assert_eq!(response("0123456789").to_vec(), hex("e78701495117e1afd62fb5d65bb98b20"));
    assert_eq!(response("01234567"), response("0123456789"));
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap())
        .collect()
}
