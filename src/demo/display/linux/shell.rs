//! The simulated Linux's shell: runs a line and returns what happens next. Pure. It knows the few commands that the
//! documents use, with the output of a real machine.

use super::boot;
use super::machine::Machine;

/// What the console does after a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Text for the terminal.
    Print(String),
    Clear,
    Logout,
    Reboot,
    /// `systemctl default`, which boots on from emergency mode.
    DefaultTarget,
    /// `ping ADDRESS`, which goes on until Ctrl-C.
    Ping(String),
}

/// A command of a line, and whether the next one waits for its success.
struct Step {
    words: Vec<String>,
    is_condition: bool,
}

/// Runs the commands of a line (joined by `;` or `&&`), up to one that ends the shell's turn.
pub(crate) fn run(line: &str, user: &str, machine: &mut Machine) -> Vec<Outcome> {
    let steps = match parse(line) {
        Ok(steps) => steps,
        Err(why) => return vec![Outcome::Print(format!("-bash: {why}\n"))],
    };
    let mut outcomes = Vec::new();
    for Step { words, is_condition } in steps {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let outcome = match words[..] {
            ["clear"] => Outcome::Clear,
            ["exit" | "logout", ..] => Outcome::Logout,
            ["reboot"] | ["systemctl", "reboot"] | ["shutdown", "-r", "now"] => Outcome::Reboot,
            ["systemctl", "default"] => Outcome::DefaultTarget,
            ["ping", address] => Outcome::Ping(address.to_owned()),
            _ => match command(&words, user, machine) {
                Ok(text) => Outcome::Print(text),
                Err(text) => {
                    outcomes.push(Outcome::Print(text));
                    if is_condition {
                        break;
                    }
                    continue;
                }
            },
        };
        let is_last = matches!(outcome, Outcome::Logout | Outcome::Reboot | Outcome::Ping(_));
        outcomes.push(outcome);
        if is_last {
            break;
        }
    }
    outcomes
}

/// Splits a line into commands and words, without expanding anything.
fn parse(line: &str) -> Result<Vec<Step>, String> {
    let (mut steps, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next() {
                        Some(next) if next == character => break,
                        Some(next) => word.push(next),
                        None => return Err(format!("unexpected EOF while looking for matching `{character}'")),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(characters.next()),
            ' ' => words.extend(word.take()),
            '#' if word.is_none() => break,
            '|' | '<' | '>' | '`' | '$' | '(' | ')' => {
                return Err(format!("`{character}' is not simulated"));
            }
            ';' | '&' => {
                let is_condition = character == '&';
                if is_condition && characters.next_if_eq(&'&').is_none() {
                    return Err("`&' is not simulated".to_owned());
                }
                words.extend(word.take());
                if words.is_empty() {
                    return Err(format!("syntax error near unexpected token `{character}'"));
                }
                steps.push(Step { words: std::mem::take(&mut words), is_condition });
            }
            character => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    if !words.is_empty() {
        steps.push(Step { words, is_condition: false });
    }
    Ok(steps)
}

fn command(words: &[&str], user: &str, machine: &mut Machine) -> Result<String, String> {
    let (is_root, distribution) = (user == "root", machine.distribution);
    match *words {
        [] | ["true"] => Ok(String::new()),
        ["false"] => Err(String::new()),
        ["echo", "-n", ref rest @ ..] => Ok(rest.join(" ")),
        ["echo", ref rest @ ..] => Ok(format!("{}\n", rest.join(" "))),
        ["whoami"] => Ok(format!("{user}\n")),
        ["id"] if is_root => Ok("uid=0(root) gid=0(root) groups=0(root)\n".to_owned()),
        ["id"] => Ok(format!("uid=1000({user}) gid=1000({user}) groups=1000({user})\n")),
        ["hostname"] => Ok(format!("{}\n", machine.hostname)),
        ["pwd"] => Ok(if is_root { "/root\n".to_owned() } else { format!("/home/{user}\n") }),
        ["uname"] => Ok("Linux\n".to_owned()),
        ["uname", "-r"] => Ok(format!("{}\n", distribution.kernel())),
        ["uname", "-a"] => {
            let (host, kernel, version) = (&machine.hostname, distribution.kernel(), distribution.kernel_version());
            Ok(format!("Linux {host} {kernel} {version} x86_64 GNU/Linux\n"))
        }
        ["uptime"] => Ok(" 10:12:03 up 3 min,  1 user,  load average: 0.08, 0.05, 0.01\n".to_owned()),
        ["cat", path] => machine.file(path).ok_or_else(|| format!("cat: {path}: No such file or directory\n")),
        ["ls"] => Ok(String::new()),
        ["mount", "-o", "remount,rw", "/"] => Ok(String::new()),
        ["mount", "-a"] if machine.has_wrong_fstab() => {
            Err("mount: /data: special device /dev/vdb1 does not exist.\n".to_owned())
        }
        ["mount", "-a"] => Ok(String::new()),
        ["sed", "-i", script, "/etc/fstab"] => match machine.edit_fstab(script) {
            Ok(()) => Ok(String::new()),
            Err(why) => Err(format!("sed: {why}\n")),
        },
        ["systemctl", "--failed"] => Ok(failed_units(machine)),
        ["journalctl", "-xb"] => Ok(boot::log(machine)),
        [name, ..] => Err(format!("-bash: {name}: command not found\n")),
    }
}

fn failed_units(machine: &Machine) -> String {
    if machine.has_wrong_fstab() {
        "  UNIT       LOAD   ACTIVE SUB    DESCRIPTION\n\
         * data.mount loaded failed failed /data\n\n1 loaded units listed.\n"
            .to_owned()
    } else {
        "  UNIT LOAD ACTIVE SUB DESCRIPTION\n0 loaded units listed.\n".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::display::linux::machine::Distribution;

    fn machine(has_missing_disk: bool) -> Machine {
        Machine::new("web-01", Distribution::AlibabaCloudLinux, "10.0.0.10", has_missing_disk)
    }

    fn outcomes(line: &str) -> Vec<Outcome> {
        run(line, "root", &mut machine(false))
    }

    /// What a line prints.
    fn printed(line: &str) -> String {
        let text = |outcome| if let Outcome::Print(text) = outcome { text } else { format!("{outcome:?}") };
        outcomes(line).into_iter().map(text).collect()
    }

    #[test]
    fn a_line_is_split_as_a_shell_splits_it() {
        assert_eq!(printed("echo  two   words"), "two words\n");
        assert_eq!(printed(r#"echo "a  b" 'c;d' e\ f "" # comment"#), "a  b c;d e f \n");
        assert_eq!(printed("echo a;echo b&&hostname ;"), "a\nb\nweb-01\n");
        assert_eq!(printed("false && echo never"), "");
        assert_eq!(printed("nope; echo on"), "-bash: nope: command not found\non\n");
        assert_eq!(printed(""), "");
        assert_eq!(printed("echo 'a"), "-bash: unexpected EOF while looking for matching `''\n");
        assert_eq!(printed("; echo a"), "-bash: syntax error near unexpected token `;'\n");
        assert_eq!(printed("echo a > /etc/fstab"), "-bash: `>' is not simulated\n");
        assert_eq!(printed("sleep 9 &"), "-bash: `&' is not simulated\n");
    }

    #[test]
    fn commands_print_what_the_machine_is() {
        assert_eq!(printed("whoami"), "root\n");
        assert_eq!(printed("uname -r"), "5.10.134-16.3.al8.x86_64\n");
        assert!(printed("uname -a").starts_with("Linux web-01 5.10.134-16.3.al8.x86_64 #1 SMP "));
        assert_eq!(printed("cat /etc/hostname"), "web-01\n");
        assert_eq!(printed("cat /etc/shadow"), "cat: /etc/shadow: No such file or directory\n");
        assert_eq!(printed("foo --bar"), "-bash: foo: command not found\n");
        let as_admin = run("id; pwd", "admin", &mut machine(false));
        let expected = ["uid=1000(admin) gid=1000(admin) groups=1000(admin)\n", "/home/admin\n"];
        assert_eq!(as_admin, expected.map(|text| Outcome::Print(text.to_owned())));
    }

    #[test]
    fn some_commands_end_the_shells_turn() {
        assert_eq!(outcomes("clear; echo a"), [Outcome::Clear, Outcome::Print("a\n".to_owned())]);
        assert_eq!(outcomes("exit; echo a"), [Outcome::Logout]);
        for line in ["reboot", "systemctl reboot", "shutdown -r now"] {
            assert_eq!(outcomes(line), [Outcome::Reboot], "{line}");
        }
        assert_eq!(outcomes("ping 10.0.0.1; echo a"), [Outcome::Ping("10.0.0.1".to_owned())]);
    }

    #[test]
    fn a_wrong_fstab_can_be_found_and_corrected() {
        for (script, left) in [
            (r"/\/data/d", ""),
            ("/vdb1/s/^/# /", "# /dev/vdb1                                 /data ext4 defaults 0 2\n"),
            (
                "/vdb1/s/defaults/defaults,nofail/",
                "/dev/vdb1                                 /data ext4 defaults,nofail 0 2\n",
            ),
        ] {
            let mut machine = machine(true);
            let mut printed = |line: &str| match &run(line, "root", &mut machine)[..] {
                [Outcome::Print(text)] => text.clone(),
                other => panic!("{other:?}"),
            };
            assert!(printed("systemctl --failed").contains("* data.mount"));
            assert_eq!(printed("mount -a"), "mount: /data: special device /dev/vdb1 does not exist.\n");
            let before = printed("cat /etc/fstab");
            for wrong in ["d", "//d", "/vdb1/p", "/a/s/b/c"] {
                assert!(printed(&format!("sed -i '{wrong}' /etc/fstab")).starts_with("sed: only "), "{wrong}");
            }
            printed("sed -i '/nothing/d' /etc/fstab");
            assert_eq!(printed("cat /etc/fstab"), before);
            assert_eq!(printed(&format!("sed -i '{script}' /etc/fstab")), "");
            let (root, disk) = before.split_at(before.find("/dev").unwrap());
            assert_eq!((disk.lines().count(), printed("cat /etc/fstab")), (1, format!("{root}{left}")));
            assert_eq!(printed("mount -a"), "");
            assert!(printed("journalctl -xb").contains("Multi-User System"));
        }
    }

    #[test]
    fn a_file_does_not_grow_without_end() {
        let mut machine = machine(false);
        for _ in 0..1000 {
            run(&format!("sed -i '/UUID/s/^/{}/' /etc/fstab", "x".repeat(200)), "root", &mut machine);
        }
        assert!(machine.file("/etc/fstab").unwrap().len() <= 4096);
    }
}
