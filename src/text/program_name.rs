//! What this program is called in texts that name its commands: `aliyun ecs-vnc` where it is a plugin of the official CLI.

use std::borrow::Cow;
use std::sync::OnceLock;

/// The name that texts are written with.
const OWN_NAME: &str = "ecs-vnc ";

/// The name as a plugin.
pub(crate) const PLUGIN_NAME: &str = "aliyun ecs-vnc";

/// The commands, where this process is the plugin.
static PLUGIN_COMMANDS: OnceLock<Vec<String>> = OnceLock::new();

/// From now on, texts name the plugin. `commands` are those of the program.
pub(crate) fn set_plugin(commands: impl Iterator<Item = String>) {
    // A second call says the same.
    _ = PLUGIN_COMMANDS.set(commands.collect());
}

/// A text with the name by which this process was called.
pub(crate) fn in_text(text: &str) -> Cow<'_, str> {
    match PLUGIN_COMMANDS.get() {
        Some(commands) if text.contains(OWN_NAME) => renamed(text, commands).into(),
        _ => text.into(),
    }
}

/// A text in which each command line begins with the name of the plugin. Prose about the program is none.
fn renamed(text: &str, commands: &[String]) -> String {
    let mut renamed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(OWN_NAME) {
        let (before, behind) = (&rest[..at], &rest[at + OWN_NAME.len()..]);
        renamed.push_str(before);
        let word = behind.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        let is_command = word == "help" || commands.iter().any(|command| command == word);
        let is_whole_word = !before.ends_with(|c: char| c.is_alphanumeric() || "-_/.".contains(c));
        if is_command && is_whole_word && !renamed.ends_with("aliyun ") {
            renamed.push_str("aliyun ");
        }
        renamed.push_str(OWN_NAME);
        rest = behind;
    }
    renamed + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_name_the_plugin_and_prose_does_not() {
        let commands = ["open", "vnc-url"].map(str::to_owned);
        for (text, expected) in [
            ("start it first: ecs-vnc open i-1", "start it first: aliyun ecs-vnc open i-1"),
            ("`ecs-vnc vnc-url --help`, or ecs-vnc help", "`aliyun ecs-vnc vnc-url --help`, or aliyun ecs-vnc help"),
            ("ecs-vnc open a | ecs-vnc open -", "aliyun ecs-vnc open a | aliyun ecs-vnc open -"),
            ("aliyun ecs-vnc open", "aliyun ecs-vnc open"),
            ("ecs-vnc gets you there; ecs-vnc 0.1.0", "ecs-vnc gets you there; ecs-vnc 0.1.0"),
            ("/usr/bin/ecs-vnc open; my-ecs-vnc open", "/usr/bin/ecs-vnc open; my-ecs-vnc open"),
            ("the file of ecs-vnc ", "the file of ecs-vnc "),
            ("", ""),
        ] {
            assert_eq!(renamed(text, &commands), expected);
        }
    }
}
