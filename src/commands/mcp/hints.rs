//! What an agent can do about an error: hints are written for people, who have flags and commands. Pure.

use rmcp::model::JsonObject;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// The flags of the server, which an agent may tell its user.
const SERVER_FLAGS: [&str; 4] = ["--allow-input", "--only", "--secret", "--audit"];

/// Flags of commands as hints have them, the argument that a tool has in their place, and how it is told. A flag that begins like
/// a longer one stands behind it.
const ARGUMENTS: [(&str, &str, &str); 11] = [
    ("--timeout SECONDS", "timeout", "timeout"),
    ("--timeout", "timeout", "timeout"),
    ("--layout", "layout", "layout"),
    ("--via vnc", "via", "via: \"vnc\""),
    ("--area X,Y,W,H", "area", "area"),
    ("--area", "area", "area"),
    ("--after REGEX", "after", "after"),
    ("--user NAME --env VARIABLE", "user", "user and env"),
    ("--user root", "user", "user: \"root\""),
    ("--env NAME", "env", "env"),
    ("--enter", "enter", "enter"),
];

/// The hint of an error for the agent that called a tool. `schema` is that of the tool's arguments.
pub(super) fn hint(error: &CommandError, schema: &JsonObject) -> Option<String> {
    let told = error.hint.as_deref()?;
    if told.contains("ecs-vnc start") {
        return Some("start it first: power with the action start, if the user allows it".to_owned());
    }
    let has = |argument: &str| schema.get("properties").is_some_and(|known| known.get(argument).is_some());
    let known = ARGUMENTS.iter().filter(|(_, argument, _)| has(argument));
    let told = known.fold(told.to_owned(), |told, (flag, _, argument)| told.replace(flag, argument));
    let parts: Vec<&str> = told.split("; ").filter(|part| !is_for_people(part)).collect();
    match error.kind {
        _ if !parts.is_empty() => Some(parts.join("; ")),
        ErrorKind::WrongState => Some("list_instances tells the status of an instance".to_owned()),
        ErrorKind::NotFound => Some("list_instances tells the ids of instances".to_owned()),
        ErrorKind::TimeLimit if has("timeout") => Some("give a longer timeout, and look at the screen".to_owned()),
        ErrorKind::TimeLimit | ErrorKind::NoText => Some("look at the screen with read_screen".to_owned()),
        ErrorKind::Credentials => Some("only the user can mend this: tell them the error".to_owned()),
        _ => None,
    }
}

/// Whether a text names a command, or a flag that the server does not have.
fn is_for_people(text: &str) -> bool {
    let is_flag = |word: &str| {
        let flag = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        flag.starts_with("--") && !SERVER_FLAGS.contains(&flag)
    };
    text.contains("ecs-vnc ") || text.split_whitespace().any(is_flag)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(kind: ErrorKind, hint: &str, arguments: &[&str]) -> Option<String> {
        let properties: serde_json::Map<_, _> = arguments.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        let schema = json!({ "properties": properties });
        super::hint(&CommandError::message(kind, "x").hint(hint), schema.as_object().unwrap())
    }

    #[test]
    fn a_flag_is_told_as_the_argument_of_the_tool() {
        for (hint, argument, expected) in [
            ("wait longer with --timeout SECONDS", "timeout", "wait longer with timeout"),
            (
                "name the guest's keyboard layout with --layout",
                "layout",
                "name the guest's keyboard layout with layout",
            ),
            (
                "use --via vnc to take it over VNC; RequestId A-1",
                "via",
                "use via: \"vnc\" to take it over VNC; RequestId A-1",
            ),
            ("log in with --user NAME --env VARIABLE", "user", "log in with user and env"),
        ] {
            assert_eq!(told(ErrorKind::NoText, hint, &[argument]).as_deref(), Some(expected));
            let other = told(ErrorKind::NoText, hint, &["x"]).unwrap();
            assert!(!other.contains("--") && !other.contains(argument), "{other}");
        }
    }

    #[test]
    fn hints_for_people_are_not_given_to_agents() {
        let start = "start it first: ecs-vnc start i-1 --region cn-hangzhou";
        assert!(told(ErrorKind::WrongState, start, &[]).unwrap().contains("power"));
        let rest = "end what runs there; --prompt REGEX names another prompt";
        assert_eq!(told(ErrorKind::NoText, rest, &[]).as_deref(), Some("end what runs there"));
        assert_eq!(told(ErrorKind::Other, "see `ecs-vnc key --help`", &[]), None);
        let own = "the user chose them with --only";
        assert_eq!(told(ErrorKind::NotFound, own, &[]).as_deref(), Some(own));
    }
}
