//! Throttling: at most so many requests in a second, if the account has a limit.
//!
//! Source: the vendor's pages on common errors, which have `Throttling.User` with status 400 and `Throttling.Api` with 429.
//! Some answers have the header `x-acs-retry-after`, in milliseconds, and others have none. Limits differ between operations and
//! accounts, and are not listed.

use std::time::Duration;

use tokio::time::Instant;

use super::fault::Fault;

const WINDOW: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct Throttle {
    window_begin: Option<Instant>,
    /// The requests in the window.
    admitted: u32,
    refused: u64,
}

impl Throttle {
    /// Admits a request, unless `limit` requests were admitted in the same second.
    pub(crate) fn admit(&mut self, limit: u32, now: Instant) -> Result<(), Fault> {
        let begin = *self.window_begin.get_or_insert(now);
        if now.saturating_duration_since(begin) >= WINDOW {
            (self.window_begin, self.admitted) = (Some(now), 0);
        }
        if self.admitted < limit {
            self.admitted += 1;
            return Ok(());
        }
        self.refused += 1;
        Err(match self.refused.is_multiple_of(2) {
            true => Fault::of("Throttling.Api").with_retry_after(WINDOW.saturating_sub(now - begin)),
            false => Fault::of("Throttling.User"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_requests() {
        let (mut throttle, begin) = (Throttle::default(), Instant::now());
        let at = |milliseconds| begin + Duration::from_millis(milliseconds);
        let mut codes = |milliseconds| throttle.admit(2, at(milliseconds)).map_err(|fault| fault.code);
        assert_eq!((codes(0), codes(10)), (Ok(()), Ok(())));
        assert_eq!(codes(20).unwrap_err(), "Throttling.User");
        assert_eq!(codes(999).unwrap_err(), "Throttling.Api");
        assert_eq!((codes(1000), codes(1001)), (Ok(()), Ok(())));
        let fault = |throttle: &mut Throttle| throttle.admit(2, at(1700)).unwrap_err();
        assert_eq!(
            (fault(&mut throttle).retry_after, fault(&mut throttle).retry_after),
            (None, Some(Duration::from_millis(300)))
        );
    }
}
