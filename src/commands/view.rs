//! `ecs-vnc view`: a local port, and a native viewer on it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep, sleep_until};

use crate::account::Account;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::{KeepaliveArgs, WaitArg};
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::console::issuer::ConsoleIssuer;
use crate::console::local_endpoint::{self, ListenAddress, Seen};
use crate::console::readiness::require_running;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances;
use crate::instances::args::InstanceArg;
use crate::listen::Listener;
use crate::programs::{RunningViewer, Viewer, ViewerAddress, ViewerError};
use crate::relay::{DropReason, ReconnectBackoff};
use crate::settings;
use crate::settings::flags::GlobalArgs;
use crate::system::clock::Clock;
use crate::system::environment::Environment;
use crate::system::random;
use crate::terminal::output::Output;

/// Displays are ports from here on, a hundred of them.
const DISPLAYS: std::ops::Range<u16> = 5900..6000;

/// A viewer that ends well without having connected may have handed its work to another of its kind, which may take so
/// long to do it.
const HANDED_ON: Duration = Duration::from_secs(10);

/// How often somebody who waits is told for how long.
const TICK: Duration = Duration::from_millis(250);

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
/// requested when the viewer connects. The command ends when the viewer exits; if the console disconnects, the viewer is
/// started again with a fresh URL.
///
/// Without a viewer or a display, the port is served anyway and the address to connect to is printed.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc view [OPTIONS] <INSTANCE>")]
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
    keepalive: KeepaliveArgs,
    #[command(flatten)]
    wait: WaitArg,
}

/// Runs the verb.
pub(crate) async fn run(
    args: ViewArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let query = args.which.selector();
    let named = args.viewer.as_deref().or(env.get("ECS_VNC_VIEWER"));
    let is_found = named.is_none();
    let viewer = match named {
        Some(command) => Some(Viewer::from_command(command, env).map_err(no_viewer)?),
        None => match Viewer::find(env) {
            Ok(viewer) => Some(viewer),
            Err(why) => {
                output.warning(&format!("{why}; the console is served for a viewer that you start"));
                None
            }
        },
    };
    let settings = settings::load(global, env, output)?;
    let usual = settings.default_timeout;
    let session =
        Arc::new(Account::open(&settings, args.wait.time_limit(settings.timeout_flag, usual), env, output).await?);
    let target = instances::resolve(&session, &query, args.wait.is_set(), output).await?;
    let target = require_running(&session, target, args.wait, output).await?;
    let listener = listen(viewer.as_ref(), args.port).await?;

    let mint = Arc::new(ConsoleIssuer::without_page(session, std::slice::from_ref(&target), output));
    let place = ListenAddress::of(&listener);
    if viewer.is_none() || output.is_json() {
        local_endpoint::tell(&place, &target, output)?;
    }
    if let Some(warning) = local_endpoint::warning(&place) {
        output.warning(&warning);
    }
    let name = target.info.as_ref().map(|known| known.instance_name.as_str()).filter(|name| !name.is_empty());
    let spot = spot(&place, name.unwrap_or(&target.id));
    let way = Arc::new(ConsoleGateway::new(mint, Arc::default(), target, usual, args.keepalive.keepalive(), output));
    let Some(viewer) = viewer else {
        output.note("serving until Ctrl-C");
        return Err(local_endpoint::serve(listener, way, output).await);
    };
    let (sender, seen) = unbounded_channel();
    tokio::spawn(local_endpoint::attend(listener, way.clone(), sender, output));
    let clock = way.clock().clone();
    View {
        way,
        viewer,
        is_found,
        place,
        spot,
        seen,
        has_come: false,
        has_been: false,
        backoff: ReconnectBackoff::default(),
        clock,
        output,
    }
    .until_its_end()
    .await
}

/// What cannot be had by waiting or by serving.
fn no_viewer(error: ViewerError) -> CommandError {
    CommandError::new(ErrorKind::ActionFailed, error)
        .hint("name another with --viewer or ECS_VNC_VIEWER, or use `ecs-vnc relay` and start one yourself")
}

/// Listens where the viewer can be told to connect.
async fn listen(viewer: Option<&Viewer>, port: u16) -> Result<Listener, CommandError> {
    let tcp = |port| ListenAddress::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let wants = |wants: fn(&Viewer) -> bool| viewer.is_some_and(wants);
    if wants(Viewer::wants_socket) {
        return local_endpoint::bind(&ListenAddress::Unix(socket()?)).await;
    }
    if wants(Viewer::wants_display) && port == 0 {
        for port in DISPLAYS {
            if let Ok(listener) = local_endpoint::bind(&tcp(port)).await {
                return Ok(listener);
            }
        }
        let message = "no display is free: all ports from 5900 to 5999 are in use";
        return Err(CommandError::message(ErrorKind::ActionFailed, message)
            .hint("use {host} and {port} in the viewer's command"));
    }
    if wants(Viewer::wants_display) && !DISPLAYS.contains(&port) {
        let message = format!("--port {port} is no display, which the viewer's command asks for");
        return Err(CommandError::message(ErrorKind::Usage, message).hint("displays are the ports from 5900 to 5999"));
    }
    local_endpoint::bind(&tcp(port)).await
}

/// A new socket in a directory of the user's own.
fn socket() -> Result<PathBuf, CommandError> {
    let dir = dirs::runtime_dir().or_else(dirs::cache_dir).ok_or_else(|| {
        let message = "there is no directory for a Unix socket: this user has neither XDG_RUNTIME_DIR nor a home";
        CommandError::message(ErrorKind::ActionFailed, message).hint("use {host} and {port} in the viewer's command")
    })?;
    Ok(dir.join("ecs-vnc-view").join(&random::hex_128()[..16]))
}

fn spot(place: &ListenAddress, title: &str) -> ViewerAddress {
    let title = crate::text::sanitize::sanitize(title, 80);
    match place {
        ListenAddress::Tcp(address) => {
            ViewerAddress { host: address.ip().to_string(), port: address.port(), title, ..ViewerAddress::default() }
        }
        ListenAddress::Unix(socket) => ViewerAddress { socket: socket.clone(), title, ..ViewerAddress::default() },
    }
}

struct View {
    way: Arc<ConsoleGateway>,
    viewer: Viewer,
    /// Whether the user has not named it.
    is_found: bool,
    place: ListenAddress,
    spot: ViewerAddress,
    seen: UnboundedReceiver<Seen>,
    /// Whether a viewer has ever connected, and whether it was ever shown a desktop.
    has_come: bool,
    has_been: bool,
    backoff: ReconnectBackoff,
    clock: Clock,
    output: Output,
}

/// How a viewer's time has ended.
enum Turn {
    /// It has ended by itself, and whether it had connected.
    Ended(ExitStatus, bool),
    /// The console has; it had held for so long.
    Lost(String, Duration),
}

impl View {
    /// One viewer after another, until the user ends one.
    async fn until_its_end(mut self) -> Result<ExitCode, CommandError> {
        loop {
            let mut running = self.viewer.start(&self.spot).map_err(no_viewer)?;
            self.output.detail(1, &format!("{} was started on {}", self.viewer.name, self.place));
            let turn = self.turn(&mut running).await;
            // One that shows other consoles too goes on.
            match turn {
                Ok(Turn::Ended(status, has_come)) => {
                    let ended = self.over(status, has_come, &running.last_stderr_line().await);
                    // A display that is set and dead, for example: another viewer, elsewhere, may still come.
                    return match ended {
                        Err(failure) if self.is_found && !self.has_come => self.serve(&failure).await,
                        ended => ended,
                    };
                }
                _ if self.viewer.is_shared => {}
                _ => running.terminate().await,
            }
            if let Turn::Lost(why, held) = turn? {
                self.wait(&why, held).await;
            }
        }
    }

    /// From a viewer's start to its end, or the console's.
    async fn turn(&mut self, running: &mut RunningViewer) -> Result<Turn, CommandError> {
        let (mut open, mut has_come, mut exited): (usize, bool, Option<ExitStatus>) = (0, false, None);
        let mut began = self.clock.instant();
        let mut ends: Option<Instant> = None;
        loop {
            if let (Some(status), 0) = (exited, open) {
                if has_come || !status.success() {
                    return Ok(Turn::Ended(status, has_come));
                }
                ends.get_or_insert(self.clock.instant() + HANDED_ON);
            }
            let deadline = ends.unwrap_or(began);
            tokio::select! {
                biased;
                Some(seen) = self.seen.recv() => match seen {
                    Seen::Came => {
                        (open, has_come, began) = (open + 1, true, self.clock.instant());
                        self.has_come = true;
                    }
                    Seen::Ended(ended) => {
                        open = open.saturating_sub(1);
                        let held = self.clock.instant().saturating_duration_since(began);
                        if let Some(why) = self.ended(ended)? {
                            return Ok(Turn::Lost(why, held));
                        }
                    }
                },
                status = running.wait(), if exited.is_none() => {
                    exited = Some(status.map_err(|error| CommandError::new(ErrorKind::ActionFailed, error))?);
                }
                () = sleep_until(deadline), if ends.is_some() && open == 0 => {
                    let message = format!("{} ended without having connected", self.viewer.name);
                    return Err(no_viewer(ViewerError::StartFailed(message)));
                }
            }
        }
    }

    /// What has come of a viewer's connection: why it is to be started again, if it is.
    fn ended(&mut self, ended: Result<SessionEnd, CommandError>) -> Result<Option<String>, CommandError> {
        let instance = &self.way.instance().id;
        match ended {
            Ok(SessionEnd::Left { has_begun }) => self.has_been |= has_begun,
            // A wrong password, most likely, for which the viewer itself asks again.
            Ok(SessionEnd::Dropped(why @ DropReason::BeforeDesktop(_))) if !self.has_been => {
                self.output.warning(&format!("the console of {instance} was lost: {why}"));
            }
            Ok(SessionEnd::Dropped(why)) => {
                self.has_been = true;
                return Ok(Some(why.to_string()));
            }
            Ok(SessionEnd::TakenOver(why)) => return Err(gateway::taken_over(instance, &why)),
            // What was there once may be there again.
            Err(failure) if self.has_been && failure.kind.is_transient() => {
                return Ok(Some(format!("{:#}", failure.error)));
            }
            Err(failure) => return Err(failure),
        }
        Ok(None)
    }

    /// Serves whatever viewer comes, in place of the one that does not start.
    async fn serve(&mut self, failure: &CommandError) -> Result<ExitCode, CommandError> {
        self.output.warning(&format!("{:#}; the console is served for a viewer that you start", failure.error));
        if !self.output.is_json() {
            local_endpoint::tell(&self.place, self.way.instance(), self.output)?;
        }
        self.output.note("serving until Ctrl-C");
        Err(local_endpoint::report(&mut self.seen, &self.way.instance().id, self.output).await)
    }

    /// The user's end of it, or a viewer that has failed.
    fn over(&self, status: ExitStatus, has_come: bool, last_line: &str) -> Result<ExitCode, CommandError> {
        if status.success() {
            return Ok(ExitCode::SUCCESS);
        }
        let when = if has_come { "" } else { " without having connected" };
        let said = if last_line.is_empty() { String::new() } else { format!(": {last_line}") };
        Err(no_viewer(ViewerError::StartFailed(format!("{} ended{when} ({status}){said}", self.viewer.name))))
    }

    /// Waits until it is time for another viewer, and until the instance runs, as far as that is known.
    async fn wait(&mut self, why: &str, held: Duration) {
        let instance = self.way.instance().id.clone();
        let mut pause = self.backoff.delay_after(held);
        self.output.warning(&format!(
            "the console of {instance} was lost: {why}; connecting again in {} s (Ctrl-C ends it)",
            pause.as_secs()
        ));
        loop {
            let until = self.clock.instant() + pause;
            while let left @ 1.. = until.saturating_duration_since(self.clock.instant()).as_millis() {
                self.output.progress(&format!("{instance}: connecting again in {} s", left.div_ceil(1000)));
                sleep(TICK.min(Duration::from_millis(left as u64))).await;
            }
            match self.way.status().await.as_deref() {
                Some(status) if status != "Running" => {
                    self.output.detail(1, &format!("{instance} is {status}"));
                    pause = self.backoff.delay_after(Duration::ZERO);
                }
                _ => return,
            }
        }
    }
}
