//! Finds the sentences of the help.

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory as _};
use ecs_vnc::commands::cli::Cli;

use super::sources::normalized;

/// The sentences of the help, with the command in which each stands first.
pub(super) fn sentences() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut root = Cli::command();
    root.build();
    of_command(&root, &mut found);
    found.iter().map(|(place, text)| (place.clone(), normalized(text))).filter(|(_, text)| !text.is_empty()).collect()
}

fn of_command(command: &Command, found: &mut Vec<(String, String)>) {
    if command.get_name() == "help" {
        return;
    }
    let place = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let texts = [command.get_about(), command.get_long_about()];
    let of_args = command.get_arguments().flat_map(of_arg);
    let headings = command.get_arguments().filter_map(Arg::get_help_heading).map(str::to_owned);
    let all = texts.into_iter().flatten().map(ToString::to_string).chain(of_args).chain(headings);
    let behind =
        [command.get_after_help(), command.get_after_long_help()].into_iter().flatten().map(ToString::to_string);
    let comments = behind.flat_map(|text| text.lines().filter_map(comment).collect::<Vec<_>>());
    let all = all.chain(comments);
    found.extend(all.flat_map(|text| paragraphs(&text)).map(|text| (place.clone(), text)));
    command.get_subcommands().for_each(|sub| of_command(sub, found));
}

/// The comment of an example.
fn comment(line: &str) -> Option<String> {
    line.trim_start().strip_prefix("# ").map(str::to_owned)
}

fn of_arg(arg: &Arg) -> Vec<String> {
    if arg.is_hide_set() {
        return Vec::new();
    }
    let values = arg.get_possible_values();
    let of_values = values.iter().filter_map(|value| value.get_help()).map(StyledStr::to_string);
    let texts = [arg.get_help(), arg.get_long_help()];
    texts.into_iter().flatten().map(StyledStr::to_string).chain(of_values).collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).collect()
}
