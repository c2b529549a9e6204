//! `ecs-vnc view`: opens the console in a native viewer, through a local port or socket.

mod endpoint;
mod session;

use std::sync::Arc;

use clap::Args;
use tokio::sync::mpsc::unbounded_channel;

use self::session::ViewerSession;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::console::args::{KeepaliveArgs, SharingArg, WaitArg};
use crate::console::gateway::ConsoleGateway;
use crate::console::issuer::ConsoleIssuer;
use crate::console::local_endpoint::{self, ListenAddress};
use crate::console::readiness::require_running;
use crate::console::sharing::viewer_gateway::ViewerGateway;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArg;
use crate::instances::{self, Purpose};
use crate::programs::{Viewer, ViewerError};
use crate::settings::Context;
use crate::terminal::output::Output;

const EXAMPLES: &[Example] = &[
    ("Open the console in the first VNC viewer found", "ecs-vnc view web-01"),
    ("Start TigerVNC in full-screen mode", "ecs-vnc view web-01 --viewer 'vncviewer -FullScreen'"),
    (
        "Start a viewer that needs the address in its own form",
        "ecs-vnc view web-01 --viewer 'krdc vnc://{host}:{port}'",
    ),
];

/// Open the console in a native VNC viewer.
///
/// Start the viewer and connect it to the console through a local port, as `ecs-vnc relay` does. The console URL is
/// requested when the viewer connects. The command ends when the viewer exits. If the console disconnects, it is opened
/// again while the viewer stays.
///
/// Other commands of yours on this machine, such as `key` or a second `view`, use the same session.
///
/// Without a viewer or a display, the port is served until Ctrl-C and the address to connect to is printed.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc view [OPTIONS] [INSTANCE]")]
pub(crate) struct ViewArgs {
    #[command(flatten)]
    which: InstanceArg,
    /// Start this viewer [env: ECS_VNC_VIEWER].
    ///
    /// A command line, in which {host}, {port}, {display}, {socket} (a Unix socket) and {title} are replaced. Without any
    /// of them, a known viewer gets the arguments that it needs, and any other gets HOST::PORT as its last argument.
    ///
    /// The default is the first one found of TigerVNC, RealVNC, remote-viewer, Remmina, Screen Sharing and TightVNC.
    #[arg(long, value_name = "COMMAND")]
    viewer: Option<String>,
    /// Local port; 0 picks one.
    #[arg(
        long,
        long_help = "Listen on this port of 127.0.0.1; 0 picks a free one",
        value_name = "PORT",
        default_value_t = 0
    )]
    port: u16,
    #[command(flatten)]
    sharing: SharingArg,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
    #[command(flatten)]
    wait: WaitArg,
}

/// Runs the verb.
pub(crate) async fn run(args: ViewArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let selector = args.which.selector(Purpose::Act, context)?;
    let command = args.viewer.as_deref().or(context.env.get("ECS_VNC_VIEWER"));
    let viewer = match command {
        Some(command) => Some(Viewer::from_command(command, &context.env).map_err(viewer_error)?),
        None => {
            Viewer::find(&context.env).inspect_err(|error| warn_start_one_yourself(&error.to_string(), output)).ok()
        }
    };
    let settings = context.settings()?;
    let (password, default) = (settings.vnc_password()?, args.wait.default_timeout(&settings)?);
    let time_limit = args.wait.time_limit(settings.timeout_flag, default);
    let timeout = args.wait.request_timeout(settings.timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let instance = instances::resolve(&account, &selector, args.wait.is_set(), output).await?;
    let instance = require_running(&account, instance, args.wait, output).await?;
    let listener = endpoint::bind(viewer.as_ref(), args.port).await?;

    let issuer = Arc::new(ConsoleIssuer::without_page(account, std::slice::from_ref(&instance), output));
    let listen_address = ListenAddress::of(&listener);
    if viewer.is_none() {
        serving::begin();
    }
    if viewer.is_none() || output.is_json() {
        local_endpoint::announce(&listen_address, &instance, output)?;
    }
    if let Some(warning) = local_endpoint::exposure_warning(&listen_address) {
        output.warning(&warning);
    }
    let name = instance.info.as_ref().map(|info| info.instance_name.as_str()).filter(|name| !name.is_empty());
    let viewer_address = endpoint::viewer_address(&listen_address, name.unwrap_or(&instance.id));
    let keepalive = args.keepalive.keepalive();
    let gateway = Arc::new(ConsoleGateway::new(issuer, Arc::default(), instance, timeout, keepalive, output));
    let gateway = Arc::new(ViewerGateway::new(gateway, args.sharing, password.as_ref(), "view"));
    let Some(viewer) = viewer else {
        output.write_late_warnings();
        output.note(serving::console_note(gateway.is_shared()));
        return Err(local_endpoint::serve(listener, gateway, output).await);
    };
    gateway.note_takeover().await;
    let (sender, events) = unbounded_channel();
    tokio::spawn(local_endpoint::accept_viewers(listener, gateway.clone(), sender, output));
    let is_default_viewer = command.is_none();
    ViewerSession::new(gateway, viewer, is_default_viewer, listen_address, viewer_address, events, output).run().await
}

fn viewer_error(error: ViewerError) -> CommandError {
    CommandError::new(ErrorKind::ActionFailed, error)
        .hint("name another viewer with --viewer or ECS_VNC_VIEWER, or use `ecs-vnc relay` and start one yourself")
}

fn warn_start_one_yourself(reason: &str, output: Output) {
    output.warning(&format!("{reason}; start a VNC viewer yourself and connect to the address below"));
}
