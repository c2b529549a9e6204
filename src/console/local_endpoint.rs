//! A local port or Unix socket where viewers connect to one instance's console.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::command_error::CommandError;
use crate::console::gateway::{self, SessionEnd};
use crate::console::sharing::viewer_gateway::ViewerGateway;
use crate::console::viewer_listener;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::listen::{self, Listener, Stream};
use crate::relay::local_greeting::{Greeted, GreetingFault};
use crate::relay::{DropReason, LocalGreeting};
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

/// The address of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListenAddress {
    /// Port 0 stands for any free port.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

/// Binds a port or a socket.
pub(crate) async fn bind(address: &ListenAddress) -> Result<Listener, CommandError> {
    let (listener, name, hint) = match address {
        ListenAddress::Tcp(address) => (Listener::tcp(*address).await, address.to_string(), "try another --port"),
        ListenAddress::Unix(path) => (Listener::unix(path).await, path.shown(), "try another path"),
    };
    listener.map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("could not listen on {name}"));
        CommandError::new(ErrorKind::ActionFailed, error).hint(hint)
    })
}

impl ListenAddress {
    /// Returns the address of a listener, with its actual port.
    pub(crate) fn of(listener: &Listener) -> Self {
        match listener.address() {
            Some(address) => Self::Tcp(address),
            None => Self::Unix(listener.path().map(Into::into).unwrap_or_default()),
        }
    }
}

/// Written as TigerVNC, RealVNC and TightVNC take it: two colons before a port, as one colon precedes a display number.
impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(SocketAddr::V6(address)) => write!(f, "[{}]::{}", address.ip(), address.port()),
            Self::Tcp(address) => write!(f, "{}::{}", address.ip(), address.port()),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// `-o json`: where an instance's console is served.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    host: Option<String>,
    port: Option<u16>,
    socket: Option<String>,
}

/// Prints the address. Scripts wait for this line.
pub(crate) fn announce(
    address: &ListenAddress,
    instance: &ResolvedInstance,
    output: Output,
) -> Result<(), CommandError> {
    let id = instance.id.as_str();
    if output.is_json() {
        let (host, port, socket) = match address {
            ListenAddress::Tcp(address) => (Some(address.ip().to_string()), Some(address.port()), None),
            ListenAddress::Unix(path) => (None, None, Some(path.display().to_string())),
        };
        return output.json(&EndpointOutput { instance_id: id, region_id: &instance.region, host, port, socket });
    }
    output.line(&address.to_string())?;
    match address {
        ListenAddress::Tcp(tcp) if tcp.ip().is_unspecified() => {
            output.note(&format!("{id}: connect a viewer to port {} of this machine", tcp.port()));
        }
        ListenAddress::Tcp(tcp) => {
            output.note(&format!("{id}: connect with: vncviewer {address} (other viewers: vnc://{tcp})"));
        }
        ListenAddress::Unix(_) => {}
    }
    Ok(())
}

/// Returns a warning if anyone but the user can connect to the address.
pub(crate) fn exposure_warning(address: &ListenAddress) -> Option<String> {
    match address {
        ListenAddress::Tcp(address) if !address.ip().to_canonical().is_loopback() => Some(format!(
            "anyone who can reach {} can use the console, and the connection is not encrypted",
            address.ip()
        )),
        // Windows and Linux tell it; every other system has Unix sockets.
        ListenAddress::Tcp(_) if !listen::can_check_peers() => Some(
            "this system does not tell which user a viewer belongs to: any user of this machine can connect; \
             use --unix to prevent it"
                .to_owned(),
        ),
        _ => None,
    }
}

/// What happens at an endpoint. Each `Connected` is followed by an `Ended`.
#[derive(Debug)]
pub(crate) enum ViewerEvent {
    /// A viewer has connected and sent its RFB version.
    Connected,
    /// A viewer's session ended, or the console could not be opened for it.
    Ended(Result<SessionEnd, CommandError>),
}

/// Connects each viewer to the console. Ends when the receiver of the events is dropped.
pub(crate) async fn accept_viewers(
    listener: Listener,
    gateway: Arc<ViewerGateway>,
    events: UnboundedSender<ViewerEvent>,
    output: Output,
) {
    let id = gateway.console().instance().id.clone();
    let greeting = LocalGreeting::default();
    let serve = |stream: Stream, peer: String| {
        let (gateway, greeting, events) = (gateway.clone(), greeting.clone(), events.clone());
        tokio::spawn(async move {
            let usage = stream.usage();
            let id = &gateway.console().instance().id;
            let viewer = match greeting.greet(stream).await {
                Ok(viewer) => viewer,
                Err(reason) => return output.detail(1, &format!("{id}: ignored the connection from {peer}: {reason}")),
            };
            usage.begin();
            output.detail(2, &format!("{id}: a viewer connected from {peer}"));
            // Sending fails only if the command is about to end.
            let _ = events.send(ViewerEvent::Connected);
            let _ = events.send(ViewerEvent::Ended(serve_greeted(viewer, &gateway).await));
        });
    };
    tokio::select! {
        () = events.closed() => {}
        () = viewer_listener::accept(&listener, &id, output, serve) => {}
    }
}

/// Connects a greeted viewer to the console.
async fn serve_greeted(viewer: Greeted<Stream>, gateway: &ViewerGateway) -> Result<SessionEnd, CommandError> {
    let fault = viewer.fault();
    let end = gateway.serve(viewer).await?;
    Ok(match fault.get() {
        None => end,
        Some(fault @ GreetingFault::OlderConsole) => SessionEnd::Dropped(DropReason::Reported(fault.to_string())),
        Some(fault) => SessionEnd::Dropped(DropReason::BeforeDesktop(Some(fault.to_string()))),
    })
}

/// Serves viewers until another client takes the console over, and returns that as an error.
pub(crate) async fn serve(listener: Listener, gateway: Arc<ViewerGateway>, output: Output) -> CommandError {
    let (sender, mut events) = unbounded_channel();
    let reporting = report_viewers(&mut events, &gateway.console().instance().id, output);
    tokio::select! {
        error = reporting => error,
        () = accept_viewers(listener, gateway.clone(), sender, output) => no_longer_accepting(),
    }
}

/// Reports how sessions end, until another client takes the console over. Returns that as an error.
pub(crate) async fn report_viewers(
    events: &mut UnboundedReceiver<ViewerEvent>,
    instance: &str,
    output: Output,
) -> CommandError {
    while let Some(event) = events.recv().await {
        match event {
            ViewerEvent::Connected
            | ViewerEvent::Ended(Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. })) => {}
            ViewerEvent::Ended(Ok(SessionEnd::Dropped(reason))) => {
                output.warning(&format!("{instance}: the console was lost: {reason}"));
            }
            ViewerEvent::Ended(Ok(SessionEnd::TakenOver(reason))) => return gateway::taken_over(instance, &reason),
            ViewerEvent::Ended(Err(error)) => output.failure(&error.about(instance)),
        }
    }
    no_longer_accepting()
}

/// The accept loop ends only with the command, so this error is never reported.
pub(crate) fn no_longer_accepting() -> CommandError {
    CommandError::message(ErrorKind::Other, "no longer accepting viewers")
}
