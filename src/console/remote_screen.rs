//! A console without a viewer: its screen, and what commands type and read there.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::{ScreenArgs, SharingArg};
use crate::console::connection::{Connection, ConsoleClient, ConsoleSession};
use crate::console::gateway::{self, ConsoleGateway, SessionEnd, gateway_without_viewer};
use crate::console::input_guard::{InputError, SEND_TIMEOUT};
use crate::console::key_sender;
use crate::console::learned_cache::LearnedCache;
use crate::console::live_text::LiveText;
use crate::console::password_question::ask_if_missing;
use crate::console::readiness::{note_takeover, require_running};
use crate::console::reading::new_rows::RowsBefore;
use crate::console::reading::typed_words::TypedWords;
use crate::console::session_errors::timed_out;
use crate::console::sharing::session_host::SessionHost;
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance, resolve};
use crate::keyboard::{KeyAction, KeyEncoding, Keystroke, SHIFT};
use crate::picture::{Picture, Point};
use crate::relay::DropReason;
use crate::rfb::{Client, ClientError, ClientOptions, Event};
use crate::screen_text::Screen;
use crate::secret::Secret;
use crate::settings::{Context, Settings};
use crate::system::clock::{Clock, Deadline};
use crate::terminal::progress::Progress;

/// How long after the opening of a session the first key may go down. QEMU releases all keys when the session before is
/// disconnected, and the service may do that only when the next one opens. Without a pause, 4 of 12 commands that followed each
/// other at once lost their first Shift, and none with 50 ms.
const FIRST_KEY_DELAY: Duration = Duration::from_millis(100);

/// How long a session may take to end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a sleeping screen may take to show something after a key.
const WAKE_TIMEOUT: Duration = Duration::from_secs(1);

/// An open console, and the client on it.
pub(crate) struct RemoteScreen {
    pub(crate) client: ConsoleClient,
    gateway: Arc<ConsoleGateway>,
    session: ConsoleSession,
    /// Lets other commands join the session.
    host: Option<SessionHost>,
    /// When the first key may go down.
    first_key_at: Instant,
    /// Whether it may join others' sessions.
    sharing: SharingArg,
    text: LiveText,
    /// The VNC password that the console was opened with.
    password: Option<Secret>,
    /// What this command has typed on it.
    pub(crate) typed: TypedWords,
    /// Where this command has put the pointer last.
    pub(crate) pointer: Option<Point>,
    /// What it showed when this command typed the last secret.
    pub(crate) answered: Option<RowsBefore>,
}

impl RemoteScreen {
    /// Resolves the instance of a command and opens its console. Everything that can fail without the console comes
    /// first. `timeout_flag` is `--timeout`, where the command has no other use for it.
    pub(crate) async fn of(
        selector: &InstanceSelector,
        args: &ScreenArgs,
        settings: &Settings,
        timeout_flag: Option<Duration>,
        context: &Context,
    ) -> Result<Self, CommandError> {
        Self::of_command(None, selector, args, settings, timeout_flag, context).await
    }

    /// The same for `command`, which lets others join its session unless it joins one itself.
    pub(crate) async fn of_command(
        command: Option<&'static str>,
        selector: &InstanceSelector,
        args: &ScreenArgs,
        settings: &Settings,
        timeout_flag: Option<Duration>,
        context: &Context,
    ) -> Result<Self, CommandError> {
        let output = context.output;
        let (password, default) = (args.password(settings, output)?, args.wait.default_timeout(settings)?);
        let time_limit = args.wait.time_limit(timeout_flag, default);
        let account = Arc::new(Account::open(settings, time_limit, context).await?);
        let instance = resolve(&account, selector, args.wait.is_set(), output).await?;
        let instance = require_running(&account, instance, args.wait, output).await?;
        let deadline = args.wait.console_deadline(&account, default);
        let name = if *selector == InstanceSelector::Any { instance.id.clone() } else { selector.to_string() };
        let mut progress = Progress::new(account.clock(), output);
        let opening = Self::on(command, account, instance, password, args.sharing, deadline, context);
        progress.during(&format!("opening the console of {name}"), opening).await
    }

    /// The same for an instance that runs. `password` is the VNC password.
    pub(crate) async fn on(
        command: Option<&'static str>,
        account: Arc<Account>,
        instance: ResolvedInstance,
        password: Option<Secret>,
        sharing: SharingArg,
        deadline: Deadline,
        context: &Context,
    ) -> Result<Self, CommandError> {
        let gateway = gateway_without_viewer(account, instance, deadline.total, context.output);
        let text = LiveText::new(LearnedCache::of_user(context));
        if let Some(command) = command.filter(|_| !sharing.is_given()) {
            let host = SessionHost::new(gateway.clone(), sharing.registry(), command);
            return Ok(Self { text, sharing, ..Self::open_shared(gateway, host, password, deadline).await? });
        }
        if let Some(joined) = Self::join(&gateway, sharing, deadline).await? {
            return Ok(Self { text, sharing, ..joined });
        }
        note_takeover(gateway.instance(), context.output);
        Ok(Self { text, sharing, ..Self::open(gateway, password, deadline).await? })
    }

    /// Joins the session of another command of this user. `None` if there is none, or if `sharing` does not allow it.
    pub(crate) async fn join(
        gateway: &Arc<ConsoleGateway>,
        sharing: SharingArg,
        deadline: Deadline,
    ) -> Result<Option<Self>, CommandError> {
        let joined = Connection::join(gateway, &sharing.registry(), &ClientOptions::default(), deadline).await?;
        Ok(joined.map(|joined| Self { sharing, ..Self::new(joined, gateway.clone(), None) }))
    }

    /// Opens a session of its own. `password` is the instance's VNC password. If there is none and the console wants one, asks
    /// for it on the terminal.
    pub(crate) async fn open(
        gateway: Arc<ConsoleGateway>,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        let opened = ask_if_missing(&gateway, password, deadline, async |password, deadline| {
            Connection::open(gateway.clone(), &options(password), deadline).await
        });
        let (connection, password) = opened.await?;
        Ok(Self::new(connection, gateway, password))
    }

    /// Opens a session that others join, or joins one. `password` is as for [`Self::open`].
    async fn open_shared(
        gateway: Arc<ConsoleGateway>,
        host: SessionHost,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        if !host.is_served_by_another().await {
            note_takeover(gateway.instance(), gateway.output());
        }
        let opened = ask_if_missing(&gateway, password, deadline, async |password, deadline| {
            let opened = host.open(password.clone(), deadline).await?;
            opened.ok_or_else(|| gateway::taken_over(&gateway.instance().id, &DropReason::TakenOver))
        });
        let (connection, password) = opened.await?;
        Ok(Self { host: Some(host), ..Self::new(connection, gateway, password) })
    }

    fn new(Connection { client, session }: Connection, gateway: Arc<ConsoleGateway>, password: Option<Secret>) -> Self {
        let first_key_at = gateway.clock().instant() + FIRST_KEY_DELAY;
        Self {
            first_key_at,
            client,
            session,
            gateway,
            host: None,
            sharing: SharingArg::NEVER,
            password,
            text: LiveText::default(),
            typed: TypedWords::default(),
            pointer: None,
            answered: None,
        }
    }

    /// Connects to the console again after the session has ended. What is known of its text stays known. Returns the error to
    /// end with if another client has the console.
    pub(crate) async fn reopen(&mut self, deadline: Deadline) -> Result<Option<CommandError>, CommandError> {
        let password = self.password.clone();
        let fresh = match &self.host {
            Some(host) => match host.open(password, deadline).await? {
                Some(fresh) => fresh,
                None => {
                    return Ok(Some(gateway::taken_over(&self.gateway.instance().id, &DropReason::TakenOver)));
                }
            },
            None => {
                let registry = self.sharing.registry();
                Connection::join_or_open(&self.gateway, &registry, &options(&password), deadline).await?
            }
        };
        (self.client, self.session) = (fresh.client, fresh.session);
        Ok(None)
    }

    /// Why the session ended, if connecting again may help. Fails if another client has the console, and if the console cannot
    /// be understood.
    pub(crate) async fn reason_to_reconnect(&mut self, error: ClientError) -> Result<String, CommandError> {
        let id = &self.gateway.instance().id;
        match self.session.end(id, error).await {
            Ok(SessionEnd::Dropped(reason)) => Ok(reason.to_string()),
            Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. }) => Ok("the session has ended".to_owned()),
            Ok(SessionEnd::TakenOver(reason)) => {
                self.host.iter().for_each(SessionHost::note_takeover);
                Err(gateway::taken_over(id, &reason))
            }
            Err(error) if error.kind.is_transient() => Ok(format!("{:#}", error.error)),
            Err(error) => Err(error),
        }
    }

    /// Whether the session is one of another command.
    pub(crate) fn is_joined(&self) -> bool {
        matches!(self.session, ConsoleSession::Joined { .. })
    }

    pub(crate) fn instance(&self) -> &ResolvedInstance {
        self.gateway.instance()
    }

    pub(crate) fn clock(&self) -> &Clock {
        self.gateway.clock()
    }

    /// Returns a deadline for the console's next answer.
    pub(crate) fn answer_deadline(&self) -> Deadline {
        self.clock().deadline(self.gateway.timeout())
    }

    /// Returns a picture of the whole screen as it is now.
    ///
    /// A screen that changes meanwhile may come out torn: servers send it in pieces, and RFC 6143 does not say that the
    /// pieces are of one moment.
    pub(crate) async fn picture(&mut self, deadline: Deadline) -> Result<Picture, CommandError> {
        self.refresh(deadline).await?;
        self.received_picture()
    }

    /// Requests the whole screen as it is now, and waits for it.
    pub(crate) async fn refresh(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        self.with_deadline(deadline, "show a whole screen", Client::refresh_screen).await
    }

    /// Returns a picture of what the client has received so far.
    pub(crate) fn received_picture(&self) -> Result<Picture, CommandError> {
        let screen = self.client.screen();
        let picture = Picture::new(screen.width().into(), screen.height().into(), screen.rgb());
        picture.map_err(|error| CommandError::new(ErrorKind::BadAnswer, error))
    }

    /// Reads the text of what the client has received so far.
    pub(crate) fn read_text(&mut self) -> Screen {
        self.text.read(self.client.screen(), self.gateway.output())
    }

    /// Wakes a sleeping screen: presses Shift, which types nothing, and waits up to a second for an update.
    pub(crate) async fn wake(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        self.press_keys(&[KeyAction::Press(vec![SHIFT])], false).await?;
        let work = async |client: &mut ConsoleClient| {
            client.request_changes().await?;
            let drawn = async {
                loop {
                    match client.next_event().await? {
                        // It answers the request, but shows nothing.
                        Event::Update { damage: None } => client.request_changes().await?,
                        Event::Leds(_) | Event::Bell | Event::Cursor => {}
                        Event::Update { .. } | Event::Resized => return Ok(()),
                    }
                }
            };
            timeout(WAKE_TIMEOUT, drawn).await.unwrap_or(Ok(()))
        };
        self.with_deadline(deadline, "show a whole screen", work).await
    }

    /// Presses keys. `use_keysyms` sends keysyms even where the console takes scancodes.
    pub(crate) async fn press_keys(&mut self, actions: &[KeyAction], use_keysyms: bool) -> Result<(), CommandError> {
        let encoding = self.key_encoding(use_keysyms).await?;
        self.typed.end_line();
        match key_sender::perform(&mut self.client, encoding, actions).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Types keystrokes, one each `interval`, and calls `progress` with the number typed so far.
    pub(crate) async fn type_keystrokes(
        &mut self,
        encoding: KeyEncoding,
        keystrokes: &[Keystroke],
        interval: Duration,
        progress: impl FnMut(usize),
    ) -> Result<(), CommandError> {
        let typed = key_sender::type_keystrokes(&mut self.client, encoding, keystrokes, interval, progress).await;
        match typed {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Sends keys as `sending` does.
    pub(crate) async fn send_keys(
        &mut self,
        sending: impl AsyncFnOnce(&mut ConsoleClient) -> Result<(), InputError>,
    ) -> Result<(), CommandError> {
        match sending(&mut self.client).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Finds out how this console takes keys, once the first of them may go down.
    pub(crate) async fn key_encoding(&mut self, use_keysyms: bool) -> Result<KeyEncoding, CommandError> {
        sleep_until(self.first_key_at).await;
        let deadline = self.answer_deadline();
        let detect = async |client: &mut ConsoleClient| key_sender::detect_encoding(client, use_keysyms).await;
        self.with_deadline(deadline, "show a whole screen", detect).await
    }

    /// Reads the console's messages for `time`.
    pub(crate) async fn drain_for(&mut self, time: Duration) -> Result<(), CommandError> {
        match key_sender::drain_for(&mut self.client, time).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// Runs the client's work up to a deadline. `what` completes "the console did not …" in the error.
    async fn with_deadline<T>(
        &mut self,
        deadline: Deadline,
        what: &str,
        work: impl AsyncFnOnce(&mut ConsoleClient) -> Result<T, ClientError>,
    ) -> Result<T, CommandError> {
        match timeout_at(deadline.at, work(&mut self.client)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.explain(error).await),
            Err(_) => Err(timed_out(&self.instance().id, what, deadline)),
        }
    }

    /// The error for the user, with the reason for the session's end where it ended. The session is over then.
    pub(crate) async fn explain(&mut self, error: ClientError) -> CommandError {
        self.session.explain(&self.gateway.instance().id, error).await
    }

    /// The error for the user where keys or pointer events were not sent.
    pub(crate) async fn explain_input_error(&mut self, error: InputError) -> CommandError {
        match error {
            InputError::Interrupted => CommandError::interrupted(),
            InputError::Client(error) => self.explain(error).await,
            InputError::Stuck => {
                let (id, seconds) = (&self.instance().id, SEND_TIMEOUT.as_secs());
                let message = format!("the console of {id} accepted no key and no pointer event for {seconds} s");
                CommandError::message(ErrorKind::TimeLimit, message).of_instance(id)
            }
        }
    }

    /// Closes the session after the console has read the last keys and pointer events: a proxy may drop those that come just before
    /// the end.
    ///
    /// Then waits up to a second for the console's Close: QEMU releases all keys when a session ends, also those that the next
    /// session has just pressed.
    pub(crate) async fn close(mut self) -> Result<(), CommandError> {
        let confirmed = self.confirm_input().await;
        let Self { client, session, host, .. } = self;
        drop(client);
        host.iter().for_each(SessionHost::stop);
        _ = timeout(CLOSE_TIMEOUT, session.finish()).await;
        confirmed
    }
}

/// `password` is the VNC password of the instance.
fn options(password: &Option<Secret>) -> ClientOptions {
    ClientOptions { password: password.clone(), ..ClientOptions::default() }
}
