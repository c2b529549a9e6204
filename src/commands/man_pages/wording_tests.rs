//! What the pages say that the definition of the command line does not: headings, files and related commands. A language
//! is a value of [`Wording`].

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
    /// The directory of the pages below `packaging/man`, or the empty string.
    pub(super) directory: &'static str,
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
    /// The line below the options of a command. `{options}` stands for the global ones.
    pub(super) global_options: &'static str,
    /// The line below the variables of a command.
    pub(super) more_environment: &'static str,
    /// What `exec` ends with, before the list.
    pub(super) exec_status: &'static str,
    account_files: [FileRow; 4],
    shared_session_files: [FileRow; 1],
    reader_files: [FileRow; 1],
    font_files: [FileRow; 2],
    completion_files: [FileRow; 3],
    manual_files: [FileRow; 1],
    example_files: [FileRow; 1],
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

pub(super) const ENGLISH: Wording = Wording {
    directory: "",
    manual: "ecs-vnc manual",
    name: "NAME",
    synopsis: "SYNOPSIS",
    description: "DESCRIPTION",
    commands: "COMMANDS",
    arguments: "ARGUMENTS",
    options: "OPTIONS",
    files: "FILES",
    environment: "ENVIRONMENT",
    exit_status: "EXIT STATUS",
    examples: "EXAMPLES",
    see_also: "SEE ALSO",
    copyright: "COPYRIGHT",
    default: "default",
    global_options: "All commands also take {options}. They are explained in",
    more_environment: "Variables for credentials, regions, proxies and certificates are listed in",
    exec_status: "The exit code of the command in the guest. If ecs-vnc itself fails, it is 255, and 2 for wrong arguments.",
    account_files: [
        ("~/.config/ecs-vnc/config.toml", "The profiles of ecs-vnc. --config or ECS_VNC_CONFIG names another file."),
        ("~/.aliyun/config.json", "The profiles of the official CLI. They are only read."),
        ("~/.alibabacloud/credentials.ini", "The profiles of the SDKs. They are only read."),
        (
            "~/.cache/ecs-vnc/",
            "Temporary credentials, until they expire. Only you can read them. --no-cache does not use them.",
        ),
    ],
    shared_session_files: [(
        "$XDG_RUNTIME_DIR/ecs-vnc/",
        "Sockets of the sessions that your commands share. Without a runtime directory, they are in ~/.cache/ecs-vnc.",
    )],
    reader_files: [("~/.cache/ecs-vnc/learned.keys", "The characters that `ecs-vnc text --learn` has learned.")],
    font_files: [
        (
            "/usr/share/consolefonts/, /usr/share/kbd/consolefonts/, /usr/lib/kbd/consolefonts/",
            "Fonts of text consoles.",
        ),
        ("/boot/grub/fonts/, /usr/share/grub/", "Fonts of GRUB."),
    ],
    completion_files: [
        ("/usr/share/bash-completion/completions/ecs-vnc", "The completion for bash, where a package installs it."),
        ("/usr/share/zsh/vendor-completions/_ecs-vnc", "The completion for zsh."),
        ("/usr/share/fish/vendor_completions.d/ecs-vnc.fish", "The completion for fish."),
    ],
    manual_files: [("/usr/share/man/man1/", "The manual pages, one a command, where a package installs them.")],
    example_files: [("/usr/share/doc/ecs-vnc/config.example.toml", "An example of a configuration, with all keys.")],
};
