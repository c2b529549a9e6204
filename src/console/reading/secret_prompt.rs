//! Recognises prompts for passwords.

use std::sync::LazyLock;

use regex::Regex;

use super::prompt_line::PromptLine;

/// What such a prompt asks for, as a word: `db_password:` is a key of a file. `unlock disk` is from Debian's
/// cryptsetup-initramfs.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)(?:^|[ (\[])(?P<word>pass ?(?:word|phrase|code)|unlock disk)"));

/// How it ends. systemd's systemd-ask-password adds the words in parentheses.
static END: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i): *(?:\(press tab for no echo\))?$"));

/// getty's prompt for a name, which begins with the name of the host: that may hold any word.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^\S+ login:"));

/// A shell's prompt with the echo of a command behind it.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| regex(r"[#$%>] "));

/// The second line of sulogin's prompt; the first one has the word.
static MAINTENANCE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\(or (?:press|type) control-d .*\): *$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// Whether a line is a prompt for a password, to which nothing was typed: no echo, and no Enter as far as can be seen.
pub(crate) fn is_secret_prompt(line: &PromptLine) -> bool {
    if is_maintenance_prompt(line) {
        return true;
    }
    if line.may_continue || line.may_be_answered {
        return false;
    }
    let words = WORD.captures(&line.text).filter(|_| END.is_match(&line.text));
    let Some(word) = words.and_then(|words| words.name("word")) else { return false };
    !LOGIN.is_match(&line.text) && !COMMAND.is_match(&line.text[..word.start()])
}

/// Whether a line is sulogin's prompt for root's password.
pub(crate) fn is_maintenance_prompt(line: &PromptLine) -> bool {
    !line.may_be_answered && MAINTENANCE.is_match(&line.text) && WORD.is_match(&line.above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::prompt_line::CursorPlace;

    fn line(text: &str, above: &str) -> PromptLine {
        let (text, above) = (text.to_owned(), above.to_owned());
        let cursor = CursorPlace::Behind;
        PromptLine { row: 1, text, above, cursor, may_continue: false, may_be_answered: false }
    }

    /// As programs print them: util-linux, shadow, sudo, OpenSSH, cryptsetup, systemd 252, git, MariaDB, OpenSSL.
    #[test]
    fn prompts_for_passwords_are_recognised() {
        for text in [
            "Password:",
            "password: ",
            "[sudo] password for admin:",
            "root@10.0.0.1's password:",
            "Enter passphrase for key '/home/admin/.ssh/id_rsa':",
            "Enter passphrase for /dev/vda3:",
            "Please unlock disk vda3_crypt:",
            "Please enter passphrase for disk root on / (luks-1): (press TAB for no echo)",
            "Password for 'https://user@github.com':",
            "Enter current password for root (enter for none):",
            "Enter PEM pass phrase:",
            "(current) UNIX password:",
            "Retype new password:",
            "Give root password for login:",
        ] {
            assert!(is_secret_prompt(&line(text, "")), "{text}");
        }
        let maintenance = line("(or press Control-D to continue):", "Give root password for maintenance");
        assert!(is_secret_prompt(&maintenance) && is_maintenance_prompt(&maintenance));
        assert!(!is_maintenance_prompt(&line("Password:", "")));
    }

    #[test]
    fn a_prompt_that_may_be_answered_is_none() {
        let maintenance = line("(or press Control-D to continue):", "Give root password for maintenance");
        for line in [line("Please enter passphrase for disk luks-1:", ""), maintenance] {
            let line = PromptLine { may_be_answered: true, ..line };
            assert!(!is_secret_prompt(&line) && !is_maintenance_prompt(&line), "{line:?}");
        }
    }

    #[test]
    fn an_echo_of_words_is_none() {
        for text in [
            "web-01 login:",
            "web-01 login: root",
            "web-01 login: password",
            "password-01 login:",
            "web-01 login: password:",
            "[root@web-01 ~]# echo password:",
            "root@web-01:~$ grep password: /etc/passwd",
            "Changing password for root.",
            "Your password will expire in 5 days",
            "[root@web-01 ~]# passwd",
            "passwd:",
            "db_password:",
            "user.password:",
            "db-password:",
            "mypassword:",
            "\"password\":",
            "[root@web-01 ~]# password:",
            "The password is: secret",
            "",
        ] {
            assert!(!is_secret_prompt(&line(text, "Password:")), "{text}");
        }
        let without_password = line("(or press Control-D to continue):", "Press Enter for maintenance");
        assert!(!is_secret_prompt(&without_password));
        let end_of_a_command = PromptLine { may_continue: true, ..line("password:", "# echo") };
        assert!(!is_secret_prompt(&end_of_a_command));
    }
}
