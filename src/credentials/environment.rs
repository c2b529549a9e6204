//! Credentials from environment variables such as `ALIBABA_CLOUD_ACCESS_KEY_ID`, or with an older prefix.

use super::{Credentials, CredentialsError, checked};
use crate::secret::{AccessKeyId, Secret};
use crate::system::environment::Environment;

/// Returns the credentials, and the name of the variable that holds the AccessKeyId. All values come from variables with
/// the same prefix: those of different accounts must not be mixed.
pub(crate) fn from_environment(env: &Environment) -> Result<Option<(Credentials, String)>, CredentialsError> {
    let suffixes = ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"];
    let Some(prefix) = suffixes[..2].iter().find_map(|suffix| env.vendor_prefix(suffix)) else {
        return Ok(None);
    };
    let names = suffixes.map(|suffix| format!("{prefix}{suffix}"));
    let [id, secret, token] = [0, 1, 2].map(|index| env.get(&names[index]));
    let found = checked(
        id.map(AccessKeyId::new),
        secret.map(Secret::new),
        token.map(Secret::new),
        [&names[0], &names[1], &names[2]],
    )?;
    Ok(found.map(|credentials| (credentials, names[0].clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<(Credentials, String)>, CredentialsError> {
        from_environment(&pairs.iter().copied().collect())
    }

    #[test]
    fn one_prefix_is_one_set() {
        let (credentials, name) = read(&[
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "new-id"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "new-secret"),
            ("ALICLOUD_ACCESS_KEY_ID", "old-id"),
            ("ALICLOUD_SECURITY_TOKEN", "old-token"),
        ])
        .unwrap()
        .unwrap();
        assert_eq!(name, "ALIBABA_CLOUD_ACCESS_KEY_ID");
        assert_eq!(credentials.access_key_id.expose(), "new-id");
        assert!(credentials.security_token.is_none(), "the token of another set must not be mixed in");
    }

    #[test]
    fn half_a_pair_is_an_error_and_a_lone_token_is_nothing() {
        let error = read(&[("ALICLOUD_ACCESS_KEY_ID", "id")]).unwrap_err().to_string();
        assert_eq!(error, "ALICLOUD_ACCESS_KEY_ID is set, but ALICLOUD_ACCESS_KEY_SECRET is not");
        assert!(read(&[("ALIBABA_CLOUD_SECURITY_TOKEN", "t")]).unwrap().is_none());
    }
}
