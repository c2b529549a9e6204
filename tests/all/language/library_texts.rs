//! Sentences of libraries and of the operating system that people may read, and single words that are not found in the
//! sources. Source: clap's `src/error/format.rs`; strerror(3) of Linux.

use super::sources::normalized;

const TEXTS: [&str; 78] = [
    // Labels and words.
    "error:",
    "hint:",
    "warning:",
    "ok",
    "warn",
    "FAIL",
    "skip",
    "or",
    "tip:",
    "Usage:",
    "Arguments:",
    "Options:",
    "Commands:",
    "Examples:",
    "Possible values:",
    "Consoles:",
    "Account:",
    "Setup:",
    "[default:",
    "[aliases:",
    // The question of the list.
    "Instance:",
    // The first exit code.
    "done",
    // Headings of the manual page.
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "EXIT STATUS",
    "ENVIRONMENT",
    "COPYRIGHT",
    "interrupted",
    // Headings in attributes.
    "Keys (aliases in parentheses; letters and digits name themselves)",
    "Commands of a script",
    // Words that stand in the fields of sentences.
    "matching",
    "started",
    "stopped",
    "rebooted",
    "behind",
    "failed",
    "profile {} has no credentials",
    "in {count} regions (all but {})",
    // clap
    "Print help (see more with '--help')",
    "Print help (see a summary with '-h')",
    "Print help",
    "Print version",
    "Print this message or the help of the given subcommand(s)",
    "[possible values: {}]",
    "For more information, try '{}'.",
    "a similar argument exists: '{}'",
    "a similar subcommand exists: '{}'",
    "a similar value exists: '{}'",
    "some similar arguments exist: {}",
    "some similar subcommands exist: {}",
    "some similar values exist: {}",
    "to pass '{}' as a value, use '{}'",
    "unexpected argument '{}' found",
    "unrecognized subcommand '{}'",
    "the argument '{}' cannot be used multiple times",
    "the argument '{}' cannot be used with '{}'",
    "the argument '{}' cannot be used with:",
    "a value is required for '{}' but none was supplied",
    "invalid value '{}' for '{}'",
    "the following required arguments were not provided:",
    "'{}' requires a subcommand but one was not provided",
    "unexpected value '{}' for '{}' found; no more were expected",
    "{} values required by '{}'; only {} were provided",
    "{} values required by '{}'; only {} was provided",
    // The operating system
    "No such file or directory (os error {})",
    "Permission denied (os error {})",
    "File exists (os error {})",
    "Is a directory (os error {})",
    "Not a directory (os error {})",
    "No space left on device (os error {})",
    "Connection refused (os error {})",
    "Connection reset by peer (os error {})",
    "Address already in use (os error {})",
    "Network is unreachable (os error {})",
    "No route to host (os error {})",
    "Broken pipe (os error {})",
];

pub(super) fn sentences() -> Vec<(String, String)> {
    TEXTS.iter().map(|text| ("libraries".to_owned(), normalized(text))).collect()
}
