//! `ecs-vnc relay` against what else joins two byte streams, on loopback: `cargo bench --bench relay`.
//!
//! Both ends of every session are the bench's own, and cheap: frames are made once and sent many times, and what
//! arrives is counted. What processors and memory are taken is read from the relay's processes alone.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

mod api;
mod ends;
mod measures;
#[path = "../pairs/mod.rs"]
#[allow(dead_code, reason = "other benches start a process for each run")]
mod pairs;
mod processes;
mod relays;

use std::env;

use measures::{Direction, Flow};
use pairs::{Outcome, machine, verdict};
use relays::{Kind, PEERS};

const SIZES: [usize; 2] = [4 << 10, 64 << 10];
const PAIRS: usize = 11;
const SESSIONS: [usize; 3] = [1, 100, 1_000];

/// The aims: CPU time by socat's on the way down, µs beyond socat's round trip, KiB an idle session.
const CPU_AIM: f64 = 1.0;
const TRIP_AIM: f64 = 10.0;
const MEMORY_AIM: f64 = 32.0;

/// A part of the benchmark.
type Part = fn() -> Outcome<()>;

/// By the words that choose them; all of them, without a word.
const PARTS: [(&str, Part); 3] = [("flows", flows), ("trips", trips), ("memory", memory)];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    // `cargo test --all-targets` runs this as well, and is not asking for numbers.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    pairs::build_what_is_shipped()?;
    println!("{}", machine());
    let is_asked = |name| arguments.iter().any(|argument| argument == name);
    let all = !PARTS.iter().any(|(name, _)| is_asked(name));
    PARTS.iter().filter(|(name, _)| all || is_asked(name)).try_for_each(|(_, part)| part())
}

/// Bytes one way.
fn flows() -> Outcome<()> {
    println!("\n| peer | way | piece KiB | ours MiB/s | theirs | ours CPU s/GiB | theirs | CPU ratio (min..max) |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for peer in PEERS {
        for (direction, size) in Direction::BOTH.into_iter().flat_map(|way| SIZES.map(|size| (way, size))) {
            let row = match in_pairs(peer, |relay| relay.flow(direction, size, peer.bytes())) {
                Ok(pairs) => row_of_flows(peer, direction, &pairs),
                Err(why) => format!("left out: {why} |"),
            };
            println!("| {} | {direction} | {} | {row}", peer.name(), size >> 10);
        }
    }
    Ok(())
}

fn row_of_flows(peer: Kind, direction: Direction, pairs: &[(Flow, Flow)]) -> String {
    let speeds = medians(pairs, |flow| flow.mib_a_second());
    let cpu = medians(pairs, |flow| flow.cpu_a_gib());
    let ratios = sorted(pairs.iter().map(|(ours, theirs)| ours.cpu_a_gib() / theirs.cpu_a_gib()));
    let ratio = ratios[ratios.len() / 2];
    let aim = match (peer, direction) {
        (Kind::Socat { .. }, Direction::Down) => verdict(ratio, CPU_AIM),
        _ => String::new(),
    };
    format!(
        "{:.0} | {:.0} | {:.3} | {:.3} | {ratio:.3} ({:.3}..{:.3}) {aim} |",
        speeds.0,
        speeds.1,
        cpu.0,
        cpu.1,
        ratios[0],
        ratios[ratios.len() - 1],
    )
}

/// A message there and an answer back.
fn trips() -> Outcome<()> {
    println!("\n| peer | ours p50 µs | theirs | ours - theirs (min..max) | ours p99 µs | theirs |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for peer in PEERS {
        let row = match in_pairs(peer, |relay| relay.trips(peer.trips())) {
            Ok(pairs) => {
                let (p50, p99) = (medians(&pairs, |trips| trips.p50), medians(&pairs, |trips| trips.p99));
                let more = sorted(pairs.iter().map(|(ours, theirs)| ours.p50 - theirs.p50));
                let median = more[more.len() / 2];
                let aim = if matches!(peer, Kind::Socat { .. }) { verdict(median, TRIP_AIM) } else { String::new() };
                let (least, most) = (more[0], more[more.len() - 1]);
                format!(
                    "{:.1} | {:.1} | {median:.1} ({least:.1}..{most:.1}) {aim} | {:.1} | {:.1} |",
                    p50.0, p50.1, p99.0, p99.1
                )
            }
            Err(why) => format!("left out: {why} |"),
        };
        println!("| {} | {row}", peer.name());
    }
    Ok(())
}

/// Memory of sessions in which nothing is said after the greeting.
fn memory() -> Outcome<()> {
    println!("\n| relay | none MiB | {SESSIONS:?} idle sessions MiB | KiB a session, of the most |");
    println!("| --- | --- | --- | --- |");
    for kind in [Kind::Ours { is_secure: false }, Kind::Ours { is_secure: true }].into_iter().chain(PEERS) {
        let counts: Vec<usize> = SESSIONS.into_iter().filter(|count| *count <= kind.most_sessions()).collect();
        let row = match relays::start(kind, counts.iter().copied().max().unwrap_or(1))
            .and_then(|relay| relay.memory(&counts))
        {
            Ok(memory) => {
                let mib: Vec<String> = memory.with.iter().map(|bytes| format!("{:.1}", *bytes / 1048576.0)).collect();
                let each = memory.each() / 1024.0;
                let aim = if matches!(kind, Kind::Ours { .. }) { verdict(each, MEMORY_AIM) } else { String::new() };
                format!("{:.1} | {} | {each:.1} {aim} |", memory.without / 1048576.0, mib.join(", "))
            }
            Err(why) => format!("left out: {why} |"),
        };
        println!("| {} | {row}", kind.name());
    }
    Ok(())
}

/// Ours, theirs, ours, theirs …; the first pair is not counted.
fn in_pairs<T>(peer: Kind, run: impl Fn(&mut relays::Session) -> Outcome<T>) -> Outcome<Vec<(T, T)>> {
    let (ours, theirs) = (relays::start(Kind::Ours { is_secure: false }, 1)?, relays::start(peer, 1)?);
    let run = |relay: &relays::Relay| {
        let mut session = relay.open(0)?;
        let found = run(&mut session)?;
        session.end()?;
        Outcome::Ok(found)
    };
    let mut found = Vec::new();
    for pair in 0..=PAIRS {
        let both = (run(&ours)?, run(&theirs)?);
        if pair > 0 {
            found.push(both);
        }
    }
    Ok(found)
}

fn medians<T>(pairs: &[(T, T)], of: impl Fn(&T) -> f64) -> (f64, f64) {
    let median = |values: Vec<f64>| values[values.len() / 2];
    (median(sorted(pairs.iter().map(|(ours, _)| of(ours)))), median(sorted(pairs.iter().map(|(_, theirs)| of(theirs)))))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
