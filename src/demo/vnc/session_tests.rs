use std::future::pending;

use bytes::Bytes;
use chrono::DateTime;
use futures_util::{SinkExt, StreamExt};
use tokio::io::DuplexStream;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

use super::*;
use crate::demo::display::Display;
use crate::demo::display::shared_display::SharedDisplay;
use crate::demo::display::test_card::TestCard;
use crate::system::clock::Clock;

fn display() -> SharedDisplay {
    SharedDisplay::new(Display::Windows(TestCard::new("i-1", "")))
}

/// Runs a client that says `said`, hangs up after `hang_up` bytes heard, and hears the rest. The stream holds 8 bytes.
async fn talk_to(said: Vec<Message>, hang_up: usize) -> (Result<End, SessionError>, Vec<u8>, Option<CloseFrame>) {
    talk_over(8, said, hang_up).await
}

/// The same over a stream that holds so many bytes.
async fn talk_over(
    stream_len: usize,
    said: Vec<Message>,
    hang_up: usize,
) -> (Result<End, SessionError>, Vec<u8>, Option<CloseFrame>) {
    let (near, far) = tokio::io::duplex(stream_len);
    let socket = WebSocketStream::from_raw_socket(near, Role::Server, Some(websocket::websocket_config())).await;
    let mut client: WebSocketStream<DuplexStream> = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
    let talking = async move {
        let (mut heard, mut frame) = (Vec::new(), None);
        for message in said {
            client.send(message).await.unwrap();
        }
        while heard.len() < hang_up {
            match client.next().await {
                Some(Ok(Message::Binary(bytes))) => heard.extend(bytes),
                Some(Ok(Message::Close(close))) => frame = close,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (heard, frame),
            }
        }
        client.close(None).await.unwrap();
        while client.next().await.is_some() {}
        (heard, frame)
    };
    let limit = Duration::from_secs(60);
    let (display, clock) = (display(), Clock::of(|| DateTime::UNIX_EPOCH));
    let (end, (heard, frame)) = tokio::join!(
        serve_session(
            socket,
            FarSide::Display(Console { name: "i-1", display: &display, clock: &clock }),
            limit,
            pending()
        ),
        talking
    );
    (end, heard, frame)
}

fn binary(bytes: &[u8]) -> Message {
    Message::Binary(Bytes::copy_from_slice(bytes))
}

/// 3.8's version, security types and result, ServerInit (RFC 6143, section 7.3.2) and a name of three.
const WELCOME: usize = 12 + 2 + 4 + 24 + 3;

#[tokio::test(start_paused = true)]
async fn a_client_sees_its_console_and_leaves() {
    let hello = b"RFB 003.008\n\x01\x01".chunks(5).map(binary);
    let request = binary(&[3, 0, 0, 0, 0, 0, 4, 0, 3, 0]);
    let all = WELCOME + 16 + 1024 * 768 * 4;
    let (end, heard, _) = talk_over(999, hello.chain([request]).collect(), all).await;
    assert_eq!(end.unwrap(), End::ClientLeft);
    assert_eq!(heard.len(), all);
    assert_eq!(heard[WELCOME - 3..WELCOME], *b"i-1");
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_gets_the_reason_of_its_end() {
    let (end, heard, frame) = talk_to(vec![binary(b"RFB 003.008\n\x01\x01")], usize::MAX).await;
    assert_eq!(end.unwrap(), End::Idle);
    assert_eq!(heard.len(), WELCOME);
    let reason = "nothing was heard from the viewer for too long".into();
    assert_eq!(frame, Some(CloseFrame { code: CloseCode::Normal, reason }));
}

#[tokio::test]
async fn a_client_that_breaks_the_protocol_gets_the_reason() {
    let (end, heard, frame) = talk_to(vec![binary(b"RFB 003.008\n\x01\x01"), binary(&[200])], usize::MAX).await;
    assert!(matches!(end, Err(SessionError::Rfb(ServerError::Message(200)))), "{end:?}");
    assert_eq!(heard.len(), WELCOME);
    let reason = "a client message of type 200, which RFC 6143 does not know".into();
    assert_eq!(frame, Some(CloseFrame { code: CloseCode::Protocol, reason }));
}

#[tokio::test]
async fn a_text_message_is_refused() {
    let (end, _, frame) = talk_to(vec![binary(b"RFB 00"), Message::Text("3.008\n".into())], usize::MAX).await;
    let error = end.unwrap_err().to_string();
    assert_eq!(error, "a text message; only binary messages are supported");
    assert_eq!(frame.map(|frame| frame.code), Some(CloseCode::Unsupported));
}

#[tokio::test]
async fn a_session_that_is_taken_over_ends_with_a_close_frame() {
    let (near, far) = tokio::io::duplex(8);
    let socket = WebSocketStream::from_raw_socket(near, Role::Server, Some(websocket::websocket_config())).await;
    let mut client: WebSocketStream<DuplexStream> = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
    let (take, taken) = oneshot::channel();
    let talking = async {
        assert_eq!(client.next().await.unwrap().unwrap(), binary(b"RFB 003.008\n"));
        take.send(()).unwrap();
        client.next().await.unwrap().unwrap()
    };
    let limit = Duration::from_secs(60);
    let (display, clock) = (display(), Clock::of(|| DateTime::UNIX_EPOCH));
    let over = async {
        taken.await.unwrap();
        End::TakenOver
    };
    let (end, heard) = tokio::join!(
        serve_session(socket, FarSide::Display(Console { name: "i-1", display: &display, clock: &clock }), limit, over),
        talking
    );
    assert_eq!(end.unwrap(), End::TakenOver);
    let reason = "another session was opened".into();
    assert_eq!(heard, Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason })));
}
