//! What every program that shows a console is started with.

use std::process::{Command, Stdio};

use crate::system::environment;
use crate::system::platform;

/// Takes keys, tokens and the VNC password out of the program's environment: it does not need them, and passes its
/// environment on. Its stdin and stdout are empty, and Ctrl-C in this terminal does not reach it.
pub(super) fn isolate(command: &mut Command) {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    for name in environment::private_names() {
        command.env_remove(name);
    }
    platform::detach(command);
}
