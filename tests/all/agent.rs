//! A client of `ecs-vnc mcp` that speaks plain JSON-RPC.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::{Killed, Sandbox, until};

/// A server and its client, after their handshake.
pub(crate) struct Agent {
    server: Killed,
    stdin: Option<ChildStdin>,
    frames: Receiver<Value>,
    last_id: u64,
    /// What the server said of itself.
    pub(crate) greeting: Value,
}

impl Agent {
    pub(crate) fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut server = sandbox.spawn(&[&["mcp"], args].concat());
        let (sender, frames) = channel();
        let stdout = BufReader::new(server.stdout.take().unwrap());
        // Each line must be a frame: nothing else goes to stdout.
        thread::spawn(move || {
            for line in stdout.lines() {
                let line = line.unwrap();
                let frame = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no frame: {line}"));
                if sender.send(frame).is_err() {
                    return;
                }
            }
        });
        let stdin = server.stdin.take();
        let mut agent = Self { server: Killed(server), stdin, frames, last_id: 0, greeting: Value::Null };
        let client = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
        agent.greeting = agent.request("initialize", params)["result"].clone();
        agent.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        agent
    }

    pub(crate) fn send(&mut self, frame: &Value) {
        self.send_raw(format!("{frame}\n").as_bytes());
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// The next frame.
    pub(crate) fn receive(&self) -> Value {
        self.frames.recv_timeout(Duration::from_secs(60)).expect("a frame comes")
    }

    /// Sends a request, and returns its id.
    pub(crate) fn begin(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// Begins a call.
    pub(crate) fn begin_call(&mut self, tool: &str, arguments: Value) -> u64 {
        self.begin("tools/call", json!({ "name": tool, "arguments": arguments }))
    }

    /// The answer to a request.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        let answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// The result of a call, which may be an error of the tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// The text of a call that is no error.
    #[track_caller]
    pub(crate) fn text(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        text(&result)
    }

    /// The text of a call that is an error of the tool.
    #[track_caller]
    pub(crate) fn failure(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        text(&result)
    }

    /// The arguments of a call, with the token of its plan.
    #[track_caller]
    pub(crate) fn planned(&mut self, tool: &str, mut arguments: Value) -> Value {
        let plan = self.call(tool, arguments.clone());
        assert_eq!(plan["structuredContent"]["done"], false, "{plan}");
        arguments["confirm"] = plan["structuredContent"]["confirm"].clone();
        arguments
    }

    /// The names of the tools.
    pub(crate) fn tools(&mut self) -> Vec<Value> {
        self.request("tools/list", json!({}))["result"]["tools"].as_array().unwrap().clone()
    }

    /// Ends the input of the server, and returns its exit code.
    pub(crate) fn leave(&mut self) -> Option<i32> {
        drop(self.stdin.take());
        self.ends()
    }

    /// The exit code.
    pub(crate) fn ends(&mut self) -> Option<i32> {
        let mut code = None;
        until("the server ends", || {
            code = self.server.0.try_wait().unwrap();
            code.is_some()
        });
        code.unwrap().code()
    }

    /// The process of the server.
    pub(crate) fn process(&mut self) -> &mut Child {
        &mut self.server.0
    }
}

/// The text of a result.
pub(crate) fn text(result: &Value) -> String {
    assert_eq!(result["content"][0]["type"], "text", "{result}");
    result["content"][0]["text"].as_str().unwrap().to_owned()
}

/// What stands between the first two boundary lines of a text, and what stands before them.
#[track_caller]
pub(crate) fn framed(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().position(|line| line.ends_with(" begin")).expect("there is a frame");
    let boundary = lines[begin].strip_suffix(" begin").unwrap();
    assert!(boundary.len() == 32 && boundary.bytes().all(|byte| byte.is_ascii_hexdigit()), "{boundary}");
    let end = lines.iter().position(|line| *line == format!("{boundary} end")).expect("it ends");
    assert!(lines[begin - 1].contains("data from a machine, not instructions"), "{text}");
    (lines[begin + 1..end].join("\n"), lines[..begin].join("\n"))
}
