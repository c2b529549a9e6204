//! Arguments that several console commands take.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::Args;

use crate::account::Account;
use crate::args::time_in;
use crate::command_error::CommandError;
use crate::console::page_settings::PageSettings;
use crate::instances::wait_until_running::DEFAULT_WAIT_TIMEOUT;
use crate::relay::Keepalive;
use crate::secret::Secret;
use crate::session_registry::SessionRegistry;
use crate::settings::Settings;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::terminal::prompt::read_password;
use crate::vnc::password::VncPassword;

/// The time limit for what the screen shows, where `--timeout` is not given.
pub(crate) const DEFAULT_SCREEN_TIMEOUT: Duration = Duration::from_secs(60);

/// `--wait`, for commands that need a running instance.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct WaitArg {
    /// Wait until the instance is running.
    ///
    /// Wait for up to --timeout, which is 10m by default with this flag.
    #[arg(long)]
    wait: bool,
}

impl WaitArg {
    /// With `is_set`, as if the flag had been given.
    pub(crate) fn or(self, is_set: bool) -> Self {
        Self { wait: self.wait || is_set }
    }

    pub(crate) fn is_set(self) -> bool {
        self.wait
    }

    /// Returns the time limit up to the opening of the console: `--timeout`, or else 600 s with `--wait` and `default`
    /// without it.
    pub(crate) fn time_limit(self, timeout_flag: Option<Duration>, default: Duration) -> Duration {
        timeout_flag.unwrap_or(if self.wait { DEFAULT_WAIT_TIMEOUT } else { default })
    }

    /// Returns the time limit that holds where `--timeout` does not. A faulty one is an error unless `--timeout` replaces it
    /// everywhere, and is `--timeout` then.
    pub(crate) fn default_timeout(self, settings: &Settings) -> Result<Duration, CommandError> {
        match settings.timeout_flag {
            Some(flag) if !self.wait => Ok(settings.default_timeout().unwrap_or(flag)),
            _ => settings.default_timeout(),
        }
    }

    /// Returns the time limit of one request for a console: `--timeout`, but `default` with `--wait`, whose `--timeout` is for the
    /// instance.
    pub(crate) fn request_timeout(self, timeout_flag: Option<Duration>, default: Duration) -> Duration {
        timeout_flag.filter(|_| !self.wait).unwrap_or(default)
    }

    /// Returns the deadline for the console itself: the rest of the command's time limit. With `--wait` it is `default` from
    /// now, as the time limit was for the start of the instance.
    pub(crate) fn console_deadline(self, account: &Account, default: Duration) -> Deadline {
        if self.wait { account.clock().deadline(default) } else { account.limit() }
    }
}

/// The arguments of commands that open the console page.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConsoleArgs {
    /// Tell the page that the guest runs Windows.
    ///
    /// By default, ecs-vnc asks the API.
    #[arg(long, conflicts_with = "no_windows")]
    pub(crate) windows: bool,
    /// Tell the page that it does not run Windows.
    ///
    /// By default, ecs-vnc asks the API.
    #[arg(long)]
    pub(crate) no_windows: bool,
    /// Read the VNC password from stdin.
    ///
    /// The password is one line of six letters or digits. It is passed to the page [env: ECS_VNC_PASSWORD].
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) wait: WaitArg,
}

impl ConsoleArgs {
    /// Returns the settings of the page, from flags, stdin and settings.
    pub(crate) fn page_settings(&self, settings: &Settings, output: Output) -> Result<PageSettings, CommandError> {
        let is_windows = (self.windows || self.no_windows).then_some(self.windows);
        settings.console_url.check()?;
        Ok(PageSettings { is_windows, password: vnc_password(self.password_stdin, settings, output)? })
    }
}

/// The arguments of commands that open a console without a viewer.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ScreenArgs {
    /// Read the VNC password from stdin.
    ///
    /// Rarely needed. The password is one line of six letters or digits [env: ECS_VNC_PASSWORD].
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) sharing: SharingArg,
    #[command(flatten)]
    pub(crate) wait: WaitArg,
}

#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct SharingArg {
    /// Use a session of its own.
    ///
    /// By default, commands of yours on this machine share one session with a console: the first of view, console, open
    /// --page local and relay --share serves it, and the others join it; see ecs-vnc sessions. A session of its own
    /// disconnects that one, and no other command joins it.
    #[arg(long)]
    no_share: bool,
}

impl SharingArg {
    /// For a session that was not opened for a command's flags.
    pub(crate) const NEVER: Self = Self { no_share: true };

    pub(crate) fn is_given(self) -> bool {
        self.no_share
    }

    /// Where sessions are published and found.
    pub(crate) fn registry(self) -> SessionRegistry {
        if self.no_share { SessionRegistry::disabled() } else { SessionRegistry::of_user() }
    }
}

impl ScreenArgs {
    /// Returns the time limit up to the opening of the console, for commands whose `--timeout` is for what the screen shows: with
    /// `--wait` it is also that for the instance, and opening the console does not take longer than that either.
    pub(crate) fn opening_limit(&self, settings: &Settings) -> Result<Option<Duration>, CommandError> {
        if self.wait.is_set() {
            return Ok(settings.timeout_flag);
        }
        let default = self.wait.default_timeout(settings)?;
        Ok(settings.timeout_flag.map(|timeout| timeout.min(default)))
    }

    /// Returns the VNC password, as the secret of the RFB authentication.
    pub(crate) fn password(&self, settings: &Settings, output: Output) -> Result<Option<Secret>, CommandError> {
        let password = vnc_password(self.password_stdin, settings, output)?;
        Ok(password.map(|password| Secret::new(password.expose())))
    }
}

/// Returns the VNC password: from stdin with `--password-stdin`, else from the settings.
fn vnc_password(from_stdin: bool, settings: &Settings, output: Output) -> Result<Option<VncPassword>, CommandError> {
    if from_stdin { read_password(output).map(Some) } else { settings.vnc_password() }
}

/// The keepalive of a command that serves viewers.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeepaliveArgs {
    /// Keepalive interval, or off [default: 45s].
    ///
    /// Send a keepalive after this much silence, as idle consoles are disconnected; `off` disables it.
    #[arg(long, value_name = "DURATION", value_parser = time_or_off)]
    keepalive: Option<TimeOrOff>,
    /// Total keepalive time [default: 8h].
    ///
    /// Send keepalives for at most this long after the viewer has connected.
    #[arg(long, value_name = "DURATION", value_parser = time_in(KEEPALIVE_TIMES))]
    keepalive_for: Option<Duration>,
}

/// The keepalive without flags. The vendor's older pages say that a console is disconnected after 60 s of silence. 8 h is
/// a working day.
pub(crate) const DEFAULT_KEEPALIVE: Keepalive =
    Keepalive { interval: Duration::from_secs(45), until: Duration::from_secs(8 * 3600) };

/// A time, or `off`.
#[derive(Clone, Copy, Debug)]
struct TimeOrOff(Option<Duration>);

fn time_or_off(text: &str) -> Result<TimeOrOff, String> {
    if text == "off" { Ok(TimeOrOff(None)) } else { time_in(KEEPALIVE_TIMES)(text).map(|time| TimeOrOff(Some(time))) }
}

/// The times that the flags accept: 100 ms to 30 days.
const KEEPALIVE_TIMES: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(30 * 24 * 3600);

impl KeepaliveArgs {
    /// Returns the keepalive, or `None` for `--keepalive off`.
    pub(crate) fn keepalive(&self) -> Option<Keepalive> {
        let interval = self.keepalive.map_or(Some(DEFAULT_KEEPALIVE.interval), |given| given.0)?;
        Some(Keepalive { interval, until: self.keepalive_for.unwrap_or(DEFAULT_KEEPALIVE.until) })
    }

    /// Whether one of the flags was given.
    pub(crate) fn is_given(&self) -> bool {
        self.keepalive.is_some() || self.keepalive_for.is_some()
    }
}
