//! `ecs-vnc man`: prints the manual page, all verbs in one.

use std::io::{self, Write as _};

use clap::Command;
use clap_mangen::Man;

use crate::command_error::CommandError;
use crate::error_kind::{EXIT_CODES, ExitCode};
use crate::terminal::output::Output;

/// Variables and what they do. Those of the vendor are read under two older prefixes as well.
const ENVIRONMENT: [(&str, &str); 16] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "the AccessKeyId"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "its secret"),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", "the STS token that goes with temporary keys"),
    ("ALIBABA_CLOUD_REGION_ID", "the region"),
    ("ALIBABA_CLOUD_PROFILE", "the profile, as with --profile"),
    ("ALIBABA_CLOUD_ENDPOINT, ALIBABA_CLOUD_ENDPOINT_TYPE", "another endpoint; vpc to reach the API from inside a VPC"),
    (
        "ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        "the role that a token in a file stands for; ALIBABA_CLOUD_ROLE_SESSION_NAME names its session",
    ),
    ("ALIBABA_CLOUD_STS_REGION", "the region whose STS is asked"),
    (
        "ALIBABA_CLOUD_CREDENTIALS_URI, ALIBABA_CLOUD_CREDENTIALS_FILE",
        "a URI that answers with keys; another file in place of ~/.alibabacloud/credentials.ini",
    ),
    (
        "ALIBABA_CLOUD_ECS_METADATA, ALIBABA_CLOUD_ECS_METADATA_DISABLED",
        "the role of the instance this runs on; true leaves the metadata service alone",
    ),
    ("ECS_VNC_CONFIG", "the configuration file"),
    ("ECS_VNC_PASSWORD", "the instance's VNC password"),
    ("ECS_VNC_VIEWER", "the viewer that `view` starts: a command line, as --viewer"),
    ("BROWSER", "commands to open a link with, %s in place of it"),
    ("HTTPS_PROXY, NO_PROXY", "the proxy, and the hosts reached without it"),
    ("SSL_CERT_FILE", "trusted certificates (PEM), in place of the system's"),
];

/// Runs the verb.
pub(crate) fn run(command: Command, output: Output) -> Result<ExitCode, CommandError> {
    let mut page = Vec::new();
    render(command, &mut page).map_err(CommandError::stdout)?;
    output.bytes(&page)?;
    Ok(ExitCode::SUCCESS)
}

fn render(mut command: Command, page: &mut Vec<u8>) -> io::Result<()> {
    command.build();
    let man = Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    render_verbs(&command, page)?;
    let codes = EXIT_CODES.iter().map(|(code, meaning)| (code.to_string(), *meaning));
    list("EXIT STATUS", codes, page)?;
    list("ENVIRONMENT", ENVIRONMENT.iter().map(|(name, does)| ((*name).to_owned(), *does)), page)
}

/// A section a verb, with its usage and its own options; the global ones stand above.
fn render_verbs(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        if verb.has_subcommands() {
            render_verbs(verb, page)?;
            continue;
        }
        let own = verb.clone().mut_args(|arg| {
            let is_global = arg.get_help_heading() == Some("Global options");
            arg.hide(is_global)
        });
        let mut text = Vec::new();
        let man = Man::new(own);
        man.render_synopsis_section(&mut text)?;
        man.render_description_section(&mut text)?;
        man.render_options_section(&mut text)?;
        let title = verb.get_bin_name().unwrap_or(verb.get_name()).to_uppercase();
        let text = String::from_utf8_lossy(&text);
        let lines = text.lines().filter(|line| !line.starts_with(".ie") && !line.starts_with(".el"));
        let lines = lines.map(|line| if line.starts_with(".SH ") { ".PP" } else { line });
        writeln!(page, ".SH \"{}\"", title.replace('-', "\\-"))?;
        lines.into_iter().try_for_each(|line| writeln!(page, "{line}"))?;
    }
    Ok(())
}

fn list<'a>(title: &str, rows: impl Iterator<Item = (String, &'a str)>, page: &mut Vec<u8>) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"")?;
    for (name, does) in rows {
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", name.replace('-', "\\-"), does.replace('-', "\\-"))?;
    }
    Ok(())
}
