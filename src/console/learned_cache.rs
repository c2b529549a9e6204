//! The file that keeps the bitmaps that the user taught.

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::screen_text::LearnedGlyphs;
use crate::settings::Context;
use crate::system::private_cache::PrivateCache;
use crate::terminal::output::Output;

/// The file in the user's cache.
const FILE: &str = "learned.keys";

/// Where learned bitmaps are kept.
#[derive(Clone, Debug)]
pub(crate) struct LearnedCache {
    cache: PrivateCache,
    output: Output,
}

impl LearnedCache {
    /// The user's cache; with `--no-cache` nothing is kept and nothing is found.
    pub(crate) fn of_user(context: &Context) -> Self {
        let cache = if context.flags.no_cache { PrivateCache::disabled() } else { PrivateCache::in_user_dir() };
        Self { cache, output: context.output }
    }

    /// Reads what was learned. A damaged file is not used.
    pub(crate) fn load(&self) -> LearnedGlyphs {
        let Some(bytes) = self.cache.read(FILE) else { return LearnedGlyphs::default() };
        let learned = str::from_utf8(&bytes).ok().and_then(LearnedGlyphs::parse);
        learned.unwrap_or_else(|| {
            self.output.warning(&format!("{FILE} in the cache directory is damaged; learned characters are not used"));
            LearnedGlyphs::default()
        })
    }

    /// Keeps what was learned for later commands.
    pub(crate) fn store(&self, learned: &LearnedGlyphs) -> Result<(), CommandError> {
        self.cache.write(FILE, learned.to_text().as_bytes()).map_err(|error| {
            let error = anyhow::Error::new(error).context("could not save the learned characters");
            CommandError::new(ErrorKind::ActionFailed, error)
        })
    }
}
