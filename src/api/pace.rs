//! The pace of a run over many instances: a request that the service throttles slows all of them down.
//!
//! The service does not tell its limits, and other programs of the account use them up as well. So the pace is found: without
//! throttling there is none; each throttling doubles the time between two requests, and each success shortens it a little.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::retry;
use crate::system::backoff::Backoff;
use crate::system::clock::Clock;

/// The time between two requests after the first throttling: 20 requests a second.
const FIRST_INTERVAL: Duration = Duration::from_millis(50);

/// The longest time between two requests.
const MAX_INTERVAL: Duration = Duration::from_secs(10);

/// Below this, requests are sent as they come.
const MIN_INTERVAL: Duration = Duration::from_millis(2);

/// What a success leaves of the time between two requests: 35 of them halve it.
const RECOVERY: f64 = 0.98;

/// The longest wait that the service may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How long all requests may be throttled, without one success, before they fail.
const PATIENCE: Duration = Duration::from_secs(300);

/// The pace that the clients of an account share. It does nothing until [`Pace::begin`].
#[derive(Debug, Default)]
pub(crate) struct Pace {
    is_active: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The time between the beginnings of two requests.
    interval: Duration,
    /// When the next request may begin.
    next_at: Option<Instant>,
    /// Until when no request begins.
    paused_until: Option<Instant>,
    /// The last change to a slower pace. Requests that began before it say nothing of the new pace.
    slowed_at: Option<Instant>,
    /// Since when there was no success.
    throttled_since: Option<Instant>,
    backoff: Backoff,
    throttled: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            interval: Duration::ZERO,
            next_at: None,
            paused_until: None,
            slowed_at: None,
            throttled_since: None,
            backoff: retry::BACKOFF,
            throttled: 0,
        }
    }
}

impl Pace {
    /// Begins a run.
    pub(crate) fn begin(&self) {
        self.is_active.store(true, Ordering::Relaxed);
    }

    /// Waits until a request may begin. Returns how long that took.
    pub(super) async fn turn(&self, clock: &Clock) -> Duration {
        if !self.is_active.load(Ordering::Relaxed) {
            return Duration::ZERO;
        }
        let begun_at = clock.instant();
        while let Some(at) = self.reserve(clock.instant()) {
            sleep_until(at).await;
            if !self.is_paused(clock.instant()) {
                break;
            }
        }
        clock.instant() - begun_at
    }

    /// Slows down after a request that began at `sent_at` was throttled, and returns the pause for all requests. `None` means
    /// that the request fails: there is no run, or it was throttled for too long.
    pub(super) fn slow_down(
        &self,
        sent_at: Instant,
        now: Instant,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        let is_active = self.is_active.load(Ordering::Relaxed);
        is_active.then(|| self.state().slow_down(sent_at, now, retry_after, jitter))?
    }

    /// Speeds up a little after a request succeeded.
    pub(super) fn speed_up(&self) {
        if self.is_active.load(Ordering::Relaxed) {
            self.state().speed_up();
        }
    }

    /// How many requests were throttled.
    pub(crate) fn throttled(&self) -> usize {
        self.state().throttled
    }

    /// The most requests a second at this moment; `None` if there is no limit.
    pub(crate) fn requests_per_second(&self) -> Option<f64> {
        let interval = self.state().interval;
        (!interval.is_zero()).then(|| interval.as_secs_f64().recip())
    }

    fn reserve(&self, now: Instant) -> Option<Instant> {
        self.state().reserve(now)
    }

    fn is_paused(&self, now: Instant) -> bool {
        self.state().paused_until.is_some_and(|until| until > now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns when a request may begin; `None` if it may begin now.
    fn reserve(&mut self, now: Instant) -> Option<Instant> {
        let paused_until = self.paused_until.filter(|until| *until > now);
        if self.interval.is_zero() && paused_until.is_none() {
            return None;
        }
        let at = self.next_at.into_iter().chain(paused_until).fold(now, Instant::max);
        self.next_at = Some(at + self.interval);
        (at > now).then_some(at)
    }

    fn slow_down(
        &mut self,
        sent_at: Instant,
        now: Instant,
        retry_after: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        self.throttled += 1;
        if now - *self.throttled_since.get_or_insert(now) > PATIENCE {
            return None;
        }
        if self.slowed_at.is_none_or(|slowed_at| sent_at > slowed_at) {
            self.interval = (self.interval * 2).clamp(FIRST_INTERVAL, MAX_INTERVAL);
            let pause = retry::delay(&mut self.backoff, retry_after.map(|wait| wait.min(MAX_RETRY_AFTER)), jitter);
            (self.slowed_at, self.paused_until) = (Some(now), Some(now + pause));
            // Places that were given out at the old pace are given out again.
            self.next_at = None;
        }
        Some(self.paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)))
    }

    fn speed_up(&mut self) {
        (self.throttled_since, self.backoff) = (None, retry::BACKOFF);
        self.interval = self.interval.mul_f64(RECOVERY);
        if self.interval < MIN_INTERVAL {
            self.interval = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Throttles a request that begins now.
    fn throttle(pace: &Pace, retry_after: Option<Duration>) -> Option<Duration> {
        pace.slow_down(Instant::now(), Instant::now(), retry_after, 0.0)
    }

    /// Lets `count` requests begin one after another, and returns how long that took.
    async fn requests(pace: &Pace, count: usize) -> Duration {
        let begun_at = Instant::now();
        for _ in 0..count {
            pace.turn(&Clock::system()).await;
        }
        begun_at.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_run_or_throttling_nothing_waits() {
        let pace = Pace::default();
        assert_eq!(throttle(&pace, None), None);
        assert_eq!(requests(&pace, 1000).await, Duration::ZERO);
        pace.begin();
        assert_eq!(requests(&pace, 1000).await, Duration::ZERO);
        assert_eq!((pace.throttled(), pace.requests_per_second()), (0, None));
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_pauses_all_and_halves_the_rate_once_for_what_was_sent_before() {
        let pace = Pace::default();
        pace.begin();
        let sent_at = Instant::now();
        tokio::time::advance(Duration::from_millis(5)).await;
        for _ in 0..8 {
            assert_eq!(pace.slow_down(sent_at, Instant::now(), None, 0.0), Some(Duration::from_millis(300)));
        }
        assert_eq!((pace.throttled(), pace.requests_per_second()), (8, Some(20.0)));
        // The pause, then ten intervals of 50 ms between eleven requests.
        assert_eq!(requests(&pace, 11).await, Duration::from_millis(800));
        assert_eq!(throttle(&pace, None), Some(Duration::from_millis(600)));
        assert_eq!(pace.requests_per_second(), Some(10.0));
    }

    #[tokio::test(start_paused = true)]
    async fn success_leads_back_to_full_speed() {
        let pace = Pace::default();
        pace.begin();
        throttle(&pace, None);
        for _ in 0..34 {
            pace.speed_up();
        }
        let rate = pace.requests_per_second().unwrap();
        assert!((39.0..41.0).contains(&rate), "34 successes double the rate: {rate}");
        for _ in 0..200 {
            pace.speed_up();
        }
        assert_eq!(pace.requests_per_second(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_is_held_up_by_a_later_pause() {
        let pace = Pace::default();
        pace.begin();
        throttle(&pace, None);
        let begun_at = Instant::now();
        let waiting = async {
            pace.turn(&Clock::system()).await;
            begun_at.elapsed()
        };
        let pausing = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            throttle(&pace, Some(Duration::from_secs(7)))
        };
        let (waited, pause) = tokio::join!(waiting, pausing);
        assert_eq!((waited, pause), (Duration::from_millis(7100), Some(Duration::from_secs(7))));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_throttled_for_minutes_fails() {
        let pace = Pace::default();
        pace.begin();
        let begun_at = Instant::now();
        while throttle(&pace, None).is_some() {
            pace.turn(&Clock::system()).await;
            assert!(begun_at.elapsed() < 2 * PATIENCE, "it has an end");
        }
        assert!(begun_at.elapsed() > PATIENCE);
        // A service that asks for hours is not believed.
        let pace = Pace::default();
        pace.begin();
        assert_eq!(throttle(&pace, Some(Duration::from_secs(7200))), Some(MAX_RETRY_AFTER));
    }
}
