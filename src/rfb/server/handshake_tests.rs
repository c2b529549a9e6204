use tokio::io::{AsyncReadExt, DuplexStream, duplex};

use super::*;
use crate::rfb::client::{Client, ClientError, ClientOptions};

const CHALLENGE: [u8; 16] = *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";

fn password() -> Security {
    Security::Password { password: "letmein".into(), fill_random: |bytes| bytes.copy_from_slice(&CHALLENGE) }
}

/// Serves a handshake that ends as `refusal` says.
async fn serve(
    mut stream: DuplexStream,
    security: &Security,
    refusal: Option<&str>,
) -> Result<Option<()>, ServerError> {
    let Some(version) = agree_on_version(&mut stream).await? else { return Ok(None) };
    let Some(()) = agree_on_security(&mut stream, version, security).await? else { return Ok(None) };
    if let Some(reason) = refusal {
        refuse(&mut stream, version, security, reason).await?;
        return Err(ServerError::Refused(reason.to_owned()));
    }
    accept(&mut stream, version, security).await?;
    initialise(&mut stream, (640, 400), "web-01").await
}

/// Says `said` to a server and hangs up: what it heard.
async fn talk(security: Security, refusal: Option<&str>, said: &[u8]) -> (Result<Option<()>, ServerError>, String) {
    let (near, mut far) = duplex(4096);
    let client = async {
        far.write_all(said).await.unwrap();
        let mut heard = Vec::new();
        far.read_to_end(&mut heard).await.unwrap();
        heard.escape_ascii().to_string()
    };
    tokio::join!(serve(near, &security, refusal), client)
}

/// The answer to [`CHALLENGE`], from `openssl enc -des-ecb -nopad -provider legacy -provider default -K 36a62eb6a6967600`
/// (OpenSSL 3.0): the key is "letmein" and a NUL, with the bits of each byte turned round by Python.
const RESPONSE: &[u8] = b"\xf5\x21\xac\x03\x41\xfe\x08\x2b\xa4\x44\xed\xdb\xb1\x18\xc7\xdf";

fn escaped(parts: &[&[u8]]) -> String {
    parts.concat().escape_ascii().to_string()
}

/// RFC 6143, section 7.3.2.
const SERVER_INIT: &[u8] = b"\x02\x80\x01\x90\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x06web-01";

#[tokio::test]
async fn a_password_is_checked_in_all_versions() {
    let cases: [(&[u8], &[u8], &[u8]); 3] = [
        (b"RFB 003.003\n", b"", b"RFB 003.008\n\0\0\0\x02"),
        (b"RFB 003.007\n", b"\x02", b"RFB 003.008\n\x01\x02"),
        (b"RFB 003.008\n", b"\x02", b"RFB 003.008\n\x01\x02"),
    ];
    for (version, choice, offer) in cases {
        let said = [version, choice, RESPONSE, &[1]].concat();
        let (end, heard) = talk(password(), None, &said).await;
        assert_eq!(end.unwrap(), Some(()));
        assert_eq!(heard, escaped(&[offer, &CHALLENGE, &[0; 4], SERVER_INIT]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_told_after_a_while() {
    let cases: [(&[u8], &[u8], &[u8]); 2] = [
        (b"RFB 003.003\n", b"RFB 003.008\n\0\0\0\x02", b"\0\0\0\x01"),
        (b"RFB 003.008\n\x02", b"RFB 003.008\n\x01\x02", b"\0\0\0\x01\0\0\0\x15the password is wrong"),
    ];
    for (hello, offer, result) in cases {
        let start = tokio::time::Instant::now();
        let mut response = RESPONSE.to_vec();
        response[15] ^= 1;
        let (end, heard) = talk(password(), None, &[hello, &response, &[1]].concat()).await;
        assert!(matches!(end, Err(ServerError::WrongPassword)), "{end:?}");
        assert_eq!(heard, escaped(&[offer, &CHALLENGE, result]));
        assert_eq!(start.elapsed().as_secs(), WRONG_PASSWORD_DELAY.as_secs());
    }
    let (end, _) = talk(password(), None, b"RFB 003.008\n\x01").await;
    let error = end.unwrap_err().to_string();
    assert_eq!(error, "a client that chose security type 1, where only VNC authentication (2) is offered");
}

#[tokio::test]
async fn a_refusal_has_its_reason_where_the_version_has_a_place_for_it() {
    let heard = async |security, said: &[u8]| talk(security, Some("no console"), said).await.1;
    let told = b"\0\0\0\x01\0\0\0\x0ano console";
    assert_eq!(heard(Security::None, b"RFB 003.008\n\x01").await, escaped(&[b"RFB 003.008\n\x01\x01", told]));
    assert_eq!(heard(Security::None, b"RFB 003.007\n\x01").await, escaped(&[b"RFB 003.008\n\x01\x01"]));
    assert_eq!(heard(Security::None, b"RFB 003.003\n").await, escaped(&[b"RFB 003.008\n\0\0\0\x01"]));
}

#[tokio::test(start_paused = true)]
async fn our_client_knows_the_same_password() {
    let connect = async |password: &str| {
        let (near, far) = duplex(4096);
        let options = ClientOptions { password: Some(password.into()), ..ClientOptions::default() };
        let security = self::password();
        let (_, client) = tokio::join!(serve(near, &security, None), Client::connect(far, &options));
        client
    };
    assert_eq!(connect("letmein").await.unwrap().desktop_name(), "web-01");
    let error = connect("letmeout").await.unwrap_err();
    assert!(matches!(&error, ClientError::PasswordRejected(why) if why == "the password is wrong"), "{error}");
}

#[test]
fn a_long_name_is_cut_between_two_characters() {
    let name = format!("a{}", "ü".repeat(1000));
    assert_eq!(shorten(&name).len(), 1023);
    assert_eq!(shorten("web-01"), "web-01");
}
