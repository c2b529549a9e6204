//! The language in which people are spoken to: English, or simplified Chinese.
//!
//! The program is written in English, and inside it everything stays English: errors, JSON, answers for agents. Only
//! `terminal` and the help translate, at the moment when they write for a person. The catalogue `zh_CN.po` has a Chinese
//! sentence for each English one; `{name}` stands for what differs. A sentence that it does not have stays English.

mod catalogue;
#[cfg(test)]
mod every_field_tests;
mod list;
mod pattern;
mod punctuation;
mod sentence;
mod shield;
mod translation;

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use catalogue::Catalogue;

/// The language that was chosen for the process, if any was. It is chosen when it is first asked for: most runs write nothing
/// for a person.
static CHOSEN: OnceLock<Option<Language>> = OnceLock::new();

/// How the language is chosen.
type Choice = Box<dyn FnOnce() -> Option<Language> + Send>;
static CHOICE: Mutex<Option<Choice>> = Mutex::new(None);

/// The Chinese catalogue, read when it is first used.
static CHINESE: OnceLock<Catalogue> = OnceLock::new();

/// A language that people can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, in which the program is written.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
}

impl Language {
    /// The codes that `--lang` and the configuration take.
    pub(crate) const CODES: [&'static str; 2] = ["en", "zh"];

    /// Returns the language with this code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code.trim() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// Returns the language of a locale such as `zh_CN.UTF-8` (POSIX) or `zh-Hans-CN` (BCP 47). Places that write
    /// traditional characters get English, and so do character sets other than UTF-8, because that is what is written. The
    /// locales C and POSIX name no language. Source: POSIX, Base Definitions, section 8.2.
    pub(crate) fn from_locale(locale: &str) -> Option<Self> {
        let locale = locale.to_ascii_lowercase();
        let without_modifier = locale.split('@').next().unwrap_or_default();
        let (name, character_set) = without_modifier.split_once('.').unwrap_or((without_modifier, "utf-8"));
        let mut parts = name.split(['_', '-']);
        match parts.next() {
            None | Some("" | "c" | "posix") => None,
            Some("zh")
                if matches!(character_set, "utf-8" | "utf8")
                    && !parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) =>
            {
                Some(Self::Chinese)
            }
            Some(_) => Some(Self::English),
        }
    }
}

/// Says how the language of the process is chosen. Without it, none is.
pub(crate) fn choose_by(choice: impl FnOnce() -> Option<Language> + Send + 'static) {
    *choice_of_process() = Some(Box::new(choice));
}

fn choice_of_process() -> MutexGuard<'static, Option<Choice>> {
    CHOICE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The language that was chosen, if any was.
pub(crate) fn chosen() -> Option<Language> {
    *CHOSEN.get_or_init(|| {
        let choice = choice_of_process().take()?;
        choice()
    })
}

/// The language of the process.
pub(crate) fn current() -> Language {
    #[cfg(test)]
    if let Some(language) = tests::LANGUAGE_OF_THREAD.get() {
        return language;
    }
    chosen().unwrap_or_default()
}

/// Returns an English text in the language of the process.
pub(crate) fn translate(text: &str) -> Cow<'_, str> {
    match current() {
        Language::English => Cow::Borrowed(text),
        Language::Chinese => sentence::translate(text, chinese()),
    }
}

fn chinese() -> &'static Catalogue {
    CHINESE.get_or_init(|| Catalogue::parse(include_str!("zh_CN.po")))
}

#[cfg(test)]
// It is const: on Windows, clippy does not see that behind the macro.
#[cfg_attr(windows, allow(clippy::missing_const_for_thread_local))]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// Stands before the language of the process, for what one test writes.
        pub(super) static LANGUAGE_OF_THREAD: Cell<Option<Language>> = const { Cell::new(None) };
    }

    /// Returns what `write` returns in this language. Other tests of the process keep theirs.
    pub(crate) fn in_language<T>(language: Language, write: impl FnOnce() -> T) -> T {
        let before = LANGUAGE_OF_THREAD.replace(Some(language));
        let written = write();
        LANGUAGE_OF_THREAD.set(before);
        written
    }

    #[test]
    fn locales_of_simplified_chinese_are_chinese() {
        for locale in ["zh_CN.UTF-8", "zh_CN", "zh", "zh_SG.utf8", "zh-Hans-CN", "zh_CN.UTF-8@pinyin"] {
            assert_eq!(Language::from_locale(locale), Some(Language::Chinese), "{locale}");
        }
        for locale in
            ["en_US.UTF-8", "zh_TW.UTF-8", "zh-Hant-HK", "zh_HK", "zha", "de_DE@euro", "zh_CN.GBK", "zh_CN.GB18030@x"]
        {
            assert_eq!(Language::from_locale(locale), Some(Language::English), "{locale}");
        }
        for locale in ["C", "C.UTF-8", "POSIX", ""] {
            assert_eq!(Language::from_locale(locale), None, "{locale}");
        }
    }

    #[test]
    fn codes_name_their_languages() {
        assert_eq!(Language::CODES.map(Language::from_code), [Some(Language::English), Some(Language::Chinese)]);
        assert_eq!(Language::from_code("fr"), None);
    }
}
