//! Keys that are over in the middle of a session, or before it, are obtained again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use chrono::{TimeDelta, Utc};
use ecs_vnc::demo::{self, Options};
use ecs_vnc::system::clock::Clock;

use crate::fake::{Fake, good, http, refusal};
use crate::relay::Relay;
use crate::sandbox::{Sandbox, account};
use crate::viewer::greet;

/// Keys at a URI, each with an id of its own: `STS.the-key-number-1` and so on.
fn giver(life: TimeDelta) -> Fake {
    Fake::start(move |number, _| {
        let (number, until) = (number + 1, (Utc::now() + life).to_rfc3339());
        let keys = format!(
            r#"{{"Code":"Success","AccessKeyId":"STS.the-key-number-{number}","AccessKeySecret":"s","SecurityToken":"t",
            "Expiration":"{until}"}}"#
        );
        http("200 OK", "", &keys)
    })
}

fn home(keys: &Fake, account: &Fake) -> Sandbox {
    Sandbox::new()
        .env("ALIBABA_CLOUD_CREDENTIALS_URI", &keys.endpoint)
        .env("ALIBABA_CLOUD_ENDPOINT", &account.endpoint)
        .env("ALIBABA_CLOUD_REGION_ID", "r")
}

#[test]
fn a_viewer_comes_back_after_the_first_keys_are_over() {
    let (assumed, ahead) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(0)));
    let (counter, minutes) = (assumed.clone(), ahead.clone());
    let clock = Clock::of(move || Utc::now() + TimeDelta::minutes(minutes.load(Ordering::Relaxed)));
    let endpoint = account(Options::new(clock).listener(move |event| {
        if let demo::Event::Answered { action: "AssumeRole", .. } = event {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }));
    let home = Sandbox::new();
    let cache = home.path("cache").display().to_string();
    let home = home.env("XDG_CACHE_HOME", &cache).config(&format!(
        "[profile.default]\nmode = 'RamRoleArn'\nregion_id = '{}'\naccess_key_id = '{}'\naccess_key_secret = '{}'\n\
         ram_role_arn = '{}'\nsts_endpoint = '{endpoint}'\nendpoint = '{endpoint}'\n",
        demo::REGION,
        demo::ACCESS_KEY_ID,
        demo::ACCESS_KEY_SECRET,
        demo::ROLE,
    ));
    let relay = Relay::start(&home, 1, &["i-demo-linux"]);
    greet(&mut relay.viewer(0));
    let before = assumed.load(Ordering::Relaxed);
    // The service gives them for an hour.
    for hours in 1..3 {
        ahead.store(hours * 61, Ordering::Relaxed);
        greet(&mut relay.viewer(0));
    }
    assert!(before >= 1 && assumed.load(Ordering::Relaxed) >= before + 2);
}

#[test]
fn keys_that_are_not_known_any_more_are_asked_for_once_more() {
    let account = Fake::start(|_, request| match request.contains("AccessKeyId=STS.the-key-number-2&") {
        true => good(request),
        false => refusal("InvalidSecurityToken.Expired"),
    });
    let keys = giver(TimeDelta::hours(1));
    let run = home(&keys, &account).run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    assert!(run.line().contains("to%252Fken"), "{}", run.stdout);
    assert_eq!((keys.requests().len(), account.requests_for("DescribeInstanceVncUrl").len()), (2, 2));
}

#[test]
fn new_ones_that_are_not_known_either_are_the_last() {
    let account = Fake::start(|_, _| refusal("InvalidSecurityToken.Expired"));
    let keys = giver(TimeDelta::hours(1));
    let run = home(&keys, &account).run(&["vnc-url", "--no-windows", "i-1"]).ends(3);
    run.says(&["InvalidSecurityToken.Expired", "the AccessKey STS.****er-2 from"]);
    assert_eq!((keys.requests().len(), account.requests_for("DescribeInstanceVncUrl").len()), (2, 2));
}

#[test]
fn for_one_request_keys_are_asked_for_once_however_short_they_live() {
    for life in [-3600, 2, 100, 3600] {
        let (account, keys) = (Fake::start(|_, request| good(request)), giver(TimeDelta::seconds(life)));
        home(&keys, &account).run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
        assert_eq!((keys.requests().len(), account.requests().len()), (1, 1), "{life}");
    }
}
