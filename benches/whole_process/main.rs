//! `ecs-vnc vnc-url` against what else fetches the same answer, as whole processes: `cargo bench`.
//!
//! The two sides run in turn (A B A B …) and are compared pair by pair, so that a machine that is slow for a moment
//! is slow for both. The server is a process of its own because a child inherits its parent's peak of memory until
//! it has run more: who measures must be small.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

mod peers;
mod server;

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use peers::{Bench, Peer};
use wait4::Wait4 as _;

const WARM_UP: usize = 3;

/// The aim for our peak of memory.
const RSS_AIM: f64 = 6.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What one run of a process took.
#[derive(Clone, Copy)]
struct Run {
    wall: Duration,
    cpu: Duration,
    rss: u64,
}

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

/// `cargo bench` builds binaries without the profile's `panic = "abort"`, which is not what users get.
fn build_what_is_shipped() -> Outcome<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "--quiet", "--bin", "ecs-vnc"]).status()?;
    if built.success() { Ok(()) } else { Err("cargo build --release failed".into()) }
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
    check(&mut ours)?;
    check(theirs)?;
    let mut pairs = Vec::new();
    for pair in 0..WARM_UP + peer.pairs {
        let both = (run(&mut ours)?, run(theirs)?);
        if pair >= WARM_UP {
            pairs.push(both);
        }
    }
    let ours: Vec<Run> = pairs.iter().map(|pair| pair.0).collect();
    let theirs: Vec<Run> = pairs.iter().map(|pair| pair.1).collect();
    let ratios = sorted(pairs.iter().map(|(ours, theirs)| ours.wall.as_secs_f64() / theirs.wall.as_secs_f64()));
    let ratio = ratios[ratios.len() / 2];
    // The peer asks one question, so the aim is for the form that does the same.
    let aim = peer.aim.filter(|_| !form.is_empty()).map(|aim| verdict(ratio, aim)).unwrap_or_default();
    let row = format!(
        "| {} | vnc-url {} | {:.2} | {:.2} | {ratio:.3} ({:.3}..{:.3}) {aim} | {:.2} | {:.2} | {:.1} | {:.1} |",
        peer.name,
        form.join(" "),
        median(&ours, |run| run.wall.as_secs_f64() * 1e3),
        median(&theirs, |run| run.wall.as_secs_f64() * 1e3),
        ratios[0],
        ratios[ratios.len() - 1],
        median(&ours, |run| run.cpu.as_secs_f64() * 1e3),
        median(&theirs, |run| run.cpu.as_secs_f64() * 1e3),
        median(&ours, mib),
        median(&theirs, mib),
    );
    Ok((row, sorted(ours.iter().map(mib)).pop().unwrap_or_default()))
}

/// A fast failure would win every race.
fn check(command: &mut Command) -> Outcome<()> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    if output.status.success() && String::from_utf8_lossy(&output.stdout).contains(server::VNC_URL) {
        return Ok(());
    }
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{} gave no VncUrl: {stdout}{stderr}", command.get_program().display()).into())
}

fn run(command: &mut Command) -> Outcome<Run> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let used = command.spawn()?.wait4()?;
    let wall = start.elapsed();
    if !used.status.success() {
        return Err(format!("{} failed: {}", command.get_program().display(), used.status).into());
    }
    Ok(Run { wall, cpu: used.rusage.utime + used.rusage.stime, rss: used.rusage.maxrss })
}

fn mib(run: &Run) -> f64 {
    run.rss as f64 / f64::from(1 << 20)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    sorted(runs.iter().map(of))[runs.len() / 2]
}

fn verdict(value: f64, aim: f64) -> String {
    if value <= aim { format!("(aim {aim}: met)") } else { format!("(aim {aim}: MISSED)") }
}

/// What the numbers belong to.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let first = |file: &str| fs::read_to_string(file).unwrap_or_default().trim().to_owned();
    let cpus = first("/proc/cpuinfo");
    let cpu = cpus.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    let load = first("/proc/loadavg");
    let curl = peers::find("curl").and_then(|curl| Command::new(curl).arg("--version").output().ok());
    let curl = curl.map(|output| String::from_utf8_lossy(&output.stdout).split(" (").next().unwrap_or("").to_owned());
    format!(
        "{cores} cores, {}, {} {}, {}; load {}",
        cpu.map_or("unknown CPU", |(_, model)| model),
        env::consts::OS,
        first("/proc/sys/kernel/osrelease"),
        curl.unwrap_or_else(|| "no curl".to_owned()),
        load.split(' ').next().unwrap_or("unknown"),
    )
}
