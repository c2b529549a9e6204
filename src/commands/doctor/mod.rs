//! `ecs-vnc doctor`: checks everything that `open` needs.
//!
//! ```text
//! files → profile → AccessKey, region, endpoint, proxy → all probes of the account at once → browser → report
//! ```
//!
//! A failed check does not stop the others. A check that depends on it is reported as skipped.

mod account;
mod browser;
mod files;
mod first_answer;
mod instance;
mod permissions;
mod probes;
mod profile;
mod report;
mod service;

use clap::Args;

use crate::api_hints::similar_region;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::OptionalInstanceArg;
use crate::settings::Context;
use crate::system::clock::Clock;
use crate::terminal::progress::Progress;
use report::Report;

const EXAMPLES: &[Example] = &[
    ("Check the setup", "ecs-vnc doctor"),
    ("Check access to one instance too", "ecs-vnc doctor web-01"),
    ("Print the checks as JSON", "ecs-vnc doctor -o json"),
];

/// The checks without which no request can be sent to the account.
const NEEDED_FOR_REQUESTS: [&str; 6] = ["profile", "credentials", "AccessKey", "region", "endpoint", "proxy"];

/// Check credentials, region, network, permissions and browser.
///
/// Check everything that `ecs-vnc open` needs, and print one line per check: ok, warn, FAIL or skip. A hint says what to
/// fix. The checks that failed are repeated at the end with their hints.
///
/// Nothing is changed: permissions are checked with a dry run, or with the ID of an instance that does not exist. If
/// the policy is limited to certain instances, check one of them: its console URL, screenshot and console output are
/// requested and discarded.
///
/// The exit code is 0 if `ecs-vnc open` should work, otherwise that of the first check that failed.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    which: OptionalInstanceArg,
}

/// Runs every check and prints the report. Returns the exit code of the first failed check, or 0. A failed check is not an
/// error: errors only come from writing the report.
pub(crate) async fn run(args: DoctorArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let (flags, env, output) = (&context.flags, &context.env, context.output);
    let selector = args.which.selector(context)?;
    // Some steps also print warnings, but the report already contains what they say.
    let mut quiet_output = output;
    quiet_output.quiet = true;
    let mut report = Report::default();
    let own_config = files::check(flags, env, quiet_output, &mut report);
    let sources = profile::check(flags, env, own_config, quiet_output, &mut report);
    let mut progress = Progress::new(&Clock::system(), output);
    let checking = async {
        let checked = account::check(sources.as_ref()?, env, output, quiet_output, &mut report).await?;
        let results = probes::run(&checked, selector.as_ref(), output).await;
        Some((checked, results))
    };
    let checked = progress.during("checking credentials and permissions", checking).await;
    match checked {
        Some((checked, results)) => {
            service::check(checked.first_answer.get(), &results, &mut report);
            if let Some(region) = &results.unknown_region {
                let message = format!("the account has no region {region}");
                let hint = match similar_region(region) {
                    Some(similar) => format!("did you mean {similar}? `ecs-vnc regions` lists the regions"),
                    None => "run `ecs-vnc regions` to list the regions; a region ID looks like cn-hangzhou or \
                             ap-southeast-1"
                        .to_owned(),
                };
                report.fail("region", &CommandError::message(ErrorKind::NotFound, message).hint(hint));
            }
            permissions::check(&results, &checked.account, selector.as_ref(), &mut report);
            if let Some(selector) = &selector {
                instance::check(&results, selector, &mut report);
            }
        }
        None => {
            let reason = format!("fix {} first", report.failed(&NEEDED_FOR_REQUESTS).join(" and "));
            ["service", "clock", "caller"].iter().for_each(|check| report.skip(check, &reason));
            probes::ACTIONS.iter().for_each(|action| report.skip(&format!("ecs:{action}"), &reason));
            if selector.is_some() {
                report.skip("instance", &reason);
            }
        }
    }
    browser::check(env, &mut report);
    report.print(output)
}
