/**
 * Served by `python build.py dev` instead of the site's service worker: it caches nothing, replaces
 * an earlier worker of the same address, unregisters itself and reloads the pages.
 */
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
  const pages = await clients.matchAll({ type: 'window' }); // controlled by the earlier worker
  await registration.unregister();
  for (const page of pages) page.navigate(page.url);
}
