use tokio::io::duplex;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::*;

type Client = WebSocketStream<DuplexStream>;

/// A client and the bridge's WebSocket; the server's end of the stream and the bridge's. All have buffers of 8 bytes.
async fn ends() -> (Client, Client, DuplexStream, DuplexStream) {
    let (near, far) = duplex(8);
    let (server, bytes) = duplex(8);
    let client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
    let socket = WebSocketStream::from_raw_socket(near, Role::Server, Some(websocket_config())).await;
    (client, socket, server, bytes)
}

fn normal(reason: &str) -> CloseFrame {
    CloseFrame { code: CloseCode::Normal, reason: reason.to_owned().into() }
}

/// All bytes up to the Close frame, that, and whether the closing handshake went to its end.
async fn hear(client: &mut Incoming<DuplexStream>) -> (Vec<u8>, Option<CloseFrame>, bool) {
    let mut heard = Vec::new();
    while let Some(Ok(message)) = client.next().await {
        match message {
            Message::Binary(bytes) => heard.extend(bytes),
            Message::Close(frame) => {
                return (heard, frame, client.next().await.is_none());
            }
            _ => {}
        }
    }
    (heard, None, false)
}

fn numbers(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n % 251) as u8).collect()
}

#[tokio::test]
async fn bytes_pass_both_ways_however_they_are_framed() {
    let (client, socket, server, bytes) = ends().await;
    let (mut say, mut listen) = client.split();
    let talking = async {
        for piece in numbers(5000).chunks(7) {
            say.send(Message::Binary(Bytes::copy_from_slice(piece))).await.unwrap();
        }
        say.send(Message::Binary(Bytes::new())).await.unwrap();
    };
    let (done, told) = oneshot::channel();
    let serving = async move {
        let (mut hear, mut say) = tokio::io::split(server);
        let mut heard = vec![0; 5000];
        let (read, wrote) = tokio::join!(hear.read_exact(&mut heard), async {
            for piece in numbers(70_000).chunks(1000) {
                say.write_all(piece).await.unwrap();
            }
        });
        read.unwrap();
        let () = wrote;
        drop((hear, say));
        done.send(normal("all said")).unwrap();
        heard
    };
    let bridging = bridge(socket, bytes, async { told.await.unwrap() });
    let (bridged, at_server, (), (at_client, frame, orderly)) =
        tokio::join!(bridging, serving, talking, hear(&mut listen));
    bridged.unwrap();
    assert_eq!(at_server, numbers(5000));
    assert_eq!(at_client, numbers(70_000));
    assert_eq!((frame, orderly), (Some(normal("all said")), true));
}

#[tokio::test]
async fn the_last_bytes_of_a_server_arrive_although_it_reads_no_more() {
    let (client, socket, mut server, bytes) = ends().await;
    let (mut say, mut listen) = client.split();
    let talking = async {
        // The client sends until the Close frame.
        while say.send(Message::Binary(Bytes::from_static(&[7; 100]))).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let serving = async {
        server.write_all(&numbers(300)).await.unwrap();
        drop(server);
        normal("")
    };
    let (bridged, (), (heard, frame, orderly)) =
        tokio::join!(bridge(socket, bytes, serving), talking, hear(&mut listen));
    bridged.unwrap();
    assert_eq!(heard, numbers(300));
    assert_eq!((frame, orderly), (Some(normal("")), true));
}

#[tokio::test]
async fn a_client_that_closes_gets_an_answer_and_the_server_all_bytes() {
    let (mut client, socket, mut server, bytes) = ends().await;
    let talking = async {
        client.send(Message::Binary(numbers(100).into())).await.unwrap();
        client.close(Some(normal("enough"))).await.unwrap();
        let mut answer = None;
        while let Some(message) = client.next().await {
            answer = Some(message.unwrap());
        }
        answer
    };
    let mut heard = Vec::new();
    let bridging = bridge(socket, bytes, std::future::pending());
    let (bridged, read, answer) = tokio::join!(bridging, server.read_to_end(&mut heard), talking);
    bridged.unwrap();
    read.unwrap();
    assert_eq!(heard, numbers(100));
    assert_eq!(answer, Some(Message::Close(Some(normal("enough")))));
}

#[tokio::test]
async fn a_client_that_is_gone_is_no_error() {
    let (client, socket, mut server, bytes) = ends().await;
    drop(client);
    let mut heard = Vec::new();
    let (bridged, read) = tokio::join!(bridge(socket, bytes, std::future::pending()), server.read_to_end(&mut heard));
    bridged.unwrap();
    assert_eq!(read.unwrap(), 0);
}

#[tokio::test]
async fn a_ping_is_answered_while_nothing_else_happens() {
    let (mut client, socket, _server, bytes) = ends().await;
    let pinging = async {
        client.send(Message::Ping(Bytes::from_static(b"there?"))).await.unwrap();
        client.next().await.unwrap().unwrap()
    };
    tokio::select! {
        ended = bridge(socket, bytes, std::future::pending()) => panic!("{ended:?}"),
        answer = pinging => assert_eq!(answer, Message::Pong(Bytes::from_static(b"there?"))),
    }
}

#[tokio::test]
async fn text_and_too_long_messages_are_refused_with_a_reason() {
    let long = Bytes::from(vec![0; MAX_RECEIVED_MESSAGE_LEN + 1]);
    let cases = [
        (Message::Text("RFB 003.008\n".into()), CloseCode::Unsupported, "a text message; only binary"),
        (Message::Binary(long), CloseCode::Size, "invalid WebSocket message: Space limit exceeded"),
    ];
    for (message, code, words) in cases {
        let (client, socket, _server, bytes) = ends().await;
        let (mut say, mut listen) = client.split();
        let bridging = bridge(socket, bytes, std::future::pending());
        let all = async { tokio::join!(bridging, say.send(message), hear(&mut listen)) };
        let (bridged, _, (_, frame, orderly)) = timeout(Duration::from_secs(20), all).await.unwrap();
        assert!(bridged.unwrap_err().to_string().starts_with(words), "{words}");
        let frame = frame.unwrap();
        assert_eq!(frame.code, code);
        // Behind a message that was not read to its end, nothing can be understood.
        assert_eq!(orderly, code == CloseCode::Unsupported);
        assert!(frame.reason.starts_with(words), "{}", frame.reason);
    }
}

#[tokio::test]
async fn the_longest_message_passes() {
    let (mut client, socket, mut server, bytes) = ends().await;
    let talking = async {
        client.send(Message::Binary(numbers(MAX_RECEIVED_MESSAGE_LEN).into())).await.unwrap();
        client.close(None).await.unwrap();
        while client.next().await.is_some() {}
    };
    let mut heard = Vec::new();
    let bridging = bridge(socket, bytes, std::future::pending());
    let (bridged, read, ()) = tokio::join!(bridging, server.read_to_end(&mut heard), talking);
    bridged.unwrap();
    assert_eq!(read.unwrap(), MAX_RECEIVED_MESSAGE_LEN);
    assert!(heard == numbers(MAX_RECEIVED_MESSAGE_LEN));
}

#[tokio::test]
async fn a_long_reason_is_cut_between_characters() {
    let (client, socket, server, bytes) = ends().await;
    let (_say, mut listen) = client.split();
    drop(server);
    let bridging = bridge(socket, bytes, async { normal(&"é".repeat(100)) });
    let (bridged, (_, frame, _)) = tokio::join!(bridging, hear(&mut listen));
    bridged.unwrap();
    assert_eq!(frame, Some(normal(&"é".repeat(61))));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_nothing_does_not_delay_the_end() {
    let (client, socket, mut server, bytes) = ends().await;
    let start = Instant::now();
    let (done, told) = oneshot::channel();
    let serving = async move {
        // More than fits on the way: the client never reads.
        _ = timeout(Duration::from_secs(60), server.write_all(&numbers(1 << 20))).await;
        drop(server);
        done.send(normal("")).unwrap();
    };
    let (bridged, ()) = tokio::join!(bridge(socket, bytes, async { told.await.unwrap() }), serving);
    bridged.unwrap();
    assert_eq!(start.elapsed().as_secs(), 62);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_answer_the_close_is_left_after_a_while() {
    let (client, socket, server, bytes) = ends().await;
    drop(server);
    let start = Instant::now();
    let client = async {
        sleep(Duration::from_secs(60)).await;
        drop(client);
    };
    let bridging = async {
        bridge(socket, bytes, async { normal("") }).await.unwrap();
        start.elapsed().as_secs()
    };
    assert_eq!(tokio::join!(bridging, client).0, 2);
}
