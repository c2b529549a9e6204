//! How long the texts of a server may be, in bytes. The RFC sets no limits.

/// The longest reason for a refusal that is read. Nothing follows it, so the rest is ignored.
pub(crate) const MAX_REASON_LEN: u32 = 1024;
pub(crate) const MAX_DESKTOP_NAME_LEN: u32 = 4096;
/// The longest cut text. It is skipped, so it takes no memory.
pub(crate) const MAX_CUT_TEXT_LEN: u32 = 1 << 24;
