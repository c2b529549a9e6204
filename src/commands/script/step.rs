//! What the lines of a script do.

use std::path::PathBuf;
use std::time::Duration;

use super::text_step::TextStep;
use crate::console::guarded_typing::GuardedText;
use crate::console::guest_login::GuestLogin;
use crate::console::picture_file::PictureTarget;
use crate::console::pointing::Pointing;
use crate::console::screen_condition::Condition;
use crate::keyboard::KeyAction;

/// What a line does.
#[derive(Debug)]
pub(crate) enum Step {
    Key {
        actions: Vec<KeyAction>,
        /// Whether to send keysyms even if the console takes scancodes.
        keysyms: bool,
    },
    Type {
        text: GuardedText,
        /// How long its prompt may take to come.
        timeout: Duration,
    },
    Login {
        login: GuestLogin,
        timeout: Duration,
    },
    Wait {
        condition: Condition,
        timeout: Duration,
        /// Where to save the screen if the time passes.
        save: Option<PathBuf>,
    },
    Point {
        pointing: Pointing,
        /// The name of the command.
        command: &'static str,
        /// How long its picture may take to come.
        timeout: Duration,
    },
    Text(TextStep),
    Screenshot(PictureTarget),
    Sleep(Duration),
    Log(String),
}

/// A line that does something.
#[derive(Debug)]
pub(crate) struct ScriptLine {
    /// Its number in the script, from 1.
    pub(crate) number: usize,
    pub(crate) step: Step,
}

impl Step {
    /// Whether it sends keys or pointer events.
    pub(super) fn sends_input(&self) -> bool {
        matches!(self, Self::Key { .. } | Self::Type { .. } | Self::Login { .. } | Self::Point { .. })
    }

    /// Whether `wait --change` compares with the screen before this step, or this step is a wait itself.
    pub(super) fn changes_or_waits(&self) -> bool {
        self.sends_input() || matches!(self, Self::Wait { .. })
    }

    /// Returns the name of the command.
    pub(super) fn command(&self) -> &'static str {
        match self {
            Self::Key { .. } => "key",
            Self::Type { .. } => "type",
            Self::Login { .. } => "login",
            Self::Wait { .. } => "wait",
            Self::Point { command, .. } => command,
            Self::Text(_) => "text",
            Self::Screenshot(_) => "screenshot",
            Self::Sleep(_) => "sleep",
            Self::Log(_) => "log",
        }
    }
}
