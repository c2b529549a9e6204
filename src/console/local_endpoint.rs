//! A place of this machine where viewers connect to one instance's console: bound, told, attended.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::command_error::CommandError;
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::listen::{self, ListenEvent, Listener};
use crate::terminal::output::Output;

/// Each viewer needs two file descriptors, and a console has room for one of them.
const MAX_VIEWERS: usize = 128;

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListenAddress {
    /// Port 0 is any free one.
    Tcp(SocketAddr),
    /// A Unix socket's path.
    Unix(PathBuf),
}

/// Listens there.
pub(crate) async fn bind(place: &ListenAddress) -> Result<Listener, CommandError> {
    let (listener, at, hint) = match place {
        ListenAddress::Tcp(address) => (Listener::tcp(*address).await, address.to_string(), "try another --port"),
        ListenAddress::Unix(path) => (Listener::unix(path).await, path.display().to_string(), "try another path"),
    };
    listener.map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("could not listen on {at}"));
        CommandError::new(ErrorKind::ActionFailed, error).hint(hint)
    })
}

impl ListenAddress {
    /// Of what is listened on.
    pub(crate) fn of(listener: &Listener) -> Self {
        match listener.address() {
            Some(address) => Self::Tcp(address),
            None => Self::Unix(listener.path().map(Into::into).unwrap_or_default()),
        }
    }
}

/// What TigerVNC, RealVNC and TightVNC are told: two colons part a port, one would part a display's number.
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
struct Line<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    host: Option<String>,
    port: Option<u16>,
    socket: Option<String>,
}

/// Says where it is, at once: a script waits for the line.
pub(crate) fn tell(place: &ListenAddress, target: &ResolvedInstance, output: Output) -> Result<(), CommandError> {
    if output.is_json() {
        let (host, port, socket) = match place {
            ListenAddress::Tcp(address) => (Some(address.ip().to_string()), Some(address.port()), None),
            ListenAddress::Unix(path) => (None, None, Some(path.display().to_string())),
        };
        let (instance_id, region_id) = (target.id.as_str(), target.region.as_str());
        return output.json(&Line { instance_id, region_id, host, port, socket });
    }
    output.line(&place.to_string())?;
    let instance = &target.id;
    match place {
        ListenAddress::Tcp(address) if address.ip().is_unspecified() => {
            let port = address.port();
            output.note(&format!("{instance}: viewers find it at this machine's addresses, port {port}"));
        }
        ListenAddress::Tcp(address) => output
            .note(&format!("{instance}: give {place} to TigerVNC, RealVNC or TightVNC, and vnc://{address} to others")),
        ListenAddress::Unix(_) => {}
    }
    Ok(())
}

/// What is to be said of who else can connect there.
pub(crate) fn warning(place: &ListenAddress) -> Option<String> {
    match place {
        ListenAddress::Tcp(address) if !address.ip().to_canonical().is_loopback() => {
            Some(format!("whoever reaches {} has the console, and what passes is not encrypted", address.ip()))
        }
        ListenAddress::Tcp(_) if !listen::can_check_peers() => {
            let other = if cfg!(unix) { "; --unix is for you alone" } else { "" };
            Some(format!("on this system it cannot be seen whose viewer connects: any user of this machine can{other}"))
        }
        _ => None,
    }
}

/// What happens there. Each `Came` is followed by an `Ended`.
#[derive(Debug)]
pub(crate) enum Seen {
    /// A viewer has connected.
    Came,
    /// It has left, or it was dropped, or there was no console for it.
    Ended(Result<SessionEnd, CommandError>),
}

/// Leads each viewer that connects to a console of its own, until this is dropped or nobody listens to what is `seen`.
pub(crate) async fn attend(listener: Listener, way: Arc<ConsoleGateway>, seen: UnboundedSender<Seen>, output: Output) {
    let instance = way.instance().id.clone();
    let on_event = |event| match event {
        ListenEvent::Connected { stream, peer } => {
            output.detail(2, &format!("{instance}: a viewer connected from {peer}"));
            let (way, seen) = (way.clone(), seen.clone());
            // Fails only if the command is about to end.
            let _ = seen.send(Seen::Came);
            tokio::spawn(async move { seen.send(Seen::Ended(way.serve(stream).await)) });
        }
        ListenEvent::Refused(peer) if peer.has_disconnected() => {
            output.detail(1, &format!("{instance}: a viewer disconnected before it was accepted"));
        }
        ListenEvent::Refused(peer) => output.warning(&format!("{instance}: refused {peer}")),
        ListenEvent::Failed(error) => output.warning(&format!("{instance}: could not accept a viewer: {error}")),
    };
    tokio::select! {
        () = seen.closed() => {}
        () = listener.accept_loop(MAX_VIEWERS, on_event) => {}
    }
}

/// Serves viewers, and ends when somebody else is on the console.
pub(crate) async fn serve(listener: Listener, way: Arc<ConsoleGateway>, output: Output) -> CommandError {
    let (sender, mut seen) = unbounded_channel();
    let reporting = report(&mut seen, &way.instance().id, output);
    // The one that attends does not end before the other.
    tokio::select! {
        failure = reporting => failure,
        () = attend(listener, way.clone(), sender, output) => nobody_attends(),
    }
}

/// Tells how it went for viewers, until somebody else is on the console.
pub(crate) async fn report(seen: &mut UnboundedReceiver<Seen>, instance: &str, output: Output) -> CommandError {
    while let Some(event) = seen.recv().await {
        match event {
            Seen::Came | Seen::Ended(Ok(SessionEnd::Left { .. })) => {}
            Seen::Ended(Ok(SessionEnd::Dropped(why))) => {
                output.warning(&format!("{instance}: the console was lost: {why}"));
            }
            Seen::Ended(Ok(SessionEnd::TakenOver(why))) => return gateway::taken_over(instance, &why),
            Seen::Ended(Err(failure)) => output.failure(&failure.about(instance)),
        }
    }
    nobody_attends()
}

fn nobody_attends() -> CommandError {
    CommandError::message(ErrorKind::Other, "nobody attends to viewers any more")
}
