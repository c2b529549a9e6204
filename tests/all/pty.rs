//! A terminal: the real binary on a pseudo terminal, as a person sees it.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};

use crate::sandbox::{Killed, Sandbox, until};

/// A command that runs on a terminal, and all that it has written there.
pub(crate) struct OnTerminal {
    pub child: Killed,
    written: Arc<Mutex<Vec<u8>>>,
    keyboard: File,
}

impl OnTerminal {
    /// Starts the command with the terminal as stdin, stdout and stderr.
    pub(crate) fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        Self::start_with_size(sandbox, args, (0, 0))
    }

    /// Starts it on a terminal with this number of columns and rows; 0 is a terminal that does not know its size.
    pub(crate) fn start_with_size(sandbox: &Sandbox, args: &[&str], size: (u16, u16)) -> Self {
        Self::start_command(sandbox.command(args), size)
    }

    /// The same for another command.
    pub(crate) fn start_command(mut command: Command, (columns, rows): (u16, u16)) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&controller, size).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap();
        let terminal = || {
            let path = std::ffi::OsStr::from_bytes(name.as_bytes());
            OpenOptions::new().read(true).write(true).open(path).unwrap()
        };
        let child = command.stdin(terminal()).stdout(terminal()).stderr(terminal()).spawn().unwrap();
        let written = Arc::new(Mutex::new(Vec::new()));
        let (mut controller, copy) = (File::from(controller), written.clone());
        let keyboard = controller.try_clone().unwrap();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux reports EIO once the last process has left the terminal.
            while let Ok(length @ 1..) = controller.read(&mut buffer) {
                copy.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        });
        Self { child: Killed(child), written, keyboard }
    }

    /// What was written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// The same as bytes: a character may be there in part.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.written.lock().unwrap().clone()
    }

    /// Waits until the text is on the terminal.
    #[track_caller]
    pub(crate) fn shows(&self, part: &str) {
        until(part, || self.text().contains(part));
    }

    /// The modes of the terminal, in no special form.
    pub(crate) fn modes(&self) -> String {
        format!("{:?}", tcgetattr(&self.keyboard).unwrap())
    }

    /// Types a text.
    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for its end, and returns the exit code.
    pub(crate) fn ends(&mut self) -> Option<i32> {
        self.child.0.wait().unwrap().code()
    }
}
