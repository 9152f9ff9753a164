/**
 * `?kiosk=digits` or `?kiosk=dance,design`: the page stays with these exhibits, whoever touches
 * it. This is what must hold before Python is there and without it; the rest is Python's.
 */
import { Heart } from './heart.js';

/** How long Python may stand still: more than any answer takes, less than people wait. */
const PATIENCE_S = 20;
/** Events that would select, drag, zoom, open a menu, or let go of a file. */
const UNWANTED = ['contextmenu', 'dragstart', 'dragover', 'drop', 'selectstart', 'gesturestart'];
/** Events that only somebody who is there brings about. */
const SIGNS = ['pointerdown', 'pointermove', 'pointerup', 'keydown', 'wheel'];

export class Kiosk {
  /** @type {Heart | null} */
  heart = null;
  /** When the page was last touched, on its clock. */
  touched = 0;

  /**
   * @param {URLSearchParams} parameters of the address: `kiosk`, and `patience` in seconds
   * @param {(message: string) => void} tell shows a sentence
   */
  constructor(parameters, tell) {
    const asked = parameters.get('kiosk');
    /** @type {string[]} all exhibits that there are */
    this.known = [...document.querySelectorAll('a.exhibit')].map((link) => nameIn(link.getAttribute('href') ?? ''))
      .filter((name) => name !== 'check'); // for whoever looks after the device
    const names = (asked ?? '').split(',').map((name) => name.trim()).filter(Boolean);
    const unknown = names.find((name) => !this.known.includes(name));
    /** @type {string[]} the exhibits that it stays with, in turn; none if this is no kiosk */
    this.exhibits = unknown === undefined ? names : [];
    if (asked === null) return;
    if (!this.exhibits.length) {
      tell(`?kiosk=${asked}: there is no exhibit '${unknown ?? ''}', so nothing is locked. Name one `
        + `or several of ${this.known.join(', ')}, for instance ?kiosk=${this.known[0]}.`);
      return;
    }
    this.#lock();
    this.heart = new Heart(1000 * (Number(parameters.get('patience')) || PATIENCE_S));
  }

  #lock() {
    const root = document.documentElement;
    root.dataset.kiosk = 'attract';
    root.dataset.keeps = '0';
    for (const event of UNWANTED) {
      addEventListener(event, (it) => it.preventDefault(), { capture: true, passive: false });
    }
    addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
      if (event.ctrlKey) event.preventDefault();
    }, { capture: true, passive: false });
    addEventListener('click', (event) => {
      const target = /** @type {Element} */ (event.target);
      const way = target.closest('a[href], input[type="file"], [data-leaves]');
      if (way && !way.closest('dialog')) event.preventDefault();
    }, { capture: true });
    for (const event of SIGNS) {
      addEventListener(event, () => { this.touched = performance.now(); }, { capture: true, passive: true });
    }
    // Put on a home screen, it is to start as a kiosk: the manifest would name another address.
    document.querySelector('link[rel="manifest"]')?.remove();
    const app = Object.assign(document.createElement('meta'), {
      name: 'apple-mobile-web-app-capable', content: 'yes',
    });
    document.head.append(app);
    this.#stay();
  }

  /** The address names one of the exhibits, and there is nothing to go back to. */
  #stay() {
    const bounce = () => {
      const here = nameIn(location.hash);
      if (this.exhibits.includes(here)) show(inView = here);
      else location.replace(`#/${inView}`);
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

/** The invitation to an exhibit says what its card in the gallery says. @param {string} name */
function show(name) {
  const card = document.querySelector(`a.exhibit[href="#/${name}"]`);
  for (const [id, part] of [['kiosk-title', 'strong'], ['kiosk-line', ':scope > :last-child']]) {
    const line = /** @type {HTMLElement} */ (document.getElementById(id));
    line.textContent = card?.querySelector(part)?.textContent ?? '';
  }
}

/** @param {string} hash */
const nameIn = (hash) => hash.replace(/^#?\/?/, '').replace(/\/$/, '');
