//! `version` and `-V`.

use serde_json::Value;

use crate::sandbox::Sandbox;

#[test]
fn version_tells_what_the_program_was_built_from_and_v_is_short() {
    let sandbox = Sandbox::new();
    let short = sandbox.run(&["-V"]).ends(0).stdout;
    let expected = format!("ecs-vnc {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(short, expected);
    let long = sandbox.run(&["version"]).ends(0).stdout;
    assert!(long.starts_with(&expected) && long.lines().count() == 5, "{long}");
    let json: Value = sandbox.run(&["version", "-o", "json"]).ends(0).json().remove(0);
    assert_eq!(json["Version"], env!("CARGO_PKG_VERSION"));
    let target = json["Target"].as_str().unwrap();
    assert!(target.starts_with(std::env::consts::ARCH) && long.contains(target), "{target}");
    // A build for development names no commit, and one of a release all of it.
    let is_known = |value: &Value, length: usize| value.as_str().is_none_or(|text| text.len() == length);
    assert!(is_known(&json["Commit"], 40) && is_known(&json["Date"], 10), "{json}");
    assert!(json["Features"].is_array(), "{json}");
}
