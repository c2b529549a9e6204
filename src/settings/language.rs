//! Which language the program speaks. It is decided before the arguments are parsed, because their errors and the help
//! are in that language too.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::config;
use crate::language::{self, Language};
use crate::system::environment::Environment;
use crate::system::platform;

/// The variable that chooses the language.
const VARIABLE: &str = "ECS_VNC_LANG";

/// How long reading the configuration file may take here. If it takes longer, the command reports that.
const FILE_LIMIT: Duration = Duration::from_secs(1);

/// Has the language of the process chosen when it is first needed.
pub fn set_for_process(env: &Environment) {
    let env = env.clone();
    language::choose_by(move || choose(std::env::args_os(), &env));
}

/// Returns the language of the first that names one: `--lang`, `ECS_VNC_LANG`, `language` in the configuration file, the
/// locale of the system. What is wrong with one of them is reported by the command itself.
fn choose(args: impl Iterator<Item = OsString>, env: &Environment) -> Option<Language> {
    let args: Vec<String> = args.map_while(|arg| arg.into_string().ok()).take_while(|arg| arg != "--").collect();
    let named = option(&args, "--lang").or_else(|| env.get(VARIABLE)).and_then(Language::from_code);
    named.or_else(|| configured(&args, env)).or_else(|| Language::from_locale(&platform::user_locale(env)?))
}

/// The value of an option in arguments that are not parsed yet.
fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let joined = |arg: &'a String| arg.strip_prefix(name)?.strip_prefix('=');
    let separate = |pair: &'a [String]| (pair[0] == name).then_some(pair[1].as_str());
    args.iter().find_map(joined).or_else(|| args.windows(2).find_map(separate))
}

/// The language that our configuration file names. A pipe is left to the command, because it can be read only once.
fn configured(args: &[String], env: &Environment) -> Option<Language> {
    let file = config::locate(option(args, "--config").map(Path::new), env)?;
    if !file.is_file() {
        return None;
    }
    config::read(&file, FILE_LIMIT).ok()??.language.as_deref().and_then(Language::from_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(args: &[&str], variables: &[(&str, &str)]) -> Option<Language> {
        let no_file = ("ECS_VNC_CONFIG", "/dev/null/none");
        let env = variables.iter().copied().chain([no_file]).collect();
        choose(args.iter().map(OsString::from), &env)
    }

    #[test]
    fn the_first_that_names_a_language_decides() {
        let zh = ("LANG", "zh_CN.UTF-8");
        assert_eq!(chosen(&[], &[zh]), Some(Language::Chinese));
        assert_eq!(chosen(&[], &[("LC_ALL", "C"), zh]), None);
        assert_eq!(chosen(&[], &[("LC_MESSAGES", "zh_CN"), ("LANG", "en_US.UTF-8")]), Some(Language::Chinese));
        assert_eq!(chosen(&[], &[("ECS_VNC_LANG", "en"), zh]), Some(Language::English));
        assert_eq!(chosen(&["list", "--lang", "zh"], &[("ECS_VNC_LANG", "en")]), Some(Language::Chinese));
        assert_eq!(chosen(&["--lang=en", "list"], &[zh]), Some(Language::English));
    }

    #[test]
    fn a_faulty_choice_leaves_it_to_the_next() {
        assert_eq!(chosen(&["--lang", "fr"], &[("LANG", "zh_CN")]), Some(Language::Chinese));
        // A locale, as Windows has one of its own.
        let none = ("LANG", "C");
        assert_eq!(chosen(&["--lang"], &[("ECS_VNC_LANG", "xx"), none]), None);
        assert_eq!(chosen(&["type", "--", "--lang", "zh"], &[none]), None, "this is a text to type");
    }
}
