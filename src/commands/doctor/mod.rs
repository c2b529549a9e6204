//! `ecs-vnc doctor`: checks all that `open` needs.
//!
//! ```text
//! files → profile → keys, region, endpoint, proxy → every question to the account at once → browser → report
//! ```
//!
//! Nothing stops at the first fault. What cannot be checked for want of something else says so.

mod account;
mod actions;
mod browser;
mod files;
mod first_answer;
mod instance;
mod profile;
mod questions;
mod report;
mod service;

use clap::Args;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::OptionalInstanceArg;
use crate::settings::flags::GlobalArgs;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
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
/// fix.
///
/// Nothing is changed: permissions are checked with a dry run, or with the ID of an instance that does not exist. If
/// the policy is limited to certain instances, check one of them.
///
/// The exit code is 0 if `ecs-vnc open` should work, otherwise that of the first check that failed.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    which: OptionalInstanceArg,
}

/// Runs the verb.
pub(crate) async fn run(
    args: DoctorArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let query = args.which.selector();
    // What others would be warned of is found here.
    let mut hushed = output;
    hushed.quiet = true;
    let mut report = Report::default();
    let own = files::check(global, env, hushed, &mut report);
    let sources = profile::check(global, env, own, hushed, &mut report);
    let account = match &sources {
        Some(sources) => account::check(sources, env, output, hushed, &mut report).await,
        None => None,
    };
    match account {
        Some(account) => {
            let answers = questions::ask(&account, query.as_ref(), output).await;
            service::check(account.first_answer.get(), &answers, &mut report);
            if let Some(region) = &answers.no_region {
                let message = format!("the account has no region {region}");
                let hint =
                    "run `ecs-vnc regions` to list the regions; a region ID looks like cn-hangzhou or ap-southeast-1";
                report.fail("region", &CommandError::message(ErrorKind::NotFound, message).hint(hint));
            }
            actions::check(&answers, &account.session, query.as_ref(), &mut report);
            if let Some(query) = &query {
                instance::check(&answers, query, &mut report);
            }
        }
        None => {
            let why = &format!("fix {} first", report.failed(&NEEDED_FOR_REQUESTS).join(" and "));
            ["service", "clock", "caller"].iter().for_each(|check| report.skip(check, why));
            questions::ACTIONS.iter().for_each(|action| report.skip(&format!("ecs:{action}"), why));
            query.iter().for_each(|_| report.skip("instance", why));
        }
    }
    browser::check(env, &mut report);
    report.print(output)
}
