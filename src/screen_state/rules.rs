//! The rules by which a row tells the state of its machine.

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
    /// Whether any other rule that matches some row decides before it.
    pub(crate) is_weak: bool,
    /// Where the text comes from.
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
    weak: bool,
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
    #[error("more than {MAX_RULES} rules")]
    TooMany,
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

/// Rules in the order in which they decide.
#[derive(Clone, Debug)]
pub(crate) struct RuleSet(Vec<Rule>);

impl RuleSet {
    /// The rules that are built in.
    pub(crate) fn built_in() -> Result<Self, RulesFault> {
        Self::parse(BUILT_IN)
    }

    /// Reads rules in TOML, and holds each against its samples.
    pub(crate) fn parse(text: &str) -> Result<Self, RulesFault> {
        let written: WrittenRules = toml::from_str(text).map_err(|error| RulesFault::Toml(error.to_string()))?;
        if written.rule.len() > MAX_RULES {
            return Err(RulesFault::TooMany);
        }
        written.rule.into_iter().map(compile).collect::<Result<_, _>>().map(Self)
    }

    /// Puts a user's rules before those that are built in.
    pub(crate) fn preceded_by(self, first: Self) -> Self {
        Self(first.0.into_iter().chain(self.0).collect())
    }

    /// The rules in order.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.0
    }
}

fn compile(WrittenRule { name, state, pattern, weak, source, hit, miss }: WrittenRule) -> Result<Rule, RulesFault> {
    let is_word = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if state.is_empty() || !state.chars().all(is_word) {
        return Err(RulesFault::State { rule: name, state });
    }
    let compiled = RegexBuilder::new(&pattern).size_limit(MAX_COMPILED_LEN).build();
    let pattern = match compiled {
        Ok(pattern) => pattern,
        Err(error) => return Err(RulesFault::Pattern { rule: name, error: error.to_string() }),
    };
    if hit.is_empty() || miss.is_empty() {
        return Err(RulesFault::NoSample(name));
    }
    if let Some(row) = hit.into_iter().find(|row| !pattern.is_match(row)) {
        return Err(RulesFault::Missed { rule: name, row });
    }
    if let Some(row) = miss.into_iter().find(|row| pattern.is_match(row)) {
        return Err(RulesFault::Matched { rule: name, row });
    }
    Ok(Rule { name, state, pattern, is_weak: weak, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_are_built_in_hold_their_samples() {
        let rules = RuleSet::built_in().unwrap();
        assert!(rules.rules().len() > 20);
        for rule in rules.rules() {
            assert!(!rule.source.is_empty(), "{} names no source", rule.name);
        }
    }

    #[test]
    fn faults_name_their_rule() {
        let rule = |state: &str, pattern: &str, hit: &str, miss: &str| {
            format!("[[rule]]\nname = \"mine\"\nstate = \"{state}\"\npattern = '{pattern}'\nhit = [{hit}]\nmiss = [{miss}]\n")
        };
        for (text, said) in [
            (rule("Bad State", "a", "'a'", "'b'"), "`Bad State` is no state"),
            (rule("x", "(", "'a'", "'b'"), "no regular expression"),
            (rule("x", "a{1000}{1000}", "'a'", "'b'"), "no regular expression"),
            (rule("x", "a", "'b'", "'b'"), "does not match its own sample `b`"),
            (rule("x", "a", "'a'", "'ab'"), "matches its own sample `ab`"),
            (rule("x", "a", "", "'b'"), "no sample"),
            ("[[rule]]\nnaem = 1".to_owned(), "unknown field"),
        ] {
            let fault = RuleSet::parse(&text).unwrap_err().to_string();
            assert!(fault.contains(said), "{fault}");
        }
    }
}
