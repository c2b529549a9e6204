//! What `start`, `stop` and `reboot` have in common: their flags, the question, and what they print.

use std::cell::Cell;
use std::future::ready;
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::account::Account;
use crate::api::operations::PowerAction;
use crate::command_error::CommandError;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::filter_args::InstanceStatus;
use crate::instances::power::{PowerAnswer, change_power, check_power};
use crate::instances::selection_args::SelectionArgs;
use crate::instances::wait_until_running::{DEFAULT_WAIT_TIMEOUT, wait_until_status};
use crate::instances::{
    self, InstanceSelector, Purpose, ResolvedInstance, RunReport, Selection, find_targets, work_on,
};
use crate::settings::Context;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::terminal::prompt::{check_may_confirm, confirm, in_thread};
use crate::text::sanitize::sanitize;

/// How many instances are changed, and waited for, at the same time.
const MAX_CONCURRENT_CHANGES: usize = 16;

/// The longest name of an instance in a question, in characters.
const MAX_NAME_LEN: usize = 128;

#[derive(Args, Debug)]
pub(crate) struct PowerArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Do not ask.
    ///
    /// Without it, a question on the terminal names the instance. Where there is no terminal, and for several instances, it
    /// must be given.
    #[arg(short, long)]
    yes: bool,
    /// Check the request, and change nothing.
    ///
    /// The service checks the instance, its state and your permission (DryRun). No question is asked.
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,
    /// Wait until it is done.
    ///
    /// Wait until the instance is Running, or Stopped after `stop`, for up to --timeout, which is 10m by default with this
    /// flag.
    #[arg(long)]
    wait: bool,
}

/// What is done with each instance.
struct Change {
    account: Arc<Account>,
    action: PowerAction,
    dry_run: bool,
    wait: bool,
    output: Output,
}

/// `-o json`: a line for each instance.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PowerOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    action: &'a str,
    is_dry_run: bool,
    /// The last one that is known; `None` after a dry run of an instance that was not looked up.
    status: Option<&'a str>,
    request_id: &'a str,
}

/// The name of an action.
fn verb(action: PowerAction) -> &'static str {
    match action {
        PowerAction::Start => "start",
        PowerAction::Stop { .. } => "stop",
        PowerAction::Reboot { .. } => "reboot",
    }
}

/// Runs a verb. `default_statuses` are those of the instances that patterns, tags and `--all` take.
pub(crate) async fn run(
    args: PowerArgs,
    action: PowerAction,
    default_statuses: &'static [InstanceStatus],
    context: &Context,
) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let PowerArgs { which, yes, dry_run, wait } = args;
    let selection = which.selection(default_statuses, Purpose::Act, context)?.for_changes();
    let asks = !yes && !dry_run;
    check_confirmation(asks, &selection, action, output)?;
    let settings = context.settings()?;
    let time_limit = match settings.timeout_flag {
        Some(limit) => limit,
        None if wait => DEFAULT_WAIT_TIMEOUT,
        None => settings.timeout()?,
    };
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let change = Change { account: account.clone(), action, dry_run, wait, output };
    let verb = verb(action);
    if let Some(selector) = selection.single().filter(|_| asks) {
        let instance = resolve(&account, selector, wait, output).await?;
        if selection.is_done(&instance.id) {
            output.note(&format!("{} was left out as done before", describe(&instance)));
            return Ok(ExitCode::SUCCESS);
        }
        ask(&instance, action).await?;
        let text = format!("{verb} {}", instance.id);
        let answer = Progress::new(account.clock(), output).during(&text, change.of(instance)).await?;
        return change.print(&answer).map(|()| ExitCode::SUCCESS);
    }
    let targets = find_targets(&account, &selection, wait, output).await;
    let (one, several) = (format!("{verb} {}", selection.name_of_one()), format!("{verb} instances"));
    let run = RunReport::new(&selection, &targets, &one, &several, account.clock(), output);
    // What has begun is told to its end, and no more is begun, once the reader of stdout has closed it.
    let is_closed = Cell::new(false);
    let targets = targets.take_while(|_| ready(!is_closed.get()));
    let changed = work_on(targets, MAX_CONCURRENT_CHANGES, |instance| async {
        match is_closed.get() {
            true => Err(output_closed()),
            false => change.of(instance).await,
        }
    });
    let report = |_: &str, answer| match change.print(&answer) {
        Err(error) if error.is_silent() => {
            is_closed.set(true);
            Ok(None)
        }
        printed => printed.map(|()| None),
    };
    let code = run.each(changed, report).await?;
    if is_closed.get() && code == ExitCode::SUCCESS { Err(output_closed()) } else { Ok(code) }
}

fn output_closed() -> CommandError {
    CommandError::message(ErrorKind::ActionFailed, "the output was closed, so no more is begun")
        .hint("stderr names the instances that were changed")
}

/// Checks, before anything is requested, that the question can be asked.
fn check_confirmation(
    asks: bool,
    selection: &Selection,
    action: PowerAction,
    output: Output,
) -> Result<(), CommandError> {
    let verb = verb(action);
    let usage = |message| Err(CommandError::message(ErrorKind::Usage, message));
    match (asks, selection.describe_several(), selection.count()) {
        (false, ..) => Ok(()),
        (true, Some(_), Some(count)) => usage(format!("{count} instances are named; add --yes to {verb} all of them")),
        (true, Some(_), None) => usage(format!(
            "several instances may be selected; add --yes to {verb} all of them, or --dry-run to see them"
        )),
        _ => check_may_confirm(verb, output),
    }
}

/// Finds the instance that the question names. `waits` needs its status.
async fn resolve(
    account: &Arc<Account>,
    selector: &InstanceSelector,
    waits: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    match instances::resolve(account, selector, true, output).await {
        // The key may be allowed to change an instance that it is not allowed to look up. Waiting needs the look-up.
        Err(error) if !waits && error.is_forbidden() => instances::resolve(account, selector, false, output).await,
        resolved => resolved,
    }
}

/// Asks on the terminal. A no is an error, so that a script's next command does not run.
async fn ask(instance: &ResolvedInstance, action: PowerAction) -> Result<(), CommandError> {
    let state = match instance.status() {
        "" => String::new(),
        status => format!("It is {}; ", sanitize(status, 20)),
    };
    let name = describe(instance);
    let question = match action {
        PowerAction::Start => format!("Start {name}? {state}its system boots."),
        PowerAction::Stop { is_forced: false } => format!("Stop {name}? {state}its system is shut down."),
        PowerAction::Stop { is_forced: true } => {
            format!("Stop {name}? {state}its power is turned off, and unsaved data is lost.")
        }
        PowerAction::Reboot { is_forced: false } => {
            format!("Reboot {name}? {state}its system is shut down and boots again.")
        }
        PowerAction::Reboot { is_forced: true } => {
            format!("Reboot {name}? {state}it is reset, and unsaved data is lost.")
        }
    };
    match in_thread(move || confirm(&question)).await? {
        true => Ok(()),
        false => {
            let message = format!("not confirmed; nothing was done to {}", instance.id);
            Err(CommandError::message(ErrorKind::Other, message).of_instance(&instance.id))
        }
    }
}

/// The instance by its id, its name and its region.
fn describe(instance: &ResolvedInstance) -> String {
    let ResolvedInstance { id, region, info } = instance;
    let name = info.as_ref().map(|info| sanitize(&info.instance_name, MAX_NAME_LEN)).filter(|name| !name.is_empty());
    match name {
        Some(name) => format!("{id} ({name}) in {region}"),
        None => format!("{id} in {region}"),
    }
}

impl Change {
    /// Changes one instance, or checks whether that would succeed.
    async fn of(&self, instance: ResolvedInstance) -> Result<PowerAnswer, CommandError> {
        let (account, action, output) = (&self.account, self.action, self.output);
        if self.dry_run {
            return check_power(account, &instance, action, output).await;
        }
        let answer = change_power(account, &instance, action, output).await?;
        if !self.wait {
            return Ok(answer);
        }
        let (PowerAnswer { instance, request_id }, limit) = (answer, account.limit_from_now());
        let instance = wait_until_status(account, instance, action.final_status(), limit, output).await?;
        Ok(PowerAnswer { instance, request_id })
    }

    /// Prints the result of one instance.
    fn print(&self, answer: &PowerAnswer) -> Result<(), CommandError> {
        let Self { action, output, .. } = self;
        let PowerAnswer { instance, request_id } = answer;
        let status = Some(instance.status()).filter(|status| !status.is_empty());
        let mut printed = Ok(());
        if output.is_json() {
            let (action, is_dry_run) = (action.operation_name(), self.dry_run);
            let (instance_id, region_id) = (&instance.id, &instance.region);
            printed = output.json(&PowerOutput { instance_id, region_id, action, is_dry_run, status, request_id });
        }
        let name = describe(instance);
        let text = match (self.dry_run, status, action) {
            (true, _, PowerAction::Start) => format!("dry run: {name} would be started; nothing was changed"),
            (true, _, PowerAction::Stop { .. }) => format!("dry run: {name} would be stopped; nothing was changed"),
            (true, _, PowerAction::Reboot { .. }) => format!("dry run: {name} would be rebooted; nothing was changed"),
            (false, Some(status), _) => format!("{name} is now {}", sanitize(status, 20)),
            (false, None, PowerAction::Start) => format!("{name} is being started"),
            (false, None, PowerAction::Stop { .. }) => format!("{name} is being stopped"),
            (false, None, PowerAction::Reboot { .. }) => format!("{name} is being rebooted"),
        };
        output.note(&text);
        printed
    }
}
