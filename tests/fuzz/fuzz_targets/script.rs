//! Any script, and any chord in a line of one: none panics, and each step has a line.
//!
//! The input is the script. It is also read as one chord of a `key` line.

#![no_main]

use ecs_vnc::commands::script::parse::count_steps;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text);
    if !text.contains(['\'', '\n', '\r']) {
        check(&format!("key '{text}'"));
    }
});

fn check(script: &str) {
    if let Ok(count) = count_steps(script) {
        assert!((1..=script.lines().count()).contains(&count));
    }
}
