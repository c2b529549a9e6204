//! A RAM role, assumed with the token of an OIDC identity provider. The official CLI's mode `OIDC`; Kubernetes pods get
//! such a token as a file.

use std::path::Path;

use super::assume_role::{RoleError, check_sts_credentials};
use crate::api::Client;
use crate::api::operations::Role;
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;
use crate::system::blocking;
use crate::system::clock::Deadline;
use crate::text::quoted::Shown as _;

/// The maximum length of a token, in bytes. Source: the vendor's page on AssumeRoleWithOIDC: 4 to 20,000 characters.
const MAX_TOKEN_LEN: usize = 20_000;

/// Reads the identity provider's token from `file`. It is read for every request, because the platform renews the file.
pub(crate) fn read_token(file: &Path) -> Result<Secret, RoleError> {
    let unreadable = |cause: String| RoleError::Token { file: file.shown(), cause };
    let bytes = blocking::read_whole_file(file, MAX_TOKEN_LEN).map_err(|error| unreadable(error.to_string()))?;
    match std::str::from_utf8(&bytes).map(str::trim) {
        Err(_) => Err(unreadable("it is not UTF-8 text".to_owned())),
        Ok("") => Err(unreadable("it is empty".to_owned())),
        Ok(token) => Ok(Secret::new(token)),
    }
}

/// Fetches temporary credentials of `role` with AssumeRoleWithOIDC. The request is not signed: `token` proves the
/// identity.
pub(crate) async fn from_oidc(
    client: &Client,
    role: &Role,
    provider_arn: &str,
    token: &Secret,
    deadline: Deadline,
) -> Result<ExpiringCredentials, RoleError> {
    check_sts_credentials(client.assume_role_with_oidc(role, provider_arn, token, deadline).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_long_or_binary_tokens_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        let read = |text: &[u8]| {
            std::fs::write(&file, text).unwrap();
            read_token(&file).map(|token| token.expose().to_owned()).map_err(|error| error.to_string())
        };
        assert_eq!(read(b"a.b.c\n"), Ok("a.b.c".to_owned()));
        assert_eq!(read(&vec![b'x'; 20_000]).map(|token| token.len()), Ok(20_000));
        for (bad, reason) in [(&b" \n"[..], "empty"), (&[b'x'; 20_001], "longer"), (&[0xff, 0xfe], "UTF-8")] {
            let error = read(bad).unwrap_err();
            assert!(error.contains(reason) && error.contains(&file.display().to_string()), "{error}");
        }
        assert!(read_token(&dir.path().join("none")).is_err());
    }
}
