//! Follows a login from one read of the screen to the next.

use tokio::time::Instant;

use super::login_prompt::{LoginPrompt, find_expiry, find_refusal, login_prompt};
use super::new_rows::RowsBefore;
use super::pattern::Pattern;
use super::prompt_line::{CursorPlace, prompt_lines};
use super::rows::TextRows;
use super::steady::Steady;
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

/// Waits for the next event.
pub(crate) struct LoginWatch<'a> {
    /// What was on the screen before the last keys: an event must be below it. `None` before any key.
    before: Option<&'a RowsBefore>,
    /// What recognises the prompt for a name in place of the usual one.
    name: Option<&'a Pattern>,
    /// Whether a dark screen is an event.
    sees_dark: bool,
    steady: Steady<LoginEvent>,
}

impl<'a> LoginWatch<'a> {
    /// Before any key. A screen that is dark although it was woken is no event.
    pub(crate) fn at_start(name: Option<&'a Pattern>, is_woken: bool) -> Self {
        Self { before: None, name, sees_dark: !is_woken, steady: Steady::new() }
    }

    /// After keys that were typed when these rows were there.
    pub(crate) fn after(before: &'a RowsBefore, name: Option<&'a Pattern>) -> Self {
        Self { before: Some(before), name, sees_dark: false, steady: Steady::new() }
    }

    /// Takes the next read.
    pub(crate) fn observe(&mut self, screen: &Screen, typed: &TypedWords, now: Instant) -> Verdict<LoginEvent> {
        self.steady.observe(self.event(screen, typed), now)
    }

    fn event(&self, screen: &Screen, typed: &TypedWords) -> Option<(LoginEvent, CursorPlace)> {
        if self.sees_dark && screen.kind == ScreenKind::Blank && screen.cursor.is_none() {
            return Some((LoginEvent::Dark, CursorPlace::Behind));
        }
        if let Some(before) = self.before {
            let new = before.new_rows(&TextRows::of_screen(screen));
            let refused = find_refusal(&new).map(|row| LoginEvent::Refused(row.to_owned()));
            let event = refused.or_else(|| find_expiry(&new).map(|row| LoginEvent::Expired(row.to_owned())));
            if event.is_some() || new.is_empty() {
                return event.map(|event| (event, CursorPlace::Behind));
            }
        }
        prompt_lines(screen).into_iter().find_map(|line| {
            let kind = login_prompt(&line, self.name).filter(|_| !typed.is_echo(&line.text))?;
            Some((LoginEvent::Prompt(Prompt { kind, text: line.text, above: line.above }), line.cursor))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::console::reading::test_screens::{blank, picture, screen, with_cursor};
    use crate::secret::Secret;

    /// A screen of 40 columns and 8 rows with a cursor behind the last row.
    fn shown(rows: &[&str]) -> Screen {
        let (last, end) = (rows.len() - 1, rows[rows.len() - 1].chars().count() + 1);
        let rows: Vec<&str> = rows.iter().copied().chain(std::iter::repeat_n("", 8 - rows.len())).collect();
        with_cursor(screen(40, &rows), end, last)
    }

    /// What is seen of screens that come 10 ms after each other, the last of which stays.
    fn event(before: Option<&[&str]>, screens: &[Screen]) -> Option<LoginEvent> {
        let before = before.map(|rows| RowsBefore::new(&TextRows::of_screen(&shown(rows))));
        let mut typed = TypedWords::default();
        typed.add(&Secret::new("root\n"), false);
        let mut watch = match &before {
            Some(before) => LoginWatch::after(before, None),
            None => LoginWatch::at_start(None, false),
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
}
