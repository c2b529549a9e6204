//! Tells the program which commit it is built from, for `ecs-vnc version`.
//!
//! Two builds of a commit are equal: nothing here depends on the time or the place of the build.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const UNKNOWN: &str = "unknown";

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
    println!("cargo:rustc-env=BUILD_TIME={}", time.as_deref().unwrap_or(UNKNOWN));
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
