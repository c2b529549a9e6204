//! What the pages say that the definition of the command line does not: headings, files and related commands. A language
//! is a value of [`Wording`], in a file of its own.

use crate::language::Language;

/// The commands that need no account.
const NO_ACCOUNT: [&str; 8] = ["completions", "demo", "man", "password", "policy", "profile", "sessions", "version"];

/// The commands that read the text of screens, and so the characters that were learned.
const READERS: [&str; 11] =
    ["check", "console", "cp", "exec", "login", "mcp", "script", "sheet", "text", "type", "wait"];

/// For each command, the pages that its page names.
const RELATED: [(&str, &[&str]); 32] = [
    ("open", &["view", "console", "doctor"]),
    ("view", &["open", "relay", "console"]),
    ("console", &["exec", "text", "open", "sessions"]),
    ("relay", &["view", "sessions", "vnc-url"]),
    ("sessions", &["relay", "console"]),
    ("vnc-url", &["open", "relay"]),
    ("screenshot", &["text", "sheet", "check"]),
    ("text", &["screenshot", "check", "wait"]),
    ("check", &["text", "sheet", "bootlog", "wait"]),
    ("sheet", &["check", "screenshot"]),
    ("key", &["type", "script"]),
    ("type", &["key", "login"]),
    ("login", &["type", "exec", "console"]),
    ("exec", &["cp", "login", "console"]),
    ("cp", &["exec"]),
    ("click", &["move", "drag", "scroll"]),
    ("move", &["click", "drag"]),
    ("drag", &["click", "move", "scroll"]),
    ("scroll", &["click", "move"]),
    ("wait", &["text", "script", "check"]),
    ("script", &["key", "type", "wait"]),
    ("bootlog", &["check", "text"]),
    ("list", &["regions"]),
    ("regions", &["list"]),
    ("start", &["stop", "reboot"]),
    ("stop", &["start", "reboot"]),
    ("reboot", &["start", "stop"]),
    ("password set", &["open", "view"]),
    ("doctor", &["profile-show"]),
    ("mcp", &["exec", "check"]),
    ("policy", &["doctor"]),
    ("completions", &["man"]),
];

/// The related pages of a command, by the words behind `ecs-vnc`.
pub(super) fn related(command: &str) -> &'static [&'static str] {
    RELATED.iter().find(|(name, _)| *name == command).map_or(&[], |(_, pages)| *pages)
}

/// All pages that [`related`] names, and the commands that it names them for.
pub(super) fn all_related() -> impl Iterator<Item = &'static str> {
    RELATED.iter().flat_map(|(command, pages)| std::iter::once(*command).chain(pages.iter().copied()))
}

/// A path and what it holds.
pub(super) type FileRow = (&'static str, &'static str);

/// The words of a language. Paths are those of Linux.
pub(super) struct Wording {
    pub(super) language: Language,
    /// The directory of the pages below `packaging/man`, or the empty string.
    pub(super) directory: &'static str,
    /// Macros that all pages need before their first section, or the empty string.
    pub(super) macros: &'static str,
    /// The title of the manual, in the middle of the first line.
    pub(super) manual: &'static str,
    pub(super) name: &'static str,
    pub(super) synopsis: &'static str,
    pub(super) description: &'static str,
    pub(super) commands: &'static str,
    pub(super) arguments: &'static str,
    pub(super) options: &'static str,
    pub(super) files: &'static str,
    pub(super) environment: &'static str,
    pub(super) exit_status: &'static str,
    pub(super) examples: &'static str,
    pub(super) see_also: &'static str,
    pub(super) copyright: &'static str,
    /// The word before the default of an option.
    pub(super) default: &'static str,
    /// What stands between options in a list.
    pub(super) comma: &'static str,
    /// The line below the options of a command. `{options}` stands for the global ones.
    pub(super) global_options: &'static str,
    /// The line below the variables of a command.
    pub(super) more_environment: &'static str,
    /// What `exec` ends with, before the list.
    pub(super) exec_status: &'static str,
    pub(super) account_files: [FileRow; 4],
    pub(super) shared_session_files: [FileRow; 1],
    pub(super) reader_files: [FileRow; 1],
    pub(super) font_files: [FileRow; 2],
    pub(super) completion_files: [FileRow; 3],
    pub(super) manual_files: [FileRow; 2],
    pub(super) example_files: [FileRow; 1],
}

impl Wording {
    /// The files of a command, by its name. `shares_sessions` is true if it has `--no-share`.
    pub(super) fn files_of(&self, command: &str, shares_sessions: bool) -> Vec<FileRow> {
        let mut rows = Vec::new();
        let verb = command.split(' ').next().unwrap_or_default();
        if !NO_ACCOUNT.contains(&verb) || command == "password set" {
            rows.extend(self.account_files);
        }
        match verb {
            "" => rows.extend(self.example_files),
            "profile" => rows.extend(&self.account_files[..3]),
            "password" if command == "password" => rows.extend(&self.account_files[..3]),
            "completions" => rows.extend(self.completion_files),
            "man" => rows.extend(self.manual_files),
            _ => {}
        }
        if shares_sessions || verb == "sessions" || verb.is_empty() {
            rows.extend(self.shared_session_files);
        }
        if READERS.contains(&verb) || verb.is_empty() {
            rows.extend(self.reader_files);
        }
        if verb == "text" {
            rows.extend(self.font_files);
        }
        rows
    }
}
