use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::picture::Rectangle;
use crate::rfb::server::Security;
use crate::rfb::{ClientOptions, CursorShape, Encoding, Event, Framebuffer, MovedArea};
use crate::share::input::Key;

/// Longer than anything takes here. A test that waits for it has failed.
const LIMIT: Duration = Duration::from_secs(20);

const ANYONE: ServeOptions = ServeOptions { security: Security::None, is_read_only: false, is_program: false };

/// A console that the test draws on: another hub, without a session of its own.
struct Console(Hub);

impl Console {
    fn new(width: u16, height: u16) -> Self {
        let console = Self(Hub::new());
        console.screen().begin("console");
        console.screen().set_keyboard(true, Some(2));
        console.show(&Framebuffer::new(width, height).unwrap());
        console
    }

    fn screen(&self) -> &SharedScreen {
        &self.0.0.screen
    }

    fn show(&self, picture: &Framebuffer) {
        self.screen().show(picture, &[], Some(picture.bounds()));
    }

    /// A session with it, which the hub runs.
    async fn share(&self, hub: &Hub) -> JoinHandle<ClientError> {
        let stream = serve(&self.0, &ANYONE);
        let client =
            Client::connect(stream, &ClientOptions { wants_cursor: true, ..ClientOptions::default() }).await.unwrap();
        let hub = hub.clone();
        tokio::spawn(async move { hub.run_upstream(client).await })
    }

    /// The next input that it is sent.
    async fn input(&self) -> Input {
        let mut receiver = self.0.0.input_receiver.lock().await;
        timeout(LIMIT, receiver.recv()).await.unwrap().unwrap()
    }
}

/// A client's end of a stream that the hub serves. It holds 4096 bytes.
fn serve(hub: &Hub, options: &ServeOptions) -> DuplexStream {
    let (near, far) = duplex(4096);
    let (hub, options) = (hub.clone(), options.clone());
    tokio::spawn(async move { hub.serve(near, &options, || ()).await });
    far
}

async fn connect(hub: &Hub, encodings: &'static [Encoding]) -> Client<DuplexStream> {
    let options = ClientOptions { encodings, wants_cursor: true, ..ClientOptions::default() };
    timeout(LIMIT, Client::connect(serve(hub, &ANYONE), &options)).await.unwrap().unwrap()
}

/// Waits until the client has this picture.
async fn see(client: &mut Client<DuplexStream>, picture: &Framebuffer) {
    let seeing = async {
        while client.screen() != picture {
            client.keep_request_open().await.unwrap();
            client.next_event().await.unwrap();
        }
    };
    timeout(LIMIT, seeing).await.expect("the client got another picture");
}

/// A picture with a block whose place and colour tell `number`.
fn picture(width: u16, height: u16, number: u16) -> Framebuffer {
    let mut picture = Framebuffer::new(width, height).unwrap();
    let part = Rectangle { x: number * 37 % (width - 20), y: number * 53 % (height - 10), width: 20, height: 10 };
    picture.fill(part, 0x01_02_03 * u32::from(number % 85));
    picture
}

/// Black and white pixels that do not compress to less than `width * height / 8` bytes.
fn noise(width: u16, height: u16, mut seed: u32) -> Framebuffer {
    let mut picture = Framebuffer::new(width, height).unwrap();
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        picture.fill(Rectangle { x, y, width: 1, height: 1 }, (seed >> 31) * 0xff_ff_ff);
    }
    picture
}

#[tokio::test]
async fn all_clients_have_the_same_picture() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let upstream = console.share(&hub).await;
    let mut clients = vec![
        connect(&hub, &[Encoding::Tight]).await,
        connect(&hub, &[Encoding::Zrle]).await,
        connect(&hub, &[Encoding::Raw]).await,
    ];
    assert_eq!(clients[0].desktop_name(), "console");
    for number in 0..20 {
        console.show(&picture(300, 200, number));
        for client in &mut clients {
            see(client, &picture(300, 200, number)).await;
        }
    }
    let mut late = connect(&hub, &[Encoding::Zrle]).await;
    late.refresh_screen().await.unwrap();
    assert!(*late.screen() == picture(300, 200, 19), "at once, without a change");
    assert_eq!(*hub.client_count().borrow(), 4);
    drop((clients, late));
    timeout(LIMIT, hub.client_count().wait_for(|count| *count == 0)).await.unwrap().unwrap();
    upstream.abort();
}

#[tokio::test]
async fn what_the_console_moves_is_moved_by_the_clients() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let mut after = picture(300, 200, 3);
    console.show(&after);
    let _upstream = console.share(&hub).await;
    let mut client = connect(&hub, ClientOptions::ENCODINGS).await;
    see(&mut client, &after).await;
    let moved = MovedArea { from: (0, 20), to: Rectangle { x: 0, y: 0, width: 300, height: 180 } };
    after.move_area(moved);
    client.keep_request_open().await.unwrap();
    console.screen().show(&after, &[moved], Some(moved.to));
    see(&mut client, &after).await;
    assert_eq!(client.moves(), [moved]);
}

#[tokio::test]
async fn a_client_waits_for_the_console_and_gets_its_size() {
    let (console, hub) = (Console::new(64, 48), Hub::new());
    let connecting = tokio::spawn({
        let hub = hub.clone();
        async move { connect(&hub, ClientOptions::ENCODINGS).await }
    });
    timeout(LIMIT, hub.client_count().wait_for(|count| *count == 1)).await.unwrap().unwrap();
    let _upstream = console.share(&hub).await;
    let client = connecting.await.unwrap();
    assert_eq!(client.screen().bounds(), Rectangle { x: 0, y: 0, width: 64, height: 48 });
}

#[tokio::test]
async fn a_new_size_the_leds_and_the_pointers_shape_reach_the_clients() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let _upstream = console.share(&hub).await;
    let mut client = connect(&hub, ClientOptions::ENCODINGS).await;
    see(&mut client, &picture(300, 200, 0)).await;
    for (width, height) in [(640, 480), (100, 50)] {
        console.show(&picture(width, height, 5));
        see(&mut client, &picture(width, height, 5)).await;
    }
    console.screen().set_keyboard(true, Some(4));
    let hearing = async {
        while client.leds().is_none_or(|leds| leds.bits() != 4) {
            client.keep_request_open().await.unwrap();
            client.next_event().await.unwrap();
        }
    };
    timeout(LIMIT, hearing).await.unwrap();
    let shape =
        Arc::new(CursorShape { hotspot: (1, 2), width: 3, height: 4, pixels: vec![5; 12], mask: vec![0xe0; 4] });
    console.screen().set_cursor(&shape);
    let hearing = async {
        while client.cursor() != Some(&shape) {
            client.keep_request_open().await.unwrap();
            client.next_event().await.unwrap();
        }
    };
    timeout(LIMIT, hearing).await.unwrap();
    console.screen().ring();
    let hearing = async { while client.next_event().await.unwrap() != Event::Bell {} };
    timeout(LIMIT, hearing).await.unwrap();
}

fn key(keysym: u32, scancode: Option<u16>) -> Key {
    Key { keysym, scancode }
}

#[tokio::test]
async fn input_arrives_in_order_and_what_is_held_is_released() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let _upstream = console.share(&hub).await;
    let mut client = connect(&hub, ClientOptions::ENCODINGS).await;
    client.refresh_screen().await.unwrap();
    assert!(client.accepts_scancodes());
    client.send_key(0x61, Some(0x1e), true).await.unwrap();
    client.send_pointer(1, 299, 500).await.unwrap();
    client.send_key(0xff51, Some(0xe04b), true).await.unwrap();
    client.send_key(0x62, None, true).await.unwrap();
    client.send_key(0x61, Some(0x1e), false).await.unwrap();
    drop(client);
    let mut received = Vec::new();
    for _ in 0..8 {
        received.push(match console.input().await {
            Input::Key { key, is_down } => Ok((key, is_down)),
            Input::Pointer { buttons, x, y } => Err((buttons, x, y)),
            Input::Flushed(_) => panic!("a message of the hub itself"),
        });
    }
    let (a, left, b) = (key(0x61, Some(0x1e)), key(0xff51, Some(0xe04b)), key(0x62, None));
    let expected = [
        Ok((a, true)),
        Err((1, 299, 199)),
        Ok((left, true)),
        Ok((b, true)),
        Ok((a, false)),
        Ok((b, false)),
        Ok((left, false)),
        Err((0, 299, 199)),
    ];
    assert_eq!(received, expected);
}

#[tokio::test]
async fn a_client_that_may_only_watch_types_nothing() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let _upstream = console.share(&hub).await;
    let watching = serve(&hub, &ServeOptions { is_read_only: true, ..ANYONE });
    let mut watcher = Client::connect(watching, &ClientOptions::default()).await.unwrap();
    let mut typist = connect(&hub, ClientOptions::ENCODINGS).await;
    for client in [&mut watcher, &mut typist] {
        client.send_key(0x61, None, true).await.unwrap();
        client.send_pointer(1, 1, 1).await.unwrap();
        client.send_key(0x62, None, true).await.unwrap();
        client.refresh_screen().await.unwrap();
    }
    drop(watcher);
    for expected in [0x61, 0, 0x62] {
        let keysym = match console.input().await {
            Input::Key { key, .. } => key.keysym,
            _ => 0,
        };
        assert_eq!(keysym, expected, "those of the typist, once");
    }
}

#[tokio::test]
async fn clients_stay_when_the_session_is_lost_and_get_the_next() {
    let (first, hub) = (Console::new(300, 200), Hub::new());
    first.show(&picture(300, 200, 1));
    let upstream = first.share(&hub).await;
    let mut client = connect(&hub, ClientOptions::ENCODINGS).await;
    see(&mut client, &picture(300, 200, 1)).await;
    let mut names = Names::connect(&hub).await;
    first.0.disconnect_all("the console restarts");
    assert!(matches!(timeout(LIMIT, upstream).await.unwrap().unwrap(), ClientError::Closed));
    hub.tell("reconnecting");
    assert_eq!(names.next().await, "console (reconnecting)");
    // No session is there to type it in.
    client.send_key(0x61, None, true).await.unwrap();
    client.request_screen().await.unwrap();
    let late = tokio::spawn({
        let hub = hub.clone();
        async move {
            let mut client = connect(&hub, ClientOptions::ENCODINGS).await;
            client.refresh_screen().await.unwrap();
            client
        }
    });
    tokio::task::yield_now().await;

    let second = Console::new(640, 480);
    second.show(&picture(640, 480, 2));
    let _upstream = second.share(&hub).await;
    assert_eq!(names.next().await, "console");
    see(&mut client, &picture(640, 480, 2)).await;
    assert!(*late.await.unwrap().screen() == picture(640, 480, 2), "not the picture of the lost session");
    client.send_key(0x62, None, true).await.unwrap();
    let Input::Key { key, .. } = second.input().await else { panic!("no key") };
    assert_eq!(key.keysym, 0x62);
}

/// A client that requests nothing but the desktop's name.
struct Names(DuplexStream);

impl Names {
    async fn connect(hub: &Hub) -> Self {
        let mut stream = serve(hub, &ANYONE);
        stream.read_exact(&mut [0; 12]).await.unwrap();
        stream.write_all(b"RFB 003.008\n\x01\x01").await.unwrap();
        let mut init = [0; 2 + 4 + 24];
        stream.read_exact(&mut init).await.unwrap();
        stream.read_exact(&mut vec![0; init[29].into()]).await.unwrap();
        // -307, and one request that is never answered: its area has been sent.
        stream.write_all(&[2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xcd]).await.unwrap();
        stream.write_all(&[3, 0, 0, 0, 0, 0, 0, 1, 0, 1]).await.unwrap();
        stream.read_exact(&mut [0; 4 + 12 + 4]).await.unwrap();
        stream.write_all(&[3, 1, 0, 0, 0, 0, 0, 1, 0, 1]).await.unwrap();
        Self(stream)
    }

    async fn next(&mut self) -> String {
        let reading = async {
            let mut header = [0; 4 + 12 + 4];
            self.0.read_exact(&mut header).await.unwrap();
            let mut name = vec![0; header[19].into()];
            self.0.read_exact(&mut name).await.unwrap();
            String::from_utf8(name).unwrap()
        };
        timeout(LIMIT, reading).await.unwrap()
    }
}

#[tokio::test]
async fn who_is_disconnected_is_told_why() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let waiting = tokio::spawn({
        let stream = serve(&hub, &ANYONE);
        async move { Client::connect(stream, &ClientOptions::default()).await }
    });
    timeout(LIMIT, hub.client_count().wait_for(|count| *count == 1)).await.unwrap().unwrap();
    hub.disconnect_all("the instance is Stopped");
    let error = waiting.await.unwrap().unwrap_err().to_string();
    assert_eq!(error, "the server refused the connection: the instance is Stopped");
    timeout(LIMIT, hub.client_count().wait_for(|count| *count == 0)).await.unwrap().unwrap();

    let _upstream = console.share(&hub).await;
    let mut names = Names::connect(&hub).await;
    // Its request has been read when it hears this, and stays open.
    hub.tell("a notice");
    assert_eq!(names.next().await, "console (a notice)");
    hub.disconnect_all("taken over");
    assert_eq!(names.next().await, "console (taken over)");
    assert_eq!(names.0.read(&mut [0]).await.unwrap(), 0, "and then disconnected");
    // The hub serves on.
    connect(&hub, ClientOptions::ENCODINGS).await.refresh_screen().await.unwrap();
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_slow_the_others() {
    const SIZE: (u16, u16) = (160, 100);
    let (console, hub) = (Console::new(SIZE.0, SIZE.1), Hub::new());
    console.show(&noise(SIZE.0, SIZE.1, 1));
    let _upstream = console.share(&hub).await;
    let mut stalled = connect(&hub, &[Encoding::Tight]).await;
    // Its update is far longer than the stream takes.
    stalled.request_screen().await.unwrap();
    let mut clients = Vec::new();
    for _ in 0..49 {
        clients.push(connect(&hub, &[Encoding::Zrle]).await);
    }
    for number in 0..8 {
        console.show(&noise(SIZE.0, SIZE.1, number));
        for client in &mut clients {
            see(client, &noise(SIZE.0, SIZE.1, number)).await;
        }
    }
    // It gets what was being sent, and then the newest picture, not the seven between.
    let mut updates = 0;
    while *stalled.screen() != noise(SIZE.0, SIZE.1, 7) {
        stalled.keep_request_open().await.unwrap();
        let event = timeout(LIMIT, stalled.next_event()).await.unwrap().unwrap();
        updates += u32::from(matches!(event, Event::Update { damage: Some(_) }));
    }
    assert!(updates <= 2, "{updates} updates");
}

#[tokio::test]
async fn a_program_gets_what_the_console_shows_at_this_moment() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let _upstream = console.share(&hub).await;
    let stream = serve(&hub, &ServeOptions { is_program: true, ..ANYONE });
    let mut program = Client::connect(stream, &ClientOptions::default()).await.unwrap();
    for number in 1..10 {
        // The hub has no time to see the change before the program asks.
        console.show(&picture(300, 200, number));
        program.refresh_screen().await.unwrap();
        assert!(*program.screen() == picture(300, 200, number), "{number}");
    }
}

#[tokio::test]
async fn a_password_keeps_others_out() {
    let (console, hub) = (Console::new(300, 200), Hub::new());
    let _upstream = console.share(&hub).await;
    let security = Security::Password { password: "secret".into(), fill_random: |bytes| bytes.fill(7) };
    let options = ServeOptions { security, ..ANYONE };
    let connect = async |password: Option<&str>| {
        let client = ClientOptions { password: password.map(Into::into), ..ClientOptions::default() };
        Client::connect(serve(&hub, &options), &client).await
    };
    assert!(matches!(connect(None).await.unwrap_err(), ClientError::PasswordRequired));
    assert!(matches!(connect(Some("Secret")).await.unwrap_err(), ClientError::PasswordRejected(_)));
    let mut client = connect(Some("secret")).await.unwrap();
    client.refresh_screen().await.unwrap();
}
