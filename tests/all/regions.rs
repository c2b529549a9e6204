//! Several regions: `list` over all of them, and `regions`.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use crate::fake::{Fake, Reply, http, refusal};
use crate::list::{instance, page, page_number, parameter, words};
use crate::sandbox::{Killed, Sandbox, until};

fn is(request: &str, action: &str) -> bool {
    parameter(request, "Action").as_deref() == Some(action)
}

/// An answer to DescribeRegions.
fn regions(ids: &[&str]) -> Reply {
    let region =
        |id: &&str| json!({"RegionId": id, "LocalName": "", "RegionEndpoint": format!("ecs.{id}.aliyuncs.com")});
    let body = json!({"RequestId": "R-2", "Regions": {"Region": ids.iter().map(region).collect::<Vec<_>>()}});
    http("200 OK", "", &body.to_string())
}

/// An account of these regions, each answered by `of`; every other refuses.
fn everywhere(ids: &'static [&str], of: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Fake {
    Fake::start(move |_, request| match parameter(request, "RegionId") {
        _ if is(request, "DescribeRegions") => regions(ids),
        Some(region) if ids.contains(&region.as_str()) => of(&region, request),
        _ => refusal("InvalidRegionId.NotFound"),
    })
}

#[test]
fn regions_come_by_id_whichever_answers_first() {
    // The first is one that this version does not know, and the slowest.
    let server = everywhere(&["us-east-1", "cn-beijing", "aa-new-1"], |region, _| {
        let pause = if region == "aa-new-1" { 300 } else { 0 };
        sleep(Duration::from_millis(pause));
        page(&["b", "a"].map(|name| instance(&format!("i-{region}-{name}"), name, "Running")), "")
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let run = sandbox.run(&["list", "--all-regions"]).ends(0);
    let rows: Vec<_> = run.stdout.lines().skip(1).map(|line| (words(line)[0], words(line)[4])).collect();
    let expected = [
        ("i-aa-new-1-b", "aa-new-1"),
        ("i-aa-new-1-a", "aa-new-1"),
        ("i-cn-beijing-b", "cn-beijing"),
        ("i-cn-beijing-a", "cn-beijing"),
        ("i-us-east-1-b", "us-east-1"),
        ("i-us-east-1-a", "us-east-1"),
    ];
    assert_eq!(rows, expected);
    assert!(run.stderr.is_empty(), "what is not listed is not worth a word: {}", run.stderr);
    // So it is where no region is set, and not where one is.
    let homeless = sandbox.env("ALIBABA_CLOUD_REGION_ID", "");
    assert_eq!(homeless.run(&["list"]).ends(0).stdout, run.stdout);
    let one = homeless.run(&["list", "-r", "cn-beijing", "--ids-only"]).ends(0);
    assert_eq!(one.stdout, "i-cn-beijing-b\ni-cn-beijing-a\n");
}

#[test]
fn known_regions_do_not_wait_for_the_list_of_regions() {
    let server = everywhere(&["cn-beijing"], |_, _| page(&[], ""));
    Sandbox::with_account(&server.endpoint)
        .run(&["list", "--all-regions"])
        .ends(0)
        .says(&["no instances in any region"]);
    let (listing, instances) = (server.requests_for("DescribeRegions"), server.requests_for("DescribeInstances"));
    assert_eq!(listing.len(), 1);
    assert!(instances.iter().any(|request| parameter(request, "RegionId").as_deref() == Some("cn-beijing")));
    assert_eq!(instances.iter().filter(|request| request.contains("cn-beijing")).count(), 1, "asked once");
}

#[test]
fn a_region_that_refuses_is_a_warning_unless_all_do() {
    let server = everywhere(&["cn-beijing", "cn-hangzhou", "us-east-1"], |region, request| match region {
        "cn-beijing" => refusal("Forbidden.RAM"),
        "us-east-1" if page_number(request) > 0 => refusal("Forbidden.RAM"),
        _ => page(&[instance(&format!("i-{region}"), "a", "Running")], if region == "us-east-1" { "1" } else { "" }),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let run = sandbox.run(&["list", "--all-regions", "--ids-only"]).ends(0);
    assert_eq!(run.stdout, "i-cn-hangzhou\ni-us-east-1\n");
    assert_eq!(run.stderr.matches("warning:").count(), 2, "{}", run.stderr);
    run.says(&["warning: could not list cn-beijing: Forbidden.RAM", "warning: could not list the rest of us-east-1"]);
    sandbox
        .run(&["list", "-r", "cn-beijing"])
        .ends(3)
        .says(&["Forbidden.RAM", "lacks the RAM action ecs:DescribeInstances"]);

    let server = Fake::start(|_, _| refusal("Forbidden.RAM"));
    let sandbox = Sandbox::with_account(&server.endpoint);
    let run = sandbox.run(&["list", "--all-regions"]).ends(3).says(&["ecs:DescribeInstances"]);
    assert_eq!(
        (run.stderr.matches("error:").count(), run.stderr.matches("warning:").count()),
        (1, 0),
        "{}",
        run.stderr
    );
    sandbox.run(&["regions"]).ends(3).says(&["lacks the RAM action ecs:DescribeRegions"]);
}

#[test]
fn regions_that_refuse_alike_are_one_warning_after_the_table() {
    const REGIONS: &[&str] = &["cn-beijing", "cn-chengdu", "cn-hangzhou", "cn-qingdao", "cn-shanghai", "us-east-1"];
    let server = everywhere(REGIONS, |region, _| match region {
        "cn-qingdao" => page(&[instance("i-1", "web", "Running")], ""),
        _ => http("403 Forbidden", "", &format!(r#"{{"RequestId":"{region}","Code":"Forbidden.RAM","Message":"m"}}"#)),
    });
    let sandbox = Sandbox::with_account(&server.endpoint);
    let both = sandbox.run_into_one_stream(&["list", "--all-regions"]);
    let lines: Vec<&str> = both.lines().collect();
    assert_eq!(lines.len(), 3, "{both}");
    let warning = "warning: could not list 5 regions (all but cn-qingdao): Forbidden.RAM: m";
    assert!(lines[1].contains("i-1") && lines[2].starts_with(warning), "{both}");

    // The same for a search by name, and the claim is limited to what was searched.
    let sandbox = sandbox.env("ALIBABA_CLOUD_REGION_ID", "");
    let run = sandbox.run(&["vnc-url", "--no-windows", "web"]);
    assert_eq!(run.stderr.matches("warning: could not search 5 regions (all but cn-qingdao)").count(), 1, "{run:?}");
    let run = sandbox.run(&["vnc-url", "--no-windows", "other"]).ends(4);
    let run = run.says(&["no instance named other in cn-qingdao; could not search 5 regions (all but cn-qingdao): "]);
    assert!(!run.stderr.contains("any region") && !run.stderr.contains("warning:"), "{}", run.stderr);
}

#[test]
fn nothing_is_in_no_region_only_if_all_regions_answered() {
    let list_fails = Fake::start(|_, request| match parameter(request, "RegionId") {
        Some(_) => page(&[], ""),
        None => refusal("Forbidden.RAM"),
    });
    let sandbox = Sandbox::with_account(&list_fails.endpoint).env("ALIBABA_CLOUD_REGION_ID", "");
    let run = sandbox.run(&["list", "--all-regions"]).ends(0);
    assert!(!run.stderr.contains("any region"), "{}", run.stderr);
    let run = sandbox.run(&["vnc-url", "web"]).ends(4);
    let run = run.says(&[
        "no instance named web in the 29 regions that this version knows; could not list the regions: ",
        "Forbidden.RAM",
    ]);
    assert!(!run.stderr.contains("any region"), "{}", run.stderr);

    let all_answer = everywhere(&["cn-beijing", "cn-hangzhou"], |_, _| page(&[], ""));
    let sandbox = Sandbox::with_account(&all_answer.endpoint);
    sandbox.run(&["vnc-url", "web"]).ends(4).says(&["no instance named web in any region"]);
    sandbox.run(&["list", "--all-regions"]).ends(0).says(&["no instances in any region"]);
}

#[test]
fn without_the_list_of_regions_those_known_are_asked() {
    let server = Fake::start(|_, request| match parameter(request, "RegionId").as_deref() {
        Some("cn-wuhan-lr") => page(&[instance("i-1", "a", "Running")], ""),
        Some(_) => page(&[], ""),
        None => refusal("Forbidden.RAM"),
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["list", "--all-regions", "--ids-only"]).ends(0);
    assert_eq!(run.stdout, "i-1\n");
    run.says(&["warning: listing only the regions known to this version: Forbidden.RAM"]);
}

#[test]
fn a_region_that_waits_for_its_turn_is_a_page_or_two_ahead_and_no_more() {
    let server = everywhere(&["cn-beijing", "cn-hangzhou"], |region, request| match region {
        "cn-beijing" => Reply::Silence,
        _ => page(&[instance("i-1", "a", "Running")], &(page_number(request) + 1).to_string()),
    });
    let child = Killed(Sandbox::with_account(&server.endpoint).spawn(&["list", "--all-regions"]));
    let asked = || {
        let requests = server.requests_for("DescribeInstances");
        requests.iter().filter(|request| request.contains("cn-hangzhou")).count()
    };
    until("it is ahead", || asked() >= 2);
    sleep(Duration::from_millis(300));
    assert_eq!(asked(), 2);
    drop(child);
}

#[test]
fn regions_have_local_names_in_the_language_of_the_locale() {
    let server = Fake::start(|_, request| {
        let name = match parameter(request, "AcceptLanguage").as_deref() {
            Some("zh-CN") => "华东1（杭州）",
            _ => "China (Hangzhou)",
        };
        let regions = [
            json!({"RegionId": "cn-hangzhou", "LocalName": name, "RegionEndpoint": "ecs-cn-hangzhou.aliyuncs.com", "Status": "available"}),
            json!({"RegionId": "cn-bj", "LocalName": "x"}),
        ];
        http("200 OK", "", &json!({"RequestId": "R", "Regions": {"Region": regions}}).to_string())
    });
    let sandbox = Sandbox::with_account(&server.endpoint).env("LANG", "zh_CN.UTF-8");
    // Counted by hand: 华东1（杭州） is six wide characters and a narrow one.
    let chinese = "\
REGION       NAME           ENDPOINT
cn-bj        x              -
cn-hangzhou  华东1（杭州）  ecs-cn-hangzhou.aliyuncs.com
";
    assert_eq!(sandbox.run(&["regions"]).ends(0).stdout, chinese);
    assert!(sandbox.run(&["regions", "--lang", "en"]).ends(0).stdout.contains("China (Hangzhou)  ecs-cn"));
    assert_eq!(parameter(server.requests().last().unwrap(), "AcceptLanguage").as_deref(), Some("en-US"));
    let sandbox = sandbox.env("LC_ALL", "C.UTF-8");
    assert!(sandbox.run(&["regions"]).ends(0).stdout.contains("China (Hangzhou)"));
    assert_eq!(sandbox.run(&["regions", "--lang", "zh"]).ends(0).stdout, chinese);
    // Of two that have none of their own, the profile's counts.
    let chosen = sandbox.config("[profile.default]\nlanguage = 'zh'\n");
    assert_eq!(chosen.run(&["regions"]).ends(0).stdout, chinese);
    let sandbox = chosen;
    let objects = sandbox.run(&["regions", "-o", "json", "--lang", "zh"]).ends(0).json();
    let expected = json!({"RegionId": "cn-hangzhou", "LocalName": "华东1（杭州）",
        "RegionEndpoint": "ecs-cn-hangzhou.aliyuncs.com", "Status": "available"});
    assert_eq!((objects.len(), &objects[1]), (2, &expected));
}
