/**
 * `?kiosk=NAME` or `?kiosk=NAME,NAME`: locks the page to these exhibits. This module does what must
 * work without Python; `web/py/kiosk` does the rest.
 */
import { Heartbeat } from './heartbeat.js';
import { site } from './site.js';

/** Longest time without a heartbeat, in ms: longer than any answer takes. */
const PATIENCE_S = 20;
/** Blocked events, which select, drag, zoom, open a menu, or drop a file. */
const UNWANTED = ['contextmenu', 'dragstart', 'dragover', 'drop', 'selectstart', 'gesturestart'];
/** Events that show that a visitor is present. */
const SIGNS = ['pointerdown', 'pointermove', 'pointerup', 'keydown', 'wheel'];

export class Kiosk {
  /** @type {Heartbeat | null} */
  heartbeat = null;
  /** Time of the last touch or key, on the page's clock. */
  touched = 0;

  /**
   * @param {URLSearchParams} parameters of the address: `kiosk`, and `patience` in seconds
   * @param {(message: string) => void} tell shows a message
   */
  constructor(parameters, tell) {
    const asked = parameters.get('kiosk');
    /** @type {string[]} all exhibits that a kiosk can show */
    this.known = site.exhibits.filter((exhibit) => exhibit.kiosk).map(({ name }) => name);
    const names = (asked ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const unknown = names.find((name) => !this.known.includes(name));
    /** @type {string[]} the kiosk's exhibits, in turn; empty if this is not a kiosk */
    this.exhibits = unknown === undefined ? names : [];
    if (asked === null) return;
    if (!this.exhibits.length) {
      tell(
        `?kiosk=${asked}: there is no exhibit '${unknown ?? ''}', so nothing is locked. Name one ` +
          `or several of ${this.known.join(', ')}, for instance ?kiosk=${this.known[0]}.`,
      );
      return;
    }
    this.#lock();
    this.heartbeat = new Heartbeat(1000 * (Number(parameters.get('patience')) || PATIENCE_S));
  }

  #lock() {
    document.documentElement.dataset.kiosk = 'attract';
    for (const event of UNWANTED) {
      addEventListener(event, (it) => it.preventDefault(), { capture: true, passive: false });
    }
    addEventListener(
      'wheel',
      (/** @type {WheelEvent} */ event) => {
        if (event.ctrlKey) event.preventDefault();
      },
      { capture: true, passive: false },
    );
    addEventListener(
      'click',
      (event) => {
        const target = /** @type {Element} */ (event.target);
        const way = target.closest('a[href], input[type="file"], [data-leaves]');
        if (way && !way.closest('dialog')) event.preventDefault();
      },
      { capture: true },
    );
    for (const event of SIGNS) {
      addEventListener(
        event,
        () => {
          this.touched = performance.now();
        },
        { capture: true, passive: true },
      );
    }
    // The manifest's start address would open an installed page without the kiosk's parameters.
    document.querySelector('link[rel="manifest"]')?.remove();
    const app = Object.assign(document.createElement('meta'), {
      name: 'apple-mobile-web-app-capable',
      content: 'yes',
    });
    document.head.append(app);
    this.#stay();
  }

  /** Keeps the address at one of the exhibits, with no history to go back to. */
  #stay() {
    const bounce = () => {
      const here = nameIn(location.hash);
      if (!this.exhibits.includes(here)) {
        location.replace(`#/${inView}`);
        return;
      }
      inView = here;
      show(inView);
    };
    let [inView] = this.exhibits;
    bounce();
    addEventListener('hashchange', bounce);
    history.replaceState('floor', '');
    history.pushState('guard', '');
    addEventListener('popstate', (/** @type {PopStateEvent} */ { state }) => {
      if (state === 'floor') history.pushState('guard', '');
    });
  }
}

/** Shows an exhibit's title and text in the invitation. @param {string} name */
function show(name) {
  const exhibit = site.exhibits.find((each) => each.name === name);
  for (const [id, text] of [
    ['kiosk-title', exhibit?.title],
    ['kiosk-line', exhibit?.text],
  ]) {
    const line = /** @type {HTMLElement} */ (document.getElementById(/** @type {string} */ (id)));
    line.textContent = text ?? '';
  }
}

/** @param {string} hash */
const nameIn = (hash) => hash.replace(/^#?\/?/, '').replace(/\/$/, '');
