//! Variables that stand for flags: the default value of a flag comes from its variable.
//!
//! A flag of the command line wins over its variable, and over the variables of the flags that it excludes.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::environment::Environment;
use crate::text::sanitize::sanitize;

/// The variable for the output format: errors about the command line itself have it too.
pub(crate) const OUTPUT_VARIABLE: &str = "ECS_VNC_OUTPUT";

/// Flags by their long names, and the variable of each. The variables of other flags are read where they are used.
const VARIABLES: [(&str, &str); 20] = [
    ("output", OUTPUT_VARIABLE),
    ("timeout", "ECS_VNC_TIMEOUT"),
    ("no-cache", "ECS_VNC_NO_CACHE"),
    ("no-input", "ECS_VNC_NO_INPUT"),
    ("verbose", "ECS_VNC_VERBOSE"),
    ("quiet", "ECS_VNC_QUIET"),
    ("color", "ECS_VNC_COLOR"),
    ("lang", "ECS_VNC_LANG"),
    ("layout", "ECS_VNC_LAYOUT"),
    ("via", "ECS_VNC_VIA"),
    ("page", "ECS_VNC_PAGE"),
    ("keepalive", "ECS_VNC_KEEPALIVE"),
    ("keepalive-for", "ECS_VNC_KEEPALIVE_FOR"),
    ("rules", "ECS_VNC_RULES"),
    ("no-share", "ECS_VNC_NO_SHARE"),
    ("keysyms", "ECS_VNC_KEYSYMS"),
    ("delay", "ECS_VNC_DELAY"),
    ("columns", "ECS_VNC_COLUMNS"),
    ("sort", "ECS_VNC_SORT"),
    ("no-header", "ECS_VNC_NO_HEADER"),
];

/// A flag's long name, the name of its variable, and the variable's value.
type Variable = (&'static str, &'static str, &'static str);

/// The variable of the flag with this long name.
pub(crate) fn variable_of(flag: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(name, _)| *name == flag).map(|(_, variable)| *variable)
}

/// Flags with which `--output json` makes no sense: the verb, and the long name.
const WITHOUT_JSON: [(&str, &str); 6] = [
    ("list", "check"),
    ("list", "columns"),
    ("list", "no-header"),
    ("list", "sort"),
    ("bootlog", "raw"),
    ("screenshot", "show"),
];

/// Flags of `list` that only its table has.
const OF_TABLE: [&str; 3] = ["columns", "no-header", "sort"];

/// Flags of `open` that only its local page has.
const OF_LOCAL_PAGE: [&str; 3] = ["keepalive", "keepalive-for", "no-share"];

/// Gives the flags of the verb in `args`, and the global ones, the values of their variables, where these count. A value that the
/// flag does not take is an error.
pub(crate) fn with_variables(command: Command, args: &[OsString], env: &Environment) -> Result<Command, CommandError> {
    // clap wants its default values to live as long as the process: the few that are set are never freed.
    let text = |name| env.get(name).map(|text| &*Box::leak(Box::<str>::from(text)));
    let set: Vec<Variable> = VARIABLES.iter().filter_map(|(flag, name)| Some((*flag, *name, text(name)?))).collect();
    if set.is_empty() {
        return Ok(command);
    }
    // Help and the version need no variables.
    let Ok(matches) = command.clone().ignore_errors(true).try_get_matches_from(args) else { return Ok(command) };
    let verb = matches.subcommand_name().unwrap_or_default().to_owned();
    let mut given = Vec::new();
    find_given(&command, &matches, &mut given);
    let has_flag_without = WITHOUT_JSON.iter().any(|(other, flag)| *other == verb && is_in(&given, flag));
    let may_be_json = verb != "console" && !has_flag_without && !writes_file(&given);
    let is_json = match value_in(&given, "output") {
        Some(format) => format == "json",
        None => may_be_json && set.iter().any(|(flag, _, format)| *flag == "output" && *format == "json"),
    };
    let counts = |flag: &str| match flag {
        "output" => may_be_json,
        _ if OF_TABLE.contains(&flag) => !is_json,
        _ if verb == "open" && OF_LOCAL_PAGE.contains(&flag) => match value_in(&given, "page") {
            Some(page) => page == "local",
            None => set.iter().any(|(flag, _, page)| *flag == "page" && *page == "local") && !is_in(&given, "direct"),
        },
        _ => true,
    };
    let set: Vec<Variable> = set.iter().copied().filter(|(flag, ..)| counts(flag)).collect();
    let mut fault = None;
    let command = set_defaults(command, &matches, &set, &mut fault);
    fault.map_or(Ok(command), Err)
}

/// The long name of a flag that the command line gives, and its first value, without white space around it.
type Given = (String, String);

/// Finds the flags that the command line gives, also those of the verb in it.
fn find_given(command: &Command, matches: &ArgMatches, given: &mut Vec<Given>) {
    for arg in command.get_arguments().filter(|arg| is_given(arg, matches)) {
        let value = matches.get_raw(arg.get_id().as_str()).and_then(|mut values| values.next());
        let value = value.map(|value| value.to_string_lossy().trim().to_owned()).unwrap_or_default();
        given.push((arg.get_long().unwrap_or_default().to_owned(), value));
    }
    if let Some((name, matches)) = matches.subcommand()
        && let Some(verb) = command.find_subcommand(name)
    {
        find_given(verb, matches, given);
    }
}

fn is_given(arg: &Arg, matches: &ArgMatches) -> bool {
    let id = arg.get_id();
    matches.ids().any(|known| known == id) && matches.value_source(id.as_str()) == Some(ValueSource::CommandLine)
}

fn value_in<'a>(given: &'a [Given], flag: &str) -> Option<&'a str> {
    given.iter().find(|(name, _)| name == flag).map(|(_, value)| value.as_str())
}

fn is_in(given: &[Given], flag: &str) -> bool {
    value_in(given, flag).is_some()
}

/// Whether the result is a file on stdout: `--file -`.
fn writes_file(given: &[Given]) -> bool {
    value_in(given, "file").is_some_and(|file| file == "-")
}

fn set_defaults(command: Command, matches: &ArgMatches, set: &[Variable], fault: &mut Option<CommandError>) -> Command {
    let args: Vec<Arg> = command.get_arguments().cloned().collect();
    let given: Vec<&Arg> = args.iter().filter(|arg| is_given(arg, matches)).collect();
    let conflict =
        |one: &Arg, other: &Arg| command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id());
    let is_excluded: Vec<_> = args
        .iter()
        .filter(|arg| is_given(arg, matches) || given.iter().any(|other| conflict(arg, other) || conflict(other, arg)))
        .map(|arg| arg.get_id().clone())
        .collect();
    let of_args = |arg: Arg, fault: &mut Option<CommandError>| {
        let Some((_, name, text)) = set.iter().find(|(flag, ..)| arg.get_long() == Some(flag)) else { return arg };
        if is_excluded.contains(arg.get_id()) {
            return arg;
        }
        match value(&arg, text) {
            Ok(value) => arg.default_value(value),
            Err(why) => {
                fault.get_or_insert_with(|| CommandError::message(ErrorKind::Usage, format!("{name}: {why}")));
                arg
            }
        }
    };
    let command = command.mut_args(|arg| of_args(arg, fault));
    match matches.subcommand() {
        Some((name, matches)) if command.find_subcommand(name).is_some() => {
            command.mut_subcommand(name, |verb| set_defaults(verb, matches, set, fault))
        }
        _ => command,
    }
}

/// The text as a value that the flag takes, or why it does not take it.
fn value(arg: &Arg, text: &'static str) -> Result<&'static str, String> {
    match arg.get_action() {
        ArgAction::SetTrue => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok("true"),
            "0" | "false" | "no" | "off" => Ok("false"),
            _ => Err(format!("`{}` is none of true, false, 1, 0", sanitize(text, 40))),
        },
        ArgAction::Count => {
            text.parse::<u8>().map(|_| text).map_err(|_| format!("`{}` is no number from 0 to 255", sanitize(text, 40)))
        }
        _ => checked(arg, text),
    }
}

/// Checks a value of a flag. clap takes a faulty default value for a fault of the program.
fn checked(arg: &Arg, text: &'static str) -> Result<&'static str, String> {
    let flag = Arg::new("value").long("value").value_parser(arg.get_value_parser().clone());
    let flag = flag.ignore_case(arg.is_ignore_case_set()).value_delimiter(arg.get_value_delimiter());
    let parsed = Command::new("variable").arg(flag).try_get_matches_from(["variable", &format!("--value={text}")]);
    parsed.map(|_| text).map_err(|error| {
        let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            return format!("`{}` is none of {}", sanitize(text, 40), values.join(", "));
        }
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        let why = first.rsplit_once("': ").map_or("it is no value of the flag", |(_, why)| why);
        format!("`{}`: {why}", sanitize(text, 40))
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::commands::cli::Cli;
    use crate::settings::flags::GlobalArgs;
    use crate::terminal::output::Format;

    fn matches(line: &str, env: &[(&str, &str)]) -> Result<ArgMatches, String> {
        let env: Environment = env.iter().copied().collect();
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let command = with_variables(Cli::command(), &args, &env).map_err(|error| error.error.to_string())?;
        command.try_get_matches_from(args).map_err(|error| error.to_string())
    }

    fn parse(line: &str, env: &[(&str, &str)]) -> Result<GlobalArgs, String> {
        Ok(Cli::from_arg_matches(&matches(line, env)?).map_err(|error| error.to_string())?.global)
    }

    /// The value of a flag of the verb.
    fn of_verb(line: &str, env: &[(&str, &str)], id: &str) -> Option<String> {
        let matches = matches(line, env).unwrap();
        let (_, verb) = matches.subcommand().unwrap();
        Some(verb.get_raw(id)?.next()?.to_str()?.to_owned())
    }

    #[test]
    fn each_variable_is_that_of_a_flag() {
        fn has(command: &Command, flag: &str) -> bool {
            command.get_arguments().any(|arg| arg.get_long() == Some(flag))
                || command.get_subcommands().any(|verb| has(verb, flag))
        }
        for (flag, _) in VARIABLES {
            assert!(has(&Cli::command(), flag), "{flag}");
        }
    }

    #[test]
    fn a_flag_wins_over_its_variable() {
        let json = [("ECS_VNC_OUTPUT", "json"), ("ECS_VNC_VERBOSE", "2"), ("ECS_VNC_NO_CACHE", "yes")];
        let flags = parse("ecs-vnc man", &json).unwrap();
        assert_eq!((flags.output, flags.verbose, flags.no_cache, flags.quiet), (Format::Json, 2, true, false));
        for line in ["ecs-vnc man -o text -v", "ecs-vnc -o text -v man"] {
            let flags = parse(line, &json).unwrap();
            assert_eq!((flags.output, flags.verbose), (Format::Text, 1), "{line}");
        }
        assert!(parse("ecs-vnc man -q", &json).unwrap().quiet, "a variable conflicts with no flag");
        assert_eq!(parse("ecs-vnc man", &[("ECS_VNC_OUTPUT", " ")]).unwrap().output, Format::Text);
        assert!(!parse("ecs-vnc man", &[("ECS_VNC_NO_INPUT", "0")]).unwrap().no_input);
        assert!(parse("ecs-vnc man", &[("ECS_VNC_NO_INPUT", "1")]).unwrap().no_input);
    }

    #[test]
    fn a_flag_excludes_the_variable_of_another_one() {
        let local = [("ECS_VNC_PAGE", "local")];
        assert_eq!(of_verb("ecs-vnc open x", &local, "page").as_deref(), Some("local"));
        assert_ne!(of_verb("ecs-vnc open x --direct", &local, "page").as_deref(), Some("local"));
        assert_eq!(parse("ecs-vnc man -q", &[("ECS_VNC_VERBOSE", "2")]).unwrap().verbose, 0);
        let json = [("ECS_VNC_OUTPUT", "json")];
        for line in [
            "list --columns name",
            "list --sort name",
            "bootlog x --raw",
            "screenshot x --show",
            "screenshot x -f -",
            "console x",
        ] {
            assert_eq!(parse(&format!("ecs-vnc {line}"), &json).unwrap().output, Format::Text, "{line}");
        }
        for line in ["screenshot x -f a.png", "script --check a.txt"] {
            assert_eq!(parse(&format!("ecs-vnc {line}"), &json).unwrap().output, Format::Json, "{line}");
        }
    }

    #[test]
    fn what_only_the_local_page_has_counts_there() {
        let keepalive = |line: &str, page: &str| {
            of_verb(line, &[("ECS_VNC_KEEPALIVE", "90s"), ("ECS_VNC_PAGE", page)], "keepalive").as_deref()
                == Some("90s")
        };
        assert!(!keepalive("ecs-vnc open x", "") && !keepalive("ecs-vnc open x --page vendor", "local"));
        assert!(keepalive("ecs-vnc open x", "local") && keepalive("ecs-vnc open x --page local", ""));
        assert!(keepalive("ecs-vnc relay x", ""), "relay has no page");
    }

    #[test]
    fn what_only_a_table_has_counts_there() {
        let (columns, json) = (("ECS_VNC_COLUMNS", "id, Name"), ("ECS_VNC_OUTPUT", "json"));
        let count = |line: &str, env: &[(&str, &str)]| {
            let matches = matches(line, env).unwrap();
            let (_, list) = matches.subcommand().unwrap();
            list.get_raw("columns").map_or(0, Iterator::count)
        };
        assert_eq!(count("ecs-vnc list", &[columns]), 2);
        assert_eq!(count("ecs-vnc list --columns id", &[columns]), 1);
        assert_eq!(count("ecs-vnc list --sort name", &[columns, json]), 2);
        for line in ["ecs-vnc list -o json", "ecs-vnc list --ids-only"] {
            assert_eq!(count(line, &[columns]), 0, "{line}");
        }
        assert_eq!(count("ecs-vnc list", &[columns, json]), 0);
        let error = matches("ecs-vnc list", &[("ECS_VNC_COLUMNS", "id,nothing")]).unwrap_err();
        assert!(error.starts_with("ECS_VNC_COLUMNS: `id,nothing` is none of id, name, "), "{error}");
    }

    #[test]
    fn a_faulty_variable_matters_only_where_it_counts() {
        for line in ["ecs-vnc -o text man", "ecs-vnc man -o text", "ecs-vnc console x"] {
            parse(line, &[("ECS_VNC_OUTPUT", "xml")]).unwrap();
        }
        parse("ecs-vnc man", &[("ECS_VNC_LAYOUT", "xx")]).unwrap();
        assert!(parse("ecs-vnc type x y", &[("ECS_VNC_LAYOUT", "xx")]).unwrap_err().starts_with("ECS_VNC_LAYOUT: "));
        assert!(parse("ecs-vnc --help", &[("ECS_VNC_OUTPUT", "xml")]).unwrap_err().contains("Usage"));
    }

    #[test]
    fn a_value_that_the_flag_does_not_take_is_named_with_its_variable() {
        for (name, text, why) in [
            ("ECS_VNC_OUTPUT", "yaml", "`yaml` is none of text, json"),
            ("ECS_VNC_TIMEOUT", "soon", "`soon`: not a time; use 30, 30s, 500ms or 2m"),
            ("ECS_VNC_LANG", "fr", "`fr` is none of en, zh"),
            ("ECS_VNC_NO_INPUT", "perhaps", "`perhaps` is none of true, false, 1, 0"),
            ("ECS_VNC_VERBOSE", "much", "`much` is no number from 0 to 255"),
            ("ECS_VNC_VERBOSE", "999", "`999` is no number from 0 to 255"),
        ] {
            assert_eq!(parse("ecs-vnc man", &[(name, text)]).unwrap_err(), format!("{name}: {why}"));
        }
    }
}
