//! The settings that `auth` selects a credentials provider by. The variables that hold credentials are read by `auth`.

use crate::api::endpoint::EndpointType;
use crate::settings::profile_selection::ProfileSelection;
use crate::system::environment::Environment;

/// Which profile credentials may come from, and where STS is.
#[derive(Clone, Debug)]
pub(crate) struct CredentialSettings {
    pub(crate) profile: ProfileSelection,
    /// Why there is no default profile, for the message that lists the skipped providers.
    pub(crate) no_default_reason: String,
    /// The names of the profiles in our file.
    pub(crate) own_profiles: Vec<String>,
    pub(crate) sts: StsSettings,
}

/// Which STS endpoint is used if the profile does not set one.
#[derive(Clone, Debug, Default)]
pub(crate) struct StsSettings {
    /// Without a region, the central endpoint is used.
    pub(crate) region: Option<String>,
    pub(crate) endpoint_type: EndpointType,
}

impl StsSettings {
    /// Reads `ALIBABA_CLOUD_STS_REGION` and `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`. Source: the official SDKs.
    pub(crate) fn from_environment(env: &Environment) -> Self {
        let region = env.vendor("STS_REGION").map(|(_, region)| region.to_owned());
        let uses_vpc = env.vendor("VPC_ENDPOINT_ENABLED").is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"));
        Self { region, endpoint_type: if uses_vpc { EndpointType::Vpc } else { EndpointType::Public } }
    }
}
