//! `list`: pages, filters, columns, and how little of a long list is in memory.

use std::io::{BufRead as _, BufReader, Read as _};
use std::thread::sleep;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::fake::{Fake, Reply, http};
use crate::sandbox::{Killed, Sandbox, until};

/// A parameter of a request to the API.
pub(crate) fn parameter(request: &str, name: &str) -> Option<String> {
    let query = request.split(' ').nth(1)?.split_once('?')?.1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    Some(percent_decode_str(value).decode_utf8().unwrap().into_owned())
}

/// An answer to DescribeInstances.
pub(crate) fn page(instances: &[Value], next: &str) -> Reply {
    let body = json!({"RequestId": "R-1", "NextToken": next, "Instances": {"Instance": instances}});
    http("200 OK", "", &body.to_string())
}

pub(crate) fn instance(id: &str, name: &str, status: &str) -> Value {
    json!({"InstanceId": id, "InstanceName": name, "Status": status, "OSType": "linux", "RegionId": "cn-hangzhou",
        "VpcAttributes": {"PrivateIpAddress": {"IpAddress": ["10.0.0.1", "10.0.0.2"]}}})
}

/// The region's page number, from 0, by the token that its last page gave.
pub(crate) fn page_number(request: &str) -> usize {
    parameter(request, "NextToken").map_or(0, |token| token.parse().unwrap())
}

/// A list of this many pages, of this many instances each.
fn paged(pages: usize, each: usize) -> Fake {
    Fake::start(move |_, request| {
        let number = page_number(request);
        let more = vec!["x".repeat(80); 20];
        let one = |index: usize| {
            let mut one = instance(&format!("i-{number}-{index}"), "web", "Running");
            one["More"] = json!(more);
            one
        };
        let next = if number + 1 < pages { (number + 1).to_string() } else { String::new() };
        page(&(0..each).map(one).collect::<Vec<_>>(), &next)
    })
}

pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn all_pages_are_asked_for_in_their_order() {
    let server = paged(4, 3);
    let run = Sandbox::with_account(&server.endpoint).run(&["list"]).ends(0);
    let ids: Vec<&str> = run.stdout.lines().map(|line| words(line)[0]).collect();
    let expected: Vec<String> = (0..4).flat_map(|page| (0..3).map(move |index| format!("i-{page}-{index}"))).collect();
    assert_eq!(ids[0], "ID");
    assert_eq!(ids[1..], expected);
    let requests = server.requests();
    let tokens: Vec<_> = requests.iter().map(|request| parameter(request, "NextToken")).collect();
    assert_eq!(tokens, [None, Some("1".into()), Some("2".into()), Some("3".into())]);
    for request in requests {
        assert_eq!(parameter(&request, "MaxResults").unwrap(), "100");
        assert_eq!(parameter(&request, "RegionId").unwrap(), "cn-hangzhou");
        // The vendor's page: not to be mixed with the token.
        assert_eq!(parameter(&request, "PageNumber").or(parameter(&request, "PageSize")), None);
    }
    assert!(run.stderr.is_empty(), "no progress where nobody looks: {}", run.stderr);
}

#[test]
fn a_token_that_comes_back_is_no_reason_to_go_on_for_ever() {
    let server = Fake::start(|number, _| {
        let next = if number < 9 { "7" } else { "" };
        page(&[instance("i-1", "web", "Running")], next)
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["list", "--ids-only"]);
    assert_eq!((run.code, run.stdout.as_str()), (20, "i-1\n"));
    run.says(&["cn-hangzhou returns the same NextToken"]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn filters_go_to_the_service_as_it_wants_them() {
    let server = Fake::start(|_, _| page(&[], ""));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let tags = ["--tag", "env=prod", "--tag", "团队=a=b", "--tag", "backup", "--tag", "empty="];
    let run =
        sandbox.run(&[&["list", "--name", "w?b-*", "--status", "sTOPPED", "-r", "eu-west-1"], &tags[..]].concat());
    assert!(run.ends(0).says(&["no matching instances in eu-west-1"]).stdout.is_empty());
    let request = server.requests().remove(0);
    for (name, value) in [
        ("RegionId", Some("eu-west-1")),
        ("InstanceName", Some("w*b-*")),
        ("Status", Some("Stopped")),
        ("Tag.1.Key", Some("env")),
        ("Tag.1.Value", Some("prod")),
        ("Tag.2.Key", Some("团队")),
        ("Tag.2.Value", Some("a=b")),
        ("Tag.3.Key", Some("backup")),
        ("Tag.3.Value", None),
        ("Tag.4.Value", Some("")),
        ("InstanceIds", None),
    ] {
        assert_eq!(parameter(&request, name).as_deref(), value, "{name}");
    }
    for status in ["Pending", "Running", "Starting", "Stopping", "Stopped"] {
        sandbox
            .run(&["list", "--status", &status.to_lowercase()])
            .ends(0)
            .says(&["no matching instances in cn-hangzhou"]);
        assert_eq!(parameter(server.requests().last().unwrap(), "Status").as_deref(), Some(status));
    }
    assert!(sandbox.run(&["list", "-q"]).ends(0).stderr.is_empty());
    assert_eq!(parameter(server.requests().last().unwrap(), "Status"), None);
}

#[test]
fn what_only_the_tool_knows_of_a_name_it_looks_after_itself() {
    let named = ["web-01", "weeb-01", "web-001", "w?b-01"].map(|name| instance(&format!("i-{name}"), name, "Running"));
    let server = Fake::start(move |_, _| page(&named, ""));
    let sandbox = Sandbox::with_account(&server.endpoint);
    for args in [&["list", "--ids-only", "--name", "w?b-01"][..], &["list", "--name", "w?b-01", "-o", "json"]] {
        let run = sandbox.run(args).ends(0);
        let found = ["i-web-01", "i-weeb-01", "i-web-001", "i-w?b-01"].map(|id| run.stdout.contains(id));
        assert_eq!(found, [true, false, false, true], "{}", run.stdout);
    }
}

#[test]
fn flags_that_make_no_sense_are_told_before_anything_is_asked() {
    let server = Fake::start(|_, _| page(&[], ""));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let many = ["list"].into_iter().chain([["--tag", "k"]; 21].into_iter().flatten()).collect::<Vec<_>>();
    for (args, word) in [
        (&["list", "--all-regions", "--region", "cn-beijing"][..], "cannot be used with --region"),
        (&["--region", "cn-beijing", "list", "--all-regions"], "cannot be used with --region"),
        (&many, "20 tags"),
        (&["list", "--tag", "=v"], "KEY=VALUE"),
        (&["list", "--name", ""], "--name"),
        (&["list", "--status", "Gone"], "Stopped"),
        (&["list", "i-1", "i-2"], "i-2"),
        (&["list", "i-1", "--name", "web-*"], "--name"),
        (&["list", "a\tb"], "invisible character"),
        (&["regions", "--lang", "fr"], "zh"),
    ] {
        sandbox.run(args).ends(2).says(&[word]);
    }
    assert!(server.requests().is_empty());
    sandbox.run(&many[..many.len() - 2]).ends(0);
    assert!(parameter(&server.requests()[0], "Tag.20.Key").is_some());
}

#[test]
fn chinese_names_stand_in_line_and_columns_only_grow() {
    let server = Fake::start(|_, request| match page_number(request) {
        0 => page(&[instance("i-1", "数据库", "Running"), instance("i-22", "a", "Stopped")], "1"),
        _ => page(&[instance("i-333333", "一个比较长的名字", "Running"), instance("i-4", "", "Stopped")], ""),
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["list"]).ends(0);
    // Counted by hand: a Chinese character takes two columns, so that 数据库 takes 6 and 一个比较长的名字 16.
    let expected = "\
ID    NAME    STATUS   OS     REGION       PRIVATE   PUBLIC
i-1   数据库  Running  linux  cn-hangzhou  10.0.0.1  -
i-22  a       Stopped  linux  cn-hangzhou  10.0.0.1  -
i-333333  一个比较长的名字  Running  linux  cn-hangzhou  10.0.0.1  -
i-4       -                 Stopped  linux  cn-hangzhou  10.0.0.1  -
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_insist() {
    let server = Fake::start(|_, _| {
        page(&[instance("i-1", "a", "Running"), instance("i-2", "b", "Stopped"), instance("i-3", "c", "Starting")], "")
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    assert!(!sandbox.run(&["list"]).ends(0).stdout.contains('\u{1b}'));
    let coloured = sandbox.run(&["list", "--color", "always"]).ends(0).stdout;
    // ECMA-48, 8.3.117: 32 is green, 31 red, 33 yellow, 0 the end.
    for part in [
        "\u{1b}[32mRunning\u{1b}[0m   linux",
        "\u{1b}[31mStopped\u{1b}[0m   linux",
        "\u{1b}[33mStarting\u{1b}[0m  linux",
    ] {
        assert!(coloured.contains(part), "{coloured:?}");
    }
    assert!(!sandbox.run(&["list", "--color", "always", "-o", "json"]).ends(0).stdout.contains('\u{1b}'));
}

#[test]
fn json_is_what_the_service_gave() {
    let whole = json!({"InstanceId": "i-1", "InstanceName": "名", "New": {"Deep": [1, null, 2.5, {"x": "\u{1b}\n"}]},
        "VpcAttributes": null, "Cpu": 4});
    let answer = whole.clone();
    let server = Fake::start(move |_, _| page(&[answer.clone(), json!({"InstanceId": "i-2"})], ""));
    let run = Sandbox::with_account(&server.endpoint).run(&["list", "-o", "json"]).ends(0);
    assert_eq!(run.json(), [whole, json!({"InstanceId": "i-2"})]);
    assert!(!run.stdout.contains('\u{1b}'));
}

#[test]
fn a_hostile_instance_moves_no_cursor() {
    let server = Fake::start(|_, _| page(&[instance("i-\u{1b}[2J", "a\u{202e}\nb", "\u{9b}1m")], ""));
    let sandbox = Sandbox::with_account(&server.endpoint);
    for args in [&["list"][..], &["list", "--ids-only"], &["list", "-o", "json"]] {
        let run = sandbox.run(args).ends(0);
        assert!(run.stdout.chars().all(|c| (!c.is_control() || c == '\n') && c != '\u{202e}'), "{:?}", run.stdout);
        assert!(run.stdout.lines().count() <= 2);
    }
}

#[test]
fn each_request_has_the_time_that_the_whole_list_does_not_need_to_keep_to() {
    let server = Fake::start(|_, request| {
        sleep(Duration::from_millis(400));
        let number = page_number(request);
        page(&[instance("i-1", "a", "Running")], &if number < 3 { (number + 1).to_string() } else { String::new() })
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["list", "--timeout", "1", "--ids-only"]).ends(0);
    assert_eq!(run.stdout.lines().count(), 4);
    let silent = Fake::start(|_, _| Reply::Silence);
    Sandbox::with_account(&silent.endpoint).run(&["list", "--timeout", "0.3"]).ends(40).says(&["DescribeInstances"]);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_asking() {
    let server = Fake::start(|_, request| {
        let number = page_number(request);
        let rows: Vec<Value> = (0..100).map(|index| instance(&format!("i-{number}-{index}"), "a", "Running")).collect();
        page(&rows, &(number + 1).to_string())
    });
    let mut child = Killed(Sandbox::with_account(&server.endpoint).spawn(&["list", "--ids-only"]));
    let mut line = String::new();
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "i-0-0\n");
    drop(stdout);
    let mut code = None;
    until("the end", || {
        code = child.0.try_wait().unwrap();
        code.is_some()
    });
    let mut stderr = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((code.unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_reader_that_takes_its_time_makes_no_request_late() {
    // More than a pipe holds, so that the command is held up for longer than its limit.
    let server = paged(20, 100);
    let mut child = Killed(Sandbox::with_account(&server.endpoint).spawn(&["list", "-o", "json", "--timeout", "3"]));
    sleep(Duration::from_millis(4000));
    let mut stdout = String::new();
    child.0.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
    assert_eq!(stdout.lines().count(), 2000);
}

/// The most memory a process has had, in KiB. proc(5): VmHWM.
#[cfg(target_os = "linux")]
pub(crate) fn peak(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    words(line)[1].parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_however_many_there_are() {
    let server = paged(200, 100);
    let mut child = Killed(Sandbox::with_account(&server.endpoint).spawn(&["list", "-o", "json"]));
    let (mut peaks, mut bytes) = (Vec::new(), 0);
    for (number, line) in BufReader::new(child.0.stdout.take().unwrap()).lines().enumerate() {
        bytes += line.unwrap().len();
        // At the end the process is gone.
        if number % 1000 == 999 && number < 19_000 {
            peaks.push(peak(child.0.id()));
        }
    }
    assert_eq!((child.0.wait().unwrap().code(), peaks.len()), (Some(0), 19));
    assert!(bytes > 35_000_000, "{bytes}");
    // 24 MiB of them are the pages of the program itself, which is not optimised here.
    assert!(peaks[18] < peaks[1] + 2048 && peaks[18] < 40 * 1024, "{peaks:?} KiB");
}

#[test]
fn profiles_with_chinese_names_stand_in_line() {
    let file = "default_profile = \"生产\"\n[profile.\"生产\"]\nregion_id = \"cn-beijing\"\naccess_key_id = \"LTAI5tQnAbCdEfGhIjKlMnOp\"\n";
    let sandbox = Sandbox::new().config(file);
    let run = sandbox.run(&["profile", "list"]).ends(0);
    let place = sandbox.config_file().display().to_string();
    // Counted by hand: 生产 takes as much room as demo.
    let expected = format!(
        "  NAME  MODE  REGION       ACCESSKEY ID  FILE\n* 生产  -     cn-beijing   LTAI****MnOp  {place}\n  demo  -     \
         cn-hangzhou  demo****y-id  built in\n"
    );
    assert_eq!(run.stdout, expected);
}
