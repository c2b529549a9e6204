//! A home that has only what the official CLI left there.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ecs_vnc::auth::providers::{MetadataAccess, from_metadata, region_from_metadata};
use ecs_vnc::demo;
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, good, http};
use crate::sandbox::{Sandbox, with_account};

/// A home with these profiles in `~/.aliyun/config.json`.
fn home(current: &str, profiles: &Value) -> Sandbox {
    with_text(&json!({ "current": current, "profiles": profiles }).to_string())
}

fn with_text(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let file = sandbox.path(".aliyun/config.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    sandbox
}

fn profile(name: &str, mode: &str, more: &Value) -> Value {
    let mut profile = json!({
        "name": name, "mode": mode, "region_id": demo::REGION, "sts_token": "", "process_command": "", "endpoint": "",
        "access_key_id": demo::ACCESS_KEY_ID, "access_key_secret": demo::ACCESS_KEY_SECRET, "language": "zh",
    });
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    profile
}

#[test]
fn its_current_profile_is_enough() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = home("work", &json!([profile("work", "AK", &json!({ "endpoint": server.endpoint }))]));
    sandbox.run(&["vnc-url", "i-1"]).ends(0);
    assert!(server.requests()[0].contains(&format!("AccessKeyId={}&", demo::ACCESS_KEY_ID)));
    let run = sandbox.run(&["profile", "list"]).ends(0);
    assert!(
        run.stdout.contains("\n* work") && run.stdout.contains(" AK ") && run.stdout.contains(".aliyun/config.json")
    );
    let run = sandbox.run(&["profile", "show", "-o", "json"]).ends(0);
    let shown = &run.json()[0];
    assert_eq!((&shown["Profile"], &shown["Mode"]), (&"work".into(), &"AK".into()));
    assert!(shown["CredentialsFrom"].as_str().unwrap().contains("profile work in "));
}

#[test]
fn our_own_profile_of_a_name_comes_first() {
    let both = || {
        home("b", &json!([profile("a", "AK", &json!({ "region_id": "cn-theirs" })), profile("b", "AK", &json!({}))]))
            .config("[profile.a]\nregion_id = 'cn-ours'\n")
    };
    let region = |args: &[&str]| both().run(&[args, &["-o", "json"]].concat()).ends(0).json()[0]["RegionId"].clone();
    assert_eq!(region(&["profile", "show", "a"]), "cn-ours");
    assert_eq!(region(&["profile", "show", "b"]), demo::REGION);
    let list = both().run(&["profile", "list", "-o", "json"]).ends(0).json();
    let names: Vec<_> = list.iter().map(|line| line["Name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "demo"]);
    both().run(&["profile", "show", "c"]).ends(4).says(&["no profile c in ", "config.toml or ", "config.json"]);
}

#[test]
fn the_star_stands_where_commands_go() {
    let star = |own: Option<&str>, official: &str, profiles: &Value| {
        let sandbox = home(official, profiles);
        let sandbox = own.into_iter().fold(sandbox, |sandbox, text| sandbox.config(text));
        let lines = sandbox.run(&["profile", "list", "-q"]).ends(0).stdout;
        let starred: Vec<&str> = lines.lines().filter(|line| line.starts_with('*')).collect();
        let used = sandbox.run(&["profile", "show", "-q", "-o", "json"]).json()[0]["Profile"].clone();
        assert_eq!(starred.first().map(|line| line.split_whitespace().nth(1).unwrap()), used.as_str(), "{lines}");
        starred.iter().map(|line| line.contains("config.json")).collect::<Vec<_>>()
    };
    let p = json!([profile("p", "AK", &json!({}))]);
    assert_eq!(star(None, "p", &p), [true]);
    assert_eq!(star(Some("default_profile = 'demo'\n"), "p", &p), [false]);
    assert_eq!(star(Some("default_profile = 'gone'\n"), "p", &p), [false; 0]);
    assert_eq!(star(Some("[profile.p]\nregion_id = 'cn-ours'\n"), "p", &p), [true]);
    assert_eq!(star(Some("[profile.default]\n"), "p", &p), [false]);
}

#[test]
fn temporary_and_cached_keys_go_with_their_token() {
    let endpoint = crate::sandbox::account(demo::Options::new(ecs_vnc::system::clock::Clock::system()));
    let keys = json!({
        "access_key_id": "STS.demo-access-key-id", "access_key_secret": "demo-sts-secret",
        "sts_token": "demo/security+token==", "endpoint": endpoint,
    });
    let with = |mode: &str, until: i64| {
        let mut more = keys.clone();
        more["sts_expiration"] = until.into();
        home("p", &json!([profile("p", mode, &more)])).run(&["vnc-url", "--no-windows", "i-demo-linux"])
    };
    let far = 4_000_000_000;
    for mode in ["StsToken", "CloudSSO", "OAuth"] {
        with(mode, far).ends(0);
    }
    for mode in ["CloudSSO", "OAuth"] {
        let relogin = format!("aliyun configure --profile p --mode {mode}");
        with(mode, 1_000_000_000).ends(3).says(&["have expired", &relogin]);
    }
    for mode in ["RsaKeyPair", "BearerToken", "Anonymous", "ak"] {
        with(mode, far).ends(3).says(&[mode, "External", "hint:"]);
    }
}

#[cfg(unix)]
#[test]
fn an_external_process_gives_keys_or_says_why_not() {
    let sandbox = with_account();
    let keys = json!({
        "mode": "AK", "access_key_id": demo::ACCESS_KEY_ID, "access_key_secret": demo::ACCESS_KEY_SECRET, "sts_token": "",
    });
    let program = sandbox.script("keys", &format!("[ \"$1 $2\" = 'for me' ] || exit 3\necho '{keys}'"));
    let run = |command: &str, more: &[&str]| {
        let config = format!("[profile.p]\nmode = 'External'\nprocess_command = \"\"\"{command}\"\"\"\n");
        let external = with_account().config(&config);
        external.run(&[&["vnc-url", "--profile", "p", "--no-windows", "i-demo-linux"], more].concat())
    };
    let url = run(&format!("{program} for 'me'"), &["-vv"]).ends(0);
    assert!(!url.stderr.contains(demo::ACCESS_KEY_SECRET), "{}", url.stderr);
    run(&format!("{program} for 'me too'"), &[]).ends(3).says(&["keys failed (exit status 3)", "check profile p in "]);
    run("/nonexistent/keys", &[]).ends(3).says(&["could not start /nonexistent/keys"]);
    run("sleep 30", &["--timeout", "0.3"]).ends(40).says(&["sleep did not end within 0.3 s"]);
    // There is no shell that would understand these.
    run(&format!("{program} for me; true"), &[]).ends(3);
}

const GIVEN: &str = r#"{"Code":"Success","AccessKeyId":"STS.demo-access-key-id","AccessKeySecret":"demo-sts-secret",
    "SecurityToken":"demo/security+token==","Expiration":"2099-01-01T00:00:00Z"}"#;

#[test]
fn a_credentials_uri_gives_keys_or_is_named_without_its_path() {
    let run = |uri: &str| {
        let more = json!({ "credentials_uri": uri, "access_key_id": "", "access_key_secret": "" });
        let endpoint = crate::sandbox::account(demo::Options::new(ecs_vnc::system::clock::Clock::system()));
        let sandbox = home("p", &json!([profile("p", "CredentialsURI", &more)]));
        sandbox.run(&["vnc-url", "--no-windows", "--endpoint", &endpoint, "i-demo-linux"])
    };
    let good = Fake::start(|_, request| {
        http(if request.starts_with("GET /k?s=ecret") { "200 OK" } else { "404 No" }, "", GIVEN)
    });
    run(&format!("{}/k?s=ecret", good.endpoint)).ends(0);
    let refused = run(&format!("{}/k?s=wrong", good.endpoint)).ends(3).says(&[&good.endpoint, "HTTP 404", "profile p"]);
    assert!(!refused.stderr.contains("wrong"), "{}", refused.stderr);
    let other = "did not answer with `Code` Success and credentials";
    for (body, why) in [
        ("hunter2", other),
        (r#"{"Code":"Failed"}"#, other),
        (&GIVEN.replace("Success", "Failure"), other),
        (&"x".repeat(70_000), "answered with more than 65536 bytes"),
    ] {
        let body = body.to_owned();
        let bad = Fake::start(move |_, _| http("200 OK", "", &body));
        let run = run(&bad.endpoint).ends(3).says(&[&bad.endpoint, "no credentials", why]);
        assert!(!run.stderr.contains("hunter2") && !run.stderr.contains("demo-sts"), "{}", run.stderr);
    }
    for bad in [
        "ftp://user:hunter2@host/hunter2path?hunter2",
        "http://user:hunter2@host:99999/hunter2",
        "127.0.0.1:1/hunter2",
        "file:///hunter2",
        "http://user:hunter2@127.0.0.1:1/hunter2?hunter2",
    ] {
        let refused = run(bad);
        assert!(!refused.stderr.contains("hunter2"), "{}", refused.stderr);
        let word = if bad.contains("@127") { "did not answer" } else { "not an http:// or https:// URL" };
        refused.ends(3).says(&[word]);
    }
    let silent = Fake::start(|_, _| Reply::Silence);
    let more = json!({ "credentials_uri": silent.endpoint });
    let slow = home("p", &json!([profile("p", "CredentialsURI", &more)])).run(&["vnc-url", "--timeout", "0.3", "i-1"]);
    slow.ends(40).says(&["did not answer within the time limit"]);
    run("http://127.0.0.1:1/").ends(3).says(&["http://127.0.0.1:1 did not answer"]);
}

fn access(server: &Fake) -> MetadataAccess<'_> {
    MetadataAccess { url: &server.endpoint, requires_token: false }
}

/// The service's address is that of every instance, so here the source itself is asked for another.
#[tokio::test]
async fn the_metadata_service_is_asked_with_a_token_first() {
    let server = Fake::start(|_, request| {
        let has = |header: &str| request.to_ascii_lowercase().contains(&header.to_ascii_lowercase());
        let is_get = |path: &str| {
            request.starts_with(&format!("GET {path} HTTP")) && has("x-aliyun-ecs-metadata-token: the-token")
        };
        match () {
            () if request.starts_with("PUT /latest/api/token HTTP")
                && has("x-aliyun-ecs-metadata-token-ttl-seconds: 60") =>
            {
                http("200 OK", "", "the-token")
            }
            () if is_get("/latest/meta-data/ram/security-credentials/") => http("200 OK", "", "a-role\n"),
            () if is_get("/latest/meta-data/ram/security-credentials/a-role") => http("200 OK", "", GIVEN),
            () if is_get("/latest/meta-data/region-id") => http("200 OK", "", "cn-hangzhou\n"),
            () => http("404 Not Found", "", ""),
        }
    });
    for (role, requests) in [(None, 3), (Some("a-role"), 5)] {
        let keys = from_metadata(access(&server), role).await.unwrap();
        assert_eq!(keys.credentials.access_key_id.expose(), "STS.demo-access-key-id");
        assert_eq!(keys.expires, Some("2099-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(server.requests().len(), requests);
    }
    assert_eq!(region_from_metadata(access(&server)).await.unwrap(), "cn-hangzhou");
    let elsewhere = Fake::start(|_, _| http("200 OK", "", "evil.example/hunter2"));
    let error = region_from_metadata(access(&elsewhere)).await.unwrap_err().to_string();
    assert!(error.ends_with("did not answer with a region id"), "{error}");
    let none = from_metadata(access(&server), Some("other")).await.unwrap_err().to_string();
    assert!(none.contains("the metadata service (127.0.0.1:") && none.contains("no role other"), "{none}");
    let silent = Fake::start(|_, _| Reply::Silence);
    let started = Instant::now();
    let error = from_metadata(access(&silent), None).await.unwrap_err().to_string();
    assert!(
        error.contains("did not answer within the time limit") && started.elapsed() < Duration::from_secs(5),
        "{error}"
    );
}

#[tokio::test]
async fn a_metadata_service_without_tokens_is_asked_without_one_unless_that_is_forbidden() {
    for status in ["404 Not Found", "405 Method Not Allowed", "403 Forbidden"] {
        let server = Fake::start(move |_, request| {
            assert!(!request.to_ascii_lowercase().contains("x-aliyun-ecs-metadata-token:"), "{request}");
            match request.split(' ').nth(1).unwrap() {
                "/latest/api/token" => http(status, "", ""),
                "/latest/meta-data/ram/security-credentials/" => http("200 OK", "", "a-role"),
                "/latest/meta-data/ram/security-credentials/a-role" => http("200 OK", "", GIVEN),
                "/latest/meta-data/region-id" => http("200 OK", "", "cn-hangzhou"),
                _ => http("404 Not Found", "", ""),
            }
        });
        let keys = from_metadata(access(&server), None).await.unwrap();
        assert_eq!(keys.credentials.access_key_id.expose(), "STS.demo-access-key-id");
        assert_eq!(region_from_metadata(access(&server)).await.unwrap(), "cn-hangzhou");
        let asked = server.requests().len();
        let strict = MetadataAccess { requires_token: true, ..access(&server) };
        let error = from_metadata(strict, None).await.unwrap_err().to_string();
        assert!(error.contains(&status[..3]) && error.contains("ALIBABA_CLOUD_IMDSV1_DISABLED"), "{error}");
        assert_eq!(server.requests().len(), asked + 1, "only a token was asked for");
    }
}

#[tokio::test]
async fn a_role_that_is_not_there_is_named() {
    let role = Arc::new(Mutex::new(String::new()));
    let name = role.clone();
    let server = Fake::start(move |_, request| match request.split(' ').nth(1).unwrap() {
        "/latest/api/token" => http("200 OK", "", "the-token"),
        "/latest/meta-data/ram/security-credentials/" if !name.lock().unwrap().is_empty() => {
            http("200 OK", "", &name.lock().unwrap())
        }
        _ => http("404 Not Found", "", ""),
    });
    let error = async |role| from_metadata(access(&server), role).await.unwrap_err().to_string();
    let mistyped = error(Some("rol1")).await;
    assert!(mistyped.contains("no role rol1") && mistyped.contains("attached"), "{mistyped}");
    for listed in ["", "\n", "<html>", &"x".repeat(65)] {
        listed.clone_into(&mut role.lock().unwrap());
        let none = error(None).await;
        assert!(none.contains("names no role") && none.len() < 200, "{none}");
    }
}

#[test]
fn a_file_that_is_not_its_own_is_told_and_in_the_way_of_nobody() {
    for text in ["{", r#"{"profiles":{"access_key_secret":["hunter2"]}}"#] {
        let sandbox = with_text(text);
        let run = sandbox.run(&["vnc-url", "--profile", "demo", "i-demo-linux"]).ends(0);
        assert!(!run.stderr.contains("config.json"), "what is not needed is not read: {}", run.stderr);
        let run = sandbox.run(&["vnc-url", "--region", "cn-hangzhou", "i-1"]).ends(2);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        run.says(&["config.json", "not the JSON", "fix it"]);
        sandbox.run(&["profile", "show", "a"]).ends(2).says(&["config.json, line 1"]);
        sandbox.run(&["profile", "list"]).ends(0).says(&["warning: "]);
    }
}
