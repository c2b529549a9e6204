//! `sheet`: the screens of several instances on one page. What a browser makes of it is in `tests/e2e/sheet.py`.

use std::fs;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ecs_vnc::demo::{Event, Options};
use ecs_vnc::picture::Picture;
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, good, http};
use crate::sandbox::{Sandbox, account, with_account};

/// The pictures of a page, decoded.
fn pictures(page: &str) -> Vec<Picture> {
    let sources = page.split("src=\"data:image/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let files = sources.map(|source| BASE64_STANDARD.decode(source.split_once(";base64,").unwrap().1).unwrap());
    files.map(|file| Picture::decode(&file).unwrap()).collect()
}

/// Where each of these texts stands, which must be there.
fn places<const N: usize>(page: &str, texts: [&str; N]) -> [usize; N] {
    texts.map(|text| page.find(text).unwrap_or_else(|| panic!("`{text}` is not on the page")))
}

#[test]
fn a_page_has_every_screen_and_those_that_need_attention_first() {
    let sandbox = with_account();
    let file = sandbox.path("sheet.html").display().to_string();
    let run = sandbox.run(&["sheet", "web-01", "db-01", "office-01", "db-02", "-f", &file]).ends(0);
    assert_eq!(run.line(), file);
    let page = fs::read_to_string(&file).unwrap();
    let [rescue, linux, stopped, windows] =
        places(&page, ["<h2>db-02</h2>", "<h2>web-01</h2>", "<h2>db-01</h2>", "<h2>office-01</h2>"]);
    assert!(rescue < linux && linux < stopped && stopped < windows, "the others are in the order of the arguments");
    places(
        &page,
        [
            "4 instances, 1 needs attention",
            "<article class=\"tile sick\" data-state=\"emergency\">",
            "<code>(or press Control-D to continue):</code>",
            "<p class=\"where\">i-demo-linux in cn-hangzhou</p>",
            "<p class=\"state\"><b>login</b> row 24, exact</p>",
            "<code>web-01 login:</code>",
            "<code>ecs-vnc open i-demo-linux --region cn-hangzhou</code>",
            // The text of the whole screen.
            "[  OK  ] Started OpenSSH server daemon.",
            "<b>stopped</b>",
            "no picture",
        ],
    );
    let sizes: Vec<(u32, u32)> = pictures(&page).iter().map(|picture| (picture.width(), picture.height())).collect();
    // 720x400 and 1024x768 fitted into 480x360.
    assert_eq!(sizes, [(480, 267), (480, 267), (480, 360)]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_a_boot_log_says_is_on_the_page() {
    let sandbox = Sandbox::new().env("ALIBABA_CLOUD_PROFILE", "demo");
    let file = sandbox.path("sheet.html").display().to_string();
    sandbox.run(&["sheet", "i-demo-0367", "i-demo-0368", "-f", &file]).ends(0);
    let page = fs::read_to_string(&file).unwrap();
    places(
        &page,
        ["<b>panic</b> boot log, line 6, perhaps<", " ago: [    1.512345] Kernel panic - not syncing: No working init"],
    );
    places(&page, ["pixels; its boot log ends in emergency, "]);
}

#[test]
fn a_png_is_a_picture_and_json_counts() {
    let sandbox = with_account();
    let file = sandbox.path("sheet.PNG").display().to_string();
    fs::write(&file, "old").unwrap();
    let run = sandbox.run(&["sheet", "i-demo-linux", "i-demo-rescue", "-f", &file, "-q", "-o", "json"]).ends(0);
    let line = &run.json()[0];
    assert_eq!((&line["File"], &line["Instances"], &line["Sick"]), (&file.as_str().into(), &2.into(), &1.into()));
    assert_eq!(line["States"], serde_json::json!({ "emergency": 1, "login": 1 }));
    let picture = Picture::decode(&fs::read(&file).unwrap()).unwrap();
    // Two tiles of 480x360 side by side, with labels below.
    assert!(picture.width() > 960 && picture.height() > 400 && picture.height() < 960, "{picture:?}");
}

#[test]
fn pictures_come_from_the_api_unless_vnc_is_asked_for() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let endpoint = account(Options::new(Clock::system()).listener(move |event| {
        if let Event::Answered { action, .. } = event {
            listener.lock().unwrap().push((*action).to_owned());
        }
    }));
    let sandbox = Sandbox::with_account(&endpoint);
    let file = sandbox.path("sheet.html").display().to_string();
    let asked = |args: &[&str]| {
        told.lock().unwrap().clear();
        sandbox.run(&[&["sheet", "-f", &file], args].concat()).ends(0);
        let actions = told.lock().unwrap().clone();
        ["DescribeInstanceVncUrl", "GetInstanceScreenshot", "GetInstanceConsoleOutput"]
            .map(|action| actions.iter().filter(|asked| *asked == action).count())
    };
    assert_eq!(asked(&["web-01", "office-01"]), [0, 2, 1], "the log is of the Linux only");
    assert_eq!(asked(&["db-02", "--no-bootlog"]), [0, 1, 0]);
    assert_eq!(asked(&["web-01", "--via", "vnc", "--no-bootlog"]), [1, 0, 0]);
}

#[test]
fn one_failure_is_not_the_end_of_the_others_and_the_page_says_it() {
    let sandbox = with_account();
    let file = sandbox.path("sheet.html").display().to_string();
    let run = sandbox.run(&["sheet", "i-demo-linux", "i-nope", "-f", &file]);
    assert_eq!((run.code, run.stdout.trim_end()), (4, file.as_str()), "{run:?}");
    run.says(&["error: i-nope: no instance i-nope"]);
    let page = fs::read_to_string(&file).unwrap();
    places(&page, ["1 instance, none needs attention, others could not be looked at", "<h2>web-01</h2>"]);
    // Where there is nothing to show, the file stays as it is.
    fs::write(&file, "old").unwrap();
    sandbox.run(&["sheet", "i-nope", "-f", &file]).ends(4);
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
}

#[test]
fn an_instance_that_cannot_be_looked_at_has_a_tile_with_its_error() {
    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstances&") {
        true => {
            let one = |id: &str, status: &str| {
                format!(
                    r#"{{"InstanceId":"{id}","InstanceName":"web","Status":"{status}","RegionId":"cn-hangzhou","OSType":"linux"}}"#
                )
            };
            let all = [one("i-2", "Stopped"), one("i-1", "Running")].join(",");
            http("200 OK", "", &format!(r#"{{"RequestId":"R-1","TotalCount":2,"Instances":{{"Instance":[{all}]}}}}"#))
        }
        false => http("403 Forbidden", "", r#"{"RequestId":"R-2","Code":"Forbidden.RAM","Message":"not allowed"}"#),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let file = sandbox.path("sheet.html").display().to_string();
    let run = sandbox.run(&["sheet", "i-2", "i-1", "-f", &file, "-o", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&told["Instances"], &told["Sick"], &told["States"]["error"]), (&2.into(), &1.into(), &1.into()));
    let page = fs::read_to_string(&file).unwrap();
    let [_, failed, other] = places(
        &page,
        [
            "2 instances, 1 needs attention; ",
            "<article class=\"tile sick\" data-state=\"error\">\n<h2>i-1</h2>\n<p class=\"where\">i-1</p>",
            "<b>stopped</b>",
        ],
    );
    assert!(failed < other && page[failed..other].contains("Forbidden.RAM"), "{page}");
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is_requested() {
    let server = Fake::start(|_, request| good(request));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let missing = sandbox.path("none/sheet.html").display().to_string();
    for (file, code, words) in [
        ("sheet.jpg", 2, "use a name that ends in .html or .png"),
        ("sheet", 2, "sheet: a sheet is a web page or a PNG"),
        ("-", 2, "use a name that ends in .html or .png"),
        (&missing, 30, "does not exist"),
    ] {
        sandbox.run(&["sheet", "i-1", "-f", file]).ends(code).says(&[words]);
    }
    let rules = sandbox.path("rules.toml").display().to_string();
    fs::write(&rules, "nonsense").unwrap();
    let file = sandbox.path("sheet.html").display().to_string();
    sandbox.run(&["sheet", "i-1", "-f", &file, "--rules", &rules]).ends(2).says(&["rules.toml"]);
    Sandbox::new().run(&["sheet", "-f", "sheet.html"]).ends(2).says(&["INSTANCE"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_users_rule_names_the_state() {
    let sandbox = with_account();
    let (rules, file) =
        (sandbox.path("rules.toml").display().to_string(), sandbox.path("s.html").display().to_string());
    let rule = "[[rule]]\nname = 'ours'\nstate = 'waits-for-us'\npattern = '^web-01 login:'\nhit = ['web-01 login:']\nmiss = ['x']\n";
    fs::write(&rules, rule).unwrap();
    let run = sandbox.run(&["sheet", "web-01", "-f", &file, "--rules", &rules, "-o", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()[0]["States"], serde_json::json!({ "waits-for-us": 1 }));
}
