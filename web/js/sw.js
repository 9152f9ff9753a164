/**
 * The service worker. It keeps one complete version of the site: every file is checked against its
 * SHA-256, and an invalid or missing one cancels the installation.
 *
 * All files but the page have a content hash in their address, so versions share one cache. The
 * page determines the version. A newer worker serves the accepted page until the visitor accepts
 * the newer one, also after a restart.
 */
import { registerQuotaErrorCallback, setCacheNameDetails } from 'workbox-core';
import { PrecacheController } from 'workbox-precaching';
import { LocalApi } from './api.js';
import { modelCache } from './offline_models.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
const AGREED = `glassbooth-agreed-${scope}`;

setCacheNameDetails({ prefix: 'glassbooth', suffix: scope });
const controller = new PrecacheController();
controller.addToCacheList(__PRECACHE__);
const page = /** @type {string} */ (controller.getCacheKeyForURL('index.html'));

const api = new LocalApi(worker, isPage);

let pastCaches = false;
controller.strategy.plugins.push({
  requestWillFetch: async ({ request }) =>
    pastCaches ? new Request(request, { cache: 'reload' }) : request,
});

let full = false;
registerQuotaErrorCallback(() => {
  full = true;
});

worker.addEventListener('install', (event) => {
  event.waitUntil(install(event));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(activate(event));
});

worker.addEventListener('fetch', (event) => {
  const { method, url, mode } = event.request;
  if (api.owns(url)) event.respondWith(api.answer(event.request));
  else if (method !== 'GET' || !url.startsWith(scope)) return;
  else if (mode === 'navigate' && isPage(url)) event.respondWith(answerPage(event.request));
  else event.respondWith(answerFile(event.request));
});

worker.addEventListener('message', (event) => {
  if (event.data === 'version') event.ports[0].postMessage(__VERSION__);
  if (event.data === 'agree') event.waitUntil(agree(event));
});

/** @param {ExtendableEvent} event */
async function install(event) {
  try {
    // The HTTP cache may be damaged: retry without it.
    await controller.install(event).catch(() => {
      pastCaches = true;
      return controller.install(event);
    });
  } catch (error) {
    await tellPages(full ? 'full' : 'broken');
    throw error;
  }
}

/** @param {ExtendableEvent} event */
async function activate(event) {
  const agreed = await agreedPage();
  if (!agreed) await setAgreedPage();
  if (!agreed || agreed === page) await cleanUp(event);
  await worker.clients.claim();
}

/** @param {ExtendableEvent} event */
async function agree(event) {
  await setAgreedPage();
  await worker.skipWaiting();
  await cleanUp(event);
  await tellPages('switched');
}

/**
 * Removes files of other versions; not during an installation, after which the next switch does.
 * @param {ExtendableEvent} event
 */
async function cleanUp(event) {
  const { installing, waiting } = worker.registration;
  if (!installing && !waiting) await controller.activate(event);
}

/** @param {string} url */
function isPage(url) {
  const address = url.replace(/[?#].*$/, '');
  return address === scope || address === `${scope}index.html`;
}

/** @param {Request} request */
async function answerPage(request) {
  const kept = await cached((await agreedPage()) ?? page);
  return isolated(kept ?? (await fetch(request)));
}

/**
 * The same response with headers for cross-origin isolation, which enables threads. Takes effect on
 * the first visit that this worker serves, without a reload.
 * @param {Response} response
 */
function isolated(response) {
  if (!response.ok) return response; // a redirect cannot be copied
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return new Response(body, { status, statusText, headers });
}

/** @param {Request} request */
async function answerFile(request) {
  const key = controller.getCacheKeyForURL(request.url) ?? request.url;
  if (request.cache === 'reload') return fetch(request);
  const file = (await cached(key)) ?? (await wished(request)) ?? (await fetch(request));
  return request.destination === 'worker' ? isolated(file) : file;
}

/** @param {string} key */
async function cached(key) {
  const cache = await caches.open(controller.strategy.cacheName);
  return cache.match(key);
}

/** A response from the models that the visitor keeps. @param {Request} request */
async function wished(request) {
  return (await caches.open(modelCache(scope))).match(request.url);
}

/** Cache key of the page that the visitor accepted, which contains its revision. */
async function agreedPage() {
  const response = await (await caches.open(AGREED)).match(scope);
  return response?.text();
}

async function setAgreedPage() {
  await (await caches.open(AGREED)).put(scope, new Response(page));
}

/** @param {string} message */
async function tellPages(message) {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const client of pages) client.postMessage(message);
}
