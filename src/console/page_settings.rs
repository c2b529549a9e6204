//! What the console page is told.

use crate::command_error::CommandError;
use crate::console::issuer::PageSettings;
use crate::settings::layers::Layers;
use crate::terminal::prompt::read_password;

/// What the verbs that lead to a console understand.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ConsoleArgs {
    /// Tell the console page that the instance runs Windows, instead of asking the API.
    #[arg(long, conflicts_with = "no_windows")]
    pub(crate) windows: bool,
    /// Tell the console page that the instance does not run Windows, instead of asking the API.
    #[arg(long)]
    pub(crate) no_windows: bool,
    /// Read the instance's VNC password, a line of six letters or digits, from stdin and hand it to the page.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Wait until the instance runs, for as long as --timeout says [default: 600 s].
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
