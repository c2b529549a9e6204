//! The password of a shared console, which its owner gives to other viewers.

use thiserror::Error;

use crate::secret::Secret;

/// A password of six to eight printable ASCII characters. White space around it is dropped.
///
/// VNC authentication uses eight bytes and ignores the rest (RFC 6143, section 7.2.2), and TigerVNC's vncpasswd takes no fewer
/// than six.
#[derive(Clone, Debug)]
pub(crate) struct SharePassword(Secret);

/// A text that is not such a password.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a password for viewers has six to eight ASCII letters, digits or signs; VNC ignores what is longer")]
pub(crate) struct SharePasswordError;

impl TryFrom<&Secret> for SharePassword {
    type Error = SharePasswordError;

    fn try_from(secret: &Secret) -> Result<Self, SharePasswordError> {
        let text = secret.expose().trim();
        let fits = (6..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(Secret::new(text))) } else { Err(SharePasswordError) }
    }
}

impl SharePassword {
    /// As the secret of the RFB authentication.
    pub(crate) fn into_secret(self) -> Secret {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_six_to_eight_characters() {
        let is_one = |text: &str| SharePassword::try_from(&Secret::new(text)).is_ok();
        let password = SharePassword::try_from(&Secret::new(" k7!Qz-2m\r\n")).unwrap();
        assert_eq!(password.into_secret().expose(), "k7!Qz-2m");
        assert!(is_one("abc123") && is_one("12345678"));
        for bad in ["", "abc12", "123456789", "abc 123", "密码密码", "abc\x07123"] {
            assert!(!is_one(bad), "{bad:?}");
        }
    }
}
