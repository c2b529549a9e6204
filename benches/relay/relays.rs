//! The relays that are compared, how each is started, and a session through one.

use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

use crate::ends::{Dress, End, Stream};
use crate::pairs::{Outcome, find, python};
use crate::{api, processes};

/// Whom we are compared with.
pub(crate) const PEERS: [Kind; 4] =
    [Kind::Socat { buffer: 8 << 10 }, Kind::Socat { buffer: 64 << 10 }, Kind::Python, Kind::Websockify];

/// How long a relay may take to listen, or a session to open.
const PATIENCE: Duration = Duration::from_secs(10);

/// What joins the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `ecs-vnc relay`: TCP to WebSocket, by TLS or without.
    Ours { is_secure: bool },
    /// TCP to TCP, read by so many bytes; 8 KiB is its default.
    Socat { buffer: usize },
    /// `aliyun-ecs-vnc`: TCP to WebSocket.
    Python,
    /// WebSocket to TCP: the other way round.
    Websockify,
}

impl Kind {
    /// For the table.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Ours { is_secure: false } => "ecs-vnc relay, ws".to_owned(),
            Self::Ours { is_secure: true } => "ecs-vnc relay, wss".to_owned(),
            Self::Socat { buffer } => format!("socat -b {buffer} (TCP to TCP)"),
            Self::Python => "aliyun-ecs-vnc".to_owned(),
            Self::Websockify => "websockify (WebSocket to TCP)".to_owned(),
        }
    }

    /// What it is given to carry: a second or a few.
    pub(crate) fn bytes(self) -> u64 {
        match self {
            Self::Ours { .. } | Self::Socat { .. } => 1 << 30,
            Self::Websockify => 128 << 20,
            Self::Python => 16 << 20,
        }
    }

    /// How many times there and back.
    pub(crate) fn trips(self) -> u32 {
        match self {
            Self::Ours { .. } | Self::Socat { .. } => 20_000,
            Self::Websockify | Self::Python => 5_000,
        }
    }

    /// A Python process a session takes all memory there is.
    pub(crate) fn most_sessions(self) -> usize {
        if self == Self::Websockify { 100 } else { 1_000 }
    }

    fn dresses(self) -> (Dress, Dress) {
        match self {
            Self::Ours { .. } | Self::Python => (Dress::Plain, Dress::Server),
            Self::Socat { .. } => (Dress::Plain, Dress::Plain),
            Self::Websockify => (Dress::Client, Dress::Plain),
        }
    }
}

/// A relay that listens.
pub(crate) struct Relay {
    kind: Kind,
    process: Child,
    /// One, or one a session.
    ports: Vec<u16>,
    /// Where it connects to.
    console: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    _home: TempDir,
}

/// A session through a relay.
pub(crate) struct Session<'a> {
    /// The viewer's end.
    pub near: End,
    /// The console's.
    pub far: End,
    /// What joins them.
    pub relay: &'a Relay,
}

/// Starts a relay that can have so many sessions at once.
pub(crate) fn start(kind: Kind, sessions: usize) -> Outcome<Relay> {
    let home = tempfile::tempdir()?;
    let console = TcpListener::bind("127.0.0.1:0")?;
    console.set_nonblocking(true)?;
    let far = console.local_addr()?.port();
    let (process, ports, tls) = match kind {
        Kind::Ours { is_secure } => {
            let tls = if is_secure { Some(tls(home.path())?) } else { None };
            let scheme = if is_secure { "wss" } else { "ws" };
            let vnc_url = format!("{scheme}%3A%2F%2F127.0.0.1%3A{far}%2Fwebsockify%2F%3Fs%3Dbench");
            let (process, ports) = ours(home.path(), api::serve(&vnc_url)?, sessions)?;
            (process, ports, tls)
        }
        Kind::Socat { buffer } => {
            let socat = find("socat").ok_or("there is no socat here")?;
            let near = free_port()?;
            let mut command = Command::new(socat);
            command.arg("-b").arg(buffer.to_string());
            command.arg(format!("TCP-LISTEN:{near},bind=127.0.0.1,reuseaddr,fork,backlog=128,nodelay"));
            (listening(command.arg(format!("TCP:127.0.0.1:{far},nodelay")), near)?, vec![near], None)
        }
        Kind::Python => {
            let near = free_port()?;
            let config = format!(
                "alibaba_cloud: {{access_key_id: x, access_key_secret: x, region_id: cn-hangzhou}}\n\
                 listen: {{host: 127.0.0.1}}\n\
                 instances: [{{instance_id: i-bench1, port: {near}}}]\n"
            );
            fs::write(home.path().join("config.yaml"), config)?;
            let mut command = Command::new(python_with("aliyun_ecs_vnc")?);
            command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rival.py")).arg("--dir").arg(home.path());
            command.env("VNC_URL", format!("ws://127.0.0.1:{far}/websockify/?s=bench"));
            (listening(&mut command, near)?, vec![near], None)
        }
        Kind::Websockify => {
            let near = free_port()?;
            let mut command = Command::new(python_with("websockify")?);
            command.args(["-m", "websockify", &format!("127.0.0.1:{near}"), &format!("127.0.0.1:{far}")]);
            (listening(&mut command, near)?, vec![near], None)
        }
    };
    Ok(Relay { kind, process, ports, console, tls, _home: home })
}

/// The relay of users, in a sealed environment, and its ports. An instance takes 30 connections a minute, so each
/// session has its own.
fn ours(home: &Path, api: u16, sessions: usize) -> Outcome<(Child, Vec<u16>)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecs-vnc"));
    command.arg("relay").args((0..sessions).map(|session| format!("i-bench{session}"))).env_clear();
    command.env("HOME", home).env("SSL_CERT_FILE", home.join("ca.pem")).envs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIbenchbenchbenchbenchb"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "benchbenchbenchbenchbenchbench"),
        ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
        ("ALIBABA_CLOUD_ENDPOINT", &format!("http://127.0.0.1:{api}")),
    ]);
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let lines = BufReader::new(process.stdout.take().ok_or("no stdout")?).lines();
    let ports: Vec<u16> =
        lines.take(sessions).map(|line| Ok(line?.rsplit(':').next().unwrap_or("").parse()?)).collect::<Outcome<_>>()?;
    if ports.len() < sessions {
        return Err("the relay did not start".into());
    }
    Ok((process, ports))
}

/// Starts what listens on a port that it was told.
fn listening(command: &mut Command, port: u16) -> Outcome<Child> {
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let start = Instant::now();
    while !processes::listens(port)? {
        if process.try_wait()?.is_some() || start.elapsed() > PATIENCE {
            let _ = process.kill();
            return Err(format!("{} did not listen", command.get_program().display()).into());
        }
        sleep(Duration::from_millis(20));
    }
    Ok(process)
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A Python that has this module: the peers are installed where they are not.
fn python_with(module: &str) -> Outcome<PathBuf> {
    let python = python()?;
    let has = || -> Outcome<bool> {
        let import = format!("import {module}");
        Ok(Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status()?.success())
    };
    if !has()? {
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/requirements.txt");
        Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements).status()?;
    }
    if has()? { Ok(python) } else { Err(format!("{} has no {module}", python.display()).into()) }
}

/// A certificate for this machine, and the CA's at `home`.
fn tls(home: &Path) -> Outcome<Arc<ServerConfig>> {
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate()?;
    fs::write(home.join("ca.pem"), ca.self_signed(&ca_key)?.pem())?;
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &Issuer::new(ca, ca_key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    Ok(Arc::new(config.with_single_cert(vec![leaf.der().clone()], key)?))
}

impl Relay {
    /// Its process.
    pub(crate) fn root(&self) -> u32 {
        self.process.id()
    }

    /// Opens a session, the `index`-th of those that are open.
    pub(crate) fn open(&self, index: usize) -> Outcome<Session<'_>> {
        let (near, far) = self.kind.dresses();
        let port = self.ports[index.min(self.ports.len() - 1)];
        let viewer = ready(TcpStream::connect(("127.0.0.1", port))?)?;
        // websockify connects to its target once the WebSocket is open, the others before anything is said.
        let near = End::new(Box::new(viewer), near)?;
        let console = ready(self.accept()?)?;
        let console: Box<dyn Stream> = match &self.tls {
            Some(tls) => Box::new(StreamOwned::new(ServerConnection::new(tls.clone())?, console)),
            None => Box::new(console),
        };
        let far = End::new(console, far)?;
        let mut session = Session { near, far, relay: self };
        session.greet()?;
        Ok(session)
    }

    /// The relay's own connection, if it comes.
    fn accept(&self) -> Outcome<TcpStream> {
        let start = Instant::now();
        loop {
            match self.console.accept() {
                Ok((stream, _)) => return Ok(stream),
                Err(error) if error.kind() == ErrorKind::WouldBlock && start.elapsed() < PATIENCE => {
                    sleep(Duration::from_micros(200));
                }
                Err(error) => return Err(format!("{} did not connect: {error}", self.kind.name()).into()),
            }
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Its children, if it has any, end with their sessions.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn ready(stream: TcpStream) -> Outcome<TcpStream> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

impl Session<'_> {
    /// The viewer leaves. A console that leaves first has dropped its viewer, and after two of these our relay ends.
    pub(crate) fn end(self) -> Outcome<()> {
        let Self { near, mut far, .. } = self;
        drop(near);
        far.hear_the_last()
    }

    /// The greeting of RFB 3.8 without a password, to its end: RFC 6143, section 7.1 to 7.3.
    fn greet(&mut self) -> Outcome<()> {
        const VERSION: &[u8] = b"RFB 003.008\n";
        // 640 x 480, and a format of pixels.
        const INIT: &[u8] =
            &[2, 128, 1, 224, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 1, b'b'];
        for (server, client) in [(VERSION, VERSION), (&[1, 1], &[1]), (&[0; 4], &[1]), (INIT, &[])] {
            let mut heard = Vec::new();
            self.far.say(&self.far.dressed(server), 1)?;
            self.near.hear(server.len() as u64, |bytes| heard.extend_from_slice(bytes))?;
            if heard != server {
                return Err("the relay says something else than it was told".into());
            }
            if !client.is_empty() {
                self.near.say(&self.near.dressed(client), 1)?;
                self.far.hear(client.len() as u64, |_| {})?;
            }
        }
        self.near.rest();
        self.far.rest();
        Ok(())
    }
}
