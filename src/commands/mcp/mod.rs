//! `ecs-vnc mcp`: tools for agents, over the Model Context Protocol.
//!
//! ```text
//! transport → server → lifetime → request → tools ─→ console
//!               │        └ time limit, cancellation, progress
//!               └ guard (which machines, input or not), plans (what was confirmed), audit; answer, seen and framing make the answer
//! ```

mod answer;
mod audit;
mod call;
mod definition;
mod framing;
mod guard;
mod held_session;
mod hints;
mod lifetime;
mod machines;
mod plans;
mod redaction;
mod request;
mod seen;
mod server;
mod tools;
mod transport;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use tokio::sync::watch;
use tokio::task::LocalSet;

use self::audit::Audit;
use self::guard::Guard;
use self::machines::Machines;
use self::server::Server;
use self::transport::Stdio;
use crate::args::{path_arg, word_arg};
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Serve tools that only read, for all instances of the account", "ecs-vnc mcp"),
    (
        "Serve the tools that type, too, for some instances, and keep a record",
        "ecs-vnc mcp --allow-input --only 'test-*' --audit mcp.jsonl",
    ),
    ("Let an agent log in without telling it the password", "ecs-vnc mcp --allow-input --secret ROOT_PASSWORD"),
];

/// Serve an agent over MCP on stdin and stdout.
///
/// MCP is the Model Context Protocol. An agent starts this command and calls its tools: list_instances, read_screen, wait_for,
/// boot_log and check. They read through the API, which does not disturb anyone on a console.
///
/// With --allow-input, there are also type_text, press_keys, click, run_command and power. Each answers what it would do, and does
/// it only when it is called again with the token of that answer in `confirm`. All but power open the console, which disconnects anyone on it.
///
/// What a screen shows reaches the agent as data, between lines that the screen cannot forge. It may still mislead an agent: give
/// input only for machines that may break. Ctrl-C and the end of stdin end the command with exit code 0, and release all keys.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct McpArgs {
    /// Serve the tools that send input, too.
    #[arg(long)]
    allow_input: bool,
    /// Serve only instances that match one of these.
    ///
    /// A pattern for names and IDs, in which * matches any characters and ? matches one. By default, all instances of the
    /// account are served.
    #[arg(long, value_name = "PATTERN", num_args = 1.., value_parser = pattern)]
    only: Vec<String>,
    /// Let this environment variable be typed.
    ///
    /// An agent names the variable, and neither it nor the audit file is told the value. Repeat it for several.
    #[arg(long, value_name = "VARIABLE", value_parser = word_arg, requires = "allow_input")]
    secret: Vec<String>,
    /// Append one line of JSON for each call.
    ///
    /// The line has the time, the tool, the instance, the arguments, the outcome and the duration. Of what is typed it has the
    /// length; commands of run_command are kept as they are. A new file can be read by you only.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    audit: Option<PathBuf>,
}

fn pattern(text: &str) -> Result<String, String> {
    match word_arg(text).map_err(|error| error.to_string())?.as_str() {
        "" => Err("a pattern is not empty".to_owned()),
        pattern => Ok(pattern.to_owned()),
    }
}

/// Runs the verb.
pub(crate) async fn run(args: McpArgs, context: &Context) -> Result<ExitCode, CommandError> {
    if io::stdin().is_terminal() {
        context.output.note("serving MCP on stdin and stdout: a client starts this command, see docs/agents.md");
    }
    let audit = args.audit.as_deref().map(Audit::open).transpose()?.unwrap_or_default();
    let guard = Guard { only: args.only, allows_input: args.allow_input, secrets: args.secret };
    let mut context = context.clone();
    // stderr goes into the client's log: notes for a user at a terminal would fill it, and may quote screens.
    context.output.quiet = context.output.verbose == 0;
    let output = context.output;
    let (closing, is_closed) = watch::channel(false);
    let machines = Arc::new(Machines::new(context, guard));
    let server = Server::new(machines.clone(), audit, is_closed);
    serving::begin();
    let transport = Stdio::new(output, closing)?;
    let serving = async {
        let ended = match server.serve(transport).await {
            Ok(service) => Ok(service.waiting().await),
            Err(error) => Err(error),
        };
        machines.close_consoles().await;
        ended
    };
    match LocalSet::new().run_until(serving).await {
        Ok(ended) => ended.map(drop).map_err(|error| CommandError::new(ErrorKind::Other, error))?,
        // It has asked for nothing.
        Err(ServerInitializeError::ConnectionClosed(_)) => {}
        Err(error) => {
            let error = anyhow::Error::new(error).context("the client did not begin a session of MCP");
            return Err(CommandError::new(ErrorKind::BadAnswer, error).hint("docs/agents.md says how clients start it"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
