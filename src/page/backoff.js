// When the next connection may begin, in milliseconds: pure.

// The service takes 30 a minute for an instance.
const MOST = 30;
const MINUTE = 60_000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

export class Again {
  #begun = [];
  #wait = FIRST_WAIT;

  // A connection begins.
  begin(now) {
    this.#begun = [...this.#begun, now].slice(-MOST);
  }

  // How long until the budget has room for one more.
  room(now) {
    return this.#begun.length < MOST ? 0 : Math.max(0, this.#begun[0] + MINUTE - now);
  }

  // How long to wait after a connection that held for `held`: each time twice as long, until one has held a minute.
  wait(now, held) {
    if (held >= MINUTE) this.#wait = FIRST_WAIT;
    const wait = Math.max(this.#wait, this.room(now));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    return wait;
  }
}
