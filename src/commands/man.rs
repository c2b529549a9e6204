//! `ecs-vnc man`: prints the manual page, with all commands in one.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::command_error::CommandError;
use crate::commands::help::{EXAMPLES_HEADING, Example, examples, with_named_variables};
use crate::commands::help_language::translate_command;
use crate::error_kind::{EXIT_CODES, ExitCode};
use crate::language::{self, Language, translate};
use crate::terminal::output::Output;
use crate::{font, page};

const EXAMPLES: &[Example] = &[
    ("Read the manual page", "ecs-vnc man | man -l -"),
    ("Write the manual page to a file, for a directory of manpath", "ecs-vnc man > ecs-vnc.1"),
    ("Read the licenses", "ecs-vnc man --licenses"),
];

/// Print the manual page (roff).
///
/// The page has all commands, with their options and examples.
#[derive(Debug, Args)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct ManArgs {
    /// Print the licenses of noVNC and of the fonts instead.
    #[arg(long)]
    licenses: bool,
}

/// The environment variables and what they set. Those of Alibaba Cloud are also read with two older prefixes.
const ENVIRONMENT: [(&str, &str); 23] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "the AccessKeyId"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "the AccessKeySecret"),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", "the STS token of temporary credentials"),
    ("ALIBABA_CLOUD_REGION_ID", "the region"),
    ("ALIBABA_CLOUD_PROFILE", "the profile, as with --profile"),
    (
        "ALIBABA_CLOUD_ENDPOINT, ALIBABA_CLOUD_ENDPOINT_TYPE",
        "the API endpoint; vpc if the API is reached from inside a VPC",
    ),
    (
        "ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        "the role to assume with the OIDC token in a file; ALIBABA_CLOUD_ROLE_SESSION_NAME names the session",
    ),
    ("ALIBABA_CLOUD_STS_REGION", "the region of the STS endpoint"),
    (
        "ALIBABA_CLOUD_CREDENTIALS_URI, ALIBABA_CLOUD_CREDENTIALS_FILE",
        "a URI that returns credentials; a file to read instead of ~/.alibabacloud/credentials.ini",
    ),
    (
        "ALIBABA_CLOUD_ECS_METADATA, ALIBABA_CLOUD_ECS_METADATA_DISABLED",
        "the role of the instance that ecs-vnc runs on; true disables the metadata service",
    ),
    ("ALIBABA_CLOUD_IMDSV1_DISABLED", "true does not ask a metadata service that issues no token"),
    ("ECS_VNC_CONFIG", "the configuration file"),
    ("ECS_VNC_HOME", "a directory to use instead of the home directory, for configurations, the cache and sessions"),
    ("ECS_VNC_LANG", "the language, zh or en, as with --lang"),
    ("ECS_VNC_PASSWORD", "the VNC password of the instance"),
    ("ECS_VNC_ESCAPE", "the key that opens the prompt of `console`, as with --escape"),
    ("ECS_VNC_SHARE_PASSWORD", "the password that `relay --share` asks viewers for"),
    ("ECS_VNC_INSTANCE", "the instance, where none is named"),
    (
        "ECS_VNC_OUTPUT, ECS_VNC_TIMEOUT, ECS_VNC_NO_INPUT",
        "as --output, --timeout and --no-input; other options name theirs",
    ),
    ("ECS_VNC_VIEWER", "the viewer that `view` starts: a command line, as with --viewer"),
    ("BROWSER", "commands that open a link; %s stands for the link"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "the proxy, and the hosts that are reached without it"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "trusted certificates (PEM), instead of those of the system"),
];

const COPYRIGHT: &str = "MIT or Apache-2.0, at your option. It contains noVNC (MPL-2.0) and fonts with licenses of their own: \
                         see ecs-vnc man --licenses.";

/// Runs the verb.
pub(crate) fn run(args: &ManArgs, command: Command, output: Output) -> Result<ExitCode, CommandError> {
    if args.licenses {
        output.bytes(format!("{}\n{}", page::LICENCES, font::LICENCES).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    render(with_named_variables(translate_command(command, usize::MAX)), &mut page).map_err(CommandError::stdout)?;
    output.bytes(in_language(&String::from_utf8_lossy(&page)).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Translates what clap_mangen writes itself: headings, and the values of options.
fn in_language(page: &str) -> String {
    if language::current() == Language::English {
        return page.to_owned();
    }
    let mut translated = String::new();
    for line in page.lines() {
        let _ = match line.split_once(' ') {
            Some((level @ (".SH" | ".SS"), title)) => {
                writeln!(translated, "{level} {}", translate(title.trim_matches('"')))
            }
            _ if line.starts_with(['.', '\\']) || !line.is_ascii() => writeln!(translated, "{line}"),
            _ => {
                let text = line.replace("\\-", "-").replace("\\*(Aq", "'");
                writeln!(translated, "{}", translate(&text).replace('-', "\\-").replace('\'', "\\*(Aq"))
            }
        };
    }
    for words in ["[default: ", "Possible values:"] {
        translated = translated.replace(words, &translate(words.trim_end()));
    }
    translated
}

fn render(mut command: Command, page: &mut Vec<u8>) -> io::Result<()> {
    command.build();
    let man = Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    render_commands(&command, page)?;
    render_examples(&command, ".SH", page)?;
    let codes = EXIT_CODES.iter().map(|(code, meaning)| (code.to_string(), *meaning));
    render_list("EXIT STATUS", codes, page)?;
    render_list("ENVIRONMENT", ENVIRONMENT.iter().map(|(name, meaning)| ((*name).to_owned(), *meaning)), page)?;
    writeln!(page, ".SH COPYRIGHT\n{}", translate(COPYRIGHT).replace('-', "\\-"))
}

/// Renders a section for each command, with its usage and options. Global options are left out: they have a section of
/// their own.
fn render_commands(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        if verb.has_subcommands() {
            render_commands(verb, page)?;
            continue;
        }
        let without_global = verb.clone().mut_args(|arg| {
            let is_global = arg.is_global_set();
            arg.hide(is_global)
        });
        let mut text = Vec::new();
        let man = Man::new(without_global);
        man.render_synopsis_section(&mut text)?;
        man.render_description_section(&mut text)?;
        man.render_options_section(&mut text)?;
        let title = verb.get_bin_name().unwrap_or(verb.get_name()).to_uppercase();
        let text = String::from_utf8_lossy(&text);
        // Without the macros that clap_mangen repeats in each section, and with its section headings as paragraphs.
        let lines = text.lines().filter(|line| !line.starts_with(".ie") && !line.starts_with(".el"));
        let lines = lines.map(|line| if line.starts_with(".SH ") { ".PP" } else { line });
        writeln!(page, ".SH \"{}\"", title.replace('-', "\\-"))?;
        lines.into_iter().try_for_each(|line| writeln!(page, "{line}"))?;
        render_examples(verb, ".SS", page)?;
    }
    Ok(())
}

/// Renders the examples at the end of a command's help, below a heading. `level` is the macro of the heading: `.SH` or
/// `.SS`.
fn render_examples(command: &Command, level: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let Some((_, examples)) = help.split_once(&format!("{}\n", translate(&format!("{EXAMPLES_HEADING}:")))) else {
        return Ok(());
    };
    writeln!(page, "{level} {}\n.nf", translate(EXAMPLES_HEADING).to_uppercase())?;
    for line in examples.lines().map(str::trim_start) {
        writeln!(page, "{}", line.replace('\\', "\\e").replace('-', "\\-"))?;
    }
    writeln!(page, ".fi")
}

fn render_list<'a>(title: &str, rows: impl Iterator<Item = (String, &'a str)>, page: &mut Vec<u8>) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"")?;
    for (name, meaning) in rows {
        let meaning = translate(meaning).replace('-', "\\-");
        writeln!(page, ".TP\n\\fB{}\\fR\n{meaning}", name.replace('-', "\\-"))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "man_pages/pages_tests.rs"]
mod pages_tests;
