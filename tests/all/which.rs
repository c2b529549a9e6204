//! How INSTANCE is named: by an alias, by a variable, or not at all.

use crate::sandbox::{Run, Sandbox, with_account};

const ALIASES: &str = "[alias]\ndb = 'i-demo-linux'\nfar = 'cn-beijing/i-demo-linux'\nhere = 'cn-hangzhou/i-demo-windows'\n\
                       named = 'office-01'\nweb-02 = 'i-demo-linux'\ngone = 'i-demo-9999'\n";

/// The id that `vnc-url` found.
fn id(run: Run) -> String {
    run.ends(0).json()[0]["InstanceId"].as_str().unwrap().to_owned()
}

fn with_aliases() -> Sandbox {
    with_account().config(ALIASES)
}

#[test]
fn an_alias_stands_for_an_instance_in_every_way_of_naming_one() {
    let sandbox = with_aliases();
    for (args, expected) in [
        (&["vnc-url", "-o", "json", "db"][..], "i-demo-linux"),
        (&["vnc-url", "-o", "json", "-i", "named"], "i-demo-windows"),
        (&["vnc-url", "-o", "json", "here"], "i-demo-windows"),
        // An instance has this name too.
        (&["vnc-url", "-o", "json", "web-02"], "i-demo-linux"),
        (&["bootlog", "-o", "json", "db"], "i-demo-linux"),
        (&["key", "-o", "json", "db", "enter"], "i-demo-linux"),
        (&["stop", "-o", "json", "db", "--dry-run"], "i-demo-linux"),
    ] {
        assert_eq!(id(sandbox.run(args)), expected, "{args:?}");
    }
    let piped = with_aliases().stdin("db\nnamed\n").run(&["vnc-url", "-o", "json", "-"]).ends(0).json();
    assert_eq!(
        piped.iter().map(|line| line["InstanceId"].as_str().unwrap()).collect::<Vec<_>>(),
        ["i-demo-linux", "i-demo-windows"]
    );
    // A pattern is one of names of instances.
    sandbox.run(&["vnc-url", "d?"]).ends(4).says(&["no instance named d?"]);
}

#[test]
fn a_detail_says_that_an_alias_hides_a_name() {
    let sandbox = with_aliases();
    let run = sandbox.run(&["vnc-url", "-v", "web-02"]).ends(0);
    let place = sandbox.config_file();
    run.says(&[&format!("web-02 is an alias of i-demo-linux ({})", place.display()), "is not looked for"]);
    assert!(!sandbox.run(&["vnc-url", "web-02"]).ends(0).stderr.contains("alias"));
}

#[test]
fn an_error_names_the_alias() {
    let sandbox = with_aliases();
    let gone = "the alias gone stands for i-demo-9999: ";
    sandbox.run(&["vnc-url", "gone"]).ends(4).says(&[gone, "InvalidInstanceId.NotFound"]);
    sandbox.run(&["text", "gone"]).ends(4).says(&[gone]);
    let pinned = sandbox.run(&["vnc-url", "-r", "cn-beijing", "here"]).ends(2);
    pinned.says(&["the alias here is in cn-hangzhou, and not in cn-beijing", "leave --region out"]);
    sandbox.run(&["vnc-url", "nmaed"]).ends(4).says(&["did you mean named?"]);
}

#[test]
fn a_faulty_alias_is_named_with_its_line() {
    let run = |text: &str| with_account().config(text).run(&["vnc-url", "x"]).ends(2);
    for name in ["i-db", "'a b'", "'a*'", "10.0.0.1", "'-x'", "''", "'a/b'"] {
        let line = if name == "10.0.0.1" { "'10.0.0.1'" } else { name };
        run(&format!("\n[alias]\n{line} = 'i-1'\n")).says(&["config.toml, line 3", "the alias"]);
    }
    run("[alias]\ndb = 1\n").says(&["line 2", "`db` in [alias] must be an instance in quotes"]);
    run("alias = 'x'\n").says(&["line 1", "`alias` must be a table"]);
    run("[alias]\nx = 'web-*'\n").says(&["the alias x: it stands for one instance"]);
    run("[alias]\nx = 'CN/i-1'\n").says(&["the alias x: "]);
}

#[test]
fn a_variable_names_the_instance_and_commands_that_act_say_so() {
    let sandbox = with_aliases().env("ECS_VNC_INSTANCE", "db");
    let taken = "ECS_VNC_INSTANCE names the instance: db";
    for args in [&["stop", "--yes", "--dry-run", "-o", "json"][..], &["key", "-o", "json", "enter"]] {
        let run = sandbox.run(args);
        assert!(run.stderr.contains(taken), "{run:?}");
        assert_eq!(id(run), "i-demo-linux", "{args:?}");
    }
    let typed = sandbox.run(&["type", "-o", "json", "root"]).ends(0).says(&[taken]);
    assert_eq!((&typed.json()[0]["InstanceId"], &typed.json()[0]["Characters"]), (&"i-demo-linux".into(), &4.into()));
    let moved = sandbox.run(&["move", "-o", "json", "3,4"]).ends(0).says(&[taken]);
    assert_eq!((&moved.json()[0]["X"], &moved.json()[0]["Y"]), (&3.into(), &4.into()));
    // What only looks says it with -v.
    let run = sandbox.run(&["vnc-url", "-o", "json"]);
    assert!(!run.stderr.contains(taken), "{run:?}");
    assert_eq!(id(run), "i-demo-linux");
    sandbox.run(&["bootlog", "-v"]).ends(0).says(&[taken]);
    let report = sandbox.run(&["doctor", "-o", "json"]).stdout;
    assert!(report.contains("i-demo-linux (web-01)"), "{report}");
}

#[test]
fn what_is_named_on_the_command_line_wins_over_the_variable() {
    let sandbox = with_account().env("ECS_VNC_INSTANCE", "i-demo-9999");
    for args in [
        &["vnc-url", "-o", "json", "web-01"][..],
        &["key", "-o", "json", "web-01", "a"],
        &["key", "-o", "json", "-i", "web-01", "a"],
    ] {
        let run = sandbox.run(args);
        assert!(!run.stderr.contains("ECS_VNC_INSTANCE"), "{run:?}");
        assert_eq!(id(run), "i-demo-linux", "{args:?}");
    }
    let tagged = sandbox.run(&["vnc-url", "-o", "json", "--tag", "env=prod"]).stdout;
    assert!(!tagged.contains("i-demo-9999"), "{tagged}");
    let patterns = with_account().env("ECS_VNC_INSTANCE", "web-*");
    patterns.run(&["stop", "--yes"]).ends(2).says(&["ECS_VNC_INSTANCE: it names one instance, and no pattern"]);
}

#[test]
fn without_a_terminal_an_instance_that_is_left_out_is_an_error_that_names_the_ways_out() {
    let sandbox = with_account();
    for args in [
        &["vnc-url"][..],
        &["open"],
        &["text"],
        &["stop", "--yes"],
        &["key"],
        &["type", "--env", "HOME"],
        &["exec", "--", "ls"],
        &["relay", "-o", "text"],
        &["check"],
    ] {
        let run = sandbox.run(args).ends(2).says(&["no instance is named", "ECS_VNC_INSTANCE", "ecs-vnc list"]);
        assert!(!run.stderr.contains("panicked"), "{run:?}");
    }
    sandbox.run(&["key", "web-01"]).ends(2).says(&["no keys to press"]);
    sandbox.run(&["type", "web-01"]).ends(2).says(&["no text to type"]);
    sandbox.run(&["vnc-url", "--status", "Running"]).ends(2).says(&["--status and --all-regions select no instance"]);
    let error = sandbox.run(&["vnc-url", "-o", "json"]).ends(2).json_error();
    assert_eq!(error["ExitCode"], 2);
}

#[test]
fn a_variable_stands_for_a_flag_and_a_faulty_one_is_named() {
    let json = with_account().env("ECS_VNC_OUTPUT", "json");
    assert_eq!(id(json.run(&["vnc-url", "web-01"])), "i-demo-linux");
    let text = json.run(&["vnc-url", "-o", "text", "web-01"]).ends(0);
    assert!(text.stdout.starts_with("http"), "{text:?}");
    assert_eq!(json.run(&["vnc-url", "--no-such"]).ends(2).json_error()["ExitCode"], 2);
    with_account()
        .env("ECS_VNC_OUTPUT", "yaml")
        .run(&["list"])
        .ends(2)
        .says(&["ECS_VNC_OUTPUT: `yaml` is none of text, json"]);
    with_account().env("ECS_VNC_TIMEOUT", "0").run(&["list"]).ends(2).says(&["ECS_VNC_TIMEOUT: `0`: too short"]);
    let quiet = with_account().env("ECS_VNC_QUIET", "1").run(&["stop", "web-01", "--yes"]).ends(0);
    assert!(quiet.stderr.is_empty(), "{quiet:?}");
    with_account().env("ECS_VNC_LAYOUT", "xx").run(&["type", "web-01", "a"]).ends(2).says(&["ECS_VNC_LAYOUT"]);
    let german = with_account().env("ECS_VNC_LAYOUT", "de").run(&["type", "web-01", "ü"]);
    german.ends(0);
    with_account().run(&["type", "web-01", "ü"]).ends(2).says(&["us layout"]);
    let via = with_account().env("ECS_VNC_VIA", "vnc").run(&["text", "web-01", "-o", "json"]).ends(0);
    assert_eq!(via.json()[0]["Via"], "vnc");
}

#[test]
fn an_alias_does_not_name_another_alias_and_an_error_says_so() {
    let config = "[alias]\na = 'b'\nb = 'a'\nself = 'self'\nfar = 'cn-beijing/web-01'\n";
    let sandbox = with_account().config(config);
    for (name, target) in [("a", "b"), ("self", "self")] {
        let run = sandbox.run(&["vnc-url", name]).ends(4);
        assert!(!run.stderr.contains("did you mean"), "{run:?}");
        run.says(&[&format!("no instance named {target}"), "an alias does not name another alias"]);
    }
    // A name that no instance of that region has, but one of another.
    let run = sandbox.run(&["vnc-url", "far"]).ends(4);
    run.says(&["no instance named web-01 in cn-beijing", "did you mean web-01 in cn-hangzhou?"]);
}

#[test]
fn a_list_understands_an_alias() {
    let sandbox = with_aliases();
    let ids = |args: &[&str]| sandbox.run(&[&["list", "--ids-only"], args].concat()).ends(0).stdout;
    assert_eq!(ids(&["db"]), "i-demo-linux\n");
    assert_eq!(ids(&["named"]), "i-demo-windows\n");
    assert_eq!(ids(&["here"]), "i-demo-windows\n");
    assert_eq!(ids(&["here", "--all-regions"]), "i-demo-windows\n");
    // --name is a name.
    assert_ne!(ids(&["--name", "web-02"]), "i-demo-linux\n");
    sandbox.run(&["list", "here", "-r", "cn-beijing"]).ends(2).says(&["the alias here is in cn-hangzhou"]);
}
