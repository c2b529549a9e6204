//! Adds to clap's help: groups of commands, examples, lists of values and names of keys.

use std::fmt::Write as _;

use clap::builder::{PossibleValue, StyledStr, Styles};
use clap::{Arg, Command};

use crate::commands::help_language::{Punctuation, punctuation, translate_command};
use crate::commands::variables::variable_of;
use crate::keyboard::names_and_aliases;
use crate::language::translate;

/// The groups of the root help, in the order in which they are shown. Each command is in one of them.
pub(super) const GROUPS: [(&str, &[&str]); 4] = [
    ("Consoles", &["open", "view", "console", "relay", "sessions", "vnc-url"]),
    (
        "Without a viewer",
        &[
            "screenshot",
            "text",
            "check",
            "sheet",
            "key",
            "type",
            "login",
            "exec",
            "cp",
            "click",
            "move",
            "drag",
            "scroll",
            "wait",
            "script",
            "bootlog",
        ],
    ),
    ("Account", &["list", "start", "stop", "reboot", "regions", "password"]),
    ("Setup", &["profile", "policy", "doctor", "mcp", "demo", "completions", "man", "version"]),
];

/// The heading of examples. `man` looks for it.
pub(crate) const EXAMPLES_HEADING: &str = "Examples";

/// The most values that the short help lists: more do not fit on the option's line.
const MAX_VALUES_IN_SHORT_HELP: usize = 3;

/// The width of the columns of [`grid`], and their number: 76 characters and an indentation of 2.
const COLUMN_WIDTH: usize = 19;
const COLUMNS: usize = 4;

/// A comment and the command line that it explains.
pub(crate) type Example = (&'static str, &'static str);

/// Completes the help of the root command: groups the commands, and keeps an option's values on its line in `-h`.
/// `columns` is the width of its lines.
pub(crate) fn complete(command: Command, columns: usize) -> Command {
    let command = translate_command(command, columns);
    let template = root_template(&command);
    with_listed_values(command).help_template(template)
}

/// The template of the root help. clap itself cannot group commands.
fn root_template(command: &Command) -> StyledStr {
    let (header, literal) = (command.get_styles().get_header(), command.get_styles().get_literal());
    let width = command.get_subcommands().map(|verb| verb.get_name().len()).max().unwrap_or_default();
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (title, names) in GROUPS {
        let _ = writeln!(text, "\n{header}{}{header:#}", translate(&format!("{title}:")));
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{name}{literal:#}{:1$}  {about}", "", width - name.len());
        }
    }
    let _ = write!(text, "\n{header}Options:{header:#}\n{{options}}{{after-help}}");
    text.into()
}

/// clap writes `[possible values: …]` after the help of an option, which makes two lines of one in `-h`. Here the short
/// help names up to three values, and the long help lists all of them.
fn with_listed_values(command: Command) -> Command {
    command.mut_args(|arg| list_values(with_variable(arg))).mut_subcommands(with_listed_values)
}

/// Names the variables of all flags, for the manual page.
pub(crate) fn with_named_variables(command: Command) -> Command {
    command.mut_args(with_variable).mut_subcommands(with_named_variables)
}

/// Names the variable that stands for a flag, in the long help. It would not fit on the option's line of the short one.
fn with_variable(arg: Arg) -> Arg {
    let Some(variable) = arg.get_long().and_then(variable_of) else { return arg };
    let Some(help) = arg.get_help().map(ToString::to_string) else { return arg };
    let long_help = arg.get_long_help().map_or_else(|| help.clone(), ToString::to_string);
    // clap drops the full stop of a help that has one paragraph.
    let stop = if long_help.ends_with(['.', '。']) { "" } else { punctuation().stop };
    arg.help(help).long_help(format!("{long_help}{stop}\n\n[env: {variable}]"))
}

fn list_values(arg: Arg) -> Arg {
    let (values, Punctuation { colon, between, .. }) = (arg.get_possible_values(), punctuation());
    // A flag has the values true and false.
    let has_list = arg.get_action().takes_values() && !values.is_empty();
    let Some(help) = arg.get_help().map(ToString::to_string).filter(|_| has_list) else {
        return arg;
    };
    let mut long_help = arg.get_long_help().map_or_else(|| help.clone(), ToString::to_string);
    let _ = write!(long_help, "\n\n{}", translate("Possible values:"));
    for value in &values {
        let about =
            value.get_help().map(|about| format!("{colon}{}", translate(&about.to_string()))).unwrap_or_default();
        let _ = write!(long_help, "\n- {}{about}", value.get_name());
    }
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let help = match names.split_last() {
        Some((last, others)) if names.len() <= MAX_VALUES_IN_SHORT_HELP => {
            format!("{help}{colon}{} {} {last}", others.join(between), translate("or"))
        }
        _ => help,
    };
    arg.hide_possible_values(true).help(help).long_help(long_help)
}

/// The examples of a command, for `after_help`.
pub(crate) fn examples(examples: &[Example]) -> StyledStr {
    sections(&[(EXAMPLES_HEADING, example_lines(examples))])
}

/// Sections with headings, followed by the examples, for `after_long_help`.
pub(crate) fn sections_and_examples(sections_before: &[(&str, String)], examples: &[Example]) -> StyledStr {
    let mut all = sections_before.to_vec();
    all.push((EXAMPLES_HEADING, example_lines(examples)));
    sections(&all)
}

fn example_lines(examples: &[Example]) -> String {
    examples.iter().map(|(comment, line)| format!("# {comment}\n{line}\n")).collect()
}

fn sections(sections: &[(&str, String)]) -> StyledStr {
    let styles = Styles::styled();
    let header = styles.get_header();
    let section = |(title, text): &(&str, String)| {
        let lines: String = text.lines().map(|line| format!("\n  {line}")).collect();
        // A line without text has no indentation either.
        format!("{header}{title}:{header:#}{}", lines.replace("\n  \n", "\n\n"))
    };
    sections.iter().map(section).collect::<Vec<_>>().join("\n\n").into()
}

/// The names of keys, with their aliases in parentheses.
pub(crate) fn keys() -> String {
    let with_aliases = |(name, aliases): (&str, &[&str])| match aliases {
        [] => name.to_owned(),
        aliases => format!("{name} ({})", aliases.join(", ")),
    };
    grid(&with_runs(names_and_aliases().map(with_aliases)))
}

/// Abbreviates names with consecutive numbers: F1, F2 and F3 become `F1 to F3`.
fn with_runs(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut runs: Vec<(String, Option<String>)> = Vec::new();
    for name in names {
        match runs.last_mut() {
            Some((first, last)) if follows(last.as_ref().unwrap_or(first), &name) => *last = Some(name),
            _ => runs.push((name, None)),
        }
    }
    let text =
        |(first, last): (String, Option<String>)| last.map_or(first.clone(), |last| format!("{first} to {last}"));
    runs.into_iter().map(text).collect()
}

/// Whether `next` is `name` with a number that is higher by one.
fn follows(name: &str, next: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name[stem.len()..].parse::<u32>().is_ok_and(|number| next == format!("{stem}{}", number + 1))
}

/// Arranges entries in columns. An entry that is too wide takes several.
fn grid(entries: &[String]) -> String {
    let (mut text, mut line, mut column) = (String::new(), String::new(), 0);
    for entry in entries {
        let columns = (entry.len() + 1).div_ceil(COLUMN_WIDTH);
        if column > 0 && column + columns > COLUMNS {
            text.push_str(line.trim_end());
            text.push('\n');
            (line, column) = (String::new(), 0);
        }
        let _ = write!(line, "{entry:0$}", columns * COLUMN_WIDTH);
        column += columns;
    }
    text + line.trim_end()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::commands::cli::Cli;

    #[test]
    fn every_command_is_in_exactly_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let command = Cli::command();
        let mut commands: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        grouped.sort_unstable();
        commands.sort_unstable();
        assert_eq!(grouped, commands);
    }

    #[test]
    fn names_that_count_up_are_written_as_one() {
        let runs = with_runs(["Up", "F1", "F2", "F3", "F5", "KP_0", "KP_1"].map(str::to_owned).into_iter());
        assert_eq!(runs, ["Up", "F1 to F3", "F5", "KP_0 to KP_1"]);
    }

    #[test]
    fn a_wide_entry_takes_several_columns() {
        let entries = ["a", "b", "a name that needs two columns", "c"].map(str::to_owned);
        let expected = format!("{:19}{:19}{:38}\n{}", "a", "b", "a name that needs two columns", "c");
        let lines: Vec<&str> = expected.lines().map(str::trim_end).collect();
        assert_eq!(grid(&entries), lines.join("\n"));
    }
}
