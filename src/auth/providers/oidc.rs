//! A role assumed with an identity provider's token: the official CLI's mode `OIDC`, and what a Kubernetes pod has.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::assume_role::{RoleError, temporary};
use crate::api::Client;
use crate::api::operations::Role;
use crate::credentials::ExpiringCredentials;
use crate::secret::Secret;
use crate::system::clock::Deadline;

/// The most a token may hold, in bytes. Source: the vendor's page on AssumeRoleWithOIDC: 4 to 20,000 characters.
const LIMIT: u64 = 20_000;

/// Reads the identity provider's token. It is read each time, since the platform renews the file.
pub(crate) fn read_token(file: &Path) -> Result<Secret, RoleError> {
    let refused = |cause: String| RoleError::Token { file: file.display().to_string(), cause };
    let mut text = Zeroizing::new(String::new());
    let read = File::open(file).and_then(|open| open.take(LIMIT + 1).read_to_string(&mut text));
    read.map_err(|error| refused(error.to_string()))?;
    match text.trim() {
        "" => Err(refused("it is empty".to_owned())),
        _ if text.len() as u64 > LIMIT => Err(refused(format!("it is longer than {LIMIT} bytes"))),
        token => Ok(Secret::new(token)),
    }
}

/// The keys of a role that the token stands for. The client needs none.
pub(crate) async fn from_oidc(
    client: &Client,
    role: &Role,
    provider_arn: &str,
    token: &Secret,
    limit: Deadline,
) -> Result<ExpiringCredentials, RoleError> {
    temporary(client.assume_role_with_oidc(role, provider_arn, token, limit).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        let read = |text: &[u8]| {
            std::fs::write(&file, text).unwrap();
            read_token(&file).map(|token| token.expose().to_owned()).map_err(|error| error.to_string())
        };
        assert_eq!(read(b"a.b.c\n"), Ok("a.b.c".to_owned()));
        assert_eq!(read(&vec![b'x'; 20_000]).map(|token| token.len()), Ok(20_000));
        for (bad, why) in [(&b" \n"[..], "empty"), (&[b'x'; 20_001], "longer"), (&[0xff, 0xfe], "UTF-8")] {
            let error = read(bad).unwrap_err();
            assert!(error.contains(why) && error.contains(&file.display().to_string()), "{error}");
        }
        assert!(read_token(&dir.path().join("none")).is_err());
    }
}
