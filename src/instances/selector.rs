//! What an INSTANCE on the command line may be: pure.

use std::fmt;
use std::net::IpAddr;

use crate::api::operations::Instance;

/// The longest name an instance may have, in characters. Source: the vendor's page on RunInstances.
const LONGEST: usize = 128;

/// An instance as a person names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InstanceSelector {
    /// `i-…`
    Id(String),
    /// One of its addresses.
    Address(IpAddr),
    /// Its name, in which `*` stands for anything and `?` for one character.
    Name(String),
}

impl InstanceSelector {
    /// Reads an argument.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err("an instance is an id (i-…), a name or an IP address".to_owned());
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let is_id = text.strip_prefix("i-").is_some_and(|rest| !rest.is_empty() && rest.chars().all(fits));
        match text.parse() {
            Ok(IpAddr::V6(_)) => Err("instances are found by IPv4 addresses only; use the id or the name".to_owned()),
            Ok(address) => Ok(Self::Address(address)),
            Err(_) if is_id => Ok(Self::Id(text.to_owned())),
            Err(_) => Ok(Self::Name(text.to_owned())),
        }
    }

    /// The name as the API is asked for it, which knows `*` only.
    pub(crate) fn name_pattern(name: &str) -> String {
        name.replace('?', "*")
    }

    /// Whether it says what an instance is. What the service gives is looked at once more: it is asked with less.
    pub(crate) fn fits(&self, instance: &Instance) -> bool {
        match self {
            Self::Id(id) => *id == instance.instance_id,
            Self::Address(address) => {
                let mut own = instance.private_addresses().chain(instance.public_addresses());
                own.any(|own| own.parse() == Ok(*address))
            }
            Self::Name(name) => *name == instance.instance_name || glob(name, &instance.instance_name),
        }
    }

    /// Whether it is the instance's very name, or says more than a name.
    pub(crate) fn is_exact(&self, instance: &Instance) -> bool {
        !matches!(self, Self::Name(name) if *name != instance.instance_name)
    }
}

impl fmt::Display for InstanceSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) | Self::Name(text) => f.write_str(text),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

/// Whether `text` is what `pattern` describes. Linear but for the last `*`, to which it comes back.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_addresses_and_names_are_told_apart() {
        let parse = |text: &str| InstanceSelector::parse(text).unwrap();
        assert_eq!(parse("i-bp1hzoinajzkh91h"), InstanceSelector::Id("i-bp1hzoinajzkh91h".into()));
        assert_eq!(parse("10.0.0.1"), InstanceSelector::Address("10.0.0.1".parse().unwrap()));
        for name in ["web-01", "i-", "i-*", "i-数据库", "数据库 主", "10.0.0", "*", "a.b"] {
            assert_eq!(parse(name), InstanceSelector::Name(name.into()), "{name}");
        }
        for bad in ["", "a\nb", "\u{1b}[2J", &"x".repeat(129), "::1", "2001:db8::1"] {
            assert!(InstanceSelector::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_star_is_anything_and_a_question_mark_is_one_character() {
        for (pattern, text) in [
            ("web-*", "web-01"),
            ("*", ""),
            ("*01", "web-01"),
            ("*-*-*", "a-b-c"),
            ("w?b-0?", "web-01"),
            ("数据*-?", "数据库主-一"),
            ("a*b*c", "abbbc"),
            ("**a", "a"),
        ] {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("web-*", "Web-01"), ("web", "web-01"), ("?", ""), ("a*b", "abc"), ("", "a"), ("w?b", "wb")]
        {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
        // What makes a backtracking matcher take for ever.
        assert!(!glob(&format!("{}b", "a*".repeat(60)), &"a".repeat(128)));
    }

    #[test]
    fn the_very_name_says_more_than_a_pattern() {
        let named = |name: &str| {
            let mut instance = Instance::default();
            name.clone_into(&mut instance.instance_name);
            instance
        };
        let query = InstanceSelector::Name("web-*".into());
        assert!(query.fits(&named("web-*")) && query.is_exact(&named("web-*")));
        assert!(query.fits(&named("web-01")) && !query.is_exact(&named("web-01")));
        assert!(!query.fits(&named("db-01")));
    }
}
