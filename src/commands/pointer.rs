//! What `click`, `move`, `drag` and `scroll` have in common.

use crate::command_error::CommandError;
use crate::console::args::{DEFAULT_SCREEN_TIMEOUT, ScreenArgs};
use crate::console::pointing::{PointerOutput, Pointing};
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ExitCode;
use crate::instances::InstanceSelector;
use crate::settings::Context;

/// Opens the console and does the gesture.
pub(crate) async fn run(
    selector: &InstanceSelector,
    pointing: &Pointing,
    args: &ScreenArgs,
    context: &Context,
) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let settings = context.settings()?;
    // Where a picture is waited for, --timeout is for that.
    let before_screen = if pointing.waits() { args.opening_limit(&settings)? } else { settings.timeout_flag };
    let time = settings.timeout_flag.unwrap_or(DEFAULT_SCREEN_TIMEOUT);
    let mut screen = RemoteScreen::of(selector, args, &settings, before_screen, context).await?;
    let at = pointing.perform_on(&mut screen, time, output).await?;
    let instance = screen.instance().clone();
    screen.close().await?;
    if output.is_json() {
        output.json(&PointerOutput::new(&instance, at))?;
    }
    Ok(ExitCode::SUCCESS)
}
