//! The help and the errors of the command line in the language of the process.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::language::{self, Language, translate};
use crate::text::wrap::wrap;

/// Words of clap's own in the help and in errors, and what follows the usage.
const CLAP_WORDS: [&str; 12] = [
    "Usage:",
    "Arguments:",
    "Options:",
    "Commands:",
    "tip:",
    "[default:",
    "[aliases:",
    "Print help (see more with '--help')",
    "Print help (see a summary with '-h')",
    "Print help",
    "Print version",
    "Print this message or the help of the given subcommand(s)",
];

/// The widest line of the long help, the narrowest, and how far its options are indented.
const MAX_WIDTH: usize = 100;
const MIN_WIDTH: usize = 20;
const OPTION_INDENT: usize = 10;

/// Translates the summaries, the descriptions and the headings of a command and of those below it.
pub(super) fn translate_command(command: Command, columns: usize) -> Command {
    if language::current() == Language::English {
        return command;
    }
    let width = columns.min(MAX_WIDTH);
    let about = command.get_about().map(|text| paragraphs(text, width));
    let long_about = command.get_long_about().map(|text| paragraphs(text, width));
    let mut command = command.mut_args(|arg| translate_arg(arg, width));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long_about) = long_about {
        command = command.long_about(long_about);
    }
    command.mut_subcommands(|sub| translate_command(sub, columns))
}

fn translate_arg(arg: Arg, width: usize) -> Arg {
    let help = arg.get_help().map(|text| translate(&text.to_string()).into_owned());
    let long_help = arg.get_long_help().map(|text| paragraphs(text, width.saturating_sub(OPTION_INDENT)));
    let heading = arg.get_help_heading().map(|heading| translate(heading).into_owned());
    let mut arg = arg;
    if let Some(help) = help {
        arg = arg.help(help);
    }
    if let Some(long_help) = long_help {
        arg = arg.long_help(long_help);
    }
    match heading {
        // clap keeps headings as long as the process lives.
        Some(heading) => arg.help_heading(&*Box::leak(heading.into_boxed_str())),
        None => arg,
    }
}

/// Translates paragraph by paragraph. clap breaks lines at spaces only, of which Chinese has few.
fn paragraphs(text: &StyledStr, width: usize) -> String {
    let text = text.to_string();
    let translated = text.split("\n\n").map(|paragraph| wrap(&translate(paragraph), width.max(MIN_WIDTH)));
    translated.collect::<Vec<_>>().join("\n\n")
}

/// Translates clap's own words in a help or in an error.
pub(super) fn translate_rendered(text: &StyledStr) -> StyledStr {
    if language::current() == Language::English {
        return text.clone();
    }
    let text = text.ansi().to_string();
    CLAP_WORDS.iter().fold(text, |text, word| text.replace(word, &translate(word))).into()
}

/// Translates an error of clap, line by line. Without colour, as a sentence has to be found in the text.
pub(super) fn translate_error(text: &StyledStr) -> StyledStr {
    if language::current() == Language::English {
        return text.clone();
    }
    let lines: String = text.to_string().lines().map(|line| format!("{}\n", translate(line))).collect();
    translate_rendered(&lines.into())
}
