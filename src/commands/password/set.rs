//! `ecs-vnc password set`: sets an instance's VNC password.

use std::io::{self, IsTerminal as _};

use clap::Args;
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::EXAMPLES;
use crate::account::Account;
use crate::auth::ProviderChain;
use crate::command_error::CommandError;
use crate::commands::help::examples;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::{self, OperationError, ResolvedInstance, call};
use crate::settings::Context;
use crate::system::clock::Clock;
use crate::terminal::prompt::{ask_secretly, read_password};
use crate::vnc::password::VncPassword;

/// Set the VNC password of an instance.
///
/// The password has six letters or digits. On a terminal, you are asked for it twice and it is not shown. Otherwise it is
/// read from stdin, as one line. The RAM action is ecs:ModifyInstanceVncPasswd.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc password set [OPTIONS] <INSTANCE>")]
pub(crate) struct SetArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Read the password from stdin even on a terminal.
    #[arg(long)]
    stdin: bool,
}

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
    let selector = args.which.selector();
    // Invalid settings are reported before the user types a password. Opening the account may run a credentials program
    // or send requests, so it comes after that.
    let settings = context.settings()?;
    ProviderChain::search(&settings.credentials, &context.env, Clock::system().utc()).required()?;
    let is_prompt = !args.stdin && io::stdin().is_terminal();
    let password = spawn_blocking(move || if is_prompt { prompt_twice() } else { read_password() });
    let password = password.await.map_err(|error| CommandError::new(ErrorKind::Other, error))??;
    let account = Account::open(&settings, settings.timeout(), context).await?;
    let instance = instances::resolve(&account, &selector, false, output).await?;
    let operation = |instance: ResolvedInstance| set_password(&account, instance, &password);
    let answer = call(&account, &instance, output, operation).await;
    let (target, request_id) = answer.map_err(|error| error.explain(&account, "ModifyInstanceVncPasswd"))?;
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
    Ok(client.modify_instance_vnc_passwd(region, id, password, account.limit).await?)
}

/// Asks for the password twice, since it is not shown. Two different passwords are an error.
fn prompt_twice() -> Result<VncPassword, CommandError> {
    let usage = |message: &str| CommandError::message(ErrorKind::Usage, message);
    let first = ask_secretly("New VNC password, six letters or digits (not shown): ")?;
    let password = VncPassword::try_from(&first).map_err(|error| usage(&error.to_string()))?;
    let second = ask_secretly("Repeat the password: ")?;
    match second.expose() == password.expose() {
        true => Ok(password),
        false => Err(usage("the two passwords differ; nothing was changed")),
    }
}
