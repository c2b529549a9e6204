use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::demo::screenshots::is_jpg;
use crate::screen_state::STATES;

fn all() -> Vec<Instance> {
    of(Fleet::default())
}

fn of(fleet: Fleet) -> Vec<Instance> {
    REGIONS.iter().flat_map(|region| fleet.of_region(region.id, 0)).collect()
}

#[test]
fn a_thousand_instances_are_spread_over_the_regions() {
    let all = all();
    assert_eq!(all.len(), INSTANCE_COUNT);
    for region in &REGIONS {
        let count = all.iter().filter(|instance| instance.region == region.id).count();
        let expected = if region.id == REGION { 400 } else { 24 };
        assert_eq!(count, if EMPTY_REGIONS.contains(&region.id) { 0 } else { expected }, "{}", region.id);
    }
    let first: Vec<String> = Fleet::default().of_region(REGION, 0).take(7).map(|instance| instance.id).collect();
    let named = ["linux", "windows", "stopped", "starting", "flaky", "rescue", "0006"];
    assert_eq!(first, named.map(|name| format!("i-demo-{name}")));
}

#[test]
fn ids_and_addresses_are_unique_and_names_are_not() {
    let all = all();
    let unique = |of: fn(&Instance) -> Option<String>| {
        let given: Vec<String> = all.iter().filter_map(of).collect();
        assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len());
        given.len()
    };
    assert_eq!(unique(|instance| Some(instance.id.clone())), INSTANCE_COUNT);
    assert_eq!(unique(|instance| Some(instance.private_ip.clone())), INSTANCE_COUNT);
    assert_eq!((unique(|instance| instance.public_ip.clone()), unique(|instance| instance.eip.clone())), (100, 100));
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    all.iter().for_each(|instance| named.entry(&instance.name).or_default().push(instance.region));
    assert_eq!(named["twin-01"], [REGION, REGION]);
    assert_eq!(named["gateway-01"], ["cn-wulanchabu", REGION]);
    assert_eq!(named.values().filter(|regions| regions.len() > 1).count(), 4, "and no other name comes twice");
    for name in ["web-013", "数据库-042", "测试机-壹", "测试机-拾"] {
        assert_eq!(named[name], [REGION], "{name}");
    }
}

#[test]
fn every_kind_occurs_and_most_run() {
    let all = all();
    let count = |status| all.iter().filter(|instance| instance.status == status).count();
    assert!(count("Running") > 700);
    for status in ["Pending", "Starting", "Stopping", "Stopped"] {
        assert!(count(status) >= 40, "{status}");
    }
    for tag in [("env", "prod"), ("env", "test"), ("团队", "支付"), ("临时", "")] {
        assert!(all.iter().any(|instance| instance.tags.contains(&tag)), "{tag:?}");
    }
    assert!(all.iter().filter(|instance| instance.is_windows()).count() > 200);
}

#[test]
fn an_instance_is_found_in_its_region_only() {
    for instance in all() {
        assert_eq!(Fleet::default().find(instance.region, &instance.id), Some(instance.clone()));
        assert_eq!(Fleet::default().find("na-south-1", &instance.id), None);
    }
    // The first six have other ids, and an index is written in one way only.
    for id in [
        "i-demo-0000",
        "i-demo-0005",
        "i-demo-6",
        "i-demo-00006",
        "i-demo-1000",
        "i-demo-error-Throttling",
        "i-demo-",
        "",
    ] {
        assert_eq!(Fleet::default().find(REGION, id), None, "{id}");
    }
}

#[test]
fn there_can_be_more_and_fewer() {
    for count in [1, 7, 400, 500, MAX_INSTANCE_COUNT] {
        let fleet = Fleet { count, ..Fleet::default() };
        let all = of(fleet);
        assert_eq!(all.len(), count);
        for unique in [|one: &Instance| one.id.clone(), |one: &Instance| one.private_ip.clone()] {
            assert_eq!(all.iter().map(unique).collect::<BTreeSet<_>>().len(), count);
        }
        let last = &all.iter().max_by_key(|one| one.index).unwrap().id;
        assert_eq!(fleet.by_id(last).map(|one| one.index), Some(count - 1));
        assert_eq!(fleet.by_id(&format!("i-demo-{count:04}")), None);
    }
    let many = of(Fleet { count: MAX_INSTANCE_COUNT, ..Fleet::default() });
    assert!(all().iter().all(|one| many.contains(one)), "the first are the same");
}

#[test]
fn each_instance_can_show_a_state() {
    let mut shown = BTreeMap::<String, BTreeSet<bool>>::new();
    for one in of(Fleet { has_every_state: true, ..Fleet::default() }) {
        if one.index < INSTANCES.len() {
            assert!(one.state_screen().is_none(), "{one:?}");
            continue;
        }
        let state = one.name.strip_prefix("state-").and_then(|name| name.rsplit_once('-')).unwrap().0.to_owned();
        assert_eq!(one.is_windows() && one.status == "Running", state.starts_with("windows"), "{one:?}");
        match one.state_screen() {
            Some(screen) => assert_eq!((screen.state, one.status), (state.as_str(), "Running")),
            None => assert_eq!(one.status.to_ascii_lowercase(), state),
        }
        shown.entry(state).or_default().insert(is_jpg(&one));
    }
    let states: BTreeSet<&str> = shown.keys().map(String::as_str).collect();
    assert_eq!(states, STATES.into_iter().collect());
    assert!(shown.values().all(|files| files.len() == 2), "as PNG and as JPG: {shown:?}");
}

#[test]
fn zones_are_named_as_the_vendor_names_them() {
    let zone = |region| Fleet::default().of_region(region, 0).next().unwrap().zone();
    assert!(zone("cn-beijing").starts_with("cn-beijing-"));
    assert!(matches!(zone("us-west-1").as_str(), "us-west-1a" | "us-west-1b" | "us-west-1c"));
}
