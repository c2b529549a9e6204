//! How this process was called: by its own name, or by the official CLI, whose plugin it is then.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The file name of the plugin's binary, without `.exe`: the CLI wants that of the plugin (aliyun/aliyun-cli, cli/plugin).
const PLUGIN: &str = "aliyun-cli-ecs-vnc";

/// The command of the CLI that starts the plugin. The CLI gives it as the first argument, in lower case.
const COMMAND: &str = "ecs-vnc";

/// A flag of the CLI that confirms what its safety policy asks about. The CLI passes it on.
const HOST_CONFIRMATION: &str = "--yes";

/// A process's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invocation {
    /// With the program as the first, and without the CLI's own.
    pub(crate) arguments: Vec<OsString>,
    /// Whether the official CLI called it, as `aliyun ecs-vnc`.
    pub(crate) is_plugin: bool,
}

impl Invocation {
    /// That of this process.
    pub(crate) fn of_process() -> Self {
        Self::new(env::args_os().collect())
    }

    fn new(mut arguments: Vec<OsString>) -> Self {
        let stem = arguments.first().and_then(|program| Path::new(program).file_stem());
        let is = |text: Option<&OsStr>, name: &str| text.is_some_and(|text| text.eq_ignore_ascii_case(name));
        let is_plugin = is(stem, PLUGIN) && is(arguments.get(1).map(OsString::as_os_str), COMMAND);
        if is_plugin {
            arguments.remove(1);
        }
        Self { arguments, is_plugin }
    }

    /// The same without the CLI's `--yes`, unless the command has such a flag: `has_yes` is asked with all arguments. What stands
    /// behind `--` is no flag.
    pub(crate) fn without_confirmation(self, has_yes: impl Fn(&[OsString]) -> bool) -> Self {
        let flags = self.arguments.iter().take_while(|argument| *argument != "--").count();
        let is_confirmed = self.arguments[..flags].iter().any(|argument| argument == HOST_CONFIRMATION);
        if !self.is_plugin || !is_confirmed || has_yes(&self.arguments) {
            return self;
        }
        let kept = self.arguments.into_iter().enumerate();
        let kept = kept.filter(|(at, argument)| *at >= flags || argument != HOST_CONFIRMATION);
        Self { arguments: kept.map(|(_, argument)| argument).collect(), is_plugin: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(words: &str) -> Invocation {
        Invocation::new(words.split(' ').map(OsString::from).collect())
    }

    #[test]
    fn the_official_cli_gives_its_own_command_first() {
        for (words, arguments, is_plugin) in [
            ("/h/.aliyun/plugins/aliyun-cli-ecs-vnc ecs-vnc open web-01", "open web-01", true),
            ("aliyun-cli-ecs-vnc.exe ECS-VNC open", "open", true),
            ("aliyun-cli-ecs-vnc ecs-vnc", "", true),
            ("aliyun-cli-ecs-vnc open ecs-vnc", "open ecs-vnc", false),
            ("aliyun-cli-ecs-vnc", "", false),
            ("ecs-vnc ecs-vnc open", "ecs-vnc open", false),
            ("aliyun-cli-ecs-vnc-2 ecs-vnc open", "ecs-vnc open", false),
        ] {
            let call = call(words);
            let told: Vec<_> = call.arguments[1..].iter().map(|argument| argument.to_str().unwrap()).collect();
            assert_eq!((told.join(" ").as_str(), call.is_plugin), (arguments, is_plugin), "{words}");
        }
        assert!(!Invocation::new(Vec::new()).is_plugin);
    }

    #[test]
    fn the_confirmation_of_the_cli_is_dropped_for_commands_that_have_none() {
        let kept = |words: &str| {
            let call = call(words).without_confirmation(|arguments| arguments.iter().any(|word| word == "stop"));
            call.arguments[1..]
                .iter()
                .map(|argument| argument.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(kept("aliyun-cli-ecs-vnc ecs-vnc key web-01 enter --yes"), "key web-01 enter");
        assert_eq!(kept("aliyun-cli-ecs-vnc ecs-vnc exec web-01 --yes -- apt --yes"), "exec web-01 -- apt --yes");
        assert_eq!(kept("aliyun-cli-ecs-vnc ecs-vnc stop web-01 --yes"), "stop web-01 --yes");
        assert_eq!(kept("ecs-vnc key web-01 --yes"), "key web-01 --yes");
    }
}
