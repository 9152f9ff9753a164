/**
 * WebAssembly on several threads. Browsers allow it on cross-origin isolated pages; the service
 * worker (`sw.js`) adds the headers for that, so the first visit uses one thread.
 */

/** Time for a thread to start, in ms; after it the engine uses a single thread. */
const PATIENCE_MS = 3000;

/** More threads spend more time on synchronization than on computation. */
const MOST_THREADS = 4;

/**
 * Number of threads to use if threads can start: one for each core. Processors with more than four
 * logical cores may have half as many physical ones.
 */
export function claimThreads() {
  const cores = navigator.hardwareConcurrency;
  const threads = Math.min(cores > MOST_THREADS ? Math.floor(cores / 2) : cores, MOST_THREADS);
  // TF.js's binary uses at most half of this number.
  if (typeof document === 'undefined') {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads });
  }
  return threads;
}

/**
 * Tests whether the engine can start threads: a host's own Content-Security-Policy may forbid them,
 * and TF.js would wait for them forever.
 * @returns {Promise<boolean>}
 */
export async function threadsStart() {
  // On the page itself, the site's Content-Security-Policy forbids them.
  if (!globalThis.crossOriginIsolated || typeof document !== 'undefined') return false;
  const address = URL.createObjectURL(new Blob(['postMessage(0)'], { type: 'text/javascript' }));
  const thread = new Worker(address);
  try {
    return await new Promise((resolve) => {
      thread.addEventListener('message', () => resolve(true));
      thread.addEventListener('error', () => resolve(false));
      setTimeout(() => resolve(false), PATIENCE_MS);
    });
  } finally {
    thread.terminate();
    URL.revokeObjectURL(address);
  }
}
