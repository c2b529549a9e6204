//! Received bytes that are not consumed yet.

/// A slice of bytes that is consumed from its start.
#[derive(Debug)]
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes remain.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The bytes that remain.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Consumes `count` bytes. If there are fewer, it returns `None` and consumes nothing.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Like `take`, for a fixed number of bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N).and_then(|taken| taken.try_into().ok())
    }

    /// Consumes at most `count` bytes, and returns how many.
    pub(crate) fn skip(&mut self, count: usize) -> usize {
        let count = count.min(self.0.len());
        self.0 = &self.0[count..];
        count
    }
}
