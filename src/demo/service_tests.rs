use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;
use crate::demo::fleet::{Fleet, INSTANCE_COUNT};
use crate::demo::regions::REGIONS;
use crate::system::clock::Clock;

static BEGIN: OnceLock<Timestamp> = OnceLock::new();

fn now() -> Timestamp {
    Clock::of(|| DateTime::UNIX_EPOCH).now()
}

fn call(service: &mut Service, action: &str, parameters: &[(&str, &str)]) -> Result<Value, Fault> {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let request = AuthenticatedRequest {
        action: action.to_owned(),
        parameters: parameters.collect(),
        ..AuthenticatedRequest::default()
    };
    service.run(&request, "h:1", &Displays::default(), now())
}

/// Of one of the first instances, `seconds` after the account began.
fn at(service: &mut Service, seconds: u64, action: &str, instance: &str, more: &[(&str, &str)]) -> (u16, String) {
    let parameters = [&[("RegionId", "cn-hangzhou"), ("InstanceId", instance)], more].concat();
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let request = AuthenticatedRequest {
        action: action.to_owned(),
        parameters: parameters.collect(),
        ..AuthenticatedRequest::default()
    };
    let begin = BEGIN.get_or_init(now);
    let moment = Timestamp { instant: begin.instant + Duration::from_secs(seconds), ..*begin };
    match service.run(&request, "h:1", &Displays::default(), moment) {
        Ok(answer) => (200, answer.to_string()),
        Err(fault) => (fault.status, fault.code),
    }
}

fn describe(service: &mut Service, parameters: &[(&str, &str)]) -> Result<Value, Fault> {
    call(service, "DescribeInstances", parameters)
}

fn ids(answer: &Value) -> Vec<String> {
    let found = answer["Instances"]["Instance"].as_array().unwrap();
    found.iter().map(|instance| instance["InstanceId"].as_str().unwrap().to_owned()).collect()
}

/// Everything in a region, page by page, and how many pages there were.
fn paged(parameters: &[(&str, &str)]) -> (Vec<String>, usize) {
    let (mut service, mut all, mut token) = (Service::default(), Vec::new(), String::new());
    for pages in 1.. {
        let answer = describe(&mut service, &[parameters, &[("NextToken", &token)]].concat()).unwrap();
        all.extend(ids(&answer));
        token = answer["NextToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            assert_eq!(answer["TotalCount"], all.len());
            return (all, pages);
        }
    }
    unreachable!()
}

#[test]
fn pages_hold_everything_once() {
    let (all, pages) = paged(&[("RegionId", "cn-hangzhou"), ("MaxResults", "100")]);
    assert_eq!((all.len(), pages), (400, 4));
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 400);
    let (tens, pages) = paged(&[("RegionId", "cn-hangzhou")]);
    assert!(tens == all && pages == 40);
    assert_eq!(paged(&[("RegionId", "eu-west-1"), ("MaxResults", "100")]).1, 1);
    assert_eq!(paged(&[("RegionId", "na-south-1")]).0, Vec::<String>::new());
    let (named, pages) = paged(&[("RegionId", "cn-hangzhou"), ("InstanceName", "web-*"), ("MaxResults", "50")]);
    assert!(named.len() > 70 && pages == 2, "{}", named.len());
}

#[test]
fn the_older_way_gives_the_same() {
    let mut service = Service::default();
    let mut page = |number: &str| {
        let page = [("RegionId", "cn-hangzhou"), ("PageSize", "90"), ("PageNumber", number)];
        let answer = describe(&mut service, &page).unwrap();
        assert_eq!((&answer["TotalCount"], &answer["NextToken"]), (&json!(400), &json!("")));
        ids(&answer)
    };
    let all = ["1", "2", "3", "4", "5"].map(&mut page).concat();
    assert_eq!(all, paged(&[("RegionId", "cn-hangzhou")]).0);
    assert!(page("6").is_empty() && page("18446744073709551615").is_empty());
}

#[test]
fn a_token_is_bound_to_its_question() {
    let mut service = Service::default();
    let answer = describe(&mut service, &[("RegionId", "cn-hangzhou"), ("InstanceName", "web-*")]).unwrap();
    let token = answer["NextToken"].as_str().unwrap().to_owned();
    let mut with = |more: &[(&str, &str)]| {
        let outcome = describe(&mut service, &[more, &[("NextToken", &token)]].concat());
        outcome.map_or_else(|fault| fault.code, |answer| ids(&answer).len().to_string())
    };
    assert_eq!(with(&[("RegionId", "cn-hangzhou"), ("InstanceName", "web-*"), ("MaxResults", "20")]), "20");
    assert_eq!(with(&[("RegionId", "cn-hangzhou"), ("InstanceName", "app-*")]), "InvalidParameter");
    assert_eq!(with(&[("RegionId", "cn-beijing"), ("InstanceName", "web-*")]), "InvalidParameter");
    let web = [("RegionId", "cn-hangzhou"), ("InstanceName", "web-*")];
    assert_eq!(with(&[&web[..], &[("Tag.1.Key", "env")]].concat()), "InvalidParameter");
    let other = describe(&mut Service::default(), &[&web[..], &[("NextToken", &token)]].concat());
    assert_eq!(other.unwrap_err().code, "InvalidParameter", "another account has not issued it");
}

#[test]
fn a_dry_run_passes_where_the_request_would() {
    let dry = |parameters: &[(&str, &str)]| {
        let outcome = describe(&mut Service::default(), &[parameters, &[("DryRun", "true")]].concat());
        outcome.map_err(|fault| (fault.status, fault.code)).unwrap_err()
    };
    assert_eq!(dry(&[("RegionId", "cn-hangzhou")]), (400, "DryRunOperation".to_owned()));
    assert_eq!(dry(&[("RegionId", "cn-hangzhou"), ("InstanceIds", "x")]), (400, "InvalidParameter".to_owned()));
    assert_eq!(dry(&[("RegionId", "me-central-1")]), (403, "Forbidden".to_owned()));
    assert_eq!(dry(&[("RegionId", "cn-nowhere")]), (404, "InvalidRegionId.NotFound".to_owned()));
}

#[test]
fn a_region_that_is_not_opened_refuses() {
    let fault = describe(&mut Service::default(), &[("RegionId", "me-central-1")]).unwrap_err();
    assert_eq!((fault.status, fault.code.as_str()), (403, "Forbidden"));
    assert!(fault.message.ends_with(" The region me-central-1 is not opened for this account."));
}

#[test]
fn every_instance_can_be_asked_for_a_console_in_its_region() {
    let (mut service, mut seen) = (Service::default(), 0);
    for region in &REGIONS {
        for instance in Fleet::default().of_region(region.id, 0).filter(|instance| instance.id != FLAKY_ID) {
            let at = |region| [("RegionId", region), ("InstanceId", instance.id.as_str())];
            let expected = match instance.status {
                "Running" => "OK",
                "Pending" | "Starting" => "InstanceNotReady",
                _ => "IncorrectInstanceStatus",
            };
            let mut outcome = |action, region, more: &[(&'static str, &'static str)]| {
                let outcome = call(&mut service, action, &[&at(region)[..], more].concat());
                outcome.map_or_else(|fault| fault.code, |_| "OK".to_owned())
            };
            assert_eq!(outcome("DescribeInstanceVncUrl", region.id, &[]), expected, "{}", instance.id);
            assert_eq!(outcome("DescribeInstanceVncUrl", "na-south-1", &[]), "InvalidInstanceId.NotFound");
            let password = [("VncPassword", "abc123")];
            assert_eq!(outcome("ModifyInstanceVncPasswd", region.id, &password), "OK");
            assert_eq!(outcome("ModifyInstanceVncPasswd", "na-south-1", &password), "InvalidInstanceId.NotFound");
            seen += 1;
        }
    }
    assert_eq!(seen, INSTANCE_COUNT - 1);
}

#[test]
fn a_screenshot_is_taken_of_what_runs_once_in_10_seconds() {
    let mut service = Service::default();
    let mut shot = |seconds, instance| {
        let (status, answer) = at(&mut service, seconds, "GetInstanceScreenshot", instance, &[]);
        (status, if status == 200 { String::new() } else { answer })
    };
    let ok = || (200, String::new());
    // The vendor's page on GetInstanceScreenshot has these statuses.
    let (too_soon, not_running) = ((429, "Throttling".to_owned()), (405, "IncorrectInstanceStatus".to_owned()));
    assert_eq!(shot(0, "i-demo-linux"), ok());
    assert_eq!(shot(9, "i-demo-linux"), too_soon);
    assert_eq!(shot(9, "i-demo-windows"), ok(), "each instance has its own time");
    assert_eq!(shot(11, "i-demo-linux"), ok(), "a refusal begins no new one");
    assert_eq!(shot(12, "i-demo-linux"), too_soon);
    for _ in 0..2 {
        assert_eq!(shot(12, "i-demo-stopped"), not_running);
    }
    assert_eq!(shot(12, "i-demo-rescue"), ok());
    assert_eq!(shot(12, "i-demo-error-NotSupported").1, "NotSupported");
    assert_eq!(shot(12, "i-nope").1, "InvalidInstanceId.NotFound");
    for (value, status) in [("true", 200), ("True", 200), ("false", 200), ("yes", 404)] {
        let outcome = at(&mut Service::default(), 0, "GetInstanceScreenshot", "i-demo-linux", &[("WakeUp", value)]);
        assert_eq!(outcome.0, status, "{value}");
    }
}

#[test]
fn a_console_output_is_of_the_last_start_or_stop() {
    let mut service = Service::default();
    let mut output = |seconds, instance, more: &[(&str, &str)]| {
        let (status, answer) = at(&mut service, seconds, "GetInstanceConsoleOutput", instance, more);
        let answer: Value = serde_json::from_str(&answer).unwrap_or(json!({ "Code": answer }));
        let text = answer["ConsoleOutput"].as_str().unwrap_or_default();
        let text = String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap();
        (status, answer, text)
    };
    let (status, answer, text) = output(0, "i-demo-linux", &[]);
    // now() is 1970-01-01T00:00:00Z, and the vendor's times are UTC+8.
    assert_eq!((status, &answer["LastUpdateTime"]), (200, &json!("1970-01-01 07:57:00")));
    assert!(text.contains("\x1b[0;32m  OK  ") && text.contains("\r\n") && text.ends_with("web-01 login: "), "{text}");
    let later = output(100, "i-demo-linux", &[("RemoveSymbols", "true")]);
    assert_eq!(later.1["LastUpdateTime"], answer["LastUpdateTime"]);
    assert!(later.2.contains("[  OK  ] Reached target Local File Systems.\n"), "{}", later.2);
    assert!(!later.2.contains(|c: char| c.is_control() && c != '\n'), "{}", later.2);
    assert!(output(0, "i-demo-stopped", &[]).2.ends_with("reboot: Power down\r\n"));
    let rescue = output(0, "i-demo-rescue", &[]).2;
    assert!(
        rescue.contains("Dependency failed for") && rescue.ends_with("(or press Control-D to continue): "),
        "{rescue}"
    );
    for (instance, status, code) in [
        ("i-demo-windows", 405, "NotSupported"),
        ("i-demo-0049", 405, "IncorrectInstanceStatus"),
        ("i-nope", 404, "InvalidInstanceId.NotFound"),
        ("i-demo-error-Forbidden.RAM", 403, "Forbidden.RAM"),
    ] {
        let (got, answer, _) = output(0, instance, &[]);
        assert_eq!((got, &answer["Code"]), (status, &json!(code)), "{instance}");
    }
}

#[test]
fn power_changes_the_status_and_what_the_status_allows() {
    // The moments are within the times of `power.rs`: 2 s for a stop, 3 s for a start, 2 s for a reboot.
    let mut service = Service::default();
    let ok = || (200, "{}".to_owned());
    let wrong = |status| (status, "IncorrectInstanceStatus".to_owned());
    let shot = |service: &mut Service, seconds| at(service, seconds, "GetInstanceScreenshot", "i-demo-linux", &[]).0;
    let url = |service: &mut Service, seconds| at(service, seconds, "DescribeInstanceVncUrl", "i-demo-linux", &[]);
    assert_eq!(at(&mut service, 0, "StartInstance", "i-demo-linux", &[]), wrong(403));
    assert_eq!(at(&mut service, 0, "StopInstance", "i-demo-linux", &[("ForceStop", "false")]), ok());
    assert_eq!(at(&mut service, 1, "StopInstance", "i-demo-linux", &[]), wrong(403));
    assert_eq!((url(&mut service, 1), shot(&mut service, 1)), (wrong(403), 405));
    assert_eq!(at(&mut service, 2, "RebootInstance", "i-demo-linux", &[]), wrong(403));
    assert_eq!(at(&mut service, 2, "StartInstance", "i-demo-linux", &[]), ok());
    assert_eq!((url(&mut service, 4).1.as_str(), shot(&mut service, 4)), ("InstanceNotReady", 405));
    assert_eq!((url(&mut service, 5).0, shot(&mut service, 5)), (200, 200));
    assert_eq!(at(&mut service, 5, "RebootInstance", "i-demo-linux", &[("ForceStop", "true")]), ok());
    assert_eq!(url(&mut service, 6).1, "InstanceNotReady");
    assert_eq!(url(&mut service, 7).0, 200);
    let stopped = describe(&mut service, &[("RegionId", "cn-hangzhou"), ("Status", "Stopped")]).unwrap();
    assert!(!ids(&stopped).contains(&"i-demo-linux".to_owned()));
}

#[test]
fn power_needs_no_region_and_a_dry_run_changes_nothing() {
    let outcome = |service: &mut Service, parameters: &[(&str, &str)]| {
        call(service, "StopInstance", parameters)
            .map_or_else(|fault| (fault.status, fault.code), |_| (200, String::new()))
    };
    let mut service = Service::default();
    let dry = [("InstanceId", "i-demo-linux"), ("DryRun", "true")];
    for _ in 0..2 {
        assert_eq!(outcome(&mut service, &dry), (400, "DryRunOperation".to_owned()));
    }
    for (parameters, status, code) in [
        (&[("InstanceId", "i-demo-linux"), ("RegionId", "cn-beijing")][..], 404, "InvalidInstanceId.NotFound"),
        (&[("InstanceId", "i-none")], 404, "InvalidInstanceId.NotFound"),
        (&[("RegionId", "cn-hangzhou")], 400, "MissingParameter"),
        (&[("InstanceId", "i-demo-linux"), ("ForceStop", "perhaps")], 404, "InvalidParameter"),
        (&[("InstanceId", "i-demo-error-Forbidden.RAM")], 403, "Forbidden.RAM"),
        (&[("InstanceId", "i-demo-stopped"), ("DryRun", "true")], 403, "IncorrectInstanceStatus"),
        (&[("InstanceId", "i-demo-linux")], 200, ""),
    ] {
        assert_eq!(outcome(&mut service, parameters), (status, code.to_owned()), "{parameters:?}");
    }
}
