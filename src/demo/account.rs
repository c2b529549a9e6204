//! The fixed contents of the simulated account: access keys, roles, and the instances with a name of their own.

use crate::config::Profile;
use crate::secret::{AccessKeyId, Secret};

/// The name of the built-in profile.
pub(crate) const PROFILE: &str = "demo";

/// The region of the profile, in which most instances are.
pub const REGION: &str = "cn-hangzhou";

/// The AccessKeyId of the account's RAM user. It is public, since it opens nothing but the simulation.
pub const ACCESS_KEY_ID: &str = "demo-access-key-id";
/// The AccessKeySecret of [`ACCESS_KEY_ID`].
pub const ACCESS_KEY_SECRET: &str = "demo-access-key-secret";

#[derive(Debug)]
pub(crate) struct AccessKey {
    pub(crate) id: &'static str,
    pub(crate) secret: &'static str,
    /// The SecurityToken of a temporary key.
    pub(crate) token: Option<&'static str>,
    pub(crate) is_active: bool,
    /// The RAM actions that the key may use, `None` for all.
    pub(crate) allowed_actions: Option<&'static [&'static str]>,
}

/// The keys of the RAM user: a permanent one, a temporary one, one with a narrow policy, and a disabled one.
pub(crate) const ACCESS_KEYS: [AccessKey; 4] = [
    AccessKey { id: ACCESS_KEY_ID, secret: ACCESS_KEY_SECRET, token: None, is_active: true, allowed_actions: None },
    AccessKey {
        id: "STS.demo-access-key-id",
        secret: "demo-sts-secret",
        token: Some("demo/security+token=="),
        is_active: true,
        allowed_actions: None,
    },
    AccessKey {
        id: "demo-narrow-key-id",
        secret: "demo-narrow-secret",
        token: None,
        is_active: true,
        allowed_actions: Some(&["DescribeInstanceVncUrl"]),
    },
    AccessKey {
        id: "demo-disabled-key-id",
        secret: "demo-disabled-secret",
        token: None,
        is_active: false,
        allowed_actions: None,
    },
];

pub(crate) const ACCOUNT_ID: &str = "1234567890123456";

/// A role that the RAM user may assume.
pub const ROLE: &str = "acs:ram::1234567890123456:role/demo-console";
/// A role that only temporary keys of [`ROLE`] may assume.
pub const ROLE_CHAINED: &str = "acs:ram::1234567890123456:role/demo-inner";
/// A role that the RAM user may assume with [`EXTERNAL_ID`].
pub const ROLE_EXTERNAL: &str = "acs:ram::1234567890123456:role/demo-external";
/// The ExternalId that [`ROLE_EXTERNAL`] demands.
pub const EXTERNAL_ID: &str = "demo-external-id";
/// A role that only the bearer of [`OIDC_TOKEN`] of [`OIDC_PROVIDER`] may assume.
pub const ROLE_OIDC: &str = "acs:ram::1234567890123456:role/demo-oidc";
/// The OIDC provider that the account trusts.
pub const OIDC_PROVIDER: &str = "acs:ram::1234567890123456:oidc-provider/demo-oidc";
/// The only token that [`OIDC_PROVIDER`] has issued.
pub const OIDC_TOKEN: &str = "demo-oidc-token";

/// The principal that may assume a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrustedPrincipal {
    /// The RAM user, which must give the ExternalId if there is one.
    User { external_id: Option<&'static str> },
    /// The ARN of another role.
    Role(&'static str),
    /// The ARN of an OIDC provider.
    OidcProvider(&'static str),
}

/// A RAM role.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) arn: &'static str,
    /// RoleId, a number of 18 digits.
    pub(crate) id: &'static str,
    pub(crate) trusted: TrustedPrincipal,
}

impl Role {
    /// RoleName, the last part of the ARN.
    pub(crate) fn name(&self) -> &'static str {
        self.arn.rsplit_once('/').map_or(self.arn, |(_, name)| name)
    }
}

pub(crate) static ROLES: [Role; 4] = [
    Role { arn: ROLE, id: "300000000000000001", trusted: TrustedPrincipal::User { external_id: None } },
    Role { arn: ROLE_CHAINED, id: "300000000000000002", trusted: TrustedPrincipal::Role(ROLE) },
    Role {
        arn: ROLE_EXTERNAL,
        id: "300000000000000003",
        trusted: TrustedPrincipal::User { external_id: Some(EXTERNAL_ID) },
    },
    Role { arn: ROLE_OIDC, id: "300000000000000004", trusted: TrustedPrincipal::OidcProvider(OIDC_PROVIDER) },
];

/// An instance in [`REGION`] with a fixed id and a special behaviour.
#[derive(Debug)]
pub(crate) struct DemoInstance {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) os_type: &'static str,
    pub(crate) os_name: &'static str,
    pub(crate) status: &'static str,
    /// What the instance is for, as `ecs-vnc demo` prints it.
    pub(crate) shows: &'static str,
}

/// The instance that is throttled for the first requests for its VncUrl, and whose pictures are JPG.
pub(crate) const FLAKY_ID: &str = "i-demo-flaky";

/// The instance that stops in emergency mode, since its /etc/fstab names a disk that is not attached.
pub(crate) const RESCUE_ID: &str = "i-demo-rescue";

/// The first instances of [`REGION`]; the others come from [`super::fleet`]. DescribeInstanceVncUrl answers for
/// `i-demo-error-CODE` with that error code.
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
        id: FLAKY_ID,
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

/// The built-in profile, without an endpoint: the account's port is chosen when it starts.
pub fn profile() -> Profile {
    Profile {
        region_id: Some(REGION.to_owned()),
        access_key_id: Some(AccessKeyId::new(ACCESS_KEY_ID)),
        access_key_secret: Some(Secret::new(ACCESS_KEY_SECRET)),
        ..Profile::default()
    }
}
