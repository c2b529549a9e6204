//! `console` on a terminal: the real binary, and another terminal emulator that shows what it draws.
#![cfg(target_os = "linux")]

use std::cell::{RefCell, RefMut};
use std::fs;

use ecs_vnc::demo::Options;
use ecs_vnc::system::clock::Clock;

use crate::pty::OnTerminal;
use crate::sandbox::{Killed, Sandbox, account, interrupt, signal, take_hangups, until, with_account};

/// The key that opens the prompt, as terminals send it.
const ESCAPE: &str = "\x1d";

/// The answer of a terminal without Kitty's keyboard protocol to the question for it. XTerm Control Sequences, "Primary DA".
const NO_KITTY: &str = "\x1b[?62c";

/// A console in a terminal of 100 columns and 30 rows.
struct Console {
    terminal: OnTerminal,
    modes: String,
    /// The emulator, with 500 lines of scrollback, and how much it has read.
    emulator: RefCell<(vt100::Parser, usize)>,
}

impl Console {
    fn open(sandbox: &Sandbox, args: &[&str]) -> Self {
        Self::open_in(NO_KITTY, sandbox, args)
    }

    /// In a terminal that answers the question for its keyboard so.
    fn open_in(answer: &str, sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut terminal = OnTerminal::start_with_size(sandbox, &[&["console"], args].concat(), (100, 30));
        let modes = terminal.modes();
        until("the question for the keyboard", || terminal.text().contains("\x1b[?u\x1b[c"));
        terminal.types(answer);
        Self { terminal, modes, emulator: RefCell::new((vt100::Parser::new(30, 100, 500), 0)) }
    }

    /// What the terminal shows.
    fn emulator(&self) -> RefMut<'_, vt100::Parser> {
        let (mut emulator, text) = (self.emulator.borrow_mut(), self.terminal.bytes());
        let (parser, read) = &mut *emulator;
        parser.process(&text[*read..]);
        *read = text.len();
        RefMut::map(emulator, |(parser, _)| parser)
    }

    fn rows(&self) -> Vec<String> {
        self.emulator().screen().rows(0, 100).collect()
    }

    #[track_caller]
    fn shows(&self, part: &str) {
        until(part, || self.rows().iter().any(|row| row.contains(part)));
    }

    /// Waits for the end, after which the terminal must be as before. Returns the exit code.
    #[track_caller]
    fn ends(mut self) -> Option<i32> {
        let code = self.terminal.ends();
        assert_eq!(self.terminal.modes(), self.modes, "the modes of the terminal");
        until("the last words", || {
            let text = self.terminal.text();
            text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l") && text.rfind("\x1b[?2004l") > text.rfind("\x1b[?2004h")
        });
        assert!(!self.emulator().screen().bracketed_paste());
        code
    }
}

#[test]
fn the_screen_is_drawn_and_keys_go_to_it() {
    let mut console = Console::open(&with_account(), &["i-demo-linux"]);
    console.shows("web-01 login:");
    let row = console.rows().iter().position(|row| row.starts_with("web-01 login:")).unwrap();
    let cell = |column| console.emulator().screen().cell(row as u16 - 10, column).unwrap().clone();
    assert!((0..20).any(|column| cell(column).fgcolor() == vt100::Color::Idx(2)), "OK is green");
    console.terminal.types("rOOt\x7f\x7f\x7foot");
    console.shows("web-01 login: root");
    console.terminal.types(&format!("{ESCAPE}q"));
    assert_eq!(console.ends(), Some(0));
}

#[test]
fn a_paste_is_typed_and_lines_that_scroll_off_are_kept() {
    let sandbox = with_account().env("SECRET", "hunter-22");
    sandbox.run(&["login", "i-demo-linux", "--user", "root", "--env", "SECRET"]).ends(0);
    let mut console = Console::open(&sandbox, &["i-demo-linux", "--delay", "0ms"]);
    console.shows("[root@web-01 ~]#");
    for number in 1..=20 {
        console.terminal.types(&format!("\x1b[200~echo line-{number}\n\x1b[201~"));
        until("the line", || console.rows().iter().any(|row| *row == format!("line-{number}")));
    }
    let mut screen = console.emulator();
    screen.screen_mut().set_scrollback(usize::MAX);
    let above = screen.screen().scrollback();
    let mut lines = Vec::new();
    for offset in (1..=above).rev() {
        screen.screen_mut().set_scrollback(offset);
        lines.extend(screen.screen().rows(0, 100).next());
    }
    screen.screen_mut().set_scrollback(0);
    lines.extend(screen.screen().rows(0, 100));
    drop(screen);
    let numbers: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("line-")).collect();
    let expected: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
    console.terminal.types(&format!("{ESCAPE}q"));
    assert_eq!(console.ends(), Some(0));
}

#[test]
fn a_log_that_is_turned_off_has_what_the_screen_shows() {
    let sandbox = with_account();
    let log = sandbox.path("log.txt").display().to_string();
    let mut console = Console::open(&sandbox, &["i-demo-linux"]);
    console.shows("web-01 login:");
    console.terminal.types(&format!("{ESCAPE}l{log}\r"));
    console.shows("the log goes to");
    console.terminal.types("someone");
    console.shows("web-01 login: someone");
    console.terminal.types(&format!("{ESCAPE}l"));
    console.shows("the log is off");
    until("the log", || fs::read_to_string(&log).unwrap().ends_with("\nweb-01 login: someone\n"));
    console.terminal.types(&format!("{ESCAPE}q"));
    assert_eq!(console.ends(), Some(0));
}

#[test]
fn the_prompt_does_what_it_says() {
    let sandbox = with_account();
    let log = sandbox.path("log.txt").display().to_string();
    let picture = sandbox.path("screen.png").display().to_string();
    let cast = sandbox.path("console.cast").display().to_string();
    let mut console = Console::open(&sandbox, &["i-demo-linux", "--record", &cast]);
    console.shows("web-01 login:");
    console.terminal.types(ESCAPE);
    console.shows("q leave");
    console.terminal.types("?");
    console.shows("Esc closes");
    console.terminal.types(&format!("c{picture}\r"));
    console.shows("saved ");
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    console.terminal.types(&format!("{ESCAPE}l{log}\r"));
    console.shows("the log goes to");
    console.terminal.types(&format!("{ESCAPE}f13"));
    console.terminal.types(&format!("{ESCAPE}f2"));
    console.shows("pressed ctrl-alt-f2");
    console.terminal.types(&format!("{ESCAPE}dn{ESCAPE}q"));
    assert_eq!(console.ends(), Some(0));
    assert!(fs::read_to_string(&log).unwrap().contains("web-01 login:"), "the rest of the screen is in the log");
    let cast = fs::read_to_string(&cast).unwrap();
    assert!(cast.starts_with(r#"{"#) && cast.lines().count() > 1);
}

#[test]
fn three_escape_keys_leave_and_signals_put_the_terminal_back() {
    let sandbox = with_account();
    let mut console = Console::open(&sandbox, &["i-demo-linux"]);
    console.shows("web-01 login:");
    console.terminal.types(&ESCAPE.repeat(3));
    assert_eq!(console.ends(), Some(0));
    take_hangups();
    for name in ["TERM", "HUP"] {
        let mut console = Console::open(&sandbox, &["i-demo-linux"]);
        console.shows("web-01 login:");
        assert_eq!(signal(&mut console.terminal.child.0, name), Some(130));
        console.ends();
    }
}

#[test]
fn another_escape_key_and_read_only() {
    let sandbox = with_account().env("ECS_VNC_ESCAPE", "ctrl-a");
    let mut console = Console::open(&sandbox, &["i-demo-linux", "--read-only"]);
    console.shows("Ctrl-A q leaves");
    console.shows("web-01 login:");
    console.terminal.types("root");
    console.shows("read-only");
    console.terminal.types("\x01q");
    assert_eq!(console.ends(), Some(0));
    assert!(sandbox.run(&["text", "i-demo-linux", "--via", "vnc"]).stdout.ends_with("web-01 login:\n"));
    let run = with_account().env("ECS_VNC_ESCAPE", "f1").run(&["console", "i-demo-linux", "--read-only"]);
    run.ends(2).says(&["ECS_VNC_ESCAPE"]);
}

#[test]
fn kittys_keyboard_protocol_is_used_and_given_back() {
    // "Detection of support for this protocol" and "Progressive enhancement" of its page.
    let mut console = Console::open_in("\x1b[?0u\x1b[?62c", &with_account(), &["i-demo-linux"]);
    console.terminal.shows("\x1b[>3u");
    console.shows("web-01 login:");
    // `a` as text, and its release.
    console.terminal.types("a\x1b[97;1:3uB");
    console.shows("web-01 login: aB");
    console.terminal.types("\x1b[127u");
    until("the deletion", || console.rows().iter().any(|row| row == "web-01 login: a"));
    console.terminal.types("\x1b[93;5uq");
    let text = || console.terminal.text();
    until("the end of the protocol", || text().rfind("\x1b[<1u") > text().rfind("\x1b[>3u"));
    assert_eq!(console.ends(), Some(0));
}

#[test]
fn a_screen_that_is_no_text_is_drawn_as_a_picture() {
    let mut console = Console::open(&with_account(), &["i-demo-windows"]);
    console.shows("▀");
    console.terminal.types(&format!("{ESCAPE}q"));
    assert_eq!(console.ends(), Some(0));
}

#[test]
fn a_lost_console_is_connected_again_and_a_taken_one_is_not() {
    let endpoint = account(Options::new(Clock::system()));
    let sandbox = Sandbox::with_account(&endpoint);
    let console = Console::open(&sandbox, &["i-demo-linux"]);
    console.shows("web-01 login:");
    let other = || sandbox.run(&["key", "i-demo-linux", "shift", "--no-share"]).ends(0);
    other();
    console.terminal.shows("reconnecting in");
    console.shows("connected again");
    other();
    console.terminal.shows("the console was lost");
    assert_eq!(console.ends(), Some(11));
}

#[test]
fn without_a_terminal_it_prints_lines() {
    let sandbox = with_account();
    sandbox.run(&["console", "i-demo-linux"]).ends(2).says(&["stdin is no terminal", "--read-only"]);
    sandbox.run(&["console", "i-demo-linux", "-o", "json"]).ends(2).says(&["no JSON"]);
    sandbox.run(&["console", "i-demo-linux", "--read-only", "--record", "x.cast"]).ends(2).says(&["--record"]);
    let file = sandbox.path("lines.txt");
    let mut command = sandbox.command(&["console", "i-demo-linux", "--read-only"]);
    command.stdin(std::process::Stdio::null()).stdout(fs::File::create(&file).unwrap());
    let mut child = Killed(command.stderr(std::process::Stdio::piped()).spawn().unwrap());
    until("the prompt", || fs::read_to_string(&file).unwrap().ends_with("web-01 login:"));
    assert_eq!(interrupt(&mut child.0), Some(0), "Ctrl-C is the way out");
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains('\x1b') && text.contains("[  OK  ] Started Getty on tty1.\n"), "{text}");
}

#[test]
fn plain_lines_take_keys_and_the_typed_line_grows() {
    let sandbox = with_account();
    let mut terminal = OnTerminal::start_with_size(&sandbox, &["console", "i-demo-linux", "--plain"], (100, 30));
    terminal.shows("\r\nweb-01 login:");
    terminal.types("root");
    terminal.shows("web-01 login: root");
    terminal.types("\r");
    terminal.shows("web-01 login: root\r\nPassword:");
    terminal.types(ESCAPE);
    terminal.shows("q leave");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
    let text = terminal.text();
    assert!(!text.contains("\x1b["), "{text:?}");
}
