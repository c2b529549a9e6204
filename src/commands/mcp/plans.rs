//! What agents were told that a call would do, until they confirm it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::JsonObject;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::random;

/// How long a plan may be confirmed.
const LIFETIME: Duration = Duration::from_secs(300);

/// How many plans may be open. The oldest gives way.
const MAX_PLANS: usize = 64;

/// The length of a token, in characters.
const TOKEN_LEN: usize = 8;

/// The plans that are open.
#[derive(Debug, Default)]
pub(super) struct Plans(Mutex<VecDeque<Plan>>);

/// A tool and its arguments without `confirm`, as a hash: they may hold what is to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked([u8; 32]);

#[derive(Debug)]
struct Plan {
    token: String,
    asked: Asked,
    /// The id of the machine.
    instance: String,
    end: Instant,
}

impl Asked {
    pub(super) fn new(tool: &str, arguments: &JsonObject) -> Self {
        let mut hash = Sha256::new();
        let mut arguments = arguments.clone();
        arguments.remove("confirm");
        // A name of a tool has no line feed.
        hash.update(format!("{tool}\n{}", Value::Object(arguments)));
        Self(hash.finalize().into())
    }
}

impl Plans {
    /// Opens a plan, and returns its token.
    pub(super) fn open(&self, asked: Asked, instance: &str, now: Instant) -> String {
        let mut token = random::hex_128();
        token.truncate(TOKEN_LEN);
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.retain(|plan| plan.end > now);
        if plans.len() >= MAX_PLANS {
            plans.pop_front();
        }
        plans.push_back(Plan { token: token.clone(), asked, instance: instance.to_owned(), end: now + LIFETIME });
        token
    }

    /// Takes the plan of a token. Fails unless it is open and says the same.
    pub(super) fn take(&self, token: &str, asked: Asked, instance: &str, now: Instant) -> Result<(), CommandError> {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = plans.iter().position(|plan| plan.token == token).and_then(|at| plans.remove(at));
        let why = match found {
            None => "confirm is not the token of an open plan",
            Some(plan) if plan.end <= now => "the plan is older than 5 minutes",
            Some(plan) if plan.asked != asked => "the plan was made for other arguments",
            Some(plan) if plan.instance != instance => "the name of the plan means another instance now",
            Some(_) => return Ok(()),
        };
        let hint =
            "call the tool without confirm, look at its plan, and call it with the same arguments and that token";
        Err(CommandError::message(ErrorKind::Usage, format!("{why}; nothing was done")).hint(hint))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(tool: &str, arguments: &Value) -> Asked {
        Asked::new(tool, arguments.as_object().unwrap())
    }

    #[test]
    fn a_token_is_good_once_for_what_was_planned() {
        let (plans, now) = (Plans::default(), Instant::now());
        let stop = asked("power", &json!({ "instance": "web", "action": "stop" }));
        let forced = asked("power", &json!({ "instance": "web", "action": "stop", "force": true }));
        assert_eq!(stop, asked("power", &json!({ "confirm": "x", "action": "stop", "instance": "web" })));
        let refused = |token: &str, asked, id, now| plans.take(token, asked, id, now).unwrap_err().error.to_string();
        let token = plans.open(stop, "i-1", now);
        plans.take(&token, stop, "i-1", now).unwrap();
        assert!(refused(&token, stop, "i-1", now).contains("not the token of an open plan"));
        let open = || plans.open(stop, "i-1", now);
        assert!(refused(&open(), forced, "i-1", now).contains("other arguments"));
        assert!(refused(&open(), asked("click", &json!({})), "i-1", now).contains("other arguments"));
        assert!(refused(&open(), stop, "i-2", now).contains("another instance"));
        assert!(refused(&open(), stop, "i-1", now + LIFETIME).contains("older than 5 minutes"));
        plans.take(&open(), stop, "i-1", now + LIFETIME - Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn the_oldest_of_too_many_plans_gives_way() {
        let (plans, now) = (Plans::default(), Instant::now());
        let asked = asked("click", &json!({}));
        let tokens: Vec<_> = (0..=MAX_PLANS).map(|_| plans.open(asked, "i-1", now)).collect();
        assert!(plans.take(&tokens[0], asked, "i-1", now).is_err());
        plans.take(&tokens[1], asked, "i-1", now).unwrap();
    }
}
