/**
 * `?kiosk=NAME` or `?kiosk=NAME,NAME`: the page stays with these exhibits, whoever touches
 * it. This is what must hold before Python is there and without it; the rest is Python's.
 */
import { Heartbeat } from './heartbeat.js';
import { site } from './site.js';

/** How long Python may stand still: more than any answer takes, less than people wait. */
const PATIENCE_S = 20;
/** Events that would select, drag, zoom, open a menu, or let go of a file. */
const UNWANTED = ['contextmenu', 'dragstart', 'dragover', 'drop', 'selectstart', 'gesturestart'];
/** Events that only somebody who is there brings about. */
const SIGNS = ['pointerdown', 'pointermove', 'pointerup', 'keydown', 'wheel'];

export class Kiosk {
  /** @type {Heartbeat | null} */
  heartbeat = null;
  /** When the page was last touched, on its clock. */
  touched = 0;

  /**
   * @param {URLSearchParams} parameters of the address: `kiosk`, and `patience` in seconds
   * @param {(message: string) => void} tell shows a sentence
   */
  constructor(parameters, tell) {
    const asked = parameters.get('kiosk');
    /** @type {string[]} all exhibits that a kiosk may show */
    this.known = site.exhibits.filter((exhibit) => exhibit.kiosk).map(({ name }) => name);
    const names = (asked ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const unknown = names.find((name) => !this.known.includes(name));
    /** @type {string[]} the exhibits that it stays with, in turn; none if this is no kiosk */
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
    // Put on a home screen, it is to start as a kiosk: the manifest would name another address.
    document.querySelector('link[rel="manifest"]')?.remove();
    const app = Object.assign(document.createElement('meta'), {
      name: 'apple-mobile-web-app-capable',
      content: 'yes',
    });
    document.head.append(app);
    this.#stay();
  }

  /** The address names one of the exhibits, and there is nothing to go back to. */
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

/** The invitation to an exhibit has its title and text. @param {string} name */
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
