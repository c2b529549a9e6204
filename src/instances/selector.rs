//! What INSTANCE on the command line may be: pure.

use std::fmt;
use std::net::IpAddr;

use crate::api::operations::Instance;
use crate::text::quoted::quoted;
use crate::text::word::word;

/// The longest name of an instance, in characters. Source: the vendor's page on RunInstances.
const MAX_NAME_LEN: usize = 128;

/// What the user calls an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InstanceSelector {
    /// An id, such as `i-bp1hzoinajzkh91h`.
    Id(String),
    /// A private, public or elastic IPv4 address.
    Address(IpAddr),
    /// A name, in which `*` stands for any text and `?` for one character.
    Name(String),
    /// No instance was named: the user picks one.
    Any,
}

impl InstanceSelector {
    /// Parses an argument. White space around it is dropped.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = word(text).map_err(|error| error.to_string())?;
        if text.is_empty() || text.chars().count() > MAX_NAME_LEN {
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

    /// The pattern for the API's InstanceName filter, which knows `*` but not `?`.
    pub(crate) fn name_pattern(name: &str) -> String {
        name.replace('?', "*")
    }

    /// Whether an instance matches. Answers of the API are checked again, since its filters are coarser.
    pub(crate) fn matches(&self, instance: &Instance) -> bool {
        match self {
            Self::Id(id) => *id == instance.instance_id,
            Self::Address(address) => {
                let mut own = instance.private_addresses().chain(instance.public_addresses());
                own.any(|own| own.parse() == Ok(*address))
            }
            Self::Name(name) => *name == instance.instance_name || glob(name, &instance.instance_name),
            Self::Any => true,
        }
    }

    /// The selector in a sentence: a name with spaces is in quotes.
    pub(crate) fn quoted(&self) -> String {
        match self {
            Self::Name(name) => quoted(name).into_owned(),
            _ => self.to_string(),
        }
    }

    /// Whether it is an id, an address, or exactly the instance's name.
    pub(crate) fn is_exact(&self, instance: &Instance) -> bool {
        match self {
            Self::Id(_) | Self::Address(_) => true,
            Self::Name(name) => *name == instance.instance_name,
            Self::Any => false,
        }
    }
}

impl fmt::Display for InstanceSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) | Self::Name(text) => f.write_str(text),
            Self::Address(address) => write!(f, "{address}"),
            Self::Any => f.write_str("an instance"),
        }
    }
}

/// Whether `text` matches `pattern`. It backtracks to the last `*` only, so that the time is at most quadratic.
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
    fn ids_addresses_and_names_are_distinguished() {
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
    fn a_star_matches_any_text_and_a_question_mark_one_character() {
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
        // A naive backtracking matcher takes exponential time here.
        assert!(!glob(&format!("{}b", "a*".repeat(60)), &"a".repeat(128)));
    }

    #[test]
    fn an_exact_name_is_told_from_a_pattern() {
        let named = |name: &str| {
            let mut instance = Instance::default();
            name.clone_into(&mut instance.instance_name);
            instance
        };
        let query = InstanceSelector::Name("web-*".into());
        assert!(query.matches(&named("web-*")) && query.is_exact(&named("web-*")));
        assert!(query.matches(&named("web-01")) && !query.is_exact(&named("web-01")));
        assert!(!query.matches(&named("db-01")));
    }
}
