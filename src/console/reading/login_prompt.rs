//! What a guest shows of a login.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::Pattern;
use super::prompt_line::PromptLine;
use super::secret_prompt::{is_maintenance_prompt, is_secret_prompt};

/// getty's prompt for a user's name, to which nothing was typed. `Last login:` ends otherwise.
static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\blogin: *$"));

/// A shell's prompt. `%` and `>` end many other lines: `%` counts after a user and a host, after the name of a host (zsh), or
/// alone (csh), but not after a digit; `>` after a user and a host, or after `fish` and a directory.
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"[#$] *$|^(?:[\w.-]*[A-Za-z_-])?% *$|^\[?[\w.-]+@[\w.-]+(?:[^<>]*[^\d\s%<>])? ?% *$|^\[?[\w.-]+@[\w.-]+[^#$%<>]*> *$|^fish [^#$%<>]*> *$|^\(initramfs\) *$",
    )
});

/// What ends like a shell's prompt: psql, a percentage, a line of signs.
static NO_SHELL: LazyLock<Regex> = LazyLock::new(|| regex(r"\d ?% *$|(?:##|[=*-]#) *$"));

/// Why a login failed. Sources: util-linux's login and sulogin, busybox's login, Linux-PAM's pam_unix, pam_faillock, pam_nologin
/// and pam_access, systemd's pam_systemd, shadow's nologin.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^ *(?:login incorrect|login timed out|authentication failure|permission denied|access denied|maximum number of tries|sorry,|(?:the|your) account (?:is locked|has expired|has been)|this account is|system is (?:booting up|going down))",
    )
});

/// That a password has to be changed first. Source: Linux-PAM's pam_unix, shadow's expiry.
static EXPIRED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^ *(?:you (?:are required to|must) change your password|(?:warning: )?your password has expired|changing password for|(?:\(current\) unix|current|new|enter new(?: unix)?) password: *$)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// What the last line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginPrompt {
    /// A user's name.
    Name,
    Password,
    /// root's password, in emergency mode.
    Maintenance,
    /// A command: a user has logged in.
    Shell,
}

/// What a line asks for, if that is known. `name` recognises the prompt for a name in place of the usual one.
pub(crate) fn login_prompt(line: &PromptLine, name: Option<&Pattern>) -> Option<LoginPrompt> {
    let text = &line.text;
    if name.is_some_and(|name| name.find(text).is_some()) {
        return Some(LoginPrompt::Name);
    }
    if is_maintenance_prompt(line) {
        return Some(LoginPrompt::Maintenance);
    }
    if is_secret_prompt(line) {
        return Some(LoginPrompt::Password);
    }
    if name.is_none() && NAME.is_match(text) {
        return Some(LoginPrompt::Name);
    }
    (SHELL.is_match(text) && !NO_SHELL.is_match(text)).then_some(LoginPrompt::Shell)
}

/// The row that says why a login failed, if one does.
pub(crate) fn find_refusal(rows: &[String]) -> Option<&str> {
    rows.iter().map(String::as_str).find(|row| REFUSED.is_match(row))
}

/// The row that asks for a new password, if one does.
pub(crate) fn find_expiry(rows: &[String]) -> Option<&str> {
    rows.iter().map(String::as_str).find(|row| EXPIRED.is_match(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::prompt_line::CursorPlace;

    fn prompt(text: &str, above: &str, name: Option<&str>) -> Option<LoginPrompt> {
        let (text, above) = (text.to_owned(), above.to_owned());
        let cursor = CursorPlace::Behind;
        let line = PromptLine { row: 1, text, above, cursor, may_continue: false, may_be_answered: false };
        login_prompt(&line, name.map(|name| name.parse().unwrap()).as_ref())
    }

    #[test]
    fn the_prompts_of_a_login_are_known() {
        for (text, expected) in [
            ("web-01 login:", Some(LoginPrompt::Name)),
            ("(none) login:", Some(LoginPrompt::Name)),
            ("password-01 login:", Some(LoginPrompt::Name)),
            ("login:", Some(LoginPrompt::Name)),
            ("Debian GNU/Linux 12 web-01 tty1 web-01 Login:", Some(LoginPrompt::Name)),
            ("web-01 login: root", None),
            ("web-01 login: password:", None),
            ("Last login: Tue Mar  5 20:16:58 on tty1", None),
            ("mylogin:", None),
            ("Password:", Some(LoginPrompt::Password)),
            ("[root@web-01 ~]#", Some(LoginPrompt::Shell)),
            ("admin@web-01:~$", Some(LoginPrompt::Shell)),
            ("web%", Some(LoginPrompt::Shell)),
            ("admin@web-01 ~ %", Some(LoginPrompt::Shell)),
            ("[admin@web-01]~%", Some(LoginPrompt::Shell)),
            ("admin@web-01:~>", Some(LoginPrompt::Shell)),
            ("admin@web-01 ~/src (main)>", Some(LoginPrompt::Shell)),
            ("#", Some(LoginPrompt::Shell)),
            ("%", Some(LoginPrompt::Shell)),
            ("/ #", Some(LoginPrompt::Shell)),
            ("(initramfs)", Some(LoginPrompt::Shell)),
            ("dracut:/#", Some(LoginPrompt::Shell)),
            ("bash-5.1#", Some(LoginPrompt::Shell)),
            ("fish /root>", Some(LoginPrompt::Shell)),
            ("grub>", None),
            ("grub rescue>", None),
            ("Shell>", None),
            (">", None),
            (">>>", None),
            ("################", None),
            ("/dev/vda1: |=====   | 50.0%", None),
            ("Loading 7%", None),
            ("eta:50%", None),
            ("root@web-01: 50 %", None),
            ("FS0:\\>", None),
            ("iPXE>", None),
            ("=>", None),
            ("mysql>", None),
            ("MariaDB [(none)]>", None),
            ("postgres=#", None),
            ("127.0.0.1:6379>", None),
            ("X:\\Sources>", None),
            ("root@web-01:~# cat >", None),
            ("[root@web-01 ~]# passwd", None),
            ("[    1.204711] systemd[1]: Set hostname to <web-01>.", None),
        ] {
            assert_eq!(prompt(text, "", None), expected, "{text}");
        }
        let maintenance = prompt("(or press Control-D to continue):", "Give root password for maintenance", None);
        assert_eq!(maintenance, Some(LoginPrompt::Maintenance));
    }

    #[test]
    fn another_prompt_for_a_name_can_be_named() {
        assert_eq!(prompt("User name:", "", Some("User name: *$")), Some(LoginPrompt::Name));
        assert_eq!(prompt("web-01 login:", "", Some("User name: *$")), None);
        assert_eq!(prompt("Password:", "", Some("User name: *$")), Some(LoginPrompt::Password));
    }

    #[test]
    fn rows_say_why_a_login_failed() {
        let rows = |text: &str| ["", text, "", "web-01 login:"].map(str::to_owned);
        for text in [
            "Login incorrect",
            "Login timed out after 60 seconds.",
            "Permission denied",
            "The account is locked due to 3 failed logins.",
            "Your account has expired; please contact your system administrator.",
            "This account is currently not available.",
            "System is booting up. Unprivileged users are not permitted to log in yet.",
        ] {
            assert_eq!((find_refusal(&rows(text)), find_expiry(&rows(text))), (Some(text), None));
        }
        for text in [
            "You are required to change your password immediately (administrator enforced).",
            "You must change your password now.",
            "WARNING: Your password has expired.",
            "Current password:",
            "(current) UNIX password:",
            "New password:",
        ] {
            assert_eq!((find_refusal(&rows(text)), find_expiry(&rows(text))), (None, Some(text)));
        }
        for text in [
            "Last login: Tue Mar  5 20:16:58 on tty1",
            "Last failed login: Tue Mar  5 20:16:58 on tty1",
            "Warning: your password will expire in 5 days",
            "Unauthorized access is denied.",
            "Welcome to Alibaba Cloud Elastic Compute Service !",
        ] {
            assert_eq!((find_refusal(&rows(text)), find_expiry(&rows(text))), (None, None), "{text}");
        }
    }
}
