//! The account's instances. Each is computed from its index when it is needed, and is the same each time.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::{INSTANCES, REGION};
use super::display::state_screen::{StateScreen, state_screen_at, state_screen_count, state_screens};
use super::regions::{NOT_OPENED, REGIONS};

/// The number of instances in all regions, unless another is chosen.
pub const INSTANCE_COUNT: usize = 1_000;

/// The most instances that can be chosen. Private addresses suffice for five times as many.
pub const MAX_INSTANCE_COUNT: usize = 10_000;

/// The number of instances in [`REGION`], of which the first are [`INSTANCES`].
const HOME_REGION_COUNT: usize = 400;

/// The number of instances in each other region, unless it is one of [`EMPTY_REGIONS`].
const OTHER_REGION_COUNT: usize = 24;

/// The instances of [`REGION`] of which those that run show the states that `check` tells, one after another.
const STATE_INDICES: Range<usize> = 300..HOME_REGION_COUNT;

/// The statuses, without Running, that instances have where each shows a state.
const STATUS_STATES: [&str; 4] = ["Stopped", "Stopping", "Starting", "Pending"];

/// Regions without instances.
const EMPTY_REGIONS: [&str; 3] = ["cn-fuzhou", "na-south-1", NOT_OPENED];

/// Names that two instances have: first two in one region each, then two in different regions each.
const SHARED_NAMES: [(usize, &str); 8] = [
    (100, "twin-01"),
    (101, "twin-01"),
    (102, "同名-甲"),
    (103, "同名-甲"),
    (200, "gateway-01"),
    (500, "gateway-01"),
    (201, "网关-02"),
    (901, "网关-02"),
];

const NUMERALS: [&str; 10] = ["壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖", "拾"];

const OPERATING_SYSTEMS: [OperatingSystem; 4] = [
    OperatingSystem {
        os_type: "linux",
        name: "Alibaba Cloud Linux 3.2104 LTS 64位",
        english_name: "Alibaba Cloud Linux 3.2104 LTS 64 bit",
    },
    OperatingSystem { os_type: "linux", name: "Ubuntu 22.04 64位", english_name: "Ubuntu 22.04 64 bit" },
    OperatingSystem {
        os_type: "windows",
        name: "Windows Server 2022 数据中心版 64位中文版",
        english_name: "Windows Server 2022 Datacenter 64-bit",
    },
    OperatingSystem { os_type: "linux", name: "Debian 12.5 64位", english_name: "Debian 12.5 64 bit" },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OperatingSystem {
    /// OSType: `linux` or `windows`.
    pub(crate) os_type: &'static str,
    /// OSName, which is Chinese.
    pub(crate) name: &'static str,
    /// OSNameEn, which is English.
    pub(crate) english_name: &'static str,
}

/// How many instances there are, and what they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fleet {
    /// Those from [`INSTANCE_COUNT`] on are in [`REGION`].
    pub(crate) count: usize,
    /// Whether each instance without a name of its own shows a state that `check` tells, which is in its name.
    pub(crate) has_every_state: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// From 0 to the number of instances.
    pub(crate) index: usize,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) operating_system: OperatingSystem,
    /// The status at first; `i-demo-starting` changes it.
    pub(crate) status: &'static str,
    pub(crate) region: &'static str,
    pub(crate) private_ip: String,
    pub(crate) public_ip: Option<String>,
    pub(crate) eip: Option<String>,
    /// Keys and values.
    pub(crate) tags: Vec<(&'static str, &'static str)>,
    has_every_state: bool,
}

impl Default for Fleet {
    fn default() -> Self {
        Self { count: INSTANCE_COUNT, has_every_state: false }
    }
}

impl Fleet {
    /// The instances of a region in the order of their indices, from the index `first` on.
    pub(crate) fn of_region(self, region: &str, first: usize) -> impl Iterator<Item = Instance> {
        let (range, more) = if region == REGION {
            (0..HOME_REGION_COUNT, INSTANCE_COUNT..self.count)
        } else {
            let place = other_regions().position(|id| id == region);
            let start = place.map(|place| HOME_REGION_COUNT + place * OTHER_REGION_COUNT);
            (start.map_or(0..0, |start| start..start + OTHER_REGION_COUNT), 0..0)
        };
        let indices = range.chain(more).filter(move |index| (first..self.count).contains(index));
        indices.map(move |index| self.instance_at(index))
    }

    /// The instance with this id, if it is in the region.
    pub(crate) fn find(self, region: &str, id: &str) -> Option<Instance> {
        self.by_id(id).filter(|instance| instance.region == region)
    }

    /// The instance with this id.
    pub(crate) fn by_id(self, id: &str) -> Option<Instance> {
        let named = INSTANCES.iter().position(|instance| instance.id == id);
        let index = named.or_else(|| id.strip_prefix("i-demo-")?.parse().ok()).filter(|index| *index < self.count)?;
        Some(self.instance_at(index)).filter(|instance| instance.id == id)
    }

    fn instance_at(self, index: usize) -> Instance {
        let special = INSTANCES.get(index);
        let region = match index.checked_sub(HOME_REGION_COUNT).filter(|_| index < INSTANCE_COUNT) {
            None => REGION,
            Some(beyond) => other_regions().nth(beyond / OTHER_REGION_COUNT).unwrap_or(REGION),
        };
        // Addresses for documentation (RFC 5737), which belong to no real host. There are not enough for more.
        let is_public = index < INSTANCE_COUNT;
        let public_ip = (is_public && index % 10 == 3).then(|| format!("203.0.113.{}", index / 10 + 1));
        let eip = (is_public && index % 10 == 7).then(|| format!("198.51.100.{}", index / 10 + 1));
        Instance {
            index,
            id: special.map_or_else(|| format!("i-demo-{index:04}"), |special| special.id.to_owned()),
            name: special.map_or_else(|| self.name(index), |special| special.name.to_owned()),
            operating_system: special.map_or_else(
                || self.operating_system(index),
                |special| OperatingSystem {
                    os_type: special.os_type,
                    name: special.os_name,
                    english_name: special.os_name,
                },
            ),
            status: special.map_or_else(|| self.status(index), |special| special.status),
            region,
            private_ip: format!("10.0.{}.{}", index / 200, index % 200 + 10),
            public_ip,
            eip,
            tags: tags(index),
            has_every_state: self.has_every_state,
        }
    }

    fn name(self, index: usize) -> String {
        match self.shown(index) {
            Shown::State(screen) => format!("state-{}-{index}", screen.state),
            Shown::Status(status) => format!("state-{}-{index}", status.to_ascii_lowercase()),
            Shown::Other => name(index),
        }
    }

    fn status(self, index: usize) -> &'static str {
        match self.shown(index) {
            Shown::State(_) => "Running",
            Shown::Status(status) => status,
            Shown::Other => status(index),
        }
    }

    fn operating_system(self, index: usize) -> OperatingSystem {
        match self.shown(index) {
            Shown::State(screen) if self.has_every_state => {
                let is_windows = screen.state.starts_with("windows");
                let [first, second, windows, third] = OPERATING_SYSTEMS;
                if is_windows { windows } else { [first, second, third][index % 3] }
            }
            _ => operating_system(index),
        }
    }

    /// What an instance shows that has no name of its own.
    fn shown(self, index: usize) -> Shown {
        if !self.has_every_state {
            return state_screen(index).map_or(Shown::Other, Shown::State);
        }
        let number = index % (state_screen_count() + STATUS_STATES.len());
        match STATUS_STATES.get(number) {
            Some(status) => Shown::Status(status),
            None => state_screen_at(number - STATUS_STATES.len()).map_or(Shown::Other, Shown::State),
        }
    }
}

/// What an instance shows.
enum Shown {
    State(&'static StateScreen),
    /// No screen, but this status.
    Status(&'static str),
    /// A healthy machine, or one whose status changes.
    Other,
}

fn other_regions() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().map(|region| region.id).filter(|id| *id != REGION && !EMPTY_REGIONS.contains(id))
}

fn operating_system(index: usize) -> OperatingSystem {
    OPERATING_SYSTEMS[index / 4 % 4]
}

/// The state that an instance shows, if it is one of [`STATE_INDICES`].
fn state_screen(index: usize) -> Option<&'static StateScreen> {
    let is_windows = |index: usize| operating_system(index).os_type == "windows";
    let shows_state = |index: usize| STATE_INDICES.contains(&index) && status(index) == "Running";
    if !shows_state(index) {
        return None;
    }
    let kind = is_windows(index);
    let before = (STATE_INDICES.start..index).filter(|other| shows_state(*other) && is_windows(*other) == kind);
    let screens = state_screens(kind);
    screens.get(before.count() % screens.len())
}

fn name(index: usize) -> String {
    if let Some((_, name)) = SHARED_NAMES.iter().find(|(named, _)| *named == index) {
        return (*name).to_owned();
    }
    match (index % 4, NUMERALS.get(index / 4 - 1)) {
        (3, Some(numeral)) => format!("测试机-{numeral}"),
        (0, _) => format!("cache-{index:03}"),
        (1, _) => format!("web-{index:03}"),
        (2, _) => format!("数据库-{index:03}"),
        _ => format!("app-{index:03}"),
    }
}

fn status(index: usize) -> &'static str {
    match index % 25 {
        4 | 9 | 21 => "Stopped",
        14 => "Starting",
        19 => "Stopping",
        24 => "Pending",
        _ => "Running",
    }
}

fn tags(index: usize) -> Vec<(&'static str, &'static str)> {
    let tags = [
        (index.is_multiple_of(3), ("env", "prod")),
        (index % 3 == 1, ("env", "test")),
        (index.is_multiple_of(7), ("团队", "支付")),
        (index.is_multiple_of(11), ("临时", "")),
    ];
    tags.into_iter().filter(|(has, _)| *has).map(|(_, tag)| tag).collect()
}

impl Instance {
    pub(crate) fn is_windows(&self) -> bool {
        self.operating_system.os_type == "windows"
    }

    /// What the instance shows if it stays in one state.
    pub(crate) fn state_screen(&self) -> Option<&'static StateScreen> {
        let fleet = Fleet { has_every_state: self.has_every_state, ..Fleet::default() };
        match fleet.shown(self.index) {
            Shown::State(screen) if self.index >= INSTANCES.len() => Some(screen),
            _ => None,
        }
    }

    /// Whether the account has this instance to show a state, as all the others.
    pub(crate) fn is_of_every_state(&self) -> bool {
        self.has_every_state
    }

    /// The fields of DescribeInstances, with this status and the time of the last start.
    pub(crate) fn describe(&self, status: &str, started: DateTime<Utc>) -> Value {
        let OperatingSystem { os_type, name, english_name } = self.operating_system;
        let tags: Vec<Value> =
            self.tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect();
        json!({
            "InstanceId": self.id, "InstanceName": self.name, "Status": status,
            "OSType": os_type, "OSName": name, "OSNameEn": english_name,
            "RegionId": self.region, "ZoneId": self.zone(), "CreationTime": self.created(),
            "StartTime": started.format("%Y-%m-%dT%H:%MZ").to_string(),
            "PublicIpAddress": { "IpAddress": self.public_ip.as_slice() },
            "EipAddress": { "IpAddress": self.eip.as_deref().unwrap_or_default() },
            "InnerIpAddress": { "IpAddress": [] }, "Tags": { "Tag": tags },
            "VpcAttributes": { "PrivateIpAddress": { "IpAddress": [self.private_ip] } },
        })
    }

    /// ZoneId, such as `cn-hangzhou-i` or `us-west-1a`.
    fn zone(&self) -> String {
        let zone = if self.region == REGION { "i" } else { ["a", "b", "c"][self.index % 3] };
        let dash = if self.region.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "-" };
        format!("{}{dash}{zone}", self.region)
    }

    fn created(&self) -> String {
        let i = self.index;
        format!("2024-{:02}-{:02}T{:02}:{:02}Z", i % 12 + 1, i % 28 + 1, i % 24, i % 60)
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            (unique(|instance| instance.public_ip.clone()), unique(|instance| instance.eip.clone())),
            (100, 100)
        );
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
}
