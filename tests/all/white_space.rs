//! White space and invisible characters around what a person or a file gives.

use std::fs;

use crate::fake::{Fake, good, http};
#[cfg(unix)]
use crate::sandbox::{Killed, interrupt, until};
use crate::sandbox::{Sandbox, with_account};

/// What a copy, a Windows line end or an ideographic keyboard leaves behind a word.
const ENDS: [&str; 5] = ["\n", "\r\n", " ", "\t", "\u{3000}"];

#[test]
fn flags_and_arguments_are_trimmed() {
    let sandbox = with_account();
    for end in ENDS {
        let [region, instance, timeout] = ["cn-hangzhou", "i-demo-linux", "20"].map(|word| format!("{end}{word}{end}"));
        sandbox.run(&["vnc-url", &instance, "--region", &region, "--timeout", &timeout]).ends(0);
        let [profile, json, color, language] = ["demo", "json", "never", "en"].map(|word| format!("{end}{word}{end}"));
        let demo = ["vnc-url", &instance, "--profile", &profile, "-o", &json, "--color", &color, "--lang", &language];
        Sandbox::new().run(&demo).ends(0);
    }
    let endpoint = Fake::start(|_, request| good(request)).endpoint;
    let spaced = format!(" {endpoint} ");
    Sandbox::with_account("x.invalid").run(&["vnc-url", "--no-windows", "i-1", "--endpoint", &spaced]).ends(0);
}

#[test]
fn an_invisible_character_inside_a_word_is_named() {
    let sandbox = with_account();
    for (character, name) in [('\u{200b}', "U+200B"), ('\u{feff}', "U+FEFF"), ('\u{202e}', "U+202E"), ('\r', "U+000D")]
    {
        let [region, instance] = ["cn-hang", "i-demo-"].map(|word| format!("{word}{character}x"));
        sandbox.run(&["vnc-url", &instance]).ends(2).says(&[name]);
        sandbox.run(&["vnc-url", "i-demo-linux", "--region", &region]).ends(2).says(&["--region", name]);
    }
}

#[test]
fn variables_are_trimmed() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::new()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", " id\r")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret\n")
        .env("ALIBABA_CLOUD_REGION_ID", "cn-test\r\n")
        .env("ALIBABA_CLOUD_ENDPOINT", &format!("{}\r\n", server.endpoint));
    sandbox.run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    assert!(server.requests()[0].contains("AccessKeyId=id&"), "{:?}", server.requests());
    let demo = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo\r\n");
    demo.run(&["vnc-url", "i-demo-linux"]).ends(0);
    // A variable of blanks is unset, as an empty one is.
    Sandbox::new().env("ALIBABA_CLOUD_PROFILE", " ").run(&["vnc-url", "i-1"]).ends(3).says(&["no AccessKey was found"]);
}

#[test]
fn a_vnc_password_is_trimmed_wherever_it_comes_from() {
    let url = |sandbox: Sandbox, more: &[&str]| {
        let file = sandbox.path("a.png").display().to_string();
        let args = ["screenshot", "--profile", "demo", "i-demo-linux", "--via", "vnc", "-f", &file];
        sandbox.run(&[&args[..], more].concat()).ends(0);
    };
    url(Sandbox::new().env("ECS_VNC_PASSWORD", " Demo01\r\n"), &[]);
    url(Sandbox::new().stdin(" Demo01 \r\n"), &["--password-stdin"]);
}

#[test]
fn values_in_files_are_trimmed() {
    let server = Fake::start(|_, request| good(request));
    let endpoint = &server.endpoint;
    let ours = Sandbox::new().config(&format!(
        "default_profile = \" p \"\n[profile.p]\nmode = \"AK \"\nregion_id = \"cn-test\\n\"\naccess_key_id = \"id \"\n\
         access_key_secret = \" secret\"\nendpoint = \" {endpoint}\"\nvnc_password = \"Demo01\\n\"\n"
    ));
    ours.run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    assert!(server.requests()[0].contains("AccessKeyId=id&"), "{:?}", server.requests());
    let official = Sandbox::new();
    fs::create_dir(official.path(".aliyun")).unwrap();
    let text = format!(
        r#"{{"current":"p ","profiles":[{{"name":" p","mode":"AK ","region_id":"cn-test\n","access_key_id":"id ",
        "access_key_secret":" secret","endpoint":"{endpoint} "}}]}}"#
    );
    fs::write(official.path(".aliyun/config.json"), text).unwrap();
    official.run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    assert!(server.requests()[1].contains("AccessKeyId=id&"), "{:?}", server.requests());
    let blank = Sandbox::new().config("default_profile = ' '\n");
    blank.run(&["vnc-url", "i-1"]).ends(3).says(&["default_profile in ", "config.toml is empty"]);
    let named = Sandbox::new().config("[profile.\"p \"]\nregion_id = \"cn-test\"\n");
    named.run(&["vnc-url", "--profile", "p", "i-1"]).ends(2).says(&["line 1", "profile name", "white space"]);
}

#[test]
fn paths_of_files_and_names_of_lists_are_trimmed() {
    let sandbox = Sandbox::new().stdin("sleep 1ms\n");
    let spaced = |end: &str, name: &str| format!("{end}{}{end}", sandbox.path(name).display());
    fs::write(sandbox.path("text"), "true\n").unwrap();
    let demo = |args: &[&str]| sandbox.run(&[&["--profile", "demo", "--timeout", "20"], args].concat());
    for end in ENDS {
        let picture = sandbox.path("a.png");
        demo(&["screenshot", "i-demo-linux", "-f", &spaced(end, "a.png")]).ends(0);
        assert!(picture.exists(), "{end:?}");
        let image = ["--image", &spaced(end, "a.png"), "--area", "0,0,720,384"];
        demo(&[&["wait", "i-demo-linux"], &image[..]].concat()).ends(0);
        // A path whose directory does not exist is exit code 30, before anything is opened.
        let wait = ["wait", "i-demo-windows", "--change", "--timeout", "100ms", "--save", &spaced(end, "saved.png")];
        demo(&wait).ends(40);
        demo(&["type", "i-demo-linux", "--file", &spaced(end, "text")]).ends(0);
        // A word of a script has no line end in it.
        let word = end.replace(['\r', '\n'], " ");
        let [picture_word, text_word] = ["a.png", "text"].map(|name| spaced(&word, name));
        let script = format!("screenshot '{picture_word}'\ntype --file '{text_word}'\n");
        fs::remove_file(&picture).unwrap();
        fs::write(sandbox.path("script"), &script).unwrap();
        demo(&["script", "i-demo-linux", &spaced(end, "script")]).ends(0);
        demo(&["script", "-i", "i-demo-linux", &spaced(end, "script")]).ends(0);
        demo(&["script", "i-demo-linux", &format!("{end}-{end}")]).ends(0);
        fs::remove_file(picture).unwrap();
        demo(&["screenshot", "db-02", "-f", &spaced(end, "a.png")]).ends(0);
        demo(&["text", "--image", &spaced(end, "a.png")]).ends(0);
        let listed = demo(&["list", "--ids-only", "--name", &format!("{end}web-01{end}")]).ends(0);
        assert_eq!(listed.stdout, "i-demo-linux\n", "{end:?}");
    }
    let listed =
        demo(&["list", "web-0?", "--columns", " id , name", "--status", " Running , stopped ", "--sort", " name "]);
    assert!(listed.ends(0).stdout.starts_with("ID  "));
    demo(&["list", "--name", " "]).ends(2).says(&["--name"]);
    demo(&["list", "--name", "web\u{200b}-01"]).ends(2).says(&["--name", "U+200B"]);
}

#[cfg(unix)]
#[test]
fn the_path_of_a_socket_is_trimmed() {
    let sandbox = Sandbox::new();
    let socket = sandbox.path("run/console");
    for end in ENDS {
        let path = format!("{end}{}{end}", socket.display());
        let mut relay = Killed(sandbox.spawn(&["relay", "--profile", "demo", "--unix", &path, "i-demo-linux"]));
        until("the socket", || socket.exists() || relay.0.try_wait().unwrap().is_some());
        assert!(socket.exists(), "{end:?}");
        interrupt(&mut relay.0);
        assert!(!socket.exists(), "{end:?}");
    }
}

#[test]
fn a_path_is_trimmed_or_shown_with_its_white_space() {
    let sandbox = Sandbox::new().config("[profile.p]\nregion_id = \"cn-test\"\n");
    let file = sandbox.config_file().display().to_string();
    for end in ENDS {
        let run = sandbox.run(&["profile", "list", "--config", &format!("{file}{end}")]).ends(0);
        assert!(run.stdout.contains("cn-test"), "{}", run.stdout);
    }
    let server = Fake::start(|_, _| http("200 OK", "", ""));
    let sandbox = Sandbox::with_account(&server.endpoint.replace("http://", ""));
    let missing = sandbox.path("not\nthere.pem").display().to_string();
    let run = sandbox.env("SSL_CERT_FILE", &missing).run(&["vnc-url", "--no-windows", "i-1"]).ends(2);
    assert!(!run.stderr.contains("not\nthere"), "{}", run.stderr);
}
