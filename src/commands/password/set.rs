//! `ecs-vnc password set`: sets an instance's VNC password.

use clap::Args;
use serde::Serialize;

use super::EXAMPLES;
use crate::account::Account;
use crate::auth::ProviderChain;
use crate::command_error::CommandError;
use crate::commands::help::examples;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::{self, OperationError, Purpose, ResolvedInstance, call};
use crate::settings::Context;
use crate::system::clock::Clock;
use crate::terminal::prompt::{ask_password, ask_secretly, in_thread, read_password};
use crate::vnc::password::VncPassword;

/// Set the VNC password of an instance.
///
/// The password has six letters or digits; the service may require upper case, lower case and digits. On a terminal, you
/// are asked for it twice and it is not shown. Otherwise it is read from stdin, as one line. The RAM action is
/// ecs:ModifyInstanceVncPasswd.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc password set [OPTIONS] [INSTANCE]")]
pub(crate) struct SetArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Read the password once, from stdin.
    #[arg(long)]
    stdin: bool,
}

/// How often two passwords that differ may be typed.
const ATTEMPTS: usize = 3;

const RULE: &str =
    "a VNC password has six letters or digits; the service may require upper case, lower case and digits";

/// `-o json`: the instance, and the RequestId of ModifyInstanceVncPasswd.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SetOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    request_id: String,
}

/// Runs the verb.
pub(crate) async fn run(args: SetArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Act, context)?;
    // Invalid settings are reported before the user types a password. Opening the account may run a credentials program
    // or send requests, so it comes after that.
    let settings = context.settings()?;
    ProviderChain::search(&settings.credentials, &context.env, Clock::system().utc()).required()?;
    let asks = !args.stdin && output.may_ask();
    let given = if asks { None } else { Some(ask(move || read_password(output)).await?) };
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let instance = match instances::resolve(&account, &selector, asks, output).await {
        // The key may be allowed to set the password and not to look the instance up.
        Err(error) if asks && error.is_forbidden() => instances::resolve(&account, &selector, false, output).await?,
        resolved => resolved?,
    };
    let password = match given {
        Some(password) => password,
        None => ask(ask_twice).await?,
    };
    let operation = |instance: ResolvedInstance| set_password(&account, instance, &password);
    let answer = call(&account, &instance, output, operation).await;
    let (target, request_id) = answer.map_err(|error| with_rule(error.explain(&account, "ModifyInstanceVncPasswd")))?;
    let ResolvedInstance { id: instance, region, .. } = &target;
    if output.is_json() {
        output.json(&SetOutput { instance_id: instance, region_id: region, request_id })?;
    }
    output.note(&format!("the VNC password of {instance} was set"));
    Ok(ExitCode::SUCCESS)
}

async fn set_password(
    account: &Account,
    instance: ResolvedInstance,
    password: &VncPassword,
) -> Result<String, OperationError> {
    let ResolvedInstance { id, region, .. } = &instance;
    let client = account.clients.of(region)?;
    Ok(client.modify_instance_vnc_passwd(region, id, password, account.limit_from_now()).await?)
}

/// Asks for the password. An error about it gets the rule.
async fn ask(
    question: impl FnOnce() -> Result<VncPassword, CommandError> + Send + 'static,
) -> Result<VncPassword, CommandError> {
    in_thread(question)
        .await
        .map_err(|error| if error.kind == ErrorKind::Usage && error.hint.is_none() { error.hint(RULE) } else { error })
}

/// Adds the rule to an error of the service about the password.
fn with_rule(error: CommandError) -> CommandError {
    let is_about_it = |code: &str| code.to_ascii_lowercase().contains("passw");
    match error.service.as_ref().is_some_and(|service| is_about_it(&service.code)) {
        true => error.hint(RULE),
        false => error,
    }
}

/// Asks for the password twice, since it is not shown, and again while the two differ, at most three times.
fn ask_twice() -> Result<VncPassword, CommandError> {
    const QUESTION: &str = "New VNC password, six letters or digits (not shown): ";
    let mut question = QUESTION.to_owned();
    for _ in 0..ATTEMPTS {
        let password = ask_password(&question)?;
        if ask_secretly("Repeat the password: ")?.expose() == password.expose() {
            return Ok(password);
        }
        question = format!("the two passwords differ; try again\n{QUESTION}");
    }
    Err(CommandError::message(ErrorKind::Usage, "the two passwords differ; nothing was changed"))
}
