//! No secret leaves by another door than the result.

use crate::fake::{Fake, Reply, good, http};
use crate::sandbox::Sandbox;

const ID: &str = "LTAI5tQnAbCdEfGhIjKlMnOp";
const SECRETS: [&str; 5] = [ID, "secret/of+this=account", "token/of+this=session", "pass99", "to%252Fken"];

fn sandbox(endpoint: &str) -> Sandbox {
    Sandbox::new()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", ID)
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRETS[1])
        .env("ALIBABA_CLOUD_SECURITY_TOKEN", SECRETS[2])
        .env("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
        .env("ALIBABA_CLOUD_ENDPOINT", endpoint)
        .env("ECS_VNC_PASSWORD", SECRETS[3])
}

/// Plain, and encoded once or twice as in URLs and StringToSigns.
fn forms(secret: &str) -> [String; 3] {
    let once = ecs_vnc::text::percent::encode(secret);
    [secret.to_owned(), once.clone(), ecs_vnc::text::percent::encode(&once)]
}

/// The signatures that left, as they stood in the URLs.
fn signatures(server: &Fake) -> Vec<String> {
    let requests = server.requests();
    let found = requests.iter().filter_map(|request| request.split("&Signature=").nth(1)?.split([' ', '&']).next());
    found.map(str::to_owned).collect()
}

#[test]
fn stderr_holds_no_secret_at_any_verbosity() {
    // What the service says back holds all that was sent: the worst of proxies.
    let echo = |request: &str| {
        let line = request.lines().next().unwrap().replace('"', "");
        let body = format!(
            r#"{{"Code":"SignatureDoesNotMatch","Message":"{line} {} server string to sign is:GET&%2F&{line}"}}"#,
            SECRETS[1]
        );
        http("400 Bad Request", &format!("Location: http://x{line}\r\n"), &body)
    };
    type Answer = Box<dyn Fn(&str) -> Reply + Send + Sync>;
    let answers: [Answer; 5] = [
        Box::new(good),
        Box::new(echo),
        Box::new(|request| http("502 Bad Gateway", "", &format!("<p>{request} {}", SECRETS[1]))),
        Box::new(|request| http("302 Found", &format!("Location: http://x/?{}\r\n", &request[6..60]), "")),
        Box::new(|_| http("200 OK", "", r#"{"VncUrl":"wss%3A%2F%2Fx&to%252Fken"}"#)),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        let server = Fake::start(move |_, request| answer(request));
        for verbosity in ["-q", "-v", "-vv", "-vvvv", "--output=json"] {
            let run = sandbox(&server.endpoint).run(&["vnc-url", verbosity, "--timeout", "2", "i-1"]);
            assert_eq!(run.code == 0, number == 0, "{run:#?}");
            for secret in SECRETS.into_iter().flat_map(forms).chain(signatures(&server)) {
                assert!(!run.stderr.contains(&secret), "answer {number}, {verbosity}: {secret} in {}", run.stderr);
            }
        }
    }
}

#[test]
fn acs3_keeps_its_secrets_too() {
    let server =
        Fake::start(|_, request| http("400 Bad Request", "", &format!(r#"{{"Code":"X","Message":{request:?}}}"#)));
    let sandbox = sandbox(&server.endpoint).config("[profile.default]\nsignature_version = 'acs3'\n");
    let run = sandbox.run(&["vnc-url", "-vv", "--no-windows", "i-1"]).ends(1);
    for secret in SECRETS.into_iter().flat_map(forms) {
        assert!(!run.stderr.contains(&secret), "{secret} in {}", run.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_argument_of_any_process_holds_a_secret() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = sandbox(&server.endpoint);
    let seen = sandbox.path("seen");
    let browser = sandbox
        .script("browser", &format!("tr '\\0' ' ' < /proc/$PPID/cmdline > {0}; echo \"$@\" >> {0}", seen.display()));
    let sandbox = sandbox.env("BROWSER", &browser);
    let mut child = sandbox.spawn(&["open", "-vv", "i-1", "--timeout", "1"]);
    child.wait().unwrap();
    let arguments = std::fs::read_to_string(seen).unwrap();
    assert!(arguments.contains("open -vv i-1") && arguments.contains("http://127.0.0.1:"), "{arguments}");
    for secret in SECRETS.into_iter().flat_map(forms) {
        assert!(!arguments.contains(&secret), "{secret} in {arguments}");
    }
}

#[cfg(unix)]
#[test]
fn a_browser_and_a_viewer_inherit_no_secret() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = sandbox(&server.endpoint)
        .env("ALICLOUD_ACCESS_KEY_SECRET", SECRETS[1])
        .env("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:1/token/of+this=session")
        .env("ACCESS_KEY_SECRET", SECRETS[1])
        .env("DISPLAY", ":99");
    let seen = sandbox.path("seen");
    let program = sandbox.script("program", &format!("env > {0}.tmp; mv {0}.tmp {0}", seen.display()));
    let sandbox = sandbox.env("BROWSER", &program);
    for args in [&["open", "i-1", "--timeout", "1"][..], &["view", "i-1", "--viewer", &program]] {
        sandbox.spawn(args).wait_with_output().unwrap();
        let environment = std::fs::read_to_string(&seen).unwrap();
        std::fs::remove_file(&seen).unwrap();
        assert!(environment.contains("DISPLAY=:99") && environment.contains("HOME="), "{args:?}: {environment}");
        for secret in SECRETS {
            assert!(!environment.contains(secret), "{args:?}: {secret} in {environment}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_credentials_program_does_not_inherit_the_vnc_password() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::new();
    let seen = sandbox.path("seen");
    let answer = r#"{"mode":"AK","access_key_id":"id","access_key_secret":"secret"}"#;
    let program = sandbox.script("keys", &format!("env > {}; echo '{answer}'", seen.display()));
    let text = format!(
        "[profile.default]\nmode = 'External'\nprocess_command = '{program}'\nregion_id = 'cn-hangzhou'\nendpoint = '{}'\n",
        server.endpoint
    );
    let home = sandbox.config(&text).env("ECS_VNC_PASSWORD", SECRETS[3]);
    home.run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    let environment = std::fs::read_to_string(&seen).unwrap();
    assert!(environment.contains("PATH=") && !environment.contains(SECRETS[3]), "{environment}");
}
