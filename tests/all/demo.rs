//! `demo`: the account on a port, and its VNC side.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ecs_vnc::clock::Clock;
use ecs_vnc::demo::{Event, OIDC_PROVIDER, OIDC_TOKEN, Options, ROLE, ROLE_CHAINED, ROLE_OIDC};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

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

#[cfg(unix)]
#[test]
fn text_can_be_pasted_and_ctrl_c_ends_it() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.spawn(&["demo"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut script = String::new();
    for line in &mut lines {
        let line = line.unwrap();
        script.push_str(&line);
        script.push('\n');
        if line.contains("demo-oidc-token") {
            break;
        }
    }
    let checked = std::process::Command::new("sh").arg("-nc").arg(&script).status().unwrap();
    assert!(checked.success(), "{script}");
    for word in [
        "export ALIBABA_CLOUD_ENDPOINT=http://127.0.0.1:",
        "i-demo-windows",
        "i-demo-starting",
        "i-demo-stopped",
        "i-demo-error-CODE",
        "1000 in 26 regions",
        ROLE,
        ROLE_CHAINED,
    ] {
        assert!(script.contains(word), "{script}");
    }
    assert_eq!(interrupt(&mut child), Some(130));
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

/// A console of the account at `endpoint`, asked for as a page would.
async fn console(endpoint: &str, protocol: Option<&str>) -> Result<WebSocketStream<TcpStream>, Error> {
    let url = web_socket_url(endpoint);
    connect(&url, protocol).await
}

fn web_socket_url(endpoint: &str) -> String {
    let run = Sandbox::with_account(endpoint).run(&["vnc-url", "-o", "json", "--no-windows", "i-demo-linux"]).ends(0);
    run.json()[0]["WebSocketUrl"].as_str().unwrap().to_owned()
}

async fn connect(url: &str, protocol: Option<&str>) -> Result<WebSocketStream<TcpStream>, Error> {
    let mut request = url.into_client_request().unwrap();
    if let Some(protocol) = protocol {
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
    }
    let address = request.uri().authority().unwrap().as_str().to_owned();
    let stream = TcpStream::connect(address).await.unwrap();
    let (socket, response) = client_async(request, stream).await?;
    assert_eq!(response.headers()["Sec-WebSocket-Protocol"], "binary");
    Ok(socket)
}

fn status(outcome: Result<WebSocketStream<TcpStream>, Error>) -> u16 {
    match outcome {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("not refused over HTTP: {other:?}"),
    }
}

/// The bytes of `count` at least, over as many frames as they come in.
async fn read(socket: &mut WebSocketStream<TcpStream>, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < count {
        bytes.extend_from_slice(&socket.next().await.unwrap().unwrap().into_data());
    }
    bytes
}

#[tokio::test]
async fn a_vnc_url_opens_one_console() {
    let endpoint = account(Options::new(Clock::system()));
    let url = web_socket_url(&endpoint);
    let mut socket = connect(&url, Some("binary")).await.unwrap();
    // RFC 6143, section 7.1.
    assert_eq!(read(&mut socket, 12).await, b"RFB 003.008\n");
    socket.send(Message::binary(&b"RFB 003.008\n"[..])).await.unwrap();
    assert_eq!(read(&mut socket, 2).await, [1, 1], "one security type: None");
    socket.send(Message::binary(&[1][..])).await.unwrap();
    assert_eq!(read(&mut socket, 4).await, [0; 4], "SecurityResult");
    socket.send(Message::binary(&[1][..])).await.unwrap();
    let init = read(&mut socket, 24).await;
    let name = String::from_utf8(init[24..].to_vec()).unwrap();
    assert!(name.starts_with("i-demo-linux (connected after ") && name.ends_with(" ms of 15000 ms)"), "{name}");
    assert_eq!(status(connect(&url, Some("binary")).await), 403, "a second use");
}

#[tokio::test]
async fn what_is_no_console_is_refused() {
    let endpoint = account(Options::new(Clock::system()));
    let url = web_socket_url(&endpoint);
    assert_eq!(status(connect(&url, None).await), 400, "the subprotocol is not optional");
    assert_eq!(status(connect(&url, Some("base64")).await), 400);
    // Decoded once too often, the token is another one.
    let mangled = url.replace("%2F", "/").replace("%2B", "+");
    assert_eq!(status(connect(&mangled, Some("binary")).await), 403);
    let host = endpoint.strip_prefix("http://").unwrap();
    let path = url.split_once(host).unwrap().1;
    assert_eq!(send(host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status, 400);
    assert!(connect(&url, Some("chat, binary")).await.is_ok(), "none of these used the ticket up");
}

#[tokio::test]
async fn an_idle_console_is_cut() {
    let endpoint = account(Options::new(Clock::system()).idle_limit(Duration::from_millis(300)));
    let mut socket = console(&endpoint, Some("binary")).await.unwrap();
    assert_eq!(read(&mut socket, 12).await, b"RFB 003.008\n");
    // A ping is no activity: only RFB is.
    socket.send(Message::Ping(Vec::new().into())).await.unwrap();
    let mut closed = false;
    while let Some(Ok(message)) = socket.next().await {
        closed |= message.is_close();
    }
    assert!(closed, "it ends with a Close frame");
}

#[tokio::test]
async fn an_instance_takes_30_consoles_a_minute() {
    let endpoint = account(Options::new(Clock::system()));
    let urls: Vec<String> = (0..31).map(|_| web_socket_url(&endpoint)).collect();
    for url in &urls[..30] {
        connect(url, Some("binary")).await.unwrap();
    }
    assert_eq!(status(connect(&urls[30], Some("binary")).await), 429);
}
