//! How long the first whole screen of a real server takes our client, by what it asks for.

use std::time::Instant;

use ecs_vnc::rfb::{Client, ClientOptions, Encoding};
use tokio::net::TcpStream;

use crate::pairs::Outcome;
use crate::servers::{self, Start};
use crate::{probe, spread};

const ROUNDS: usize = 31;

/// One encoding each; then the order that is built in.
const WISHES: [(&str, &[Encoding]); 5] = [
    ("ZRLE", &[Encoding::Zrle]),
    ("Tight", &[Encoding::Tight]),
    ("Hextile", &[Encoding::Hextile]),
    ("Raw", &[Encoding::Raw]),
    ("as built in", ClientOptions::ENCODINGS),
];

/// Runs the part.
pub(crate) fn frames() -> Outcome<()> {
    println!("\n| server | asked for | bytes | first whole screen, ms: median (min..max) |");
    println!("| --- | --- | --- | --- |");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for start in [servers::qemu as Start, servers::xtigervnc] {
        let server = match start() {
            Ok(server) => server,
            Err(why) => {
                println!("| left out: {why} |");
                continue;
            }
        };
        let mut times = WISHES.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            // In turn, so that a machine that is slow for a moment is slow for all.
            for ((_, encodings), times) in WISHES.into_iter().zip(&mut times) {
                times.push(runtime.block_on(first(server.tcp, encodings))?);
            }
        }
        for ((name, encodings), times) in WISHES.into_iter().zip(times) {
            let bytes = probe::record(server.tcp, encodings[0].number(), 1)?.1.len();
            println!("| {} | {name} | {bytes} | {} |", server.name, spread(times, 2));
        }
    }
    Ok(())
}

async fn first(port: u16, encodings: &'static [Encoding]) -> Outcome<f64> {
    let start = Instant::now();
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut client = Client::connect(stream, &ClientOptions { encodings, ..ClientOptions::default() }).await?;
    client.refresh_screen().await?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
