//! 1,000 pictures of the simulated account's consoles: the memory of the process that serves them, and of those that
//! take them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use ecs_vnc::demo::{ACCESS_KEY_ID, ACCESS_KEY_SECRET};
use wait4::Wait4 as _;

use crate::account;
use crate::pairs::{Outcome, verdict};

/// How many instances one process takes pictures of, and how many such processes there are.
const AT_ONCE: usize = 200;
const ROUNDS: usize = 5;

/// The aim for the server's memory at the end by that after the first round.
const AIM: f64 = 1.05;

const MIB: f64 = 1048576.0;

/// Ends with the bench.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the part.
pub(crate) fn many() -> Outcome<()> {
    let home = tempfile::tempdir()?;
    let mut demo = Command::new(env!("CARGO_BIN_EXE_ecs-vnc"));
    demo.args(["demo", "-o", "json"]).env_clear().env("HOME", home.path());
    let mut demo = Served(demo.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?);
    let mut line = String::new();
    BufReader::new(demo.0.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
    let line: serde_json::Value = serde_json::from_str(&line)?;
    let endpoint = line["Endpoint"].as_str().ok_or("the demo account did not start")?;
    let ours = || account::ours(home.path(), endpoint, (ACCESS_KEY_ID, ACCESS_KEY_SECRET));

    let list = ours().args(["list", "--status", "Running", "--ids-only"]).output()?;
    let list = String::from_utf8(list.stdout)?;
    let instances: Vec<&str> = list.lines().take(AT_ONCE).collect();
    if instances.len() < AT_ONCE {
        return Err(format!("the demo account has {} running instances only", instances.len()).into());
    }
    let shoot = |instances: &[&str]| -> Outcome<(f64, f64)> {
        let mut command = ours();
        command.args(["screenshot", "--via", "vnc", "-f"]).arg(home.path().join("{instance}.png")).args(instances);
        let start = Instant::now();
        let used = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?.wait4()?;
        let time = start.elapsed().as_secs_f64();
        match used.status.success() {
            true => Ok((time, used.rusage.maxrss as f64 / MIB)),
            false => Err(format!("screenshot failed: {}", used.status).into()),
        }
    };

    println!("\n| pictures | ms each | peak of the process that took them, MiB | the demo account's memory, MiB |");
    println!("| --- | --- | --- | --- |");
    let before = memory(&demo.0)?;
    println!("| none | | | {before:.1} |");
    let (time, peak) = shoot(&instances[..1])?;
    println!("| 1 | {:.1} | {peak:.1} | {:.1} |", time * 1e3, memory(&demo.0)?);
    let mut after = Vec::new();
    for round in 1..=ROUNDS {
        let (time, peak) = shoot(&instances)?;
        after.push(memory(&demo.0)?);
        let (count, each) = (round * AT_ONCE, time * 1e3 / AT_ONCE as f64);
        println!("| {count}, by a process for each {AT_ONCE} | {each:.1} | {peak:.1} | {:.1} |", after[round - 1]);
    }
    let files = fs::read_dir(home.path())?.filter_map(Result::ok);
    let files = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "png")).count();
    if files != AT_ONCE {
        return Err(format!("{files} files of {AT_ONCE}").into());
    }
    let growth = after[ROUNDS - 1] / after[0];
    println!("\nthe demo account's memory, last by first: {growth:.3} {}", verdict(growth, AIM));
    Ok(())
}

/// Resident, in MiB.
fn memory(process: &Child) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory is told")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
