//! Follows a login from one read of the screen to the next.

use std::time::Duration;

use tokio::time::Instant;

use super::login_prompt::{LoginPrompt, find_expiry, find_refusal, login_prompt};
use super::new_rows::RowsBefore;
use super::pattern::Pattern;
use super::prompt_line::{CursorPlace, prompt_lines};
use super::rows::TextRows;
use super::steady::{Demand, Steady};
use super::typed_words::TypedWords;
use crate::console::verdict::Verdict;
use crate::screen_text::{Screen, ScreenKind};

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoginEvent {
    /// The guest waits for input.
    Prompt(Prompt),
    /// A row says that the login failed.
    Refused(String),
    /// A row says that the password has to be changed.
    Expired(String),
    /// There is nothing on the screen, not even a cursor.
    Dark,
}

/// A prompt, and the line that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) kind: LoginPrompt,
    pub(crate) text: String,
    /// The line above.
    pub(crate) above: String,
}

/// A prompt for another user's password may have been answered just now. One that stands for so long was not.
const OTHER_PROMPT_TIME: Duration = Duration::from_secs(3);

/// Who logs in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoginName<'a> {
    pub(crate) user: &'a str,
    /// What recognises the prompt for a name in place of the usual one.
    pub(crate) prompt: Option<&'a Pattern>,
}

impl LoginName<'_> {
    /// Whether this user's password belongs behind a prompt: it is one of a login that was begun with the name.
    pub(crate) fn is_asked(&self, prompt: &Prompt) -> bool {
        let name = prompt.above.strip_suffix(self.user).map(str::trim_end);
        match prompt.kind {
            LoginPrompt::Maintenance => self.user == "root",
            LoginPrompt::Password => name.is_some_and(|name| match self.prompt {
                Some(pattern) => pattern.find(name).is_some(),
                None => name.ends_with("login:"),
            }),
            LoginPrompt::Name | LoginPrompt::Shell => false,
        }
    }
}

/// Waits for the next event.
pub(crate) struct LoginWatch<'a> {
    name: LoginName<'a>,
    /// What was on the screen before the last password, or before the last keys of this login. What answers them is below it.
    before: Option<&'a RowsBefore>,
    is_begun: bool,
    /// Whether a dark screen is an event.
    sees_dark: bool,
    steady: Steady<LoginEvent>,
}

impl<'a> LoginWatch<'a> {
    /// Before any key of this login. A screen that is dark although it was woken is no event. A prompt for a password must be
    /// below `answered`: what was there when the last one was typed.
    pub(crate) fn at_start(name: LoginName<'a>, answered: Option<&'a RowsBefore>, is_woken: bool) -> Self {
        Self { name, before: answered, is_begun: false, sees_dark: !is_woken, steady: Steady::new() }
    }

    /// After keys that were typed when these rows were there. All that counts must be below them.
    pub(crate) fn after(name: LoginName<'a>, before: &'a RowsBefore) -> Self {
        Self { name, before: Some(before), is_begun: true, sees_dark: false, steady: Steady::new() }
    }

    /// Takes the next read.
    pub(crate) fn observe(&mut self, screen: &Screen, typed: &TypedWords, now: Instant) -> Verdict<LoginEvent> {
        let shown = self.event(screen, typed);
        let demand = shown.as_ref().map(|(event, _)| self.demand(event)).unwrap_or_default();
        self.steady.observe_with(shown, demand, now)
    }

    /// A prompt for a password counts only with its cursor.
    fn demand(&self, event: &LoginEvent) -> Demand {
        let LoginEvent::Prompt(prompt) = event else { return Demand::default() };
        let cursor = matches!(prompt.kind, LoginPrompt::Password | LoginPrompt::Maintenance);
        let is_other = cursor && !self.is_begun && !self.name.is_asked(prompt);
        Demand { cursor, time: if is_other { OTHER_PROMPT_TIME } else { Duration::ZERO } }
    }

    fn event(&self, screen: &Screen, typed: &TypedWords) -> Option<(LoginEvent, CursorPlace)> {
        if self.sees_dark && screen.kind == ScreenKind::Blank && screen.cursor.is_none() {
            return Some((LoginEvent::Dark, CursorPlace::Behind));
        }
        let rows = TextRows::of_screen(screen);
        let first_new = self.before.map_or(0, |before| before.first_new(&rows));
        let prompt = self.prompt(screen, typed, first_new);
        let kind = prompt.as_ref().map(|(prompt, _)| prompt.kind);
        // The words of a failure may also be those of a welcome, which a shell follows.
        if let Some(before) = self.before.filter(|_| self.is_begun && kind != Some(LoginPrompt::Shell)) {
            let new = before.new_rows(&rows);
            if let Some(row) = find_expiry(&new) {
                return Some((LoginEvent::Expired(row.to_owned()), CursorPlace::Behind));
            }
            if let Some(row) = find_refusal(&new) {
                // The shell may be about to come, unless there is a prompt already.
                let cursor = if prompt.is_some() { CursorPlace::Behind } else { CursorPlace::Unseen };
                return Some((LoginEvent::Refused(row.to_owned()), cursor));
            }
        }
        prompt.map(|(prompt, cursor)| (LoginEvent::Prompt(prompt), cursor))
    }

    fn prompt(&self, screen: &Screen, typed: &TypedWords, first_new: usize) -> Option<(Prompt, CursorPlace)> {
        prompt_lines(screen).into_iter().find_map(|line| {
            let kind = login_prompt(&line, self.name.prompt).filter(|_| !typed.is_echo(&line.text))?;
            let must_be_new = self.is_begun || matches!(kind, LoginPrompt::Password | LoginPrompt::Maintenance);
            let is_old = must_be_new && line.row < first_new || line.cursor == CursorPlace::Elsewhere;
            (!is_old).then_some((Prompt { kind, text: line.text, above: line.above }, line.cursor))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::{blank, picture, screen, with_cursor};
    use crate::secret::Secret;

    /// A screen of 40 columns and 8 rows with a cursor behind the last row.
    fn shown(rows: &[&str]) -> Screen {
        let (last, end) = (rows.len() - 1, rows[rows.len() - 1].chars().count() + 1);
        let rows: Vec<&str> = rows.iter().copied().chain(std::iter::repeat_n("", 8 - rows.len())).collect();
        with_cursor(screen(40, &rows), end, last)
    }

    const ROOT: LoginName<'static> = LoginName { user: "root", prompt: None };

    /// What is seen of screens that come 10 ms after each other, the last of which stays.
    fn event(before: Option<&[&str]>, screens: &[Screen]) -> Option<LoginEvent> {
        let before = before.map(|rows| RowsBefore::new(&TextRows::of_screen(&shown(rows))));
        let mut typed = TypedWords::default();
        typed.add(&Secret::new("root\n"), false);
        let mut watch = match &before {
            Some(before) => LoginWatch::after(ROOT, before),
            None => LoginWatch::at_start(ROOT, None, false),
        };
        let mut now = Instant::now();
        let last = screens.last().unwrap();
        for screen in screens.iter().chain([last]) {
            now += Duration::from_millis(10);
            if let Verdict::Done(event) = watch.observe(screen, &typed, now) {
                return Some(event);
            }
        }
        None
    }

    fn kind(event: Option<LoginEvent>) -> Option<LoginPrompt> {
        match event {
            Some(LoginEvent::Prompt(prompt)) => Some(prompt.kind),
            _ => None,
        }
    }

    #[test]
    fn a_prompt_that_stands_at_the_beginning_is_seen() {
        assert_eq!(kind(event(None, &[shown(&["Debian", "web-01 login:"])])), Some(LoginPrompt::Name));
        assert_eq!(kind(event(None, &[shown(&["[root@web-01 ~]#"])])), Some(LoginPrompt::Shell));
        assert_eq!(
            event(None, &[shown(&["web-01 login:"]), shown(&["web-01 login: x"])]),
            None,
            "not in one read only"
        );
        assert_eq!(event(None, &[shown(&["web-01 login: root"])]), None);
        assert_eq!(event(None, &[blank()]), Some(LoginEvent::Dark));
        assert_eq!(event(None, &[picture()]), None);
        let away = with_cursor(screen(40, &["web-01 login:", ""]), 0, 1);
        assert_eq!(event(None, &[away]), None, "the cursor is elsewhere");
    }

    #[test]
    fn after_a_name_the_password_is_asked_for_in_a_new_row() {
        let before = ["web-01 login:"];
        assert_eq!(event(Some(&before), &[shown(&["web-01 login:"])]), None, "nothing has come");
        assert_eq!(event(Some(&before), &[shown(&["web-01 login: root"])]), None, "the echo");
        let asked = shown(&["web-01 login: root", "Password:"]);
        assert_eq!(kind(event(Some(&before), &[shown(&["web-01 login: root"]), asked])), Some(LoginPrompt::Password));
        // A prompt for a password that stood there before is not the new one.
        let before = ["web-01 login: root", "Password:", "Login incorrect", "web-01 login:"];
        let echo = ["web-01 login: root", "Password:", "Login incorrect", "web-01 login: root"];
        assert_eq!(event(Some(&before), &[shown(&echo)]), None);
        let scrolled = shown(&["web-01 login: root", "Password:"]);
        assert_eq!(kind(event(Some(&before), &[scrolled])), Some(LoginPrompt::Password));
    }

    #[test]
    fn after_a_password_the_login_succeeds_or_fails() {
        let before = ["web-01 login: root", "Password:"];
        let after = |rows: &[&str]| event(Some(&before), &[shown(&[&before[..], rows].concat())]);
        assert_eq!(kind(after(&["Last login: Tue Mar  5", "", "[root@web-01 ~]#"])), Some(LoginPrompt::Shell));
        assert_eq!(
            after(&["", "Login incorrect", "web-01 login:"]),
            Some(LoginEvent::Refused("Login incorrect".into()))
        );
        let expired = "You must change your password now.";
        assert_eq!(after(&[expired, "New password:"]), Some(LoginEvent::Expired(expired.into())));
        assert_eq!(kind(after(&["Password:"])), Some(LoginPrompt::Password));
        assert_eq!(kind(after(&["web-01 login:"])), Some(LoginPrompt::Name));
        assert_eq!(after(&["Last login: Tue Mar  5", "Welcome"]), None);
        // A failure that stood there before the attempt is none of it.
        let before = ["Login incorrect", "web-01 login: root", "Password:"];
        let now = ["Login incorrect", "web-01 login: root", "Password:", "#"];
        assert_eq!(kind(event(Some(&before), &[shown(&now)])), Some(LoginPrompt::Shell));
        // The welcome has cleared the screen.
        assert_eq!(kind(event(Some(&before), &[shown(&["Welcome", "#"])])), Some(LoginPrompt::Shell));
    }

    #[test]
    fn messages_while_a_password_is_checked_are_no_answer() {
        let before = ["web-01 login: root", "Password:"];
        let after = |rows: &[&str], row| {
            let rows: Vec<&str> = [&before[..], rows, &[""; 6][rows.len()..]].concat();
            event(Some(&before), &[with_cursor(screen(60, &rows), 0, row)])
        };
        let message = "[   23.456789] cloud-init[9]: done";
        assert_eq!(after(&[message], 3), None);
        assert_eq!(after(&["", message, "[  OK  ] Reached target x."], 5), None);
        let shell = ["web-01 login: root", "Password:", message, "#", "", "", "", ""];
        let shell = event(Some(&before), &[with_cursor(screen(60, &shell), 2, 3)]);
        assert_eq!(kind(shell), Some(LoginPrompt::Shell));
    }

    #[test]
    fn the_prompt_of_a_shell_is_more_than_words_of_a_welcome() {
        let before = ["web-01 login: root", "Password:"];
        let after = |rows: &[&str]| event(Some(&before), &[shown(&[&before[..], rows].concat())]);
        assert_eq!(kind(after(&["Access denied to all but us!", "#"])), Some(LoginPrompt::Shell));
        assert_eq!(after(&["Sorry, we are closed."]), None, "the shell may come");
        assert_eq!(after(&["Permission denied", "login:"]), Some(LoginEvent::Refused("Permission denied".into())));
    }

    /// When a prompt that stays counts at the beginning, of 5 s in steps of 100 ms.
    fn counts_after(rows: &[&str], answered: Option<&[&str]>, user: &str) -> Option<u32> {
        let answered = answered.map(|rows| RowsBefore::new(&TextRows::of_screen(&shown(rows))));
        let mut watch = LoginWatch::at_start(LoginName { user, prompt: None }, answered.as_ref(), false);
        let (screen, start, typed) = (shown(rows), Instant::now(), TypedWords::default());
        let step = Duration::from_millis(100);
        (0..50).find(|count| matches!(watch.observe(&screen, &typed, start + step * *count), Verdict::Done(_)))
    }

    #[test]
    fn the_prompt_of_another_login_counts_only_if_it_stays() {
        let login = ["web-01 login: root", "Password:"];
        assert_eq!(counts_after(&login, None, "root"), Some(1));
        assert_eq!(counts_after(&login, None, "admin"), Some(30));
        assert_eq!(counts_after(&["Please enter passphrase for disk a:"], None, "root"), Some(30));
        // One that was answered does not count at all, and what has come since counts.
        assert_eq!(counts_after(&login, Some(&login), "root"), None);
        assert_eq!(counts_after(&["web-01 login: root", "Password:", "#"], Some(&login), "root"), Some(1));
        assert_eq!(counts_after(&["web-01 login:"], Some(&["web-01 login:"]), "root"), Some(1));
    }

    #[test]
    fn a_prompt_for_a_password_needs_its_cursor() {
        let dark = Screen { cursor: None, ..shown(&["web-01 login: root", "Password:"]) };
        let mut watch = LoginWatch::at_start(ROOT, None, false);
        let (start, typed) = (Instant::now(), TypedWords::default());
        let mut seen = (0..50).map(|count| watch.observe(&dark, &typed, start + Duration::from_millis(100) * count));
        assert!(!seen.any(|verdict| matches!(verdict, Verdict::Done(_))));
    }
}
