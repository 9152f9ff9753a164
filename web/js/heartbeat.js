/**
 * Watches over a kiosk's Python: reloads the page when its heartbeat stops, with growing pauses
 * between reloads, and keeps the log of all recoveries.
 *
 * @typedef {import('./boundary.js').Recovery} Recovery
 */

const LOG = 'glassbooth:kiosk:recoveries';
/** The second is used when the first is full; browsers clear it when they are closed. */
const STORES = /** @type {const} */ (['localStorage', 'sessionStorage']);
/** Most recoveries that are logged. */
const LOG_LENGTH = 200;
const LOOK_MS = 1000;
/** Time for Python to start on a slow device and a first visit, in ms. */
const BOOT_MS = 120_000;
/** Shortest time between reloads, in ms; each reload of the last hour doubles it. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 120_000;
const HOUR = 3_600_000;

export class Heartbeat {
  /** @type {number | undefined} `#awake` at the last heartbeat; undefined before the first */
  #beat;
  /** @type {Recovery[]} the log; if nothing can be stored, since the page was loaded */
  #recoveries = remembered();
  #looked = performance.now();
  /** Time the page was visible and the device awake, in ms: sleep is not a hang. */
  #awake = 0;

  /** @param {number} patienceMs longest time without a heartbeat */
  constructor(patienceMs) {
    this.patienceMs = patienceMs;
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Records a heartbeat of Python. */
  beat() {
    this.#beat = this.#awake;
  }

  /** The log, the oldest first. */
  get recoveries() {
    return this.#recoveries;
  }

  /** Logs a recovery. @param {string} reason @param {Recovery['remedy']} remedy */
  record(reason, remedy) {
    const last = this.#recoveries.at(-1);
    const again = last?.reason === reason && last.remedy === remedy;
    const entry = { at: Date.now(), reason, remedy, times: again ? last.times + 1 : 1 };
    const before = again ? this.#recoveries.slice(0, -1) : this.#recoveries;
    this.#recoveries = [...before, entry].slice(-LOG_LENGTH);
    remember(this.#recoveries);
  }

  /** Whether the last reload is long enough ago; avoids reload loops. */
  get mayReload() {
    const recent = this.#recoveries.filter(
      ({ at, remedy }) => remedy === 'reload' && at > Date.now() - HOUR,
    );
    const count = recent.reduce((sum, { times }) => sum + times, 0);
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS);
    return Date.now() - (recent.at(-1)?.at ?? 0) > wait;
  }

  /** Reloads the page, and logs the reason. @param {string} reason */
  reload(reason) {
    this.record(reason, 'reload');
    location.reload();
  }

  #look() {
    const now = performance.now();
    if (!document.hidden) this.#awake += Math.min(now - this.#looked, 2 * LOOK_MS);
    this.#looked = now;
    const reason = this.#trouble();
    if (reason && this.mayReload) this.reload(reason);
  }

  #trouble() {
    if (document.body.dataset.state === 'failed') return `The page did not start. ${messageText()}`;
    if (this.#beat === undefined) return this.#awake > BOOT_MS && 'Python is not there';
    return this.#awake - this.#beat > this.patienceMs && `Python stood still. ${messageText()}`;
  }
}

/** The message shown to visitors; empty if there is none. */
const messageText = () =>
  document.getElementById('error')?.hidden
    ? ''
    : (document.getElementById('error-text')?.textContent ?? '');

/** @param {Recovery[]} recoveries */
function remember(recoveries) {
  for (const store of STORES) {
    try {
      globalThis[store].setItem(LOG, JSON.stringify(recoveries));
      return;
    } catch {
      /* full, or switched off */
    }
  }
}

/** Reads the log from the store that was written last. @returns {Recovery[]} */
function remembered() {
  const latest = (/** @type {Recovery[]} */ recoveries) => recoveries.at(-1)?.at ?? 0;
  return STORES.map(read).reduce((one, other) => (latest(other) > latest(one) ? other : one));
}

/** @param {typeof STORES[number]} store @returns {Recovery[]} */
function read(store) {
  try {
    const kept = JSON.parse(globalThis[store].getItem(LOG) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // damaged, or storage is switched off
  }
}
