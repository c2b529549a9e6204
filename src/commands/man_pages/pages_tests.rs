//! Writes the manual pages of `packaging/man`, one a command, from the definition of the command line, and compares them
//! with those that are committed.

mod chinese_tests;
mod english_tests;
mod remains_tests;
mod roff_tests;
mod wording_tests;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::{COPYRIGHT, ENVIRONMENT};
use crate::commands::cli::Cli;
use crate::commands::help::{self, EXAMPLES_HEADING, GROUPS};
use crate::commands::help_language::punctuation;
use crate::error_kind::EXIT_CODES;
use crate::language::tests::in_language;
use crate::language::translate;
use chinese_tests::CHINESE;
use english_tests::ENGLISH;
use roff_tests::{Page, escaped, usage_word};
use wording_tests::{Wording, all_related, related};

/// Pages by the names of their files.
type Pages = BTreeMap<String, String>;

/// The pages of a language, made from the command line as that language shows it.
fn pages_in(wording: &Wording) -> Pages {
    in_language(wording.language, || {
        let mut root = help::complete(Cli::command(), usize::MAX);
        root.build();
        Manual { wording, root: &root }.pages(&root)
    })
}

/// Each language, with its pages.
fn languages() -> [(Wording, Pages); 2] {
    [ENGLISH, CHINESE].map(|wording| {
        let pages = pages_in(&wording);
        (wording, pages)
    })
}

/// What is the same for each page of a language.
struct Manual<'a> {
    wording: &'a Wording,
    root: &'a Command,
}

impl Manual<'_> {
    /// Returns the pages of a command and of those below it.
    fn pages(&self, command: &Command) -> Pages {
        let mut pages = Pages::from([(format!("{}.1", page_name(command)), self.page(command))]);
        for below in subcommands(command) {
            pages.append(&mut self.pages(below));
        }
        pages
    }

    fn page(&self, command: &Command) -> String {
        let (wording, name) = (self.wording, page_name(command));
        let source = format!("ecs-vnc {}", env!("CARGO_PKG_VERSION"));
        let mut page = Page::new(&name.to_uppercase(), &source, wording.manual, wording.macros);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.section(wording.name);
        // What lists pages, such as lexgrog, knows no places for breaks.
        let about = escaped(without_stop(&about)).replace("\\:", "");
        page.roff(&format!("{} \\- {about}", escaped(&name)));
        page.section(wording.synopsis);
        let usage = command.clone().render_usage().to_string();
        let usage = usage.split_once(": ").map_or(usage.as_str(), |(_, lines)| lines);
        let words = |line: &str| line.split_whitespace().map(usage_word).collect::<Vec<_>>().join(" ");
        page.roff_lines(usage.lines().map(words));
        page.section(wording.description);
        page.text(&command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default());
        self.commands(command, &mut page);
        self.arguments(command, &mut page);
        let sections = after_help(command);
        let examples_heading = translate(EXAMPLES_HEADING);
        for (title, text) in sections.iter().filter(|(title, _)| *title != examples_heading) {
            page.section(&title.to_uppercase());
            page.verbatim(text);
        }
        self.surroundings(command, &mut page);
        if let Some((_, text)) = sections.iter().find(|(title, _)| *title == examples_heading) {
            page.section(wording.examples);
            examples(text, &mut page);
        }
        self.see_also(command, &mut page);
        if self.is_root(command) {
            page.section(wording.copyright);
            page.text(&translate(COPYRIGHT));
        }
        page.finish()
    }

    fn is_root(&self, command: &Command) -> bool {
        command.get_name() == self.root.get_name()
    }

    /// Lists the commands below this one, those of the root in their groups.
    fn commands(&self, command: &Command, page: &mut Page) {
        if subcommands(command).next().is_none() {
            return;
        }
        page.section(self.wording.commands);
        let list = |below: &Command, page: &mut Page| {
            let about = below.get_about().map(ToString::to_string).unwrap_or_default();
            page.term(&reference(&page_name(below)), without_stop(&about));
        };
        if !self.is_root(command) {
            subcommands(command).for_each(|below| list(below, page));
            return;
        }
        for (title, names) in GROUPS {
            page.subsection(&translate(title));
            for below in names.iter().filter_map(|name| command.find_subcommand(name)) {
                list(below, page);
            }
        }
    }

    /// Explains the arguments and options. Global ones are explained on the root's page only.
    fn arguments(&self, command: &Command, page: &mut Page) {
        let own = || command.get_arguments().filter(|arg| !arg.is_hide_set() && !is_of_clap(arg));
        let has_global = |arg: &&Arg| is_global(arg);
        let positionals: Vec<&Arg> = own().filter(|arg| arg.is_positional()).collect();
        if !positionals.is_empty() {
            page.section(self.wording.arguments);
            positionals.iter().for_each(|arg| self.argument(arg, page));
        }
        let mut headings: Vec<Option<&str>> = vec![None];
        for heading in own().filter(|arg| !arg.is_positional()).map(Arg::get_help_heading) {
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        for heading in headings {
            let options = own().filter(|arg| !arg.is_positional() && arg.get_help_heading() == heading);
            let shown: Vec<&Arg> = options.filter(|arg| self.is_root(command) || !is_global(arg)).collect();
            let title = heading.map_or(self.wording.options.to_owned(), str::to_uppercase);
            if !shown.is_empty() {
                page.section(&title);
                shown.iter().for_each(|arg| self.argument(arg, page));
            } else if heading.is_none() && !self.is_root(command) {
                page.section(&title);
            }
            if heading.is_none() && !self.is_root(command) {
                let names: Vec<String> = own().filter(has_global).filter_map(long_name).collect();
                page.text(&self.wording.global_options.replace("{options}", &names.join(self.wording.comma)));
                page.roff(&format!("{}{}", reference("ecs-vnc"), punctuation().stop));
            }
        }
    }

    fn argument(&self, arg: &Arg, page: &mut Page) {
        let mut help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if arg.get_action().takes_values() && !defaults.is_empty() {
            help.push_str(&format!("\n\n[default: {}]", defaults.join(self.wording.comma)));
        }
        // clap's word, which helps have too.
        let help = help.replace("[default: ", &format!("[{}{}", self.wording.default, punctuation().colon));
        page.term(&term(arg), &help);
    }

    /// Writes the files, variables and exit codes of a command.
    fn surroundings(&self, command: &Command, page: &mut Page) {
        let (wording, name) = (self.wording, words_below_root(command));
        let shares = command.get_arguments().any(|arg| arg.get_id() == "no_share");
        let files = wording.files_of(&name, shares);
        if !files.is_empty() {
            page.section(wording.files);
            files.iter().for_each(|(path, text)| page.term(&format!("\\fI{}\\fR", escaped(path)), text));
        }
        let mentioned = all_text(command);
        let is_ours = |names: &str| self.is_root(command) || names.split(", ").any(|name| has_word(&mentioned, name));
        let variables: Vec<_> = ENVIRONMENT.iter().filter(|(names, _)| is_ours(names)).collect();
        page.section(wording.environment);
        variables.iter().for_each(|(names, text)| page.term(&format!("\\fB{}\\fR", escaped(names)), &translate(text)));
        if !self.is_root(command) {
            page.text(wording.more_environment);
            page.roff(&format!("{}{}", reference("ecs-vnc"), punctuation().stop));
        }
        page.section(wording.exit_status);
        if name == "exec" {
            // It has the codes of ssh.
            page.text(wording.exec_status);
            return;
        }
        EXIT_CODES.iter().for_each(|(code, text)| page.term(&format!("\\fB{code}\\fR"), &translate(text)));
    }

    fn see_also(&self, command: &Command, page: &mut Page) {
        let name = words_below_root(command);
        let mut pages: Vec<String> = related(&name).iter().map(|page| format!("ecs-vnc-{page}")).collect();
        if let Some((parent, _)) = name.rsplit_once(' ') {
            pages.insert(0, format!("ecs-vnc-{}", parent.replace(' ', "-")));
        }
        if self.is_root(command) {
            pages.extend(["ecs-vnc-open", "ecs-vnc-doctor", "vncviewer"].map(str::to_owned));
        } else {
            pages.insert(0, "ecs-vnc".to_owned());
        }
        page.section(self.wording.see_also);
        let (last, others) = pages.split_last().unwrap();
        others.iter().for_each(|name| page.roff(&format!("{},", reference(name))));
        page.roff(&reference(last));
    }
}

/// A sentence without what ends it.
fn without_stop(sentence: &str) -> &str {
    sentence.trim_end_matches(['.', '。'])
}

/// The commands below this one, without `help`.
fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| below.get_name() != "help" && !below.is_hide_set())
}

/// The words of a command behind `ecs-vnc`: `profile add`. The root has none.
fn words_below_root(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    name.strip_prefix("ecs-vnc").unwrap_or(name).trim().to_owned()
}

/// The name of a command's page: `ecs-vnc-profile-add`.
fn page_name(command: &Command) -> String {
    format!("ecs-vnc {}", words_below_root(command)).trim_end().replace(' ', "-")
}

/// A page's name and section, as roff.
fn reference(page: &str) -> String {
    format!("\\fB{}\\fR(1)", escaped(page))
}

fn is_global(arg: &Arg) -> bool {
    arg.is_global_set() || arg.get_help_heading() == Some(&translate("Global options"))
}

/// `--help` and `--version`, which clap adds.
fn is_of_clap(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version)
}

fn long_name(arg: &Arg) -> Option<String> {
    arg.get_long().map(|name| format!("--{name}"))
}

/// The names and the value of an argument, as roff.
fn term(arg: &Arg) -> String {
    let names: Vec<String> = arg.get_short().map(|name| format!("-{name}")).into_iter().chain(long_name(arg)).collect();
    let names: Vec<String> = names.iter().map(|name| format!("\\fB{}\\fR", escaped(name))).collect();
    let values = arg.get_value_names().filter(|_| arg.get_action().takes_values()).unwrap_or_default();
    let values: Vec<String> = values.iter().map(|name| format!("\\fI{}\\fR", escaped(name))).collect();
    [names.join(", "), values.join(" ")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The sections behind the options of a command's help: titles, and texts without indentation.
fn after_help(command: &Command) -> Vec<(String, String)> {
    let help = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string).unwrap_or_default();
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in help.lines() {
        match (line.strip_suffix([':', '：']).filter(|title| !title.starts_with(' ')), sections.last_mut()) {
            (Some(title), _) => sections.push((title.to_owned(), String::new())),
            (None, Some((_, text))) => {
                text.push_str(line.strip_prefix("  ").unwrap_or(line));
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    sections
}

/// Writes comments, and the lines below each of them.
fn examples(text: &str, page: &mut Page) {
    let mut comment = "";
    let mut command = String::new();
    for line in text.lines().chain(["# "]) {
        let Some(next) = line.strip_prefix("# ") else {
            command.push_str(line);
            command.push('\n');
            continue;
        };
        if !command.trim().is_empty() {
            page.example(&format!("{comment}{}", punctuation().colon.trim_end()), &command);
            command.clear();
        }
        comment = next;
    }
}

/// All help of a command and of its own options.
fn all_text(command: &Command) -> String {
    let args = command.get_arguments().filter(|arg| !is_global(arg));
    let helps = args.filter_map(|arg| arg.get_long_help().or(arg.get_help()));
    helps.chain(command.get_long_about()).map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Whether a text has a name of a variable that is not part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|part| part == word)
}

fn directory(wording: &Wording) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/man").join(wording.directory)
}

/// The committed pages of a language.
fn committed(wording: &Wording) -> Pages {
    let mut pages = Pages::new();
    for entry in fs::read_dir(directory(wording)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            pages.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    pages
}

#[test]
fn the_committed_pages_are_those_of_the_commands() {
    let is_rewritten = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    for (wording, pages) in languages() {
        if is_rewritten {
            let _ = fs::remove_dir_all(directory(&wording));
            fs::create_dir_all(directory(&wording)).unwrap();
            for (name, text) in &pages {
                fs::write(directory(&wording).join(name), text).unwrap();
            }
        }
        let committed = committed(&wording);
        let wrong: Vec<&String> =
            pages.keys().chain(committed.keys()).filter(|name| pages.get(*name) != committed.get(*name)).collect();
        assert!(wrong.is_empty(), "out of date: {wrong:?}; run: SNAPSHOTS=overwrite cargo test --lib pages_tests");
    }
}

#[test]
fn each_page_has_its_sections() {
    for (wording, pages) in languages() {
        assert!(pages.len() > subcommands(&Cli::command()).count());
        for (name, page) in pages {
            for section in [wording.name, wording.synopsis, wording.environment, wording.exit_status, wording.examples]
            {
                assert!(page.contains(&format!("\n.SH \"{section}\"\n")), "{name} has no {section}");
            }
        }
    }
}

#[test]
fn pages_that_pages_name_are_there() {
    for (_, pages) in languages() {
        for name in all_related().map(|name| format!("ecs-vnc-{}.1", name.replace(' ', "-"))) {
            assert!(pages.contains_key(&name), "{name}");
        }
    }
}
