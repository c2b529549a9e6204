//! What docs/agents.md and the skill say, held to the program.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::agent::Agent;
use crate::docs::{blocks, committed};
use crate::sandbox::Sandbox;

const PAGE: &str = "docs/agents.md";
const SKILL: &str = "skills/ecs-vnc/SKILL.md";

/// The arguments behind `mcp` in a client's entry for a server.
fn arguments(entry: &Value) -> Vec<String> {
    assert_eq!(entry["command"], "ecs-vnc", "{entry}");
    let args: Vec<String> = serde_json::from_value(entry["args"].clone()).unwrap();
    assert_eq!(args[0], "mcp", "{entry}");
    args[1..].to_vec()
}

#[test]
fn the_lines_for_clients_start_the_server() {
    let page = committed(PAGE);
    let mut entries = Vec::new();
    for block in blocks(PAGE, &page) {
        let text = block.lines.join("\n");
        let settings: Value = match block.language.as_str() {
            "json" => serde_json::from_str(&text).unwrap(),
            "toml" => toml::from_str(&text).unwrap(),
            _ => continue,
        };
        let servers = ["mcpServers", "servers", "mcp_servers"].iter().find_map(|key| settings.get(key));
        entries.push(arguments(&servers.unwrap()["ecs-vnc"]));
    }
    assert_eq!(entries.len(), 3);
    for args in entries {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut agent = Agent::start(&Sandbox::new(), &args);
        let read = agent.call("read_screen", json!({ "instance": "web-01" }));
        assert_eq!(read["isError"], false, "{args:?}: {read}");
    }
}

#[test]
fn the_page_has_a_row_for_every_tool() {
    let page = committed(PAGE);
    let mut rows = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        rows.insert((row.split('`').nth(1).unwrap().to_owned(), row.contains("--allow-input")));
    }
    let mut agent = Agent::start(&Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo"), &["--allow-input"]);
    let tools = agent
        .tools()
        .into_iter()
        .map(|tool| (tool["name"].as_str().unwrap().to_owned(), tool["annotations"]["readOnlyHint"] == false));
    assert_eq!(rows, tools.collect());
}

#[test]
fn the_skill_has_the_head_that_agents_look_for() {
    let skill = committed(SKILL);
    let head = skill.strip_prefix("---\n").unwrap().split("\n---\n").next().unwrap();
    let name = head.lines().find_map(|line| line.strip_prefix("name: ")).unwrap();
    // agentskills.io: the name is that of the directory, and a description has at most 1024 characters.
    assert_eq!(SKILL, format!("skills/{name}/SKILL.md"));
    let description = head.split("description: >-\n").nth(1).unwrap();
    assert!((100..1024).contains(&description.len()) && skill.lines().count() < 500);
}
