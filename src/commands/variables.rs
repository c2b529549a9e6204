//! Variables that stand for flags: the default value of a flag comes from its variable.
//!
//! A flag of the command line wins, and where a flag conflicts with another, the variable of neither does.

use clap::{Arg, ArgAction, Command};

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::environment::Environment;
use crate::text::sanitize::sanitize;

/// The variable for the output format: errors about the command line itself have it too.
pub(crate) const OUTPUT_VARIABLE: &str = "ECS_VNC_OUTPUT";

/// Flags by their long names, and the variable of each. The variables of other flags are read where they are used.
const VARIABLES: [(&str, &str); 14] = [
    ("output", OUTPUT_VARIABLE),
    ("timeout", "ECS_VNC_TIMEOUT"),
    ("no-cache", "ECS_VNC_NO_CACHE"),
    ("no-input", "ECS_VNC_NO_INPUT"),
    ("verbose", "ECS_VNC_VERBOSE"),
    ("quiet", "ECS_VNC_QUIET"),
    ("color", "ECS_VNC_COLOR"),
    ("layout", "ECS_VNC_LAYOUT"),
    ("via", "ECS_VNC_VIA"),
    ("page", "ECS_VNC_PAGE"),
    ("keepalive", "ECS_VNC_KEEPALIVE"),
    ("keepalive-for", "ECS_VNC_KEEPALIVE_FOR"),
    ("rules", "ECS_VNC_RULES"),
    ("no-share", "ECS_VNC_NO_SHARE"),
];

/// The long name of a flag, its variable, and the text of that.
type Variable = (&'static str, &'static str, &'static str);

/// The variable of the flag with this long name.
pub(crate) fn variable_of(flag: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(name, _)| *name == flag).map(|(_, variable)| *variable)
}

/// Gives the flags of a command, and of those below it, the values of their variables. A value that the flag does not take is
/// an error.
pub(crate) fn with_variables(command: Command, env: &Environment) -> Result<Command, CommandError> {
    // clap wants its default values to live as long as the process: the few that are set are never freed.
    let text = |name| env.get(name).map(|text| &*Box::leak(Box::<str>::from(text)));
    let set: Vec<Variable> = VARIABLES.iter().filter_map(|(flag, name)| Some((*flag, *name, text(name)?))).collect();
    if set.is_empty() {
        return Ok(command);
    }
    let mut fault = None;
    let command = set_defaults(command, &set, &mut fault);
    fault.map_or(Ok(command), Err)
}

fn set_defaults(command: Command, set: &[Variable], fault: &mut Option<CommandError>) -> Command {
    let of_args = |arg: Arg, fault: &mut Option<CommandError>| {
        let Some((_, name, text)) = set.iter().find(|(flag, ..)| arg.get_long() == Some(flag)) else { return arg };
        match value(&arg, text) {
            Ok(value) => arg.default_value(value),
            Err(why) => {
                fault.get_or_insert_with(|| CommandError::message(ErrorKind::Usage, format!("{name}: {why}")));
                arg
            }
        }
    };
    let command = command.mut_args(|arg| of_args(arg, fault));
    command.mut_subcommands(|verb| set_defaults(verb, set, fault))
}

/// The text as a value that the flag takes, or why it does not take it.
fn value(arg: &Arg, text: &'static str) -> Result<&'static str, String> {
    match arg.get_action() {
        ArgAction::SetTrue => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok("true"),
            "0" | "false" | "no" | "off" => Ok("false"),
            _ => Err("it is neither true nor false".to_owned()),
        },
        ArgAction::Count => text.parse::<u8>().map(|_| text).map_err(|_| "it is no number from 0 to 255".to_owned()),
        _ => checked(arg, text),
    }
}

/// Checks a value of a flag. clap takes a faulty default value for a fault of the program.
fn checked(arg: &Arg, text: &'static str) -> Result<&'static str, String> {
    let flag = Arg::new("value").long("value").value_parser(arg.get_value_parser().clone());
    let parsed = Command::new("variable").arg(flag).try_get_matches_from(["variable", &format!("--value={text}")]);
    parsed.map(|_| text).map_err(|error| {
        let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            return format!("`{}` is none of {}", sanitize(text, 40), values.join(", "));
        }
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        first.rsplit_once("': ").map_or_else(|| "it is no value of the flag".to_owned(), |(_, why)| why.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::commands::cli::Cli;
    use crate::settings::flags::GlobalArgs;
    use crate::terminal::output::Format;

    fn parse(line: &str, env: &[(&str, &str)]) -> Result<GlobalArgs, String> {
        let env: Environment = env.iter().copied().collect();
        let command = with_variables(Cli::command(), &env).map_err(|error| error.error.to_string())?;
        let matches = command.try_get_matches_from(line.split(' ')).map_err(|error| error.to_string())?;
        Ok(Cli::from_arg_matches(&matches).map_err(|error| error.to_string())?.global)
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
    fn a_value_that_the_flag_does_not_take_is_named_with_its_variable() {
        for (name, text, why) in [
            ("ECS_VNC_OUTPUT", "yaml", "`yaml` is none of text, json"),
            ("ECS_VNC_TIMEOUT", "soon", "not a time; use 30, 30s, 500ms or 2m"),
            ("ECS_VNC_NO_INPUT", "perhaps", "it is neither true nor false"),
            ("ECS_VNC_VERBOSE", "much", "it is no number from 0 to 255"),
            ("ECS_VNC_VERBOSE", "999", "it is no number from 0 to 255"),
        ] {
            assert_eq!(parse("ecs-vnc man", &[(name, text)]).unwrap_err(), format!("{name}: {why}"));
        }
    }
}
