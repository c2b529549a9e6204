//! The help and the errors of the command line in the language of the process.

use clap::builder::{StyledStr, Styles};
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

/// The narrowest line of the long help, and how far its options are indented.
const MIN_WIDTH: usize = 20;
const OPTION_INDENT: usize = 10;

/// Translates the summaries, the descriptions and the headings of a command and of those below it. Their lines are at most
/// `width` columns wide.
pub(super) fn translate_command(command: Command, width: usize) -> Command {
    if language::current() == Language::English {
        return command;
    }
    let about = command.get_about().map(|text| paragraphs(text, width));
    let long_about = command.get_long_about().map(|text| paragraphs(text, width));
    let after_help = command.get_after_help().map(sections);
    let after_long_help = command.get_after_long_help().map(sections);
    let mut command = command.mut_args(|arg| translate_arg(arg, width));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long_about) = long_about {
        command = command.long_about(long_about);
    }
    if let Some(after_help) = after_help {
        command = command.after_help(after_help);
    }
    if let Some(after_long_help) = after_long_help {
        command = command.after_long_help(after_long_help);
    }
    command.mut_subcommands(|sub| translate_command(sub, width))
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

/// Translates what stands behind the options: sections with a heading and an indented text each, of which the examples have
/// comments, and others are one text.
fn sections(text: &StyledStr) -> StyledStr {
    let styles = Styles::styled();
    let (before, behind) = (format!("{}", styles.get_header()), format!("{:#}", styles.get_header()));
    let section = |section: &str| {
        let (title, body) = section.split_once(&behind).unwrap_or((section, ""));
        let body = body.replace("\n  ", "\n");
        let lines = body.trim_matches('\n').split('\n');
        let body = match body.contains("\n# ") {
            true => lines.map(comment).collect::<Vec<_>>().join("\n"),
            false => translate(body.trim_matches('\n')).into_owned(),
        };
        let indented: String = body.lines().map(|line| format!("\n  {line}")).collect();
        format!("{before}{}{behind}{}", translate(title), indented.replace("\n  \n", "\n\n"))
    };
    let text = text.ansi().to_string();
    text.split(&before).skip(1).map(section).collect::<Vec<_>>().join("\n\n").into()
}

/// Translates a comment of an example; a command line stays as it is.
fn comment(line: &str) -> String {
    line.strip_prefix("# ").map_or_else(|| line.to_owned(), |text| format!("# {}", translate(text)))
}

/// Translates paragraph by paragraph. clap breaks lines at spaces only, of which Chinese has few.
fn paragraphs(text: &StyledStr, width: usize) -> String {
    let text = text.to_string();
    let translated = text.split("\n\n").map(|paragraph| wrap(&translate(paragraph), width.max(MIN_WIDTH)));
    translated.collect::<Vec<_>>().join("\n\n")
}

/// The marks of the language.
pub(super) fn punctuation() -> Punctuation {
    match language::current() {
        Language::English => Punctuation { stop: ".", colon: ": ", between: ", " },
        Language::Chinese => Punctuation { stop: "。", colon: "：", between: "、" },
    }
}

/// Marks that stand between words and behind them.
pub(super) struct Punctuation {
    /// Behind a sentence.
    pub(super) stop: &'static str,
    /// Between a text and what explains it.
    pub(super) colon: &'static str,
    /// Between the items of a list.
    pub(super) between: &'static str,
}

/// Translates clap's own words in a help or in an error. A Chinese colon has no space behind it.
pub(super) fn translate_rendered(text: &StyledStr) -> StyledStr {
    if language::current() == Language::English {
        return text.clone();
    }
    let text = text.ansi().to_string();
    let text = CLAP_WORDS.iter().fold(text, |text, word| text.replace(word, &translate(word)));
    let end = format!("{:#}", Styles::styled().get_header());
    let text = text.replace(&format!(":{end}\n"), &format!("：{end}\n"));
    text.replace(&format!("：{end} "), &format!("：{end}")).replace("： ", "：").into()
}

/// Translates an error of clap, line by line. Without colour, as a sentence has to be found in the text.
pub(super) fn translate_error(text: &StyledStr) -> StyledStr {
    if language::current() == Language::English {
        return text.clone();
    }
    let lines: String = text.to_string().lines().map(|line| format!("{}\n", translate(line))).collect();
    translate_rendered(&lines.into())
}
