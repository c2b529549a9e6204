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
#[path = "fleet_tests.rs"]
mod tests;
