//! Names that users of other tools type for a command, and what to use here. Pure.

use crate::text::suggest::suggest;

/// Commands that other tools have, and the hint for each.
const COMMANDS: [(&[&str], &str); 19] = [
    (
        &["vnc", "connect", "web", "browser"],
        "use `ecs-vnc open INSTANCE` for a browser, or `ecs-vnc view INSTANCE` for a VNC viewer",
    ),
    (&["viewer", "vncviewer"], "use `ecs-vnc view INSTANCE`"),
    (
        &["configure", "config", "auth", "init", "setup"],
        "use `ecs-vnc profile add NAME` to add credentials, and `ecs-vnc profile show` to see the settings",
    ),
    (
        &["restart", "reset", "power", "power-cycle"],
        "use `ecs-vnc reboot INSTANCE`, and --force if its system hangs; `ecs-vnc start` and `ecs-vnc stop` are there too",
    ),
    (&["shutdown", "poweroff", "halt", "down", "off"], "use `ecs-vnc stop INSTANCE`, and --force if its system hangs"),
    (&["boot", "poweron", "up", "on"], "use `ecs-vnc start INSTANCE`"),
    (
        &["ssh", "shell", "run", "terminal", "tty", "serial"],
        "use `ecs-vnc console INSTANCE` for a terminal, or `ecs-vnc exec INSTANCE -- COMMAND` for one command",
    ),
    (&["scp", "copy", "upload", "download", "put", "get"], "use `ecs-vnc cp FILE INSTANCE:PATH`"),
    (&["session", "share", "shared"], "use `ecs-vnc sessions`, and `ecs-vnc relay INSTANCE --share`"),
    (&["instances", "ps", "describe", "info", "search", "find"], "use `ecs-vnc list`"),
    (&["url", "link"], "use `ecs-vnc vnc-url INSTANCE`, or `ecs-vnc open INSTANCE --print`"),
    (&["proxy", "tunnel", "forward", "serve", "port-forward"], "use `ecs-vnc relay INSTANCE`"),
    (&["press", "keys", "send", "sendkey", "send-key", "send-keys"], "use `ecs-vnc key INSTANCE CHORD`"),
    (&["mouse", "mousemove", "tap", "double-click", "doubleclick", "right-click"], "use `ecs-vnc click INSTANCE X,Y`"),
    (&["paste", "write", "input"], "use `ecs-vnc type INSTANCE TEXT`"),
    (&["capture", "shot", "snapshot", "picture", "image"], "use `ecs-vnc screenshot INSTANCE`"),
    (&["ocr", "read", "dump", "cat", "screen"], "use `ecs-vnc text INSTANCE`"),
    (&["log", "logs", "dmesg", "output"], "use `ecs-vnc bootlog INSTANCE`"),
    (&["passwd", "reset-password", "set-password"], "use `ecs-vnc password set INSTANCE`"),
];

/// Verbs of scripts of other tools, and the one to use here.
const SCRIPT_VERBS: [(&[&str], &str); 9] = [
    (&["press", "send", "sendkey", "keys", "hit"], "key"),
    (&["write", "input", "send-text", "paste"], "type"),
    (&["mouseclick", "tap", "mousedown"], "click"),
    (&["mouse", "mousemove", "mouse-move"], "move"),
    (&["pause", "delay"], "sleep"),
    (&["until", "expect", "await", "wait-for"], "wait"),
    (&["capture", "shot", "snapshot", "save"], "screenshot"),
    (&["read", "dump", "ocr"], "text"),
    (&["echo", "print", "note", "say"], "log"),
];

fn look_up(table: &[(&[&str], &'static str)], word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    table.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, answer)| *answer)
}

/// Returns the hint for a command that ecs-vnc does not have.
pub(crate) fn command_hint(word: &str) -> Option<&'static str> {
    look_up(&COMMANDS, word)
}

/// Returns the verb of scripts that an unknown one most likely stands for. `verbs` are all that there are.
pub(crate) fn script_verb<'a>(word: &str, verbs: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    look_up(&SCRIPT_VERBS, word).or_else(|| suggest(word, verbs))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::commands::cli::Cli;

    #[test]
    fn a_hint_names_a_command_and_its_words_are_none() {
        let cli = Cli::command();
        for (words, hint) in COMMANDS {
            for part in hint.split("`ecs-vnc ").skip(1) {
                let name = part.split([' ', '`']).next().unwrap();
                assert!(cli.find_subcommand(name).is_some(), "{name}");
            }
            for word in words {
                assert!(cli.find_subcommand(word).is_none(), "{word}");
            }
        }
    }
}
