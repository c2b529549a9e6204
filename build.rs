//! Tells the program which commit it is built from, for `ecs-vnc version`.
//!
//! Two builds of a commit are equal: nothing here depends on the time or the place of the build.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const UNKNOWN: &str = "unknown";

const SECONDS_A_DAY: i64 = 86_400;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let packaged = packaged_commit();
    // A build for development is not repeated at each commit, so it names none.
    let is_from_git = is_release && packaged.is_none();
    let commit = packaged.or_else(|| git(&["rev-parse", "HEAD"]).filter(|_| is_from_git));
    let time_of_commit = || git(&["log", "-1", "--format=%ct"]).filter(|_| is_from_git);
    let time = env::var("SOURCE_DATE_EPOCH").ok().or_else(time_of_commit);
    let date = time.and_then(|seconds| seconds.trim().parse().ok()).map(date);
    if is_from_git && let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        // It changes at each commit and each checkout.
        println!("cargo:rerun-if-changed={log}");
    }
    let prefix = "CARGO_FEATURE_";
    let mut features: Vec<String> = env::vars()
        .filter_map(|(name, _)| Some(name.strip_prefix(prefix)?.to_lowercase().replace('_', "-")))
        .filter(|feature| feature != "default")
        .collect();
    features.sort();
    let target = env::var("TARGET").unwrap_or_else(|_| UNKNOWN.to_owned());
    println!("cargo:rustc-env=BUILD_COMMIT={}", commit.as_deref().unwrap_or(UNKNOWN));
    println!("cargo:rustc-env=BUILD_DATE={}", date.as_deref().unwrap_or(UNKNOWN));
    println!("cargo:rustc-env=BUILD_TARGET={target}");
    println!("cargo:rustc-env=BUILD_FEATURES={}", features.join(","));
}

/// The commit of a package, which `cargo package` writes into it.
fn packaged_commit() -> Option<String> {
    let file = Path::new(".cargo_vcs_info.json");
    println!("cargo:rerun-if-changed={}", if file.exists() { ".cargo_vcs_info.json" } else { "build.rs" });
    let text = fs::read_to_string(file).ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit: String =
        rest.chars().skip_while(|c| !c.is_ascii_hexdigit()).take_while(char::is_ascii_hexdigit).collect();
    (commit.len() >= 40).then_some(commit)
}

/// What git prints, if this directory is the top of a working tree: a package inside another project is none of its commits.
fn git(args: &[&str]) -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    let output = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The day of a Unix time in UTC, such as 2026-11-26. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(SECONDS_A_DAY) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
