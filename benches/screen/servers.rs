//! Real VNC servers without a password, and a WebSocket for the one that has none.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use ecs_vnc::websocket;
use tokio::io::copy_bidirectional;
use tokio::sync::oneshot;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::pairs::{Outcome, find};
use crate::probe;

/// How long a server may take to show its screen.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far apart two looks are that see the same.
const STILL: Duration = Duration::from_millis(700);

/// What a cursor that blinks makes of a screen, in bytes on the wire.
const CURSOR: u64 = 64;

/// How much may be on its way through the bridge, in bytes.
const ON_ITS_WAY: usize = 256 << 10;

/// A server that shows its screen.
pub(crate) struct Server {
    /// For the tables.
    pub name: &'static str,
    /// RFB.
    pub tcp: u16,
    /// RFB in a WebSocket.
    pub web_socket: u16,
    process: Child,
}

/// How a server is started, or why it is not.
pub(crate) type Start = fn() -> Outcome<Server>;

/// The hypervisor behind the real service: a text screen of 720x400, "No bootable device".
pub(crate) fn qemu() -> Outcome<Server> {
    let program = find("qemu-system-x86_64").ok_or("there is no qemu-system-x86_64 here")?;
    let (tcp, web_socket) = (free_port()?, free_port()?);
    let vnc = format!("127.0.0.1:{},websocket={web_socket}", tcp.checked_sub(5900).ok_or("a port below 5900")?);
    let mut command = Command::new(program);
    command.args(["-display", "none", "-m", "64", "-nic", "none", "-vnc", &vnc]);
    let server = Server { name: "QEMU 720x400", tcp, web_socket, process: spawn(&mut command)? };
    server.until_still((720, 400))
}

/// An X server of 1024x768 with the old weave on its root window.
pub(crate) fn xtigervnc() -> Outcome<Server> {
    let program = find("Xtigervnc").ok_or("there is no Xtigervnc here")?;
    let tcp = free_port()?;
    let mut command = Command::new(program);
    command.args(["-displayfd", "1", "-rfbport", &tcp.to_string(), "-localhost", "-nolisten", "tcp"]);
    command.args(["-SecurityTypes", "None", "-retro", "-geometry", "1024x768", "-depth", "24"]);
    let process = spawn(&mut command)?;
    let server = Server { name: "Xtigervnc 1024x768", tcp, web_socket: bridge(tcp)?, process };
    server.until_still((1024, 768))
}

impl Server {
    fn until_still(mut self, size: (u16, u16)) -> Outcome<Self> {
        let (start, mut before) = (Instant::now(), None::<u64>);
        loop {
            if self.process.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                return Err(format!("{} does not show its screen", self.name).into());
            }
            let seen = TcpStream::connect(("127.0.0.1", self.tcp)).map_err(Into::into).and_then(probe::first_frame);
            // It may not listen yet.
            let seen = seen.ok().filter(|frame| frame.size == size).map(|frame| frame.bytes);
            if let (Some(seen), Some(before)) = (seen, before)
                && seen.abs_diff(before) <= CURSOR
            {
                return Ok(self);
            }
            before = seen;
            sleep(STILL);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(command: &mut Command) -> Outcome<Child> {
    Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A WebSocket that leads to a port, for as long as the bench runs.
fn bridge(tcp: u16) -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime
            .block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                loop {
                    let (stream, _) = listener.accept().await?;
                    // A client that leaves is no fault of the bridge.
                    tokio::spawn(async move { drop(carry(stream, tcp).await) });
                }
                #[allow(unreachable_code, reason = "it says what the block's errors are")]
                Outcome::Ok(())
            })
            .map_err(|error| error.to_string())
    });
    Ok(port)
}

async fn carry(stream: tokio::net::TcpStream, tcp: u16) -> Outcome<()> {
    stream.set_nodelay(true)?;
    #[allow(clippy::result_large_err, reason = "tungstenite's own")]
    let binary = |_: &Request, mut response: Response| {
        let name = HeaderValue::from_static(websocket::server_handshake::SUBPROTOCOL);
        response.headers_mut().insert("Sec-WebSocket-Protocol", name);
        Ok(response)
    };
    let socket = accept_hdr_async_with_config(stream, binary, Some(websocket::websocket_config())).await?;
    let mut server = tokio::net::TcpStream::connect(("127.0.0.1", tcp)).await?;
    server.set_nodelay(true)?;
    let (near, mut far) = tokio::io::duplex(ON_ITS_WAY);
    let (tell, told) = oneshot::channel::<()>();
    let farewell = async {
        let _ = told.await;
        CloseFrame { code: CloseCode::Normal, reason: "".into() }
    };
    let carrying = async move {
        let _ = copy_bidirectional(&mut far, &mut server).await;
        drop(tell);
    };
    let (joined, ()) = tokio::join!(websocket::bridge(socket, near, farewell), carrying);
    Ok(joined?)
}
