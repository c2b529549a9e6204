//! The port or socket that a viewer connects to.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::PathBuf;

use crate::command_error::CommandError;
use crate::console::local_endpoint::{self, ListenAddress};
use crate::error_kind::ErrorKind;
use crate::listen::Listener;
use crate::programs::{Viewer, ViewerAddress};
use crate::system::directories;
use crate::system::environment::Environment;
use crate::system::random;
use crate::text::sanitize::sanitize;

/// The ports of the VNC displays :0 to :99.
const DISPLAY_PORTS: Range<u16> = 5900..6000;

/// The longest title of a viewer's window, in characters.
const MAX_TITLE_LEN: usize = 80;

/// Binds an endpoint of the kind that the viewer's command asks for. `port` 0 stands for any free port.
pub(super) async fn bind(viewer: Option<&Viewer>, port: u16) -> Result<Listener, CommandError> {
    let tcp = |port| ListenAddress::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    if viewer.is_some_and(Viewer::wants_socket) {
        return local_endpoint::bind(&ListenAddress::Unix(new_socket_path()?)).await;
    }
    if !viewer.is_some_and(Viewer::wants_display) {
        return local_endpoint::bind(&tcp(port)).await;
    }
    if port == 0 {
        for port in DISPLAY_PORTS {
            if let Ok(listener) = local_endpoint::bind(&tcp(port)).await {
                return Ok(listener);
            }
        }
        let message = "no free display: all ports from 5900 to 5999 are in use";
        return Err(CommandError::message(ErrorKind::ActionFailed, message)
            .hint("use {host} and {port} instead of {display} in the viewer's command"));
    }
    if !DISPLAY_PORTS.contains(&port) {
        let message = format!("--port {port} is not a display, but the viewer's command contains {{display}}");
        return Err(CommandError::message(ErrorKind::Usage, message).hint("use a port from 5900 to 5999"));
    }
    local_endpoint::bind(&tcp(port)).await
}

/// Returns a path for a new socket in a directory that only the user can read.
fn new_socket_path() -> Result<PathBuf, CommandError> {
    let dir = directories::runtime(&Environment::from_process()).ok_or_else(|| {
        let message = "no directory for a Unix socket: neither XDG_RUNTIME_DIR nor a home directory is set";
        CommandError::message(ErrorKind::ActionFailed, message)
            .hint("use {host} and {port} instead of {socket} in the viewer's command")
    })?;
    Ok(dir.join("ecs-vnc-view").join(&random::hex_128()[..16]))
}

/// Returns what a viewer's command is filled with.
pub(super) fn viewer_address(address: &ListenAddress, title: &str) -> ViewerAddress {
    let title = sanitize(title, MAX_TITLE_LEN);
    match address {
        ListenAddress::Tcp(address) => {
            ViewerAddress { host: address.ip().to_string(), port: address.port(), title, ..ViewerAddress::default() }
        }
        ListenAddress::Unix(socket) => ViewerAddress { socket: socket.clone(), title, ..ViewerAddress::default() },
    }
}
