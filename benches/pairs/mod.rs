//! What every bench shares: whole processes in pairs, and what the numbers belong to.
//!
//! The two sides run in turn (A B A B …) and are compared pair by pair, so that a machine that is slow for a moment
//! is slow for both.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use wait4::Wait4 as _;

const WARM_UP: usize = 3;

/// What a bench comes to.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// The runs of both sides, pair by pair.
pub(crate) struct Pairs(Vec<(Run, Run)>);

/// What one run of a process took.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// Time.
    pub wall: Duration,
    /// Time of the processors.
    pub cpu: Duration,
    rss: u64,
}

/// Runs both in turn, after each has shown that it gives an answer that is right.
pub(crate) fn compare(
    ours: &mut Command,
    theirs: &mut Command,
    is_right: impl Fn(&str) -> bool,
    pairs: usize,
) -> Outcome<Pairs> {
    check(ours, &is_right)?;
    check(theirs, &is_right)?;
    let mut found = Vec::new();
    for pair in 0..WARM_UP + pairs {
        let both = (run(ours)?, run(theirs)?);
        if pair >= WARM_UP {
            found.push(both);
        }
    }
    Ok(Pairs(found))
}

impl Pairs {
    /// The ratios of our time by theirs, in order.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        sorted(self.0.iter().map(|(ours, theirs)| ours.wall.as_secs_f64() / theirs.wall.as_secs_f64()))
    }

    /// The medians of ours and of theirs.
    pub(crate) fn medians(&self, of: impl Fn(&Run) -> f64) -> (f64, f64) {
        let median = |runs: Vec<f64>| runs[runs.len() / 2];
        let of = &of;
        (median(sorted(self.0.iter().map(|pair| of(&pair.0)))), median(sorted(self.0.iter().map(|pair| of(&pair.1)))))
    }

    /// The most memory ours took, in MiB.
    pub(crate) fn most_memory(&self) -> f64 {
        sorted(self.0.iter().map(|pair| mib(&pair.0))).pop().unwrap_or_default()
    }
}

/// `cargo bench` builds binaries without the profile's `panic = "abort"`, which is not what users get.
pub(crate) fn build_what_is_shipped() -> Outcome<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "--quiet", "--bin", "ecs-vnc"]).status()?;
    if built.success() { Ok(()) } else { Err("cargo build --release failed".into()) }
}

/// A fast failure would win every race.
fn check(command: &mut Command, is_right: impl Fn(&str) -> bool) -> Outcome<()> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    if output.status.success() && is_right(&String::from_utf8_lossy(&output.stdout)) {
        return Ok(());
    }
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{} did not answer as it should: {stdout}{stderr}", command.get_program().display()).into())
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

/// Peak of memory.
pub(crate) fn mib(run: &Run) -> f64 {
    run.rss as f64 / f64::from(1 << 20)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Whether an aim is met.
pub(crate) fn verdict(value: f64, aim: f64) -> String {
    if value <= aim { format!("(aim {aim}: met)") } else { format!("(aim {aim}: MISSED)") }
}

/// What the numbers belong to.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let first = |file: &str| fs::read_to_string(file).unwrap_or_default().trim().to_owned();
    let cpus = first("/proc/cpuinfo");
    let cpu = cpus.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    let load = first("/proc/loadavg");
    let curl = find("curl").and_then(|curl| Command::new(curl).arg("--version").output().ok());
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

/// The program on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// A Python with both SDKs: `ECS_VNC_BENCH_PYTHON`, else the end-to-end tests' own, which is made where it is absent.
pub(crate) fn python() -> Result<PathBuf, String> {
    if let Some(python) = env::var_os("ECS_VNC_BENCH_PYTHON") {
        return Ok(python.into());
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().ok_or("no target directory")?;
    let venv = target.join("e2e-venv");
    let python = venv.join("bin").join("python");
    if python.is_file() {
        return Ok(python);
    }
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/requirements.txt");
    let mut make = Command::new(find("python3").ok_or("there is no python3 here")?);
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements);
    for step in [make.args(["-m", "venv"]).arg(&venv), &mut install] {
        if !step.status().is_ok_and(|status| status.success()) {
            // Half of one would be taken for a whole one the next time.
            let _ = fs::remove_dir_all(&venv);
            return Err("the SDKs could not be installed".to_owned());
        }
    }
    Ok(python)
}
