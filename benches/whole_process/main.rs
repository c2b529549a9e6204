//! `ecs-vnc vnc-url` against what else fetches the same answer, as whole processes: `cargo bench`.
//!
//! The server is a process of its own because a child inherits its parent's peak of memory until
//! it has run more: who measures must be small.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

#[path = "../pairs/mod.rs"]
mod pairs;
mod peers;
mod server;

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use pairs::{Outcome, build_what_is_shipped, machine, mib, verdict};
use peers::{Bench, Peer};

/// The aim for our peak of memory.
const RSS_AIM: f64 = 6.0;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", ca] => server::serve(Path::new(ca)),
        // `cargo test --all-targets` runs this as well, and is not asking for numbers.
        _ if !arguments.iter().any(|argument| argument == "--bench") => Ok(()),
        _ => measure(),
    }
}

fn measure() -> Outcome<()> {
    build_what_is_shipped()?;
    let dir = tempfile::tempdir()?;
    let ca = dir.path().join("ca.pem");
    let mut server =
        Command::new(env::current_exe()?).arg("serve").arg(&ca).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let ports = ports(&mut server)?;
    let bench = Bench::new(dir.path(), &ca, ports)?;

    println!("{}\n", machine());
    println!("| peer | ours | ours ms | theirs ms | ratio median (min..max) | CPU ms | theirs | RSS MiB | theirs |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut most = 0.0_f64;
    for mut peer in bench.peers() {
        for form in [&[][..], &["--no-windows"]] {
            match compare(&bench, &mut peer, form) {
                Ok((row, rss)) => {
                    println!("{row}");
                    most = most.max(rss);
                }
                Err(why) => println!("| {} | skipped: {why} |", peer.name),
            }
        }
    }
    println!("\nour RSS {most:.2} MiB at most {}", verdict(most, RSS_AIM));
    Ok(server.kill()?)
}

fn ports(server: &mut Child) -> Outcome<(u16, u16)> {
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
    let (plain, secure) = line.trim().split_once(' ').ok_or("the server did not start")?;
    Ok((plain.parse()?, secure.parse()?))
}

/// A row of the table, and the most memory ours took, in MiB.
fn compare(bench: &Bench, peer: &mut Peer, form: &[&str]) -> Outcome<(String, f64)> {
    let mut ours = bench.ours(peer, form);
    let theirs = peer.command.as_mut().map_err(|why| why.clone())?;
    let pairs = pairs::compare(&mut ours, theirs, |text| text.contains(server::VNC_URL), peer.pairs)?;
    let ratios = pairs.ratios();
    let ratio = ratios[ratios.len() / 2];
    // The peer asks one question, so the aim is for the form that does the same.
    let aim = peer.aim.filter(|_| !form.is_empty()).map(|aim| verdict(ratio, aim)).unwrap_or_default();
    let wall = pairs.medians(|run| run.wall.as_secs_f64() * 1e3);
    let cpu = pairs.medians(|run| run.cpu.as_secs_f64() * 1e3);
    let rss = pairs.medians(mib);
    let row = format!(
        "| {} | vnc-url {} | {:.2} | {:.2} | {ratio:.3} ({:.3}..{:.3}) {aim} | {:.2} | {:.2} | {:.1} | {:.1} |",
        peer.name,
        form.join(" "),
        wall.0,
        wall.1,
        ratios[0],
        ratios[ratios.len() - 1],
        cpu.0,
        cpu.1,
        rss.0,
        rss.1,
    );
    Ok((row, pairs.most_memory()))
}
