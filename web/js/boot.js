/**
 * The first script: enables drawing at once, starts engine and Python in parallel, shows their
 * progress, and keeps the site for offline use.
 */
import { ApiPage } from './api-page.js';
import { publish } from './boundary.js';
import { Bridge } from './bridge.js';
import { untilIdle } from './idle.js';
import { Kiosk } from './kiosk.js';
import { keepOffline } from './offline.js';
import { OfflineModels } from './offline_models.js';
import { Pages } from './pages.js';
import { givePens, pens } from './pen.js';
import { Progress } from './progress.js';
import { site } from './site.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** Time without input before the page prefetches other models, in ms. */
const IDLE_MS = 10_000;
const parameters = new URLSearchParams(location.search);

givePens(document);
const pages = new Pages(givePens);
const kiosk = new Kiosk(parameters, (message) => {
  element('retry').textContent = 'Close';
  showError(message);
});
// The engine uses one of two binaries: the threaded one if the page is cross-origin isolated.
const unused = crossOriginIsolated ? '-wasm-simd.wasm' : '-threaded-simd.wasm';
const needed = Object.fromEntries(
  Object.entries(site.firstVisit).filter(
    ([path]) => !path.startsWith('samples-') && !path.endsWith(unused),
  ),
);
const progress = new Progress(needed, { changed: showProgress, broken: reportBroken });
const engine = new Bridge({
  engine: new URL(site.engine, document.baseURI).href,
  models: site.models,
  page: parameters.get('engine') === 'page',
  backend: /** @type {import('./engine.js').Backend | undefined} */ (
    parameters.get('backend') ?? undefined
  ),
  onBytes: showBytes,
});
const first = modelsInView();
for (const name of first) {
  if (!(site.models[name].card in site.firstVisit)) progress.expect(site.models[name].bytes);
}
engine.start(first);
const api = new ApiPage();
const offlineModels = new OfflineModels(site.models);
const update = { waiting: false, accept() {} };
publish({
  engine,
  site,
  api,
  offlineModels,
  downloads: progress,
  update,
  pages,
  pens,
  kiosk,
  setState,
});

addEventListener('unhandledrejection', ({ reason }) => {
  if (document.body.dataset.state === 'booting') fail(reason?.message ?? String(reason));
});
addEventListener('glass:failed', (event) => fail(/** @type {CustomEvent} */ (event).detail));
import(new URL(`${site.pyscript}core.js`, document.baseURI).href).catch((error) =>
  fail(error.message),
);
for (const [button, notice] of [
  ['update-later', 'update'],
  ['offline-fine', 'offline-failed'],
]) {
  element(button).addEventListener('click', () => {
    element(notice).hidden = true;
  });
}
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault(); // the address says which exhibit is in view
  element('content').focus();
});

/** The network that the page in view needs first; in the gallery, one of the first visit. */
function modelsInView() {
  const name = location.hash.replace(/^#\/?/, '').replace(/\/$/, '');
  const exhibit = site.exhibits.find((each) => each.name === name);
  const small = Object.keys(site.models).filter(
    (each) => site.models[each].card in site.firstVisit,
  );
  const wanted = exhibit?.models.length ? exhibit.models : small;
  return wanted.slice(0, 1);
}

/** Counts received bytes of a model. @param {number} bytes @param {string} card */
function showBytes(bytes, card) {
  const name = Object.keys(site.models).find((key) => card.endsWith(site.models[key].card));
  if (name) progress.add(name, bytes, site.models[name].bytes);
}

/** @param {import('./boundary.js').State} state */
function setState(state) {
  const settled = state === 'ready' && document.body.dataset.state !== 'ready';
  document.body.dataset.state = state;
  if (settled) queueMicrotask(whenSettled);
}

/** @param {number} done @param {number} total */
function showProgress(done, total) {
  const bar = /** @type {HTMLProgressElement} */ (element('progress'));
  bar.max = total;
  bar.value = done;
  element('progress-text').textContent =
    `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}

/** Handles a failed download of a Python file; the engine reports its own. @param {string} url */
function reportBroken(url) {
  const ours = [site.pyodide, site.app].map((folder) => new URL(folder, document.baseURI).href);
  if (ours.some((folder) => url.startsWith(folder))) fail(`${url.split('/').pop()} did not come`);
}

/** Shows a failure with a retry, as Python is not there to do so. @param {string} reason */
function fail(reason) {
  setState('failed');
  const message = `Python could not start: ${reason}. ${
    navigator.onLine
      ? 'Try again; if it persists, try a current browser.'
      : 'Go online once, and try again.'
  }`;
  api.refuse(message);
  element('retry').addEventListener('click', () => location.reload());
  showError(message);
}

/** @param {string} message */
function showError(message) {
  element('error-text').textContent = message;
  element('error').hidden = false;
}

/** Prefetches the other exhibits' networks while the page is idle, unless data is saved. */
async function warmUp() {
  const { connection } = /** @type {{connection?: {saveData: boolean}}} */ (
    /** @type {unknown} */ (navigator)
  );
  if (connection?.saveData) return;
  for (const exhibit of site.exhibits) {
    if (kiosk.exhibits.length && !kiosk.exhibits.includes(exhibit.name)) continue;
    for (const name of exhibit.models.slice(0, 1)) {
      await untilIdle(IDLE_MS, () => engine.lastCall);
      // The exhibit reports a failure when it is opened.
      await engine.load(name).catch(() => {});
    }
  }
}

/** Keeps the site offline, once the page in view is ready. */
function whenSettled() {
  warmUp();
  if (offlineModels.possible) offlineModels.tidy();
  const look = keepOffline({
    kept: () => {
      element('offline').hidden = false;
    },
    failed: (reason) => {
      element('offline-failed-text').textContent = reason;
      element('offline-failed').hidden = false;
    },
    update: (accept) => {
      Object.assign(update, { waiting: true, accept });
      element('update').hidden = false;
    },
  });
  element('update-now').addEventListener('click', () => update.accept());
  element('offline-retry').addEventListener('click', () => {
    element('offline-failed').hidden = true;
    look();
  });
}
