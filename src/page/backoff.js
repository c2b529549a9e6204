// When to reconnect, in milliseconds. Pure. The waits are those of `src/relay/backoff.rs`.

// The service's limit: connections per minute and instance.
const MAX_PER_MINUTE = 30;
const MINUTE = 60_000;
const FIRST_DELAY = 1000;
const MAX_DELAY = 30_000;
// A session of at least this length resets the backoff.
const STABLE_SESSION = MINUTE;

export class ReconnectBackoff {
  #started = [];
  #next = FIRST_DELAY;

  // Records that a connection starts.
  recordStart(now) {
    this.#started = [...this.#started, now].slice(-MAX_PER_MINUTE);
  }

  // How long until the service's limit allows another connection.
  limitDelay(now) {
    return this.#started.length < MAX_PER_MINUTE ? 0 : Math.max(0, this.#started[0] + MINUTE - now);
  }

  // The wait after a session that lasted `session`: doubles each time, until a session lasts a minute.
  delayAfter(session, now) {
    if (session >= STABLE_SESSION) this.#next = FIRST_DELAY;
    const delay = Math.max(this.#next, this.limitDelay(now));
    this.#next = Math.min(this.#next * 2, MAX_DELAY);
    return delay;
  }
}
