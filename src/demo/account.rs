//! What the simulated account holds: keys, roles, and the instances that show something.

use crate::config::Profile;
use crate::secret::{AccessKeyId, Secret};

/// The built-in profile's name.
pub(crate) const PROFILE: &str = "demo";

/// The region of its instances.
pub const REGION: &str = "cn-hangzhou";

/// The account's own key. It opens nothing but the simulation, so it is public.
pub const ACCESS_KEY_ID: &str = "demo-access-key-id";
/// Its secret.
pub const ACCESS_KEY_SECRET: &str = "demo-access-key-secret";

/// A key pair the gateway knows.
#[derive(Debug)]
pub(crate) struct Key {
    /// AccessKeyId.
    pub(crate) id: &'static str,
    /// AccessKeySecret.
    pub(crate) secret: &'static str,
    /// The token that must go with a temporary key.
    pub(crate) token: Option<&'static str>,
    /// A disabled key is refused.
    pub(crate) active: bool,
    /// The RAM actions it may use; nothing means all.
    pub(crate) allowed: Option<&'static [&'static str]>,
}

/// The account's keys: its own, a temporary one, one with a narrow policy, and one that is disabled.
pub(crate) const KEYS: [Key; 4] = [
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

/// The account's id.
pub(crate) const ACCOUNT_ID: &str = "1234567890123456";

/// A role that the account's own keys may assume.
pub const ROLE: &str = "acs:ram::1234567890123456:role/demo-console";
/// A role that only keys of [`ROLE`] may assume.
pub const ROLE_CHAINED: &str = "acs:ram::1234567890123456:role/demo-inner";
/// A role that the account's own keys may assume with [`EXTERNAL_ID`].
pub const ROLE_EXTERNAL: &str = "acs:ram::1234567890123456:role/demo-external";
/// The ExternalId that [`ROLE_EXTERNAL`] demands.
pub const EXTERNAL_ID: &str = "demo-external-id";
/// A role that [`OIDC_TOKEN`] of [`OIDC_PROVIDER`] may assume, and nothing else.
pub const ROLE_OIDC: &str = "acs:ram::1234567890123456:role/demo-oidc";
/// The OIDC provider that the account trusts.
pub const OIDC_PROVIDER: &str = "acs:ram::1234567890123456:oidc-provider/demo-oidc";
/// The only token that the provider has ever issued.
pub const OIDC_TOKEN: &str = "demo-oidc-token";

/// Whom a role trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The account's own keys, with this ExternalId if there is one.
    Own(Option<&'static str>),
    /// Keys of another role.
    Role(&'static str),
    /// Tokens of an OIDC provider.
    Oidc(&'static str),
}

/// A RAM role.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Role {
    /// Its ARN.
    pub(crate) arn: &'static str,
    /// RoleId.
    pub(crate) id: &'static str,
    /// Who may assume it.
    pub(crate) trusts: Trust,
}

impl Role {
    /// RoleName.
    pub(crate) fn name(&self) -> &'static str {
        self.arn.rsplit_once('/').map_or(self.arn, |(_, name)| name)
    }
}

/// The account's roles.
pub(crate) static ROLES: [Role; 4] = [
    Role { arn: ROLE, id: "300000000000000001", trusts: Trust::Own(None) },
    Role { arn: ROLE_CHAINED, id: "300000000000000002", trusts: Trust::Role(ROLE) },
    Role { arn: ROLE_EXTERNAL, id: "300000000000000003", trusts: Trust::Own(Some(EXTERNAL_ID)) },
    Role { arn: ROLE_OIDC, id: "300000000000000004", trusts: Trust::Oidc(OIDC_PROVIDER) },
];

/// An instance that is there to show something, all in [`REGION`].
#[derive(Debug)]
pub(crate) struct DemoInstance {
    /// InstanceId.
    pub(crate) id: &'static str,
    /// InstanceName.
    pub(crate) name: &'static str,
    /// OSType.
    pub(crate) os_type: &'static str,
    /// OSName.
    pub(crate) os_name: &'static str,
    /// Status.
    pub(crate) status: &'static str,
    /// What it is there to show.
    pub(crate) shows: &'static str,
}

/// The instance that stops in emergency mode, since its /etc/fstab names a disk that is not attached.
pub(crate) const RESCUE_ID: &str = "i-demo-rescue";

/// The first instances of [`REGION`]; `fleet` makes the others. Beside them, `i-demo-error-CODE` answers
/// DescribeInstanceVncUrl with that error code.
pub(crate) const INSTANCES: [DemoInstance; 6] = [
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
    DemoInstance {
        id: RESCUE_ID,
        name: "db-02",
        os_type: "linux",
        os_name: "Debian 12",
        status: "Running",
        shows: "a Linux in emergency mode",
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
