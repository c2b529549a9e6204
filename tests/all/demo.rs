//! `demo`: the account on a port. Its consoles are in `demo_vnc`.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ecs_vnc::demo::{Event, OIDC_PROVIDER, OIDC_TOKEN, Options, ROLE, ROLE_CHAINED, ROLE_OIDC};
use ecs_vnc::system::clock::Clock;

use crate::http::{get, send};
#[cfg(unix)]
use crate::sandbox::interrupt;
use crate::sandbox::{Killed, Sandbox, account};

/// A demo that is ended with its test.
struct Demo {
    _child: Killed,
    line: serde_json::Value,
}

impl Demo {
    fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut child = sandbox.spawn(&[&["demo", "-o", "json"], args].concat());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { _child: Killed(child), line: serde_json::from_str(&line).unwrap() }
    }

    fn get(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap()
    }
}

#[test]
fn what_it_prints_can_be_used() {
    let sandbox = Sandbox::new();
    let demo = Demo::start(&sandbox, &[]);
    let user = Sandbox::new()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", demo.get("AccessKeyId"))
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", demo.get("AccessKeySecret"))
        .env("ALIBABA_CLOUD_REGION_ID", demo.get("RegionId"))
        .env("ALIBABA_CLOUD_ENDPOINT", demo.get("Endpoint"));
    let run = user.run(&["vnc-url", "i-demo-linux"]).ends(0);
    assert!(run.line().starts_with("https://g.alicdn.com/"), "{}", run.stdout);
    // Named as a profile, it leads to its own page as well.
    let endpoint = demo.get("Endpoint").to_owned();
    let run = Sandbox::new().run(&["vnc-url", "--profile", "demo", "--endpoint", &endpoint, "i-demo-linux"]).ends(0);
    assert!(run.line().starts_with(&format!("{endpoint}/console/index.html?vncUrl=")), "{}", run.stdout);
    let page = get(run.line(), "");
    assert!(page.status == 200 && page.body.contains("id=\"screen\""));
    assert!(page.get("Content-Security-Policy").unwrap().starts_with("default-src 'none'"));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = Sandbox::new().run(&["demo", "--port", &port]).ends(30);
    run.says(&[&format!("could not listen on 127.0.0.1:{port}"), "--port"]);
}

#[test]
fn what_is_no_target_and_no_limit_is_refused_with_what_is() {
    for bad in ["wss://h:1", "h::1", "127.0.0.1"] {
        let run = Sandbox::new().run(&["demo", "--vnc-target", bad]).ends(2);
        run.says(&["--vnc-target", "HOST:PORT", "ws://HOST:PORT[/PATH]"]);
    }
    for (bad, words) in [("0", "at least 1ms"), ("soon", "not a time; use 30, 30s, 500ms or 2m")] {
        Sandbox::new().run(&["demo", "--idle-limit", bad]).ends(2).says(&["--idle-limit", words]);
    }
}

#[cfg(unix)]
#[test]
fn text_can_be_pasted_and_ctrl_c_ends_it() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.spawn(&["demo"]);
    let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let variables: Vec<String> = stdout.take(4).map(Result::unwrap).collect();
    // No comment and no quote, so that zsh takes the lines at its prompt as well.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " =_-.:/".contains(c);
    for (line, name) in variables.iter().zip(["ENDPOINT", "REGION_ID", "ACCESS_KEY_ID", "ACCESS_KEY_SECRET"]) {
        assert!(line.starts_with(&format!("export ALIBABA_CLOUD_{name}=")) && line.chars().all(is_plain), "{line}");
    }
    let mut notes = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        notes.push_str(&line.unwrap());
        notes.push('\n');
        if notes.contains("demo-oidc-token") {
            break;
        }
    }
    for word in [
        "ecs-vnc open --profile demo --endpoint http://127.0.0.1:",
        "i-demo-windows",
        "i-demo-starting",
        "i-demo-stopped",
        "i-demo-rescue",
        "i-demo-error-CODE",
        "1000 in 26 regions",
        ROLE,
        ROLE_CHAINED,
    ] {
        assert!(notes.contains(word), "{notes}");
    }
    assert_eq!(interrupt(&mut child), Some(0));
}

/// Source: `about_Environment_Variables` of PowerShell, and `set /?` of cmd. `tests/e2e/wine.py` runs cmd's lines.
#[cfg(unix)]
#[test]
fn other_shells_get_lines_of_their_own() {
    for (shell, before, between, after) in [("powershell", "$env:", " = '", "'"), ("cmd", "set \"", "=", "\"")] {
        let mut child = Killed(Sandbox::new().spawn(&["demo", "--shell", shell]));
        let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        let lines: Vec<String> = lines.take(4).map(Result::unwrap).collect();
        assert_eq!(lines[1], format!("{before}ALIBABA_CLOUD_REGION_ID{between}cn-hangzhou{after}"));
        assert!(
            lines[0].starts_with(&format!("{before}ALIBABA_CLOUD_ENDPOINT{between}http://127.0.0.1:")),
            "{lines:?}"
        );
    }
    Sandbox::new().run(&["demo", "--shell", "csh"]).ends(2).says(&["--shell", "powershell"]);
}

#[test]
fn without_json_it_answers_in_xml() {
    let endpoint = account(Options::new(Clock::system()));
    let answer = get(&format!("{endpoint}/?Action=DescribeRegions"), "");
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.starts_with("<?xml") && answer.body.contains("<Code>MissingParameter</Code>"),
        "{}",
        answer.body
    );
    let answer = get(&format!("{endpoint}/?Action=DescribeRegions&Format=JSON"), "");
    let error: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(error["Code"], "MissingParameter");
    for key in ["RequestId", "HostId", "Message", "Recommend"] {
        assert!(error[key].is_string(), "{key}");
    }
}

#[test]
fn any_instance_has_a_console_in_its_region() {
    let endpoint = account(Options::new(Clock::system()));
    let url = |region, id| {
        let sandbox = Sandbox::with_account(&endpoint);
        sandbox.run(&["vnc-url", "-o", "json", "--region", region, id])
    };
    assert_eq!(url("cn-hangzhou", "i-demo-0008").ends(0).json()[0]["IsWindows"], true);
    assert_eq!(url("eu-central-1", "i-demo-0965").ends(0).json()[0]["IsWindows"], false);
    url("cn-beijing", "i-demo-0008").ends(4);
    url("cn-hangzhou", "i-demo-0009").ends(5).says(&["Stopped"]);
}

#[test]
fn a_role_is_assumed_with_a_token_and_without_a_signature() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let endpoint = account(Options::new(Clock::system()).listener(move |event| {
        if let Event::Answered { action, code, .. } = event {
            listener.lock().unwrap().push(format!("{action} {code:?}"));
        }
    }));
    let host = endpoint.strip_prefix("http://").unwrap();
    let ask = |version: &str, token: &str| {
        let form = format!(
            "OIDCProviderArn={OIDC_PROVIDER}&OIDCToken={token}&RoleArn={ROLE_OIDC}&RoleSessionName=alice&DurationSeconds=900"
        );
        let head = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close";
        let query = format!("Action=AssumeRoleWithOIDC&Version={version}&Format=JSON");
        let length = form.len();
        send(
            host,
            &format!("POST /?{query} HTTP/1.1\r\nHost: {host}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{form}"),
        )
    };
    let answer = ask("2015-04-01", OIDC_TOKEN);
    let answer: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let of = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
    // The key that was issued opens a console, with its token and not without.
    let sandbox = |token: &str| {
        Sandbox::new()
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", &of("AccessKeyId"))
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &of("AccessKeySecret"))
            .env("ALIBABA_CLOUD_SECURITY_TOKEN", token)
            .env("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
            .env("ALIBABA_CLOUD_ENDPOINT", &endpoint)
    };
    sandbox(&of("SecurityToken")).run(&["vnc-url", "--no-windows", "i-demo-linux"]).ends(0);
    sandbox("another").run(&["vnc-url", "--no-windows", "i-demo-linux"]).ends(3);
    assert_eq!(ask("2015-04-01", "another").status, 401);
    assert_eq!(ask("2014-05-26", OIDC_TOKEN).status, 404, "ECS has no such operation");
    let expected = [
        "AssumeRoleWithOIDC None",
        "DescribeInstanceVncUrl None",
        "DescribeInstanceVncUrl Some(\"InvalidSecurityToken.Malformed\")",
        "AssumeRoleWithOIDC Some(\"AuthenticationFail.OIDCToken.Invalid\")",
        "AssumeRoleWithOIDC Some(\"InvalidAction.NotFound\")",
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn every_answer_of_the_api_takes_the_delay() {
    let endpoint = account(Options::new(Clock::system()).delay(Duration::from_millis(300)));
    let started = Instant::now();
    let asked: Vec<_> = (0..4)
        .map(|_| {
            let url = format!("{endpoint}/?Action=DescribeRegions");
            std::thread::spawn(move || get(&url, "").status)
        })
        .collect();
    assert!(asked.into_iter().all(|answer| answer.join().unwrap() == 400));
    let took = started.elapsed();
    assert!((300..1200).contains(&took.as_millis()), "four at once, each 300 ms: {took:?}");
}

#[test]
fn that_the_account_ends_with_the_command_is_said_after_a_url_and_not_after_an_error() {
    let run = |instance| Sandbox::new().run(&["vnc-url", "--profile", "demo", "--timeout", "1", instance]);
    run("i-demo-linux").ends(0).says(&["the simulated account ends with this command"]);
    let run = run("i-demo-error-Throttling").ends(6);
    assert!(!run.stderr.contains("simulated"), "{}", run.stderr);
}
