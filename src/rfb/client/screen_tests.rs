//! Screens that come in parts, have no size for a moment, or change it on the way.

use tokio::io::{AsyncWriteExt, DuplexStream};

use super::super::encoding::Encoding;
use super::tests::{BLUE_SCREEN, FULL_REQUEST, HELLO, PART, begun, hears, settings};
use super::*;

const CHANGES_REQUEST: [u8; 10] = [3, 1, 0, 0, 0, 0, 0, 4, 0, 2];

/// A FramebufferUpdate with these rectangles. RFC 6143, section 7.6.1.
fn update(rectangles: &[Vec<u8>]) -> Vec<u8> {
    let count = u16::try_from(rectangles.len()).unwrap().to_be_bytes();
    [&[0, 0][..], &count, &rectangles.concat()].concat()
}

fn rectangle(area: [u16; 4], encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    let area = area.map(u16::to_be_bytes).concat();
    [&area, &encoding.number().to_be_bytes()[..], bytes].concat()
}

/// Raw pixels in blue.
fn blue([x, y, width, height]: [u16; 4]) -> Vec<u8> {
    let pixels = [0xff, 0, 0, 0].repeat(usize::from(width * height));
    rectangle([x, y, width, height], Encoding::Raw, &pixels)
}

fn desktop_size(width: u16, height: u16) -> Vec<u8> {
    rectangle([0, 0, width, height], Encoding::DesktopSize, &[])
}

fn request(is_incremental: bool, [width, height]: [u8; 2]) -> [u8; 10] {
    [3, is_incremental.into(), 0, 0, 0, 0, 0, width, 0, height]
}

/// A session whose screen has no size yet.
async fn begun_without_a_size() -> (Client<DuplexStream>, DuplexStream) {
    let (near, mut far) = tokio::io::duplex(1024);
    let init = [[0; 4], [32, 24, 0, 1], [0, 255, 0, 255], [0, 255, 16, 8], [0; 4], [0; 4]].concat();
    far.write_all(&[HELLO, &init].concat()).await.unwrap();
    let client = Client::connect(near, &ClientOptions::default()).await.unwrap();
    tokio::io::AsyncReadExt::read_exact(&mut far, &mut [0; 14]).await.unwrap();
    (client, far)
}

/// QEMU forgets earlier requests when its screen changes its size.
#[tokio::test]
async fn a_screen_of_a_new_size_is_requested_again() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, FULL_REQUEST).await;
        far.write_all(b"\0\0\0\x01\0\0\0\0\0\x01\0\x01\xff\xff\xff\x21").await.unwrap();
        hears(&mut far, [3, 0, 0, 0, 0, 0, 0, 1, 0, 1]).await;
        far.write_all(b"\0\0\0\x01\0\0\0\0\0\x01\0\x01\0\0\0\x07\x80\0\0\xff").await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().rgb(), [0, 0, 0xff]);
}

/// TigerVNC's server answers with the layout of its screens, and then forgets the request.
#[tokio::test]
async fn an_update_without_pixels_may_be_the_whole_answer() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, FULL_REQUEST).await;
        far.write_all(b"\0\0\0\x01\0\0\0\0\0\x04\0\x02\xff\xff\xfe\xcc\0\0\0\0").await.unwrap();
        hears(&mut far, [3, 1, 0, 0, 0, 0, 0, 4, 0, 2]).await;
        far.write_all(BLUE_SCREEN).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

/// TigerVNC confirms keys only so: the first request is still without its answer when the second is made.
#[tokio::test]
async fn a_request_that_only_the_layout_has_answered_is_repeated_before_the_next() {
    let (mut client, mut far) = begun(1024).await;
    let layout = update(&[rectangle([0, 0, 4, 2], Encoding::ExtendedDesktopSize, &[0; 4])]);
    client.request_screen().await.unwrap();
    settings(&mut far).await;
    hears(&mut far, FULL_REQUEST).await;
    client.send_key(0x61, None, true).await.unwrap();
    hears(&mut far, [4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    let talk = async {
        far.write_all(&layout).await.unwrap();
        hears(&mut far, CHANGES_REQUEST).await;
        far.write_all(PART).await.unwrap();
        hears(&mut far, CHANGES_REQUEST).await;
        far.write_all(BLUE_SCREEN).await.unwrap();
        hears(&mut far, FULL_REQUEST).await;
        far.write_all(&layout).await.unwrap();
        hears(&mut far, CHANGES_REQUEST).await;
        far.write_all(BLUE_SCREEN).await.unwrap();
    };
    assert!(!client.is_input_confirmed());
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert!(client.is_input_confirmed());
}

/// RFC 6143, section 7.5.3.
#[tokio::test]
async fn a_screen_in_several_updates_is_requested_until_it_is_complete() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, FULL_REQUEST).await;
        for part in [[0, 0, 4, 1], [0, 1, 1, 1], [1, 1, 2, 1]] {
            far.write_all(&update(&[blue(part)])).await.unwrap();
            hears(&mut far, CHANGES_REQUEST).await;
        }
        far.write_all(&update(&[blue([3, 1, 1, 1])])).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

/// A server that thinks that it has sent everything has no changes to send.
#[tokio::test(start_paused = true)]
async fn a_rest_that_does_not_come_is_requested_with_the_whole_screen() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        for row in [0, 1] {
            hears(&mut far, FULL_REQUEST).await;
            far.write_all(&update(&[blue([0, row, 4, 1])])).await.unwrap();
            if row == 0 {
                hears(&mut far, CHANGES_REQUEST).await;
            }
        }
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 8]);
}

#[tokio::test]
async fn a_screen_without_a_size_is_waited_through() {
    let (mut client, mut far) = begun_without_a_size().await;
    assert!(!client.is_screen_complete());
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, request(false, [0, 0])).await;
        far.write_all(&update(&[desktop_size(4, 2)])).await.unwrap();
        hears(&mut far, FULL_REQUEST).await;
        // It has lost its mode once more.
        far.write_all(&update(&[desktop_size(0, 0)])).await.unwrap();
        far.write_all(&update(&[desktop_size(0, 2), desktop_size(2, 1)])).await.unwrap();
        hears(&mut far, request(false, [2, 1])).await;
        far.write_all(&update(&[blue([0, 0, 2, 1])])).await.unwrap();
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 2]);
}

/// A server may answer a request for nothing at once, with nothing; it is not asked without pause.
#[tokio::test(start_paused = true)]
async fn a_screen_without_a_size_is_requested_again_after_a_second() {
    let (mut client, mut far) = begun_without_a_size().await;
    let talk = async {
        settings(&mut far).await;
        for _ in 0..3 {
            let asked = tokio::time::Instant::now();
            hears(&mut far, request(false, [0, 0])).await;
            assert!(asked.elapsed() <= REST_TIMEOUT);
            far.write_all(&update(&[])).await.unwrap();
        }
        far.write_all(&update(&[desktop_size(1, 1)])).await.unwrap();
        hears(&mut far, request(false, [1, 1])).await;
        far.write_all(&update(&[blue([0, 0, 1, 1])])).await.unwrap();
    };
    let started = tokio::time::Instant::now();
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(started.elapsed(), 2 * REST_TIMEOUT);
}

/// The rest of the update is of the new size, and needs no other request.
#[tokio::test]
async fn a_size_may_change_in_the_middle_of_an_update() {
    let (mut client, mut far) = begun(1024).await;
    let talk = async {
        settings(&mut far).await;
        hears(&mut far, FULL_REQUEST).await;
        let rectangles = [
            blue([0, 0, 4, 2]),
            desktop_size(2, 2),
            blue([0, 0, 2, 1]),
            desktop_size(3, 1),
            blue([0, 0, 1, 1]),
            rectangle([9, 9, 0, 9], Encoding::Zrle, &[0; 4]),
            blue([1, 0, 2, 1]),
        ];
        // The update ends with a LastRect, and a message of the WebSocket may end anywhere.
        let last = rectangle([0; 4], Encoding::LastRect, &[]);
        let bytes = [&[0, 0, 0xff, 0xff][..], &rectangles.concat(), &last].concat();
        for byte in bytes {
            far.write_all(&[byte]).await.unwrap();
            yield_now().await;
        }
    };
    let (done, ()) = tokio::join!(client.refresh_screen(), talk);
    done.unwrap();
    assert_eq!(client.screen().pixels(), [0xff; 3]);
}

#[tokio::test]
async fn rectangles_without_pixels_draw_nothing() {
    let (mut client, mut far) = begun(1024).await;
    let empty = [
        rectangle([1, 1, 0, 0], Encoding::Raw, &[]),
        rectangle([4, 2, 0, 0], Encoding::Hextile, &[]),
        rectangle([0, 0, 0, 2], Encoding::CopyRect, &[0; 4]),
        rectangle([0, 0, 4, 0], Encoding::Zrle, &[0; 4]),
        rectangle([9, 9, 0, 0], Encoding::Tight, &[0]),
    ];
    far.write_all(&update(&empty)).await.unwrap();
    assert_eq!(client.next_event().await.unwrap(), Event::Update { damage: None });
    let part = blue([3, 1, 1, 1]);
    far.write_all(&update(&[empty[0].clone(), part, empty[4].clone()])).await.unwrap();
    let damage = Some(Rectangle { x: 3, y: 1, width: 1, height: 1 });
    assert_eq!(client.next_event().await.unwrap(), Event::Update { damage });
}
