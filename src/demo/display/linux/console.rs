//! The state machine: keys and time go in, and what the screen shows comes out. Pure.

use std::time::Duration;

use tokio::time::Instant;

use super::boot;
use super::machine::Machine;
use super::shell::{self, Outcome};
use super::terminal::Terminal;
use crate::demo::display::keyboard::{Code, Effect, Keyboard};
use crate::demo::display::vga::{ROWS, TextFrame};

/// How long the cursor is lit, and how long it is dark. A VGA blinks every 16 frames of 70 Hz, which is about this.
const CURSOR_PHASE: Duration = Duration::from_millis(250);

/// The time between two lines of the boot log. It has some 30, so that booting takes about a second.
const BOOT_LINE_GAP: Duration = Duration::from_millis(35);

/// How long the last line of a shutdown is shown before the firmware of a reboot.
const RESET_PAUSE: Duration = Duration::from_millis(500);

/// The time between two answers to `ping`.
const PING_GAP: Duration = Duration::from_secs(1);

/// What is typed beyond this many characters in a line is ignored.
const MAX_LINE_LEN: usize = 255;

/// The password that is wrong, as the empty one is. All others are right.
const WRONG_PASSWORD: &str = "wrong";

/// The user whose password has expired.
const EXPIRED_USER: &str = "expired";

#[derive(Clone, Debug)]
pub(crate) struct LinuxConsole {
    machine: Machine,
    terminal: Terminal,
    keyboard: Keyboard,
    state: State,
    /// The machine stopped in emergency mode, so that leaving the shell continues the boot.
    is_in_emergency: bool,
    /// From when on the cursor blinks.
    start: Instant,
}

#[derive(Clone, Debug)]
enum State {
    /// Writes a line each [`BOOT_LINE_GAP`] after `start`, and then prompts.
    Boot { lines: Vec<String>, shown: usize, start: Instant },
    /// Writes a line each [`BOOT_LINE_GAP`] after `start`, and then is off.
    ShutDown { lines: Vec<String>, shown: usize, start: Instant, is_reboot: bool },
    /// Shows the last lines, and boots at a moment if it is a reboot.
    Off { boots_at: Option<Instant> },
    /// Waits for a user's name.
    Login { name: String },
    /// Waits for a password.
    Password { user: String, text: String },
    /// Waits for root's password in emergency mode, or for Ctrl-D.
    Maintenance { text: String },
    /// Waits for a new password of a user whose old one has expired. None is taken.
    NewPassword { text: String },
    /// Waits for a command.
    Shell { user: String, line: String },
    /// Writes a line each [`PING_GAP`] after `start`, until Ctrl-C.
    Ping { user: String, address: String, shown: u32, start: Instant },
}

impl LinuxConsole {
    /// A machine that has booted and shows its prompt.
    pub(crate) fn new(machine: Machine, now: Instant) -> Self {
        let state = State::Login { name: String::new() };
        let (terminal, keyboard) = (Terminal::new(), Keyboard::default());
        let mut console = Self { machine, terminal, keyboard, state, is_in_emergency: false, start: now };
        console.terminal.write(&boot::log(&console.machine));
        console.prompt_after_boot();
        console
    }

    /// What the screen shows, after all that has happened by `now`.
    pub(crate) fn frame(&mut self, now: Instant) -> TextFrame {
        self.advance(now);
        let is_lit = times_passed(self.start, CURSOR_PHASE, now).is_multiple_of(2);
        TextFrame::new(self.terminal.cells().to_vec(), is_lit.then_some(self.terminal.cursor()))
    }

    /// How long after `now` the screen changes by itself.
    pub(crate) fn next_change(&self, now: Instant) -> Duration {
        let blink = time_to_next(self.start, CURSOR_PHASE, now);
        match self.state {
            State::Boot { start, .. } | State::ShutDown { start, .. } => {
                blink.min(time_to_next(start, BOOT_LINE_GAP, now))
            }
            State::Off { boots_at: Some(at) } => blink.min(at.saturating_duration_since(now)),
            State::Ping { start, .. } => blink.min(time_to_next(start, PING_GAP, now)),
            _ => blink,
        }
    }

    /// A key goes down or up.
    pub(crate) fn press(&mut self, code: Code, is_down: bool, now: Instant) {
        self.advance(now);
        match self.keyboard.press(code, is_down) {
            None => {}
            Some(_) if matches!(self.state, State::ShutDown { .. } | State::Off { .. }) => {}
            Some(Effect::CtrlAltDelete | Effect::SysRq('b')) => self.reboot(now),
            Some(Effect::SysRq(_)) => {}
            Some(effect) => self.react(effect, now),
        }
    }

    /// Writes the lines that are due at `now`.
    fn advance(&mut self, now: Instant) {
        match &mut self.state {
            State::Boot { lines, shown, start } => {
                let due = times_passed(*start, BOOT_LINE_GAP, now).min(lines.len());
                lines[*shown..due].iter().for_each(|line| self.terminal.write(line));
                *shown = due;
                if due == lines.len() {
                    self.prompt_after_boot();
                }
            }
            State::ShutDown { lines, shown, start, is_reboot } => {
                let due = times_passed(*start, BOOT_LINE_GAP, now).min(lines.len());
                lines[*shown..due].iter().for_each(|line| self.terminal.write(line));
                *shown = due;
                if due == lines.len() {
                    let last = *start + BOOT_LINE_GAP.saturating_mul(u32::try_from(due).unwrap_or(u32::MAX));
                    self.state = State::Off { boots_at: is_reboot.then_some(last + RESET_PAUSE) };
                    self.advance(now);
                }
            }
            State::Off { boots_at: Some(at) } if *at <= now => {
                let at = *at;
                self.reboot(at);
                self.advance(now);
            }
            State::Ping { address, shown, start, .. } => {
                let due = u32::try_from(times_passed(*start, PING_GAP, now)).unwrap_or(u32::MAX);
                // If the screen was not read for a long time, only the lines that are still on the screen are written.
                for number in (*shown).max(due.saturating_sub(ROWS.into()))..due {
                    let answer = format!("64 bytes from {address}: icmp_seq={} ttl=64 time=0.04 ms\n", number + 1);
                    self.terminal.write(&answer);
                }
                *shown = due;
            }
            _ => {}
        }
    }

    /// Boots at this moment, which may be later.
    pub(crate) fn reboot(&mut self, at: Instant) {
        self.terminal.clear();
        let log = boot::FIRMWARE.to_owned() + &boot::log(&self.machine);
        self.boot(&log, at);
    }

    /// Shuts down, and boots again if it is a reboot.
    pub(crate) fn shut_down(&mut self, is_reboot: bool, now: Instant) {
        self.advance(now);
        self.terminal.write("\n");
        let lines = boot::shutdown_log(is_reboot).split_inclusive('\n').map(str::to_owned).collect();
        self.state = State::ShutDown { lines, shown: 0, start: now, is_reboot };
    }

    fn boot(&mut self, log: &str, now: Instant) {
        let lines = log.split_inclusive('\n').map(str::to_owned).collect();
        self.state = State::Boot { lines, shown: 0, start: now };
    }

    fn prompt_after_boot(&mut self) {
        self.is_in_emergency = self.machine.has_wrong_fstab();
        if self.is_in_emergency { self.ask_for_maintenance() } else { self.greet() }
    }

    /// Shows who the machine is, and the login prompt.
    fn greet(&mut self) {
        self.terminal.write(&self.machine.issue());
        self.ask_for_name();
    }

    fn ask_for_name(&mut self) {
        self.terminal.write(&self.machine.login_prompt());
        self.state = State::Login { name: String::new() };
    }

    fn ask_for_maintenance(&mut self) {
        self.terminal.write(boot::MAINTENANCE_PROMPT);
        self.state = State::Maintenance { text: String::new() };
    }

    fn prompt(&mut self, user: String) {
        self.terminal.write(&self.machine.prompt(&user));
        self.state = State::Shell { user, line: String::new() };
    }

    fn react(&mut self, effect: Effect, now: Instant) {
        match &mut self.state {
            State::Boot { .. } | State::ShutDown { .. } | State::Off { .. } => {}
            State::Login { name: text } | State::Shell { line: text, .. } => match effect {
                Effect::Type(character) if text.len() < MAX_LINE_LEN => {
                    text.push(character);
                    self.terminal.write(character.encode_utf8(&mut [0; 4]));
                }
                Effect::Backspace if text.pop().is_some() => self.terminal.erase(),
                Effect::Control('U') => text.drain(..).for_each(|_| self.terminal.erase()),
                Effect::Control('C') => self.interrupt(),
                Effect::Control('D') if text.is_empty() => self.end_of_input(now),
                Effect::Enter => self.enter(now),
                _ => {}
            },
            State::Password { text, .. } | State::Maintenance { text } | State::NewPassword { text } => match effect {
                Effect::Type(character) if text.len() < MAX_LINE_LEN => text.push(character),
                Effect::Backspace => _ = text.pop(),
                Effect::Control('U') => text.clear(),
                Effect::Control('C') => self.interrupt(),
                Effect::Control('D') => self.end_of_input(now),
                Effect::Enter => self.enter(now),
                _ => {}
            },
            State::Ping { .. } => {
                if effect == Effect::Control('C') {
                    self.interrupt();
                }
            }
        }
    }

    /// Handles Enter after a name, a password or a command.
    fn enter(&mut self, now: Instant) {
        self.terminal.write("\n");
        match self.leave_state() {
            State::Login { name } if name.trim().is_empty() => self.ask_for_name(),
            State::Login { name } => {
                self.terminal.write("Password: ");
                self.state = State::Password { user: name.trim().to_owned(), text: String::new() };
            }
            State::Password { text, .. } if is_wrong(&text) => {
                self.terminal.write("\nLogin incorrect\n\n");
                self.ask_for_name();
            }
            State::Password { user, .. } if user == EXPIRED_USER => {
                // Source of the words: pam_unix of Linux-PAM 1.5.
                let words = "You are required to change your password immediately (administrator enforced).\n\
                             Changing password for expired.\nCurrent password: ";
                self.terminal.write(words);
                self.state = State::NewPassword { text: String::new() };
            }
            State::NewPassword { .. } => {
                self.terminal.write("\nAuthentication token manipulation error\n");
                self.greet();
            }
            State::Password { user, .. } => {
                self.terminal.write(
                    "Last login: Tue Mar  5 20:16:58 on tty1\n\nWelcome to Alibaba Cloud Elastic Compute Service !\n\n",
                );
                self.prompt(user);
            }
            State::Maintenance { text } if is_wrong(&text) => {
                self.terminal.write("Login incorrect\n\n");
                self.ask_for_maintenance();
            }
            State::Maintenance { .. } => self.prompt("root".to_owned()),
            State::Shell { user, line } => self.run(&line, user, now),
            state @ (State::Boot { .. } | State::ShutDown { .. } | State::Off { .. } | State::Ping { .. }) => {
                self.state = state;
            }
        }
    }

    fn run(&mut self, line: &str, user: String, now: Instant) {
        for outcome in shell::run(line, &user, &mut self.machine) {
            match outcome {
                Outcome::Print(text) => self.terminal.write(&text),
                Outcome::Clear => self.terminal.clear(),
                Outcome::Logout => return self.log_out(now),
                Outcome::DefaultTarget if self.is_in_emergency => return self.log_out(now),
                Outcome::DefaultTarget => {}
                Outcome::Reboot => return self.reboot(now),
                Outcome::Ping(address) => {
                    self.terminal.write(&format!("PING {address} ({address}) 56(84) bytes of data.\n"));
                    self.state = State::Ping { user, address, shown: 0, start: now };
                    return;
                }
            }
        }
        self.prompt(user);
    }

    /// Takes the state; the caller sets the next one.
    fn leave_state(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Login { name: String::new() })
    }

    /// Handles Ctrl-C.
    fn interrupt(&mut self) {
        self.terminal.write("^C\n");
        match self.leave_state() {
            State::Shell { user, .. } | State::Ping { user, .. } => self.prompt(user),
            State::Maintenance { .. } => self.ask_for_maintenance(),
            State::Login { .. } | State::Password { .. } | State::NewPassword { .. } => self.greet(),
            // No key interrupts these.
            state @ (State::Boot { .. } | State::ShutDown { .. } | State::Off { .. }) => self.state = state,
        }
    }

    /// Handles Ctrl-D on an empty line.
    fn end_of_input(&mut self, now: Instant) {
        match self.state {
            State::Shell { .. } => {
                self.terminal.write("logout\n");
                self.log_out(now);
            }
            State::Maintenance { .. } => {
                self.terminal.write("\n");
                self.log_out(now);
            }
            _ => {}
        }
    }

    /// Leaves the shell: back to the login prompt, or, in emergency mode, on with the boot.
    fn log_out(&mut self, now: Instant) {
        if self.is_in_emergency {
            self.boot(&boot::resumed_log(&self.machine), now);
        } else {
            self.greet();
        }
    }
}

fn is_wrong(password: &str) -> bool {
    password.is_empty() || password == WRONG_PASSWORD
}

/// How many whole `gap`s have passed between `start` and `now`.
fn times_passed(start: Instant, gap: Duration, now: Instant) -> usize {
    usize::try_from(now.saturating_duration_since(start).as_millis() / gap.as_millis()).unwrap_or(usize::MAX)
}

/// How long after `now` the next `gap` since `start` is over.
fn time_to_next(start: Instant, gap: Duration, now: Instant) -> Duration {
    let passed = now.saturating_duration_since(start);
    gap - Duration::from_nanos((passed.as_nanos() % gap.as_nanos()).try_into().unwrap_or_default())
}

#[cfg(test)]
#[path = "console_tests.rs"]
mod tests;
