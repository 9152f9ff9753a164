/**
 * Keeps the site for offline use: registers the service worker, reports when all files are kept,
 * and asks before switching to a new version.
 */
import { site } from './site.js';

const HOUR = 60 * 60 * 1000;

/**
 * @param {{
 *   kept: () => void, failed: (reason: string) => void, update: (agree: () => void) => void,
 * }} on
 *   `update` is called when another version is ready, with a function that switches to it
 * @returns {() => Promise<void>} checks for a new version, and retries a failed installation
 */
export function keepOffline(on) {
  if (!('serviceWorker' in navigator)) return async () => {};
  /** @type {ServiceWorkerRegistration | undefined} */
  let watched;
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data === 'full') on.failed(noRoom());
    if (data === 'broken') on.failed(watched?.active ? halfWay : broken);
    if (data === 'switched') location.reload();
  });
  const look = async () => {
    try {
      const registration = await navigator.serviceWorker.register('sw.js', {
        updateViaCache: 'none',
      });
      if (registration === watched) {
        await registration.update();
      } else {
        watched = registration;
        watch(registration, on);
      }
    } catch {
      if (navigator.onLine && !watched?.active) on.failed(unavailable);
    }
  };
  look();
  setInterval(look, HOUR);
  return look;
}

/** @param {ServiceWorkerRegistration} registration @param {Parameters<typeof keepOffline>[0]} on */
function watch(registration, on) {
  const newest = registration.waiting ?? registration.active;
  if (newest) offer(newest, on);
  const follow = () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' || worker.state === 'activated') offer(worker, on);
    });
  };
  follow();
  registration.addEventListener('updatefound', follow);
}

/** @param {ServiceWorker} worker @param {Parameters<typeof keepOffline>[0]} on */
async function offer(worker, on) {
  const version = await ask(worker, 'version');
  if (version === site.version) on.kept();
  else on.update(() => worker.postMessage('agree'));
}

/** @param {ServiceWorker} worker @param {string} question */
function ask(worker, question) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data }) => resolve(data), { once: true });
    port1.start();
    worker.postMessage(question, [port2]);
  });
}

const megabytes = () => Math.ceil(site.kept / 1e6);

const noRoom = () =>
  'This device has no room to keep this site for offline use: it needs ' +
  `${megabytes()} MB. Free some storage and try again; until then it works online.`;

const halfWay = 'A newer version could not be fetched whole. What you see goes on working.';

const broken =
  'This site could not be kept for offline use: a file is missing or damaged ' +
  'on the host, or the network broke off. It is tried again on the next visit.';

const unavailable =
  'This site could not be kept for offline use: the host or this browser does ' + 'not allow it.';
