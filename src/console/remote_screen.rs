//! A console that is looked at and typed on without a viewer: an RFB client at the near end of a [`ConsoleGateway`].
//!
//! ```text
//! RFB client ─ duplex ─ Way::serve ─ WebSocket → console
//! ```

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use tokio::time::{timeout, timeout_at};

use crate::account::{self, Account};
use crate::command_error::CommandError;
use crate::console::gateway::{self, ConsoleGateway, SessionEnd, USUAL_KEEPALIVE};
use crate::console::issuer::ConsoleIssuer;
use crate::console::key_sender;
use crate::console::readiness::running;
use crate::error_kind::ErrorKind;
use crate::instances::{self, InstanceSelector, ResolvedInstance, wait_until_running};
use crate::keyboard;
use crate::picture::Picture;
use crate::rfb::{Client, ClientError, ClientOptions, Event};
use crate::secret::Secret;
use crate::settings::flags::GlobalArgs;
use crate::settings::layers::Layers;
use crate::settings::load;
use crate::system::clock::{Clock, Deadline};
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::terminal::prompt::read_password;

/// How much may be on its way between the client and the console, in bytes.
const ON_ITS_WAY: usize = 256 << 10;

/// How long the console may take to hear the last keys.
const LAST_KEYS: Duration = Duration::from_secs(2);

/// How long it may take to know why a console was lost: the session's end, and a question for the instance's status.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// How long a screen that sleeps may take to show something.
const WAKES: Duration = Duration::from_secs(1);

/// What the verbs understand that need no viewer.
#[derive(Args, Clone, Debug)]
pub(crate) struct ScreenArgs {
    /// Read the VNC password from stdin.
    ///
    /// Rarely needed. The password is one line of six letters or digits [env: ECS_VNC_PASSWORD].
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Wait until the instance is running.
    ///
    /// Wait for up to --timeout, which is 10m by default with this flag.
    #[arg(long = "wait")]
    pub(crate) until_running: bool,
}

impl ScreenArgs {
    /// The VNC password, from stdin and settings.
    pub(crate) fn password(&self, layers: &Layers<'_>) -> Result<Option<Secret>, CommandError> {
        let given = if self.password_stdin { Some(read_password()?) } else { None };
        Ok(layers.vnc_password(given)?.map(|password| Secret::new(password.expose())))
    }
}

/// A console, and the client on it.
pub(crate) struct RemoteScreen {
    /// Looks and types.
    pub(crate) client: Client<DuplexStream>,
    way: Arc<ConsoleGateway>,
    /// The session below, until it is asked how it ended.
    serving: Option<Serving>,
}

type Serving = JoinHandle<Result<SessionEnd, CommandError>>;

impl RemoteScreen {
    /// Finds the one instance that a verb is for, and opens its console. What can fail before that has been done.
    pub(crate) async fn of(
        query: &InstanceSelector,
        args: &ScreenArgs,
        global: &GlobalArgs,
        env: &Environment,
        output: Output,
    ) -> Result<Self, CommandError> {
        let global = &wait_until_running::limited(global, args.until_running);
        let layers = load::layers(global, env, output)?;
        let (password, usual) = (args.password(&layers)?, layers.usual_timeout()?);
        let session = Arc::new(account::begin(&layers, env, output).await?);
        let target = instances::target(&session, query, args.until_running, output).await?;
        let target = running(&session, target, args.until_running, output).await?;
        // What was waited for has had its time; its console has its own.
        let limit = if args.until_running { session.clock().deadline(usual) } else { session.limit };
        let mut progress = Progress::new(session.clock(), output);
        let way = way_to(session, target, limit.total, output);
        progress.during(&format!("opening the console of {query}"), Self::open(way, password, limit)).await
    }

    /// Mints a VncUrl, connects, and greets the console. `password` is the instance's VNC password.
    pub(crate) async fn open(
        way: Arc<ConsoleGateway>,
        password: Option<Secret>,
        limit: Deadline,
    ) -> Result<Self, CommandError> {
        let (near, far) = tokio::io::duplex(ON_ITS_WAY);
        let served = way.clone();
        let serving = tokio::spawn(async move { served.serve(far).await });
        let options = ClientOptions { password, ..ClientOptions::default() };
        let instance = &way.target().instance;
        match timeout_at(limit.at, Client::connect(near, &options)).await {
            Ok(Ok(client)) => {
                way.connected(client.desktop_name());
                Ok(Self { client, way, serving: Some(serving) })
            }
            Ok(Err(error)) => Err(explain(instance, error, Some(serving)).await),
            Err(_) => {
                serving.abort();
                let message = format!("the console of {instance} did not greet within {} s", limit.total.as_secs_f64());
                Err(CommandError::message(ErrorKind::TimeLimit, message).hint("--timeout SECONDS waits longer"))
            }
        }
    }

    /// The instance.
    pub(crate) fn target(&self) -> &ResolvedInstance {
        self.way.target()
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &Clock {
        self.way.clock()
    }

    /// As long as the console may take to show itself, from now.
    pub(crate) fn usual_limit(&self) -> Deadline {
        self.clock().deadline(self.way.usual())
    }

    /// What is on the screen at this moment, all of it. What the guest changes while it is on its way may be in it by half:
    /// servers send a screen in pieces, and nothing in RFC 6143 says that they are of one moment.
    pub(crate) async fn picture(&mut self, limit: Deadline) -> Result<Picture, CommandError> {
        self.within(limit, "show a whole screen", Client::refresh_screen).await?;
        self.seen()
    }

    /// What has come of the screen so far.
    pub(crate) fn seen(&self) -> Result<Picture, CommandError> {
        let screen = self.client.screen();
        let picture = Picture::new(screen.width().into(), screen.height().into(), screen.rgb());
        picture.map_err(|error| CommandError::new(ErrorKind::BadAnswer, error))
    }

    /// Wakes a screen that sleeps: Shift is pressed, which types nothing, and what comes of it is waited for a second.
    pub(crate) async fn wake(&mut self, limit: Deadline) -> Result<(), CommandError> {
        key_sender::press(self, &[keyboard::KeyAction::Press(vec![keyboard::SHIFT])], false).await?;
        let work = async |client: &mut Client<DuplexStream>| {
            client.request_changes().await?;
            let drawn = async {
                while matches!(
                    client.next_event().await?,
                    Event::Update { damage: None } | Event::Leds(_) | Event::Bell
                ) {}
                Ok(())
            };
            timeout(WAKES, drawn).await.unwrap_or(Ok(()))
        };
        self.within(limit, "show a whole screen", work).await
    }

    /// Has the client do something within a time limit. `what` is what the console did not do, if so.
    pub(crate) async fn within<T>(
        &mut self,
        limit: Deadline,
        what: &str,
        work: impl AsyncFnOnce(&mut Client<DuplexStream>) -> Result<T, ClientError>,
    ) -> Result<T, CommandError> {
        match timeout_at(limit.at, work(&mut self.client)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.failure(error).await),
            Err(_) => Err(too_slow(&self.target().instance, what, limit)),
        }
    }

    /// The failure that an error of the client's is: where the console was lost, why. There is no session any more.
    pub(crate) async fn failure(&mut self, error: ClientError) -> CommandError {
        explain(&self.way.target().instance, error, self.serving.take()).await
    }

    /// Leaves, once the console has heard the last keys: a proxy on the way may forget those that come just before the
    /// end.
    pub(crate) async fn leave(mut self) -> Result<(), CommandError> {
        if self.client.are_keys_confirmed() {
            return Ok(());
        }
        match timeout(LAST_KEYS, self.client.refresh_screen()).await {
            // A console that does not answer has most likely taken them all the same.
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(error)) => Err(self.failure(error).await),
        }
    }
}

/// The way of verbs that need no viewer.
pub(crate) fn way_to(
    session: Arc<Account>,
    target: ResolvedInstance,
    usual: Duration,
    output: Output,
) -> Arc<ConsoleGateway> {
    let mint = Arc::new(ConsoleIssuer::without_page(session, std::slice::from_ref(&target), output));
    // As for viewers: a screen that stands still for minutes is not to be cut as idle.
    Arc::new(ConsoleGateway::new(mint, target, usual, Some(USUAL_KEEPALIVE), output))
}

async fn explain(instance: &str, error: ClientError, serving: Option<Serving>) -> CommandError {
    let is_end = matches!(error, ClientError::Closed | ClientError::ClosedInMessage | ClientError::Io(_));
    if let (true, Some(serving)) = (is_end, serving) {
        // Below, more is known: the API's refusal, the console's last words, the instance's status.
        match timeout(LAST_WORDS, serving).await {
            Ok(Ok(Err(failure))) => return failure,
            Ok(Ok(Ok(SessionEnd::Taken(why)))) => return gateway::taken(instance, &why),
            Ok(Ok(Ok(SessionEnd::Dropped(why)))) => return lost(instance, &why.to_string()),
            Ok(Ok(Ok(SessionEnd::Left { .. })) | Err(_)) | Err(_) => {}
        }
    }
    let about = format!("the console of {instance}");
    match &error {
        ClientError::Closed | ClientError::ClosedInMessage | ClientError::Io(_) => lost(instance, &error.to_string()),
        ClientError::PasswordRequired => CommandError::message(ErrorKind::Credentials, format!("{about}: {error}"))
            .hint("give it with --password-stdin, in ECS_VNC_PASSWORD, or as vnc_password in the profile"),
        ClientError::PasswordRejected(_) => {
            let hint = "`ecs-vnc password set` sets a new one; it is not that of a user of the instance";
            CommandError::message(ErrorKind::Credentials, format!("{about}: {error}")).hint(hint)
        }
        ClientError::Refused(_) => {
            CommandError::message(ErrorKind::Unavailable, format!("{about}: {error}")).hint("try again in a while")
        }
        _ => CommandError::message(ErrorKind::BadAnswer, format!("{about} cannot be understood: {error}"))
            .hint("does `ecs-vnc open` show it? Then this is a fault worth a report"),
    }
}

fn too_slow(instance: &str, what: &str, limit: Deadline) -> CommandError {
    let message = format!("the console of {instance} did not {what} within {} s", limit.total.as_secs_f64());
    CommandError::message(ErrorKind::TimeLimit, message).hint("--timeout SECONDS waits longer")
}

fn lost(instance: &str, why: &str) -> CommandError {
    CommandError::message(ErrorKind::ConnectionLost, format!("the console of {instance} was lost: {why}"))
}
