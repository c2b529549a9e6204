//! What the console page is told.

use crate::command_error::CommandError;
use crate::console::issuer::PageSettings;
use crate::settings::layers::Layers;
use crate::terminal::prompt::read_password;

/// What the verbs that lead to a console understand.
#[derive(Clone, Debug, clap::Args)]
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
    /// Wait until the instance is running.
    ///
    /// Wait for up to --timeout, which is 10m by default with this flag.
    #[arg(long)]
    pub(crate) wait: bool,
}

impl ConsoleArgs {
    /// What the page is told, from flags, stdin and settings.
    pub(crate) fn page(&self, layers: &Layers<'_>) -> Result<PageSettings, CommandError> {
        let given = if self.password_stdin { Some(read_password()?) } else { None };
        let is_windows = (self.windows || self.no_windows).then_some(self.windows);
        Ok(PageSettings { is_windows, password: layers.vnc_password(given)? })
    }
}
