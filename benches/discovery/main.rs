//! Finding an instance by its name, and listing all, against the official SDK doing the same: `cargo bench`.
//!
//! The simulated account serves both, with 1,000 instances in 29 regions, and lets every answer wait as a network would.
//! It runs in a process of its own, because a child inherits its parent's peak of memory until it has run more.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

#[path = "../pairs/mod.rs"]
mod pairs;

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead as _, BufReader, Read as _, stdin};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ecs_vnc::demo::{self, Demo, Options};
use ecs_vnc::system::clock::Clock;
use pairs::{Outcome, build_what_is_shipped, machine, mib, python, verdict};

/// An instance whose name no other has, in the 15th of 29 regions: who asks them in turn is lucky as often as not.
const NAME: &str = "cache-700";
const ID: &str = "i-demo-0700";

/// How many instances are in [`demo::REGION`].
const AT_HOME: usize = 400;

/// The aim for our peak of memory, in MiB: 1,000 instances are not to be held at once.
const RSS_AIM: f64 = 16.0;

/// What is compared: its name, our arguments, the script's, what the answer must hold in how many lines, the delays, the
/// pairs.
type Row = (&'static str, &'static [&'static str], &'static [&'static str], (&'static str, usize), [u64; 2], usize);

const LOOK_UP: &[&str] = &["vnc-url", "--no-windows", NAME];

const ROWS: [Row; 4] = [
    ("look-up", LOOK_UP, &["find", NAME], (ID, 1), [0, 100], 10),
    ("look-up, SDK in turn", LOOK_UP, &["find-in-turn", NAME], (ID, 1), [0, 100], 10),
    (
        "list, 29 regions",
        &["list", "--all-regions", "-o", "json", "-q"],
        &["list"],
        (ID, demo::INSTANCE_COUNT),
        [0, 50],
        10,
    ),
    (
        "list, one region",
        &["list", "--region", demo::REGION, "-o", "json"],
        &["list", demo::REGION],
        ("i-demo-0399", AT_HOME),
        [0, 50],
        10,
    ),
];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", delay] => serve(Duration::from_millis(delay.parse()?)),
        // `cargo test --all-targets` runs this as well, and is not asking for numbers.
        _ if !arguments.iter().any(|argument| argument == "--bench") => Ok(()),
        _ => measure(),
    }
}

/// Serves the account until stdin ends: then the bench is over, however it ended.
fn serve(delay: Duration) -> Outcome<()> {
    std::thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let demo = Demo::start(0, Options::new(Clock::system()).delay(delay)).await?;
        println!("{}", demo.endpoint());
        std::future::pending().await
    })
}

fn measure() -> Outcome<()> {
    build_what_is_shipped()?;
    let python = python()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/sdk_discovery.py");
    println!("{}\n", machine());
    println!(
        "| what | delay ms | ours ms | round trips | SDK ms | ratio median (min..max) | CPU ms | theirs | RSS MiB | theirs |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut most = 0.0_f64;
    for (name, ours, theirs, expected, delays, count) in ROWS {
        for delay in delays {
            let (mut server, endpoint) = start(delay)?;
            let home = tempfile::tempdir()?;
            let mut ours = sealed(Command::new(env!("CARGO_BIN_EXE_ecs-vnc")).args(ours), home.path(), &endpoint);
            let mut theirs = sealed(Command::new(&python).arg(&script).args(theirs), home.path(), &endpoint);
            // A region that refuses is no failure to either: so it counts whether all have answered.
            let is_whole =
                |text: &str| text.contains(expected.0) && text.lines().collect::<BTreeSet<_>>().len() == expected.1;
            let pairs = pairs::compare(&mut ours, &mut theirs, is_whole, count)?;
            let (ratios, wall) = (pairs.ratios(), pairs.medians(|run| run.wall.as_secs_f64() * 1e3));
            let (cpu, rss) = (pairs.medians(|run| run.cpu.as_secs_f64() * 1e3), pairs.medians(mib));
            most = most.max(pairs.most_memory());
            let trips = if delay == 0 { "-".to_owned() } else { format!("{:.2}", wall.0 / delay as f64) };
            println!(
                "| {name} | {delay} | {:.1} | {trips} | {:.0} | {:.4} ({:.4}..{:.4}) | {:.1} | {:.0} | {:.1} | {:.1} |",
                wall.0,
                wall.1,
                ratios[ratios.len() / 2],
                ratios[0],
                ratios[ratios.len() - 1],
                cpu.0,
                cpu.1,
                rss.0,
                rss.1,
            );
            server.kill()?;
            server.wait()?;
        }
    }
    println!("\nour RSS {most:.2} MiB at most {}", verdict(most, RSS_AIM));
    Ok(())
}

fn start(delay: u64) -> Outcome<(Child, String)> {
    let mut server = Command::new(env::current_exe()?);
    let mut server = server.args(["serve", &delay.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
    Ok((server, line.trim().to_owned()))
}

/// With the account's keys and no region.
fn sealed(command: &mut Command, home: &Path, endpoint: &str) -> Command {
    let mut sealed = Command::new(command.get_program());
    sealed.args(command.get_args()).env_clear().env("HOME", home).envs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", demo::ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", demo::ACCESS_KEY_SECRET),
        ("ALIBABA_CLOUD_ENDPOINT", endpoint),
    ]);
    sealed
}
