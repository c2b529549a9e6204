//! What the simulated account holds: keys, regions, instances.

use crate::config::Profile;
use crate::secret::{AccessKeyId, Secret};

/// The built-in profile's name.
pub const PROFILE: &str = "demo";

/// The region of its instances.
pub const REGION: &str = "cn-hangzhou";

/// The regions that exist.
pub const REGIONS: [(&str, &str); 3] =
    [("cn-hangzhou", "华东1（杭州）"), ("cn-beijing", "华北2（北京）"), ("ap-southeast-1", "新加坡")];

/// The account's own key. It opens nothing but the simulation, so it is public.
pub const ACCESS_KEY_ID: &str = "demo-access-key-id";
/// Its secret.
pub const ACCESS_KEY_SECRET: &str = "demo-access-key-secret";

/// A key pair the gateway knows.
#[derive(Debug)]
pub struct Key {
    /// AccessKeyId.
    pub id: &'static str,
    /// AccessKeySecret.
    pub secret: &'static str,
    /// The token that must go with a temporary key.
    pub token: Option<&'static str>,
    /// A disabled key is refused.
    pub active: bool,
    /// The RAM actions it may use; nothing means all.
    pub allowed: Option<&'static [&'static str]>,
}

/// The account's keys: its own, a temporary one, one with a narrow policy, and one that is disabled.
pub const KEYS: [Key; 4] = [
    Key { id: ACCESS_KEY_ID, secret: ACCESS_KEY_SECRET, token: None, active: true, allowed: None },
    Key {
        id: "STS.demo-access-key-id",
        secret: "demo-sts-secret",
        token: Some("demo/security+token=="),
        active: true,
        allowed: None,
    },
    Key {
        id: "demo-narrow-key-id",
        secret: "demo-narrow-secret",
        token: None,
        active: true,
        allowed: Some(&["DescribeInstanceVncUrl"]),
    },
    Key { id: "demo-disabled-key-id", secret: "demo-disabled-secret", token: None, active: false, allowed: None },
];

/// An instance of the account, all in [`REGION`].
#[derive(Debug)]
pub struct DemoInstance {
    /// InstanceId.
    pub id: &'static str,
    /// InstanceName.
    pub name: &'static str,
    /// OSType.
    pub os_type: &'static str,
    /// OSName.
    pub os_name: &'static str,
    /// Status.
    pub status: &'static str,
    /// What it is there to show.
    pub shows: &'static str,
}

/// The account's instances. Beside them, `i-demo-error-CODE` answers DescribeInstanceVncUrl with that error code.
pub const INSTANCES: [DemoInstance; 5] = [
    DemoInstance {
        id: "i-demo-linux",
        name: "web-01",
        os_type: "linux",
        os_name: "Alibaba Cloud Linux 3",
        status: "Running",
        shows: "a running Linux",
    },
    DemoInstance {
        id: "i-demo-windows",
        name: "office-01",
        os_type: "windows",
        os_name: "Windows Server 2022",
        status: "Running",
        shows: "a running Windows",
    },
    DemoInstance {
        id: "i-demo-stopped",
        name: "db-01",
        os_type: "linux",
        os_name: "Debian 12",
        status: "Stopped",
        shows: "IncorrectInstanceStatus",
    },
    DemoInstance {
        id: "i-demo-starting",
        name: "batch-01",
        os_type: "linux",
        os_name: "Debian 12",
        status: "Starting",
        shows: "InstanceNotReady for 3 s, then runs",
    },
    DemoInstance {
        id: "i-demo-flaky",
        name: "web-02",
        os_type: "linux",
        os_name: "Debian 12",
        status: "Running",
        shows: "Throttling.User twice, then works",
    },
];

/// The built-in profile. Its endpoint is wherever the account happens to run.
pub fn profile() -> Profile {
    Profile {
        region_id: Some(REGION.to_owned()),
        access_key_id: Some(AccessKeyId::new(ACCESS_KEY_ID)),
        access_key_secret: Some(Secret::new(ACCESS_KEY_SECRET)),
        ..Profile::default()
    }
}
