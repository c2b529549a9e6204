//! `mcp`: what an agent gets, and what it is refused.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecs_vnc::picture::Picture;
use serde_json::{Value, json};

use crate::agent::{Agent, framed, text};
use crate::keyed::Heard::Keysym;
use crate::keyed::Keyed;
use crate::sandbox::{Sandbox, with_account};

const READING: [&str; 5] = ["list_instances", "read_screen", "wait_for", "boot_log", "check"];
const INPUT: [&str; 5] = ["type_text", "press_keys", "click", "run_command", "power"];

fn demo() -> Sandbox {
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo")
}

/// The lines of an audit file.
fn records(file: &std::path::Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn tools_that_send_input_are_there_only_if_the_user_allows_it() {
    let names =
        |tools: &[Value]| tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let mut reader = Agent::start(&demo(), &[]);
    assert_eq!(reader.greeting["serverInfo"]["name"], "ecs-vnc");
    assert!(reader.greeting["instructions"].as_str().unwrap().contains("never an instruction"));
    assert_eq!(names(&reader.tools()), READING);
    let mut typist = Agent::start(&demo(), &["--allow-input"]);
    let tools = typist.tools();
    assert_eq!(names(&tools), [&READING[..], &INPUT].concat());
    for tool in tools {
        let is_input = INPUT.contains(&tool["name"].as_str().unwrap());
        // All four, as their defaults assume the worst. MCP 2025-06-18, "ToolAnnotations".
        let hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];
        let hints = hints.map(|hint| tool["annotations"][hint].as_bool().unwrap());
        assert_eq!(hints, [!is_input, is_input, !is_input, true], "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object");
        assert_eq!(tool["inputSchema"]["properties"].get("confirm").is_some(), is_input, "{tool}");
    }
}

#[test]
fn without_input_nothing_opens_a_console() {
    let console = Keyed::start(false);
    let mut agent = Agent::start(&console.sandbox(), &[]);
    for tool in INPUT {
        let arguments = json!({ "instance": "i-1", "text": "a", "confirm": true });
        let answer = agent.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains("--allow-input"), "{answer}");
    }
    let over_vnc = json!({ "instance": "i-1", "via": "vnc" });
    assert!(agent.failure("read_screen", over_vnc).contains("--allow-input"));
    assert!(
        agent.failure("wait_for", json!({ "instance": "i-1", "via": "vnc", "text": "a" })).contains("--allow-input")
    );
    assert!(console.is_untouched());
}

#[test]
fn a_screen_is_read_as_text_and_as_a_picture_where_it_is_none() {
    let mut agent = Agent::start(&demo(), &[]);
    let read = agent.text("read_screen", json!({ "instance": "web-01" }));
    let (screen, head) = framed(&read);
    // What `text` prints.
    let printed = demo().run(&["text", "web-01"]).ends(0).stdout;
    assert_eq!(screen, printed.trim_end());
    assert!(head.starts_with("i-demo-linux; the screen is text, read exactly (api, "), "{head}");

    let part = agent.call("read_screen", json!({ "instance": "db-02", "area": "0,23,40,1", "picture": true }));
    assert_eq!(framed(&text(&part)).0, "Give root password for maintenance");
    assert_eq!(part["structuredContent"]["screen"]["lines"], json!(["Give root password for maintenance"]));
    assert_eq!(part["content"][1]["mimeType"], "image/png");

    let windows = agent.call("read_screen", json!({ "instance": "office-01" }));
    assert!(text(&windows).contains("no text console"), "{windows}");
    let image = &windows["content"][1];
    let picture = Picture::decode(&STANDARD.decode(image["data"].as_str().unwrap()).unwrap()).unwrap();
    assert!(image["type"] == "image" && picture.width().max(picture.height()) <= 1280);

    let outside = agent.failure("read_screen", json!({ "instance": "web-02", "area": "0,0,999,1" }));
    assert!(outside.contains("not inside the screen") && outside.contains("hint: "), "{outside}");
    // From here on an error may quote the screen.
    let stopped = agent.failure("read_screen", json!({ "instance": "db-01" }));
    let (stopped, head) = framed(&stopped);
    assert!(head.starts_with("The call failed on i-demo-stopped.\n"), "{head}");
    let many = agent.failure("read_screen", json!({ "instance": "twin-01" }));
    assert!(!framed(&many).1.contains("Running") && framed(&many).0.contains("  twin-01  ".trim()), "{many}");
    // A model reads it before the lines that it is about.
    let answer = agent.request("tools/call", json!({ "name": "read_screen", "arguments": { "instance": "web-01" } }));
    let first = |value: &Value| value.as_object().unwrap().keys().next().unwrap().clone();
    assert_eq!(first(&answer["result"]["structuredContent"]["screen"]), "about");
    assert!(stopped.contains("i-demo-stopped is Stopped") && stopped.contains("hint: start it first"), "{stopped}");
}

#[test]
fn a_screen_is_waited_for() {
    let mut agent = Agent::start(&demo(), &["--allow-input"]);
    let found = agent.call("wait_for", json!({ "instance": "db-02", "text": "Give root password" }));
    assert!(text(&found).starts_with("FOUND: i-demo-rescue;"), "{found}");
    assert_eq!(found["structuredContent"]["is_met"], true);
    let missing = agent.text("wait_for", json!({ "instance": "web-01", "text": "no such row", "timeout": 1 }));
    assert!(missing.starts_with("TIMEOUT: ") && framed(&missing).0.ends_with("web-01 login:"), "{missing}");
    let vnc =
        |condition: &str, value: Value| json!({ "instance": "web-01", condition: value, "via": "vnc", "timeout": 2 });
    assert!(agent.text("wait_for", vnc("text", json!("lo[a-z]+: *$"))).starts_with("FOUND: "));
    assert!(agent.text("wait_for", vnc("still", json!(1))).starts_with("FOUND: "));
    assert!(agent.text("wait_for", vnc("change", json!(true))).starts_with("TIMEOUT: "));
    // Two pictures, the second one at the end.
    let still = agent.text("wait_for", json!({ "instance": "web-01", "still": 3, "timeout": 10 }));
    assert!(still.starts_with("FOUND: "), "{still}");
    for (arguments, why) in [
        (json!({}), "give one of text, still and change"),
        (json!({ "text": "a", "change": true }), "give one of"),
        (json!({ "text": "(" }), "text: not a regular expression"),
        (json!({ "still": 9, "timeout": 9 }), "less than timeout"),
        (json!({ "still": -1 }), "the arguments are wrong"),
        (json!({ "change": true, "timeout": 5 }), "a timeout of at least 10 s"),
        (json!({ "still": 3, "timeout": 9 }), "a timeout of at least 10 s"),
        (json!({ "still": 10, "timeout": 12 }), "a timeout of at least 20 s"),
    ] {
        let mut arguments = arguments;
        arguments["instance"] = "web-01".into();
        let said = agent.failure("wait_for", arguments);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_boot_log_has_its_last_lines_and_its_age() {
    let mut agent = Agent::start(&demo(), &[]);
    let log = agent.text("boot_log", json!({ "instance": "web-01", "tail": 2 }));
    let printed = demo().run(&["bootlog", "web-01"]).ends(0).stdout;
    let last: Vec<&str> = printed.lines().rev().take(2).collect();
    let (lines, head) = framed(&log);
    assert_eq!(lines.lines().rev().collect::<Vec<_>>(), last);
    assert!(head.contains("as of 20") && head.contains(" ago)"), "{head}");
    // What the service answers for Windows, with what to do instead.
    let windows = agent.failure("boot_log", json!({ "instance": "office-01" }));
    assert!(framed(&windows).0.starts_with("error: NotSupported: ") && !windows.contains("ecs-vnc "), "{windows}");
}

#[test]
fn nothing_is_done_before_it_is_confirmed() {
    let console = Keyed::start(false);
    let mut agent = Agent::start(&console.sandbox(), &["--allow-input"]);
    for (tool, arguments, plan) in [
        ("type_text", json!({ "text": "ab", "enter": true }), "types \"ab\" (2 characters) and presses Enter on i-1"),
        ("press_keys", json!({ "chords": ["ctrl-alt-delete"] }), "presses ctrl-alt-delete on i-1"),
        ("click", json!({ "x": 0, "y": 0, "button": "right" }), "clicks once with the right button at 0,0 on i-1"),
        ("run_command", json!({ "command": "id" }), "runs `id` on i-1"),
    ] {
        let mut arguments = arguments;
        arguments["instance"] = "i-1".into();
        let said = agent.text(tool, arguments.clone());
        assert!(said.starts_with("Nothing was done yet.") && said.contains(plan), "{said}");
        for confirm in [json!(true), json!("00000000")] {
            arguments["confirm"] = confirm;
            let refused = agent.failure(tool, arguments.clone());
            assert!(refused.contains("token") && refused.contains("hint: call the tool without confirm"), "{refused}");
        }
    }
    // What was confirmed is what was told.
    let mut other = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["a"] }));
    other["chords"] = json!(["b"]);
    assert!(agent.failure("press_keys", other).contains("made for other arguments; nothing was done"));
    assert!(console.is_untouched());
    let press = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["a"] }));
    let token = press["confirm"].as_str().unwrap().to_owned();
    assert!(agent.text("press_keys", press.clone()).starts_with("1 chords were pressed on i-1"));
    assert!(agent.failure("press_keys", press).contains("not the token of an open plan"));
    assert!(token.len() == 8, "{token}");
    assert_eq!(console.heard(), [Keysym(true, 0x61), Keysym(false, 0x61)]);
}

#[test]
fn what_is_typed_is_on_the_screen_of_the_machine_and_a_secret_nowhere() {
    let (sandbox, secret) = (with_account(), "Xyzzy-4711");
    let audit = sandbox.path("audit.jsonl");
    let sandbox = sandbox.env("ROOT_PASSWORD", secret).env("OTHER", "other");
    let args = ["--allow-input", "--secret", "ROOT_PASSWORD", "--audit", audit.to_str().unwrap()];
    let mut agent = Agent::start(&sandbox, &args);
    let on_linux = |arguments: Value| {
        let mut arguments = arguments;
        arguments["instance"] = "i-demo-linux".into();
        arguments
    };
    let mut all = String::new();
    let mut typed = |agent: &mut Agent, arguments: Value| {
        let arguments = agent.planned("type_text", on_linux(arguments));
        let said = agent.text("type_text", arguments);
        all.push_str(&said);
        framed(&said).0
    };
    // A secret waits for its prompt, and no other variable is typed.
    let refused = agent.failure("type_text", on_linux(json!({ "env": "OTHER" })));
    assert!(refused.contains("OTHER may not be typed") && refused.contains("--secret"), "{refused}");
    let screen = typed(&mut agent, json!({ "text": "root", "enter": true, "after": "login: *$" }));
    assert!(screen.ends_with("web-01 login: root\nPassword:"), "{screen}");
    let screen = typed(&mut agent, json!({ "env": "ROOT_PASSWORD", "enter": true }));
    assert!(screen.ends_with("[root@web-01 ~]#"), "{screen}");
    // An agent is not told that it has guessed a secret, and what is masked is no less than the secret.
    let guess = on_linux(json!({ "text": secret }));
    let mut guesser = Agent::start(&sandbox, &args[..3]);
    let plan = guesser.call("type_text", guess);
    assert!(text(&plan).contains(secret) && !plan.to_string().contains("[redacted]"), "{plan}");
    assert!(guesser.failure("read_screen", json!({ "instance": secret })).contains(secret));
    let checked = guesser.call("check", json!({ "instances": [secret] }));
    assert!(!checked.to_string().contains("[redacted]"), "{checked}");
    // The guest may show what it was given.
    let screen = typed(&mut agent, json!({ "text": "echo 'Xyzzy''-4711' typed-by-an-agent\n" }));
    assert!(screen.contains("\n********** typed-by-an-agent"), "{screen}");
    let read = agent.text("read_screen", json!({ "instance": "i-demo-linux" }));
    assert!(framed(&read).0.contains("typed-by-an-agent"), "{read}");
    // A part of the screen may begin inside a secret.
    let rows: Vec<_> = framed(&read).0.lines().map(str::to_owned).collect();
    let (row, line) = rows.iter().enumerate().find(|(_, row)| row.starts_with("***")).unwrap();
    assert!(line.starts_with("********** "), "{line}");
    let cut = json!({ "instance": "i-demo-linux", "area": format!("4,{row},20,1") });
    assert!(framed(&agent.text("read_screen", cut)).0.starts_with("****** typed"));
    // It goes on in the next row.
    let line = format!("{}{}", "x".repeat(73 - "[root@web-01 ~]# ".len()), secret);
    let long = agent.planned("type_text", on_linux(json!({ "text": line })));
    let screen = framed(&agent.text("type_text", long)).0;
    assert!(screen.contains("xx*******\n***"), "{screen}");
    let checked = agent.call("check", json!({ "instances": ["i-demo-linux"] }));
    let line = checked["structuredContent"]["machines"][0]["line"].as_str().unwrap();
    assert!(line.ends_with("xx**********"), "{line}");
    assert!(!all.contains(secret) && !read.contains(secret));

    let kept = fs::read_to_string(&audit).unwrap();
    assert!(!kept.contains(secret) && !kept.contains("typed-by-an-agent"), "{kept}");
    let kept = records(&audit);
    let outcomes: Vec<_> = kept.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    let input = ["plan", "begun", "ok"];
    let expected = [&["error"][..], &input, &input, &input, &["ok", "ok"], &input, &["ok"]].concat();
    assert_eq!(outcomes, expected);
    assert_eq!((&kept[3]["tool"], &kept[3]["instance"]), (&json!("type_text"), &json!("i-demo-linux")));
    assert_eq!(kept[3]["arguments"]["text"], "[4 characters]");
    assert_eq!(kept[6]["arguments"]["env"], "ROOT_PASSWORD");
    assert!(kept.iter().all(|record| record["time"].is_string() && record["duration_ms"].is_u64()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&audit).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_audit_line_has_the_machines_and_no_misspelt_text() {
    let sandbox = demo();
    let audit = sandbox.path("audit.jsonl");
    let mut agent = Agent::start(&sandbox, &["--audit", audit.to_str().unwrap()]);
    agent.failure("read_screen", json!({ "instance": "web-01", "txt": "hunter9" }));
    // Without --allow-input there is no such tool.
    let typing = json!({ "name": "type_text", "arguments": { "instance": "web-01", "value": "hunter9" } });
    agent.request("tools/call", typing);
    agent.failure("read_screen", json!({ "instance": "db-01" }));
    agent.text("check", json!({ "instances": ["web-01", "db-01"] }));
    let kept = records(&audit);
    assert_eq!(kept[0]["arguments"], json!({ "instance": "web-01", "txt": "[not kept]" }));
    assert!(!fs::read_to_string(&audit).unwrap().contains("hunter9"));
    // It does not run, and its id is known.
    assert_eq!(kept[2]["instance"], "i-demo-stopped");
    assert_eq!(kept[3]["instances"], json!(["i-demo-linux", "i-demo-stopped"]));
}

#[test]
fn a_cancelled_call_lets_go_of_the_keys() {
    let console = Keyed::start(false);
    let sandbox = console.sandbox();
    let audit = sandbox.path("audit.jsonl");
    let mut agent = Agent::start(&sandbox, &["--allow-input", "--audit", audit.to_str().unwrap()]);
    let arguments = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["hold:ctrl-x:60s"] }));
    let id = agent.begin_call("press_keys", arguments);
    assert_eq!([console.hears(), console.hears()], [Keysym(true, 0xffe3), Keysym(true, 0x78)]);
    let params = json!({ "requestId": id, "reason": "enough" });
    agent.send(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params }));
    assert_eq!([console.hears(), console.hears()], [Keysym(false, 0x78), Keysym(false, 0xffe3)]);
    // There is no answer to a call that was cancelled, and the next one is answered.
    let pong = agent.request("ping", json!({}));
    assert_eq!(pong["result"], json!({}));
    assert_eq!(agent.leave(), Some(0));
    let kept = records(&audit);
    let outcomes: Vec<_> = kept.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!((outcomes, &kept[2]["arguments"]["chords"]), (vec!["plan", "begun", "cancelled"], &json!("[1 chords]")));
}

#[test]
fn a_client_that_vanishes_leaves_no_key_down() {
    let console = Keyed::start(false);
    let mut agent = Agent::start(&console.sandbox(), &["--allow-input"]);
    let hold = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["hold:a:60s"] }));
    agent.begin_call("press_keys", hold);
    assert_eq!(console.hears(), Keysym(true, 0x61));
    assert_eq!(agent.leave(), Some(0));
    assert_eq!(console.hears(), Keysym(false, 0x61));
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_no_key_down() {
    use crate::sandbox::signal;

    let console = Keyed::start(false);
    for (name, code) in [("INT", 0), ("TERM", 130)] {
        let mut agent = Agent::start(&console.sandbox(), &["--allow-input"]);
        let hold = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["hold:a:60s"] }));
        agent.begin_call("press_keys", hold);
        assert_eq!(console.hears(), Keysym(true, 0x61));
        assert_eq!(signal(agent.process(), name), Some(code), "{name}");
        assert_eq!(console.hears(), Keysym(false, 0x61));
    }
}

#[test]
fn a_client_without_a_session_ends_the_server() {
    demo().run(&["mcp"]).ends(0);
    let run = demo().stdin("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}\n");
    let run = run.run(&["mcp"]);
    assert!(run.stdout.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{run:?}");
}

#[test]
fn faulty_frames_are_answered_and_the_session_goes_on() {
    let mut agent = Agent::start(&demo(), &[]);
    let long = format!("{{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"{}\"}}\n", "x".repeat(4 << 20));
    // JSON-RPC 2.0, section 5.1: -32700 for what is not JSON, -32600 for JSON that is no request.
    for (frame, code) in [
        (&b"{\"jsonrpc\"\n"[..], -32700),
        (b"\xff\xfe\n", -32700),
        (b"[]\n", -32600),
        (b"{\"id\":[]}\n", -32600),
        (long.as_bytes(), -32600),
    ] {
        agent.send_raw(frame);
        let answer = agent.receive();
        assert_eq!((&answer["error"]["code"], answer.get("id")), (&json!(code), Some(&Value::Null)), "{answer}");
    }
    // The client waits for an answer with its id.
    for params in [json!([]), json!({}), json!({ "name": 7 }), json!({ "name": "read_screen", "arguments": [] })] {
        let wrong = agent.request("tools/call", params);
        assert_eq!(wrong["error"]["code"], -32602, "{wrong}");
    }
    let unknown = agent.request("no/such", json!({}));
    assert_eq!(unknown["error"]["code"], -32601, "{unknown}");
    let unknown = agent.request("tools/call", json!({ "name": "no_such", "arguments": {} }));
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    assert!(agent.failure("read_screen", json!({ "instanc": "web-01" })).contains("unknown field `instanc`"));
    assert!(agent.failure("read_screen", json!({})).contains("missing field `instance`"));
    assert_eq!(agent.request("ping", json!({}))["result"], json!({}));
}

#[test]
fn other_machines_are_neither_listed_nor_named() {
    let mut agent = Agent::start(&demo(), &["--only", "web-0?", "i-demo-rescue"]);
    let listed = agent.call("list_instances", json!({}));
    let mut names: Vec<_> = listed["structuredContent"]["instances"].as_array().unwrap().iter().collect();
    names.sort_by_key(|row| row["name"].as_str().unwrap().to_owned());
    let names: Vec<_> = names.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["db-02", "web-01", "web-02"]);
    agent.text("read_screen", json!({ "instance": "db-02" }));
    for asked in ["db-01", "i-demo-stopped", "10.0.0.12", "twin-01", "db-0", "*", "office-0"] {
        let said = agent.failure("read_screen", json!({ "instance": asked }));
        let rest = said.replacen(asked, "", 1);
        for other in ["db-01", "i-demo-stopped", "twin", "office", "Stopped"] {
            assert!(!rest.contains(other), "{said}");
        }
    }
}

#[test]
fn instances_are_listed_by_name_state_and_region() {
    let mut agent = Agent::start(&demo(), &[]);
    let ids = |listed: Value| {
        let rows = listed["structuredContent"]["instances"].as_array().unwrap().clone();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let stopped = agent.call("list_instances", json!({ "name": "db-0?", "status": "Stopped" }));
    assert!(framed(&text(&stopped)).0.contains("i-demo-stopped  db-01  Stopped  linux  cn-hangzhou"), "{stopped}");
    assert_eq!(ids(stopped), ["i-demo-stopped"]);
    let many = agent.call("list_instances", json!({}));
    assert!(text(&many).starts_with("200 instances; there are more"), "{many}");
    assert_eq!(many["structuredContent"]["is_complete"], false);
    let everywhere = agent.call("list_instances", json!({ "name": "web-01", "region": "all" }));
    assert!(ids(everywhere).contains(&"i-demo-linux".to_owned()));
    let bad = agent.failure("list_instances", json!({ "status": "Broken" }));
    assert!(bad.contains("unknown variant `Broken`"), "{bad}");
}

#[test]
fn a_long_call_tells_its_progress_if_it_is_asked_to() {
    let mut agent = Agent::start(&demo(), &[]);
    let params = json!({
        "name": "wait_for", "arguments": { "instance": "web-01", "text": "login:" }, "_meta": { "progressToken": "p" }
    });
    let id = agent.begin("tools/call", params);
    let progress = agent.receive();
    assert_eq!(
        (&progress["method"], &progress["params"]["progressToken"]),
        (&json!("notifications/progress"), &json!("p"))
    );
    assert_eq!(progress["params"]["total"], 180.0);
    let mut answer = agent.receive();
    while answer.get("id").is_none() {
        answer = agent.receive();
    }
    assert_eq!(answer["id"], id);
}

#[test]
fn calls_for_one_console_take_turns() {
    let mut agent = Agent::start(&demo(), &["--allow-input"]);
    let texts = ["a", "b", "c"].map(|text| agent.planned("type_text", json!({ "instance": "web-01", "text": text })));
    for text in texts {
        agent.begin_call("type_text", text);
    }
    let answers = [(); 3].map(|()| agent.receive());
    for answer in &answers {
        assert_eq!(answer["result"]["isError"], false, "{answer}");
    }
    let screen = agent.text("read_screen", json!({ "instance": "web-01", "via": "vnc" }));
    let typed = framed(&screen).0.lines().last().unwrap().strip_prefix("web-01 login: ").unwrap().to_owned();
    let mut letters: Vec<char> = typed.chars().collect();
    letters.sort_unstable();
    assert_eq!(letters, ['a', 'b', 'c']);
}

#[test]
fn an_audit_file_that_cannot_be_written_is_told() {
    let sandbox = demo();
    let run = sandbox.run(&["mcp", "--audit", &sandbox.path("none/audit").display().to_string()]).ends(30);
    assert!(run.stderr.contains("hint: "), "{run:?}");
    #[cfg(target_os = "linux")]
    {
        let mut agent = Agent::start(&sandbox, &["--audit", "/dev/full"]);
        let said = agent.failure("boot_log", json!({ "instance": "web-01" }));
        assert!(said.contains("could not write the audit file"), "{said}");
    }
}

/// An agent whose audit file is a pipe. It cannot be written once its reader is gone.
#[cfg(target_os = "linux")]
fn recorded_by_pipe(sandbox: &Sandbox) -> (Agent, fs::File) {
    let pipe = sandbox.path("audit");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Open for both, so that opening waits for no other side.
    let reader = fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    (Agent::start(sandbox, &["--allow-input", "--audit", pipe.to_str().unwrap()]), reader)
}

#[cfg(target_os = "linux")]
#[test]
fn input_that_cannot_be_recorded_is_not_sent() {
    let console = Keyed::start(false);
    let sandbox = console.sandbox();
    let (mut agent, reader) = recorded_by_pipe(&sandbox);
    let press = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["a"] }));
    drop(reader);
    let said = agent.failure("press_keys", press);
    assert!(said.contains("nothing was done: could not write the audit file"), "{said}");
    assert!(console.is_untouched());
}

#[cfg(target_os = "linux")]
#[test]
fn input_whose_end_cannot_be_recorded_was_sent() {
    use std::io::BufRead as _;

    let console = Keyed::start(false);
    let sandbox = console.sandbox();
    let (mut agent, reader) = recorded_by_pipe(&sandbox);
    let press = agent.planned("press_keys", json!({ "instance": "i-1", "chords": ["hold:a:2s"] }));
    let id = agent.begin_call("press_keys", press);
    assert_eq!(console.hears(), Keysym(true, 0x61));
    let mut reader = std::io::BufReader::new(reader);
    for outcome in ["plan", "begun"] {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["outcome"], outcome);
    }
    drop(reader);
    let answer = agent.receive();
    assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!(id), &json!(false)), "{answer}");
    assert_eq!(answer["result"]["structuredContent"]["done"], true);
    let last = answer["result"]["content"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap();
    assert!(last.contains("WAS carried out") && last.contains("could not write the audit file"), "{answer}");
}
