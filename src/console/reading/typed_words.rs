//! What a command has typed on a console so far.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A part of a secret with at least so many characters is not shown in messages. A shorter secret is kept back at the end of a
/// line behind a prompt only: too many words would be.
const MIN_PART: usize = 4;

/// How a prompt ends.
const PROMPT_ENDS: [char; 6] = [':', '#', '$', '%', '>', '?'];

/// Of a longer secret, only whole lines are kept back.
const MAX_LEN_FOR_PARTS: usize = 1024;

/// The last words, and all secrets.
#[derive(Default)]
pub(crate) struct TypedWords {
    /// The last line that holds text and is no secret.
    words: Zeroizing<String>,
    /// What stood before them on the screen; empty if that is not known.
    prompt: Zeroizing<String>,
    /// Whether the next text continues the line.
    is_open: bool,
    /// The lines of all secrets.
    secrets: Vec<Secret>,
}

/// How much of a secret is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Masking {
    /// All that is as long as the secret: in what the user has asked for.
    Whole,
    /// Also parts of it, as a guest may echo them: in messages.
    Parts,
}

impl TypedWords {
    /// Takes what stands before the next text. It is the prompt, if that begins a line.
    pub(crate) fn set_prompt(&mut self, prompt: &str) {
        if !self.is_open {
            *self.prompt = prompt.trim_end().to_owned();
        }
    }

    /// Other keys were pressed, such as Enter: the next text begins a line.
    pub(crate) fn end_line(&mut self) {
        self.is_open = false;
    }

    /// Takes the next text that is typed.
    pub(crate) fn add(&mut self, text: &Secret, is_secret: bool) {
        if is_secret {
            let lines = text.expose().lines().filter(|line| !line.trim().is_empty());
            self.secrets.extend(lines.map(Secret::new));
            // Its echo, if there is one, is no prompt either; but it must not be compared with rows that are shown.
            self.is_open = false;
            return;
        }
        for line in text.expose().split_inclusive('\n') {
            let words = line.trim_end_matches('\n');
            if self.is_open {
                self.words.push_str(words);
            } else if !words.trim().is_empty() {
                *self.words = words.to_owned();
            }
            self.is_open = !line.ends_with('\n');
        }
    }

    /// Whether a line ends with the last words that were typed: then it is no prompt for the next ones. The prompt that they
    /// were typed at is not their echo, even if it ends like them.
    pub(crate) fn is_echo(&self, line: &str) -> bool {
        let words = self.words.trim();
        if !self.prompt.is_empty() && line.trim_end() == *self.prompt {
            return false;
        }
        let before = line.trim_end().strip_suffix(words).filter(|_| !words.is_empty());
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    }

    /// A text from the screen with stars in place of what was typed as a secret.
    pub(crate) fn mask(&self, text: &str, masking: Masking) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let mut is_secret = vec![false; characters.len()];
        for secret in &self.secrets {
            let secret: Zeroizing<Vec<char>> = Zeroizing::new(secret.expose().chars().collect());
            if secret.len() < MIN_PART {
                let end = characters.iter().rposition(|c| *c != ' ').map_or(0, |last| last + 1);
                let before = characters[..end].strip_suffix(&secret[..]).map(|before| before.iter().rev());
                let sign = before.and_then(|mut before| before.find(|c| **c != ' '));
                if sign.is_some_and(|sign| PROMPT_ENDS.contains(sign)) {
                    is_secret[end - secret.len()..end].fill(true);
                }
                continue;
            }
            let is_short = secret.len() <= MAX_LEN_FOR_PARTS;
            let min = if masking == Masking::Parts && is_short { MIN_PART } else { secret.len() };
            for (start, rest) in (0..characters.len()).map(|start| (start, &characters[start..])) {
                let longest = secret.windows(min).enumerate().filter(|(_, part)| rest.starts_with(part));
                let longest = longest.map(|(at, _)| common(&secret[at..], rest)).max().unwrap_or_default();
                is_secret[start..start + longest].fill(true);
            }
        }
        characters.iter_mut().zip(is_secret).filter(|(_, is_secret)| *is_secret).for_each(|(c, _)| *c = '*');
        characters.into_iter().collect()
    }
}

/// How many characters two texts have in common from their beginning.
fn common(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(texts: &[&str]) -> TypedWords {
        let mut typed = TypedWords::default();
        texts.iter().for_each(|text| typed.add(&Secret::new(*text), false));
        typed
    }

    #[test]
    fn a_row_that_ends_with_what_was_typed_is_its_echo() {
        for (texts, echo, other) in [
            (&["root\n"][..], "web-01 login: root", "Password:"),
            (&["root"], "web-01 login: root", "web-01 login: uproot"),
            (&["Password:\n"], "web-01 login: Password:", "Password: ok"),
            (&["ro", "ot\n"], "web-01 login: root", "web-01 login: ot"),
            (&[" one ", "two\n"], "# one two", "# onetwo"),
            (&["one\ntwo words \n\n"], "# two words", "# words"),
            (&["one\n", "two\n"], "two", "one"),
        ] {
            let typed = typed(texts);
            assert!(typed.is_echo(echo), "{texts:?}");
            assert!(!typed.is_echo(other), "{texts:?}");
        }
        let mut by_key = typed(&["ls"]);
        by_key.end_line();
        by_key.add(&Secret::new("clear\n"), false);
        assert!(by_key.is_echo("# clear"), "Enter was a key of its own");
        assert!(!typed(&[]).is_echo("") && !typed(&["\n"]).is_echo("Password:"));
    }

    #[test]
    fn a_prompt_that_ends_like_the_words_is_no_echo() {
        for prompt in ["[root@web-01 ~]# ", "/ #", "#"] {
            let mut typed = TypedWords::default();
            typed.set_prompt(prompt);
            typed.add(&Secret::new("#"), false);
            typed.set_prompt("/ # #");
            typed.add(&Secret::new("\n"), false);
            assert!(!typed.is_echo(prompt), "{prompt}");
            assert!(typed.is_echo(&format!("{} #", prompt.trim_end())), "{prompt}");
            // One that is not known ends like words.
            assert!(typed.is_echo("other #"));
        }
    }

    #[test]
    fn a_short_secret_is_masked_behind_a_prompt_only() {
        let mut typed = TypedWords::default();
        typed.add(&Secret::new("no\n\n"), true);
        for masking in [Masking::Whole, Masking::Parts] {
            assert_eq!(typed.mask("web-01 login: no", masking), "web-01 login: **");
            assert_eq!(typed.mask("[root@web-01 ~]#no ", masking), "[root@web-01 ~]#** ");
            for text in ["no", "say no", "# say no", "casino", "login: no more", "Password:", ""] {
                assert_eq!(typed.mask(text, masking), text);
            }
        }
    }

    #[test]
    fn a_secret_is_masked_and_parts_of_it_in_messages() {
        let mut typed = typed(&["public\n"]);
        typed.add(&Secret::new("hunter-22\nabc\n"), true);
        let mask = |text: &str, masking| typed.mask(text, masking);
        assert_eq!(mask("login: hunter-22!", Masking::Whole), "login: *********!");
        assert_eq!(mask("login: hunter-22hunter-22", Masking::Parts), format!("login: {}", "*".repeat(18)));
        assert_eq!(mask("unter-2 hunt", Masking::Whole), "unter-2 hunt");
        assert_eq!(mask("unter-2 hunt hun abc public", Masking::Parts), "******* **** hun abc public");
        assert_eq!(mask("grün hunter-22", Masking::Parts), "grün *********");
        assert!(!typed.is_echo("# hunter-22"));
    }

    #[test]
    fn a_long_secret_takes_no_time() {
        let mut typed = TypedWords::default();
        typed.add(&Secret::new("ab".repeat(32 << 10)), true);
        assert_eq!(typed.mask(&"ab".repeat(2000), Masking::Parts), "ab".repeat(2000));
    }
}
