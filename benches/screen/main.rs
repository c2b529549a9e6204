//! `ecs-vnc screenshot` and its client against what else looks at screens: `cargo bench --bench screen`.
//!
//! The servers are real: QEMU with the firmware's text on its screen, Xtigervnc with the old weave on its root window.
//! What is not here is left out of the tables, and so said.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

mod account;
#[path = "../relay/api.rs"]
mod api;
mod decode;
mod frames;
mod made;
mod many;
#[path = "../pairs/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod pairs;
mod probe;
mod servers;
mod shots;
mod tape;

use std::env;

use pairs::{Outcome, machine};

/// A part of the benchmark.
type Part = fn() -> Outcome<()>;

/// By the words that choose them; all of them, without a word. What takes much memory comes last: a child's peak
/// begins with its parent's.
const PARTS: [(&str, Part); 4] =
    [("many", many::many), ("shots", shots::shots), ("frames", frames::frames), ("decode", decode::decode)];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    // `cargo test --all-targets` runs this as well, and is not asking for numbers.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let is_asked = |name: &str| arguments.iter().any(|argument| argument == name);
    let all = !PARTS.iter().any(|(name, _)| is_asked(name));
    if all || is_asked("many") || is_asked("shots") {
        pairs::build_what_is_shipped()?;
    }
    println!("{}", machine());
    PARTS.iter().filter(|(name, _)| all || is_asked(name)).try_for_each(|(_, part)| part())
}

/// In order, for medians.
fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle of those in order, and the ends: `median (least..most)`.
fn spread(values: impl IntoIterator<Item = f64>, digits: usize) -> String {
    let values = sorted(values);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:.digits$} ({least:.digits$}..{most:.digits$})", values[values.len() / 2])
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let values = sorted(values);
    values[values.len() / 2]
}
