//! What the decoders take, fed from memory: ours, and those of the crate `vnc-rs`, on the same bytes.

use std::time::Instant;

use ecs_vnc::rfb::{Client, ClientError, ClientOptions};
use tokio::runtime::Runtime;
use vnc::{PixelFormat, VncConnector, VncEncoding, VncEvent};

use crate::pairs::Outcome;
use crate::servers::{self, Start};
use crate::tape::Tape;
use crate::{made, median, probe, spread};

const PAIRS: usize = 15;
const FRAMES: usize = 8;
const COPIES: usize = 64;

/// By name and number, and as the peer names it: it has no Hextile.
const ENCODINGS: [(&str, i32, Option<VncEncoding>); 4] = [
    ("Raw", 0, Some(VncEncoding::Raw)),
    ("Hextile", 5, None),
    ("Tight", 7, Some(VncEncoding::Tight)),
    ("ZRLE", 16, Some(VncEncoding::Zrle)),
];

/// A session, and what it is.
struct Recording {
    source: &'static str,
    encoding: &'static str,
    peer: Option<VncEncoding>,
    size: (u16, u16),
    session: &'static [u8],
    /// All that is drawn.
    pixels: usize,
}

/// Runs the part.
pub(crate) fn decode() -> Outcome<()> {
    println!("\n| bytes from | encoding | bytes a pixel | ours, MB/s of pixels | vnc-rs | theirs / ours (min..max) |");
    println!("| --- | --- | --- | --- | --- | --- |");
    // As in the process itself. The peer's tasks have the same thread.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for start in [servers::qemu as Start, servers::xtigervnc] {
        match start() {
            Ok(server) => {
                for (encoding, number, peer) in ENCODINGS {
                    let (size, said) = probe::record(server.tcp, number, FRAMES)?;
                    println!(
                        "{}",
                        row(&runtime, &recording((server.name, encoding, peer), size, &said, FRAMES * area(size)))?
                    );
                }
            }
            Err(why) => println!("| left out: {why} |"),
        }
    }
    let whole = FRAMES * area(made::SIZE);
    let tight = (("a photograph, made", "Tight", Some(VncEncoding::Tight)), made::tight(FRAMES)?, whole);
    let zrle = (("a photograph, made", "ZRLE", Some(VncEncoding::Zrle)), made::zrle(FRAMES)?, whole);
    let (copies, copied) = made::copies(COPIES);
    let copies = (("scrolling, made", "CopyRect", Some(VncEncoding::CopyRect)), copies, copied);
    for (what, said, pixels) in [tight, zrle, copies] {
        println!("{}", row(&runtime, &recording(what, made::SIZE, &said, pixels))?);
    }
    Ok(())
}

fn area((width, height): (u16, u16)) -> usize {
    usize::from(width) * usize::from(height)
}

fn recording(
    (source, encoding, peer): (&'static str, &'static str, Option<VncEncoding>),
    size: (u16, u16),
    said: &[u8],
    pixels: usize,
) -> Recording {
    Recording { source, encoding, peer, size, session: Tape::record(size, said).leak(), pixels }
}

fn row(runtime: &Runtime, recording: &Recording) -> Outcome<String> {
    let Recording { source, encoding, session, pixels, .. } = *recording;
    let mb = pixels as f64 * 4.0 / 1e6;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for pair in 0..=PAIRS {
        let (our_time, our_screen) = runtime.block_on(by_ours(recording))?;
        if let Some(peer) = recording.peer {
            let (their_time, their_screen) = runtime.block_on(by_theirs(recording, peer))?;
            if our_screen != their_screen {
                return Err(format!("{source}, {encoding}: the two have drawn different screens").into());
            }
            theirs.push(their_time);
        }
        ours.push(our_time);
        if pair == 0 {
            ours.clear();
            theirs.clear();
        }
    }
    let speed = mb / median(ours.iter().copied());
    let (their_speed, ratio) = match theirs.is_empty() {
        true => ("has none".to_owned(), String::new()),
        false => {
            let ratios = theirs.iter().zip(&ours).map(|(theirs, ours)| theirs / ours);
            (format!("{:.0}", mb / median(theirs.iter().copied())), spread(ratios, 2))
        }
    };
    let wire = session.len() as f64 / pixels as f64;
    Ok(format!("| {source} | {encoding} | {wire:.3} | {speed:.0} | {their_speed} | {ratio} |"))
}

/// The seconds it takes, and the screen at its end.
async fn by_ours(recording: &Recording) -> Outcome<(f64, Vec<u32>)> {
    let start = Instant::now();
    let mut client = Client::connect(Tape::play(recording.session), &ClientOptions::default()).await?;
    loop {
        match client.next_event().await {
            Ok(_) => {}
            Err(ClientError::Closed) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok((start.elapsed().as_secs_f64(), client.screen().pixels().to_vec()))
}

/// The same. The peer hands out rectangles: to lay them onto a screen is its user's work, and part of the price. So are
/// copies, all of them.
async fn by_theirs(recording: &Recording, encoding: VncEncoding) -> Outcome<(f64, Vec<u32>)> {
    let start = Instant::now();
    let client = VncConnector::new(Tape::play(recording.session))
        .set_auth_method(async { Ok(String::new()) })
        .add_encoding(encoding)
        .add_encoding(VncEncoding::Raw)
        .set_pixel_format(PixelFormat::bgra())
        .build()?
        .try_start()
        .await?
        .finish()?;
    let width = usize::from(recording.size.0);
    let mut screen = vec![0_u32; area(recording.size)];
    let mut left = recording.pixels;
    while left > 0 {
        match client.recv_event().await? {
            VncEvent::RawImage(rect, data) => {
                let rows = data.chunks_exact(usize::from(rect.width) * 4);
                for (y, row) in (usize::from(rect.y)..).zip(rows) {
                    let place = &mut screen[y * width + usize::from(rect.x)..][..usize::from(rect.width)];
                    for (pixel, wire) in place.iter_mut().zip(row.as_chunks::<4>().0) {
                        *pixel = u32::from_le_bytes(*wire) & 0xff_ffff;
                    }
                }
                left -= area((rect.width, rect.height));
            }
            VncEvent::Copy(to, from) => {
                for row in 0..usize::from(to.height) {
                    let from = (usize::from(from.y) + row) * width + usize::from(from.x);
                    let to_row = (usize::from(to.y) + row) * width + usize::from(to.x);
                    screen.copy_within(from..from + usize::from(to.width), to_row);
                }
                left -= area((to.width, to.height));
            }
            VncEvent::Error(why) => return Err(why.into()),
            _ => {}
        }
    }
    Ok((start.elapsed().as_secs_f64(), screen))
}
