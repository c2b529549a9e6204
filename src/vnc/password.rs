//! The VNC password of an instance.

use thiserror::Error;

use crate::secret::Secret;

/// A password of exactly six letters or digits. White space around it is dropped. Source: the vendor's page on ModifyInstanceVncPasswd.
#[derive(Clone, Debug)]
pub struct VncPassword(Secret);

/// A text that is not a VNC password.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a VNC password is exactly six letters (a-z, A-Z) or digits")]
pub struct VncPasswordError;

impl TryFrom<&Secret> for VncPassword {
    type Error = VncPasswordError;

    fn try_from(secret: &Secret) -> Result<Self, VncPasswordError> {
        let text = secret.expose().trim();
        let fits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(Secret::new(text))) } else { Err(VncPasswordError) }
    }
}

impl VncPassword {
    /// The password, where it must leave this type.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_six_letters_or_digits() {
        let is_one = |text: &str| VncPassword::try_from(&Secret::new(text)).is_ok();
        assert_eq!(VncPassword::try_from(&Secret::new(" abc123\r\n")).unwrap().expose(), "abc123");
        assert!(is_one("abc123") && is_one("ABCDEF") && is_one("000000"));
        for bad in ["", "abc12", "abc1234", "abc12!", "abc 12", "密码密", "é1234", "abc12\n"] {
            assert!(!is_one(bad), "{bad:?}");
        }
    }
}
