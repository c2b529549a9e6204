//! What a text becomes.

/// A text in the other language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) text: String,
    /// The number of English letters that were translated.
    pub(super) letters: usize,
}
