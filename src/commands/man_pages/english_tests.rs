//! The words of the English pages.

use super::wording_tests::Wording;
use crate::language::Language;

pub(super) const ENGLISH: Wording = Wording {
    language: Language::English,
    directory: "",
    macros: "",
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
    comma: ", ",
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
    manual_files: [
        ("/usr/share/man/man1/", "The manual pages, one a command, where a package installs them."),
        ("/usr/share/man/zh_CN/man1/", "The same pages in simplified Chinese."),
    ],
    example_files: [("/usr/share/doc/ecs-vnc/config.example.toml", "An example of a configuration, with all keys.")],
};
