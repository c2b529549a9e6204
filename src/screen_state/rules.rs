//! The rules by which a row tells the state of its machine.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use thiserror::Error;

/// The rules that are built in.
const BUILT_IN: &str = include_str!("rules.toml");

/// The most rules of a file.
const MAX_RULES: usize = 1000;

/// The largest compiled expression, in bytes: a rule of a user may be hostile to memory by mistake.
const MAX_COMPILED_LEN: usize = 1 << 20;

/// A rule: a row that it matches says that the machine is in its state.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) pattern: Regex,
    /// Whether its rows decide only if nothing above them does.
    pub(crate) is_background: bool,
    /// The states of rows above that are over once such a row is there.
    pub(crate) ends: Vec<String>,
    /// Where the text comes from; empty if it is not known.
    pub(crate) source: String,
}

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    name: String,
    state: String,
    pattern: String,
    #[serde(default)]
    background: bool,
    #[serde(default)]
    ends: Vec<String>,
    #[serde(default)]
    source: String,
    /// Rows that it matches.
    hit: Vec<String>,
    /// Rows that it does not match.
    miss: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRules {
    #[serde(default)]
    rule: Vec<WrittenRule>,
}

/// Why a file holds no rules.
#[derive(Debug, Error)]
pub(crate) enum RulesFault {
    #[error("{0}")]
    Toml(String),
    #[error("it has no rule: each begins with [[rule]]")]
    None,
    #[error("it has more than {MAX_RULES} rules")]
    TooMany,
    #[error("a rule has no name")]
    Name,
    #[error("the rule `{rule}`: `{state}` is no state: use lower-case letters, digits and hyphens")]
    State { rule: String, state: String },
    #[error("the rule `{rule}`: the pattern is no regular expression: {error}")]
    Pattern { rule: String, error: String },
    #[error("the rule `{rule}` does not match its own sample `{row}` of hit")]
    Missed { rule: String, row: String },
    #[error("the rule `{rule}` matches its own sample `{row}` of miss")]
    Matched { rule: String, row: String },
    #[error("the rule `{0}` has no sample in hit, or none in miss")]
    NoSample(String),
}

/// Rules in the order in which they decide about a row.
#[derive(Clone, Debug)]
pub(crate) struct RuleSet(Vec<Rule>);

impl RuleSet {
    /// The rules that are built in.
    pub(crate) fn built_in() -> Self {
        static RULES: LazyLock<RuleSet> =
            LazyLock::new(|| RuleSet::parse(BUILT_IN).expect("a test parses the rules that are built in"));
        RULES.clone()
    }

    /// Reads rules in TOML, and holds each against its samples.
    pub(crate) fn parse(text: &str) -> Result<Self, RulesFault> {
        let written: WrittenRules = toml::from_str(text).map_err(|error| RulesFault::Toml(error.to_string()))?;
        match written.rule.len() {
            0 => Err(RulesFault::None),
            1..=MAX_RULES => written.rule.into_iter().map(compile).collect::<Result<_, _>>().map(Self),
            _ => Err(RulesFault::TooMany),
        }
    }

    /// Puts a user's rules before these.
    pub(crate) fn preceded_by(self, first: Self) -> Self {
        Self(first.0.into_iter().chain(self.0).collect())
    }

    /// The rules in order.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// The first rule that matches a row, whose end has no space.
    pub(super) fn first_match(&self, row: &str) -> Option<&Rule> {
        if row.is_empty() { None } else { self.0.iter().find(|rule| rule.pattern.is_match(row)) }
    }
}

fn compile(written: WrittenRule) -> Result<Rule, RulesFault> {
    let WrittenRule { name, state, pattern, background, ends, source, hit, miss } = written;
    if name.trim().is_empty() {
        return Err(RulesFault::Name);
    }
    let is_state = |state: &str| {
        let fits = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
        !state.is_empty() && state.chars().all(fits)
    };
    if let Some(state) = [&state].into_iter().chain(&ends).find(|state| !is_state(state)) {
        return Err(RulesFault::State { rule: name, state: state.clone() });
    }
    let compiled = RegexBuilder::new(&pattern).size_limit(MAX_COMPILED_LEN).build();
    let pattern = match compiled {
        Ok(pattern) => pattern,
        Err(error) => return Err(RulesFault::Pattern { rule: name, error: error.to_string() }),
    };
    if hit.is_empty() || miss.is_empty() {
        return Err(RulesFault::NoSample(name));
    }
    if let Some(row) = hit.into_iter().find(|row| !pattern.is_match(row.trim_end())) {
        return Err(RulesFault::Missed { rule: name, row });
    }
    if let Some(row) = miss.into_iter().find(|row| pattern.is_match(row.trim_end())) {
        return Err(RulesFault::Matched { rule: name, row });
    }
    Ok(Rule { name, state, pattern, is_background: background, ends, source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::screen_state::STATES;

    #[test]
    fn the_rules_that_are_built_in_hold_their_samples() {
        let rules = RuleSet::parse(BUILT_IN).unwrap_or_else(|fault| panic!("{fault}"));
        let names: BTreeSet<&str> = rules.rules().iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names.len(), rules.rules().len(), "a name is there twice");
        for rule in rules.rules() {
            assert!(!rule.source.is_empty(), "{} names no source", rule.name);
            for state in [&rule.state].into_iter().chain(&rule.ends) {
                assert!(STATES.contains(&state.as_str()), "{} has the unknown state {state}", rule.name);
            }
        }
    }

    #[test]
    fn the_first_rule_for_a_sample_is_its_own() {
        let written: WrittenRules = toml::from_str(BUILT_IN).unwrap();
        let rules = RuleSet::built_in();
        for rule in written.rule {
            for row in rule.hit {
                let first = rules.first_match(row.trim_end()).unwrap();
                assert_eq!(first.name, rule.name, "{row}");
            }
            for row in rule.miss {
                let other = rules.first_match(row.trim_end()).map(|other| &other.state);
                let is_sick = other.is_some_and(|state| SICK.contains(&state.as_str()) && *state != rule.state);
                assert!(!is_sick || row.starts_with(" -- System halted"), "{row} is {other:?}");
            }
        }
    }

    /// States that no healthy machine is in.
    const SICK: [&str; 6] = ["panic", "oops", "emergency", "initramfs", "no-boot-device", "windows-stop"];

    #[test]
    fn faults_name_their_rule() {
        let rule = |state: &str, pattern: &str, hit: &str, miss: &str| {
            format!(
                "[[rule]]\nname = \"mine\"\nstate = \"{state}\"\npattern = '{pattern}'\nhit = [{hit}]\nmiss = [{miss}]\n"
            )
        };
        for (text, said) in [
            (rule("Bad State", "a", "'a'", "'b'"), "`Bad State` is no state"),
            (rule("x", "(", "'a'", "'b'"), "the rule `mine`: the pattern is no regular expression"),
            (rule("x", "a{1000}{1000}", "'a'", "'b'"), "no regular expression"),
            (rule("x", "a", "'b'", "'b'"), "`mine` does not match its own sample `b`"),
            (rule("x", "a", "'a'", "'ab'"), "`mine` matches its own sample `ab`"),
            (rule("x", "a", "", "'b'"), "no sample"),
            ("[[rule]]\nnaem = 1".to_owned(), "unknown field"),
            (String::new(), "no rule"),
            (rule("x", "a", "'a'", "'b'").repeat(1001), "more than 1000 rules"),
        ] {
            let fault = RuleSet::parse(&text).unwrap_err().to_string();
            assert!(fault.contains(said), "{fault}");
        }
    }

    #[test]
    fn a_users_rule_decides_about_a_row_before_those_that_are_built_in() {
        let text = "[[rule]]\nname = 'mine'\nstate = 'kiosk'\npattern = '^web-01 login:'\nhit = ['web-01 login:']\nmiss = ['x']";
        let rules = RuleSet::built_in().preceded_by(RuleSet::parse(text).unwrap());
        assert_eq!(rules.first_match("web-01 login:").unwrap().state, "kiosk");
        assert_eq!(rules.first_match("web-02 login:").unwrap().state, "login");
    }
}
