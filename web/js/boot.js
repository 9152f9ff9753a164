/**
 * The first script. The page is there already; this makes drawing work at once, starts the
 * engine beside Python, shows how far both are, and keeps the site for offline use.
 */
import { ApiPage } from './api-page.js';
import { Bridge } from './bridge.js';
import { untilIdle } from './idle.js';
import { Kept } from './kept.js';
import { Kiosk } from './kiosk.js';
import { keepOffline } from './offline.js';
import { Pen } from './pen.js';
import { Progress } from './progress.js';
import { site } from './site.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** How long nobody must have touched the page before it prepares what may come next. */
const IDLE_MS = 10_000;
const parameters = new URLSearchParams(location.search);

const pen = startDrawing();
const kiosk = new Kiosk(parameters, (message) => {
  element('retry').textContent = 'Close';
  showError(message);
});
// The engine takes one of its two binaries: where the page is isolated, the one with threads.
const unused = crossOriginIsolated ? '-wasm-simd.wasm' : '-threaded-simd.wasm';
const needed = Object.fromEntries(Object.entries(site.firstVisit).filter(
  ([path]) => !path.startsWith(site.samples) && !path.endsWith(unused)));
const progress = new Progress(needed, { changed: showProgress, broken: reportBroken });
const engine = new Bridge({
  engine: new URL(site.engine, document.baseURI).href,
  models: site.models,
  page: parameters.get('engine') === 'page',
  backend: /** @type {import('./engine.js').Backend | undefined} */ (
    parameters.get('backend') ?? undefined),
  onBytes: showBytes,
});
const first = new Set(['digits', modelInView() ?? 'digits']);
for (const name of first) {
  if (!(site.models[name]?.card in site.firstVisit)) progress.expect(site.models[name]?.bytes ?? 0);
}
engine.start(first);
const api = new ApiPage();
const kept = new Kept(site.models);
Object.assign(globalThis, { glassbooth: { engine, site, api, kept, pen, kiosk } });

addEventListener('unhandledrejection', ({ reason }) => {
  if (document.body.dataset.state === 'booting') fail(reason?.message ?? String(reason));
});
addEventListener('glass:failed', (event) => fail(/** @type {CustomEvent} */ (event).detail));
import(new URL(`${site.pyscript}core.js`, document.baseURI).href).catch((error) => fail(error.message));
for (const [button, notice] of [['update-later', 'update'], ['offline-fine', 'offline-failed']]) {
  element(button).addEventListener('click', () => { element(notice).hidden = true; });
}
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault(); // the address says which exhibit is in view
  element('content').focus();
});
const settled = new MutationObserver(whenSettled);
settled.observe(document.body, { attributeFilter: ['data-state'] });

/** The network that the address asks for; `data-model` of the page in view. */
function modelInView() {
  return document.getElementById(location.hash.slice(1))?.dataset.model;
}

/**
 * Bytes of a network: on the way to the first answer they count there, and its exhibit tells too.
 * @param {number} bytes @param {string} card
 */
function showBytes(bytes, card) {
  const name = Object.keys(site.models).find((key) => card.endsWith(site.models[key].card));
  if (!name) return;
  const total = site.models[name].bytes;
  const detail = { name, done: Math.min(progress.add(name, bytes), total), total };
  document.dispatchEvent(new CustomEvent('glass:bytes', { detail }));
}

function startDrawing() {
  const pen = new Pen(
    /** @type {HTMLCanvasElement} */ (element('digit-canvas')),
    /** @type {HTMLCanvasElement} */ (element('digit-ink')),
    element('digit-cursor'));
  element('undo').addEventListener('click', () => pen.undo());
  element('clear').addEventListener('click', () => pen.clear());
  return pen;
}

/** @param {number} done @param {number} total */
function showProgress(done, total) {
  const bar = /** @type {HTMLProgressElement} */ (element('progress'));
  bar.max = total;
  bar.value = done;
  element('progress-text').textContent = `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}

/** A file of Python's; the engine tells of its own. @param {string} url */
function reportBroken(url) {
  const ours = [site.pyodide, site.app].map((folder) => new URL(folder, document.baseURI).href);
  if (ours.some((folder) => url.startsWith(folder))) fail(`${url.split('/').pop()} did not come`);
}

/** Without Python there is nobody else to try again. @param {string} reason */
function fail(reason) {
  document.body.dataset.state = 'failed';
  const message = `Python could not start: ${reason}. ${navigator.onLine
    ? 'Try again; if it persists, try a current browser.' : 'Go online once, and try again.'}`;
  api.refuse(message);
  element('retry').addEventListener('click', () => location.reload());
  showError(message);
}

/** @param {string} message */
function showError(message) {
  element('error-text').textContent = message;
  element('error').hidden = false;
}

/** The other exhibits' networks, one by one, while nobody needs the device or saves data. */
async function warmUp() {
  const { connection } = /** @type {{connection?: {saveData: boolean}}} */ (
    /** @type {unknown} */ (navigator));
  if (connection?.saveData) return;
  for (const page of document.querySelectorAll('[data-model]')) {
    if (kiosk.exhibits.length && !kiosk.exhibits.includes(page.id.slice(1))) continue;
    await untilIdle(IDLE_MS, () => engine.lastCall);
    // Where it fails, its exhibit tells, if the visitor ever goes there.
    await engine.load(/** @type {HTMLElement} */ (page).dataset.model ?? '').catch(() => {});
  }
}

/** Offline copies wait until the visitor has what they came for. */
function whenSettled() {
  if (document.body.dataset.state !== 'ready') return;
  settled.disconnect();
  warmUp();
  if (kept.possible) kept.tidy();
  let agreeToNewest = () => {};
  const look = keepOffline({
    kept: () => { element('offline').hidden = false; },
    failed: (reason) => {
      element('offline-failed-text').textContent = reason;
      element('offline-failed').hidden = false;
    },
    update: (agree) => {
      agreeToNewest = agree;
      element('update').hidden = false;
    },
  });
  element('update-now').addEventListener('click', () => agreeToNewest());
  element('offline-retry').addEventListener('click', () => {
    element('offline-failed').hidden = true;
    look();
  });
}
