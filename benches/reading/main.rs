//! Reading the text of screens, beside tesseract, an optical character recognition, on the same pictures: `cargo bench --bench
//! reading`. What both read is compared with what stands on the screen.

#![allow(clippy::print_stdout, reason = "the table is what a bench is for")]

#[path = "../pairs/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod pairs;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, hint};

use ecs_vnc::font::{observed, shipped};
use ecs_vnc::picture::Picture;
use ecs_vnc::screen_text::{Fidelity, GlyphTable, Pixels, pixels_of, read};
use ecs_vnc::system::clock::Clock;
use pairs::{Outcome, build_what_is_shipped, compare, find, machine, mib};

const PAIRS: usize = 11;

/// Reads of one picture inside the process.
const READS: u32 = 100;

fn main() -> Outcome<()> {
    // `cargo test --all-targets` runs this as well, and is not asking for numbers.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    build_what_is_shipped()?;
    println!("{}\n", machine());
    let pictures = pictures()?;
    inside(&pictures)?;
    match find("tesseract") {
        Some(tesseract) => beside(&pictures, &tesseract),
        None => {
            println!("\nthere is no tesseract here");
            Ok(())
        }
    }
}

/// The pictures of consoles whose text is known.
fn pictures() -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/console"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") && path.with_extension("txt").exists() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The time of a read, without decoding the file.
fn inside(pictures: &[PathBuf]) -> Outcome<()> {
    let clock = Clock::system();
    let mean = |work: &mut dyn FnMut()| {
        let start = clock.instant();
        (0..READS).for_each(|_| work());
        clock.instant().saturating_duration_since(start) / READS
    };
    let made = mean(&mut || drop(hint::black_box(GlyphTable::new(shipped(), observed()))));
    println!("the table of all fonts is made in {}\n", milliseconds(made));
    println!("| picture | pixels | grid unknown | grid known |\n| --- | --- | --- | --- |");
    let table = GlyphTable::new(shipped(), observed());
    for path in pictures {
        let picture = Picture::decode(&fs::read(path)?)?;
        let pixels = pixels_of(&picture);
        let pixels = Pixels::new(picture.width() as usize, picture.height() as usize, &pixels).ok_or("no pixels")?;
        let grid = read(pixels, &table, Fidelity::Exact, None).grid;
        let unknown = mean(&mut || drop(hint::black_box(read(pixels, &table, Fidelity::Exact, None))));
        let known = mean(&mut || drop(hint::black_box(read(pixels, &table, Fidelity::Exact, grid))));
        let (width, height) = (picture.width(), picture.height());
        println!("| {} | {width}x{height} | {} | {} |", name(path), milliseconds(unknown), milliseconds(known));
    }
    Ok(())
}

/// Whole processes in pairs, and how many characters are wrong.
fn beside(pictures: &[PathBuf], tesseract: &Path) -> Outcome<()> {
    println!(
        "\n| picture | ours ms | tesseract ms | ratio | RSS MiB | theirs | characters | ours wrong | theirs wrong |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for path in pictures {
        let mut ours = Command::new(env!("CARGO_BIN_EXE_ecs-vnc"));
        ours.args(["text", "--image"]).arg(path);
        let mut theirs = Command::new(tesseract);
        // A page of one block of text, which is the mode with the fewest errors here.
        theirs.arg(path).args(["stdout", "--psm", "6"]);
        let truth = fs::read_to_string(path.with_extension("txt"))?;
        let wrong = |command: &mut Command| -> Outcome<usize> {
            let output = command.output()?;
            Ok(distance(&words(&truth), &words(&String::from_utf8_lossy(&output.stdout))))
        };
        let (ours_wrong, theirs_wrong) = (wrong(&mut ours)?, wrong(&mut theirs)?);
        let found = compare(&mut ours, &mut theirs, |_| true, PAIRS)?;
        let (our_time, their_time) = found.medians(|run| run.wall.as_secs_f64() * 1e3);
        let (our_memory, their_memory) = found.medians(mib);
        let ratio = found.ratios()[PAIRS / 2];
        println!(
            "| {} | {our_time:.1} | {their_time:.0} | {ratio:.3} | {our_memory:.0} | {their_memory:.0} | {} | {ours_wrong} | {theirs_wrong} |",
            name(path),
            words(&truth).len(),
        );
    }
    Ok(())
}

/// The characters that are printed, without the spaces, which tesseract does not keep.
fn words(text: &str) -> Vec<char> {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The number of characters to insert, to remove or to replace. Source: Levenshtein's distance.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, found) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != found);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
