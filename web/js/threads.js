/**
 * WebAssembly on several threads. Browsers allow it where the page is isolated from other origins,
 * which the service worker sees to (`sw.js`); so the first visit computes on one.
 */

/** How long a thread may take to start before the engine does without. */
const PATIENCE_MS = 3000;

/** Further ones wait for each other more than they compute. */
const MOST_THREADS = 4;

/**
 * How many threads to compute on, where they start at all: one for each core, of which processors
 * with more than four may count two where there is one.
 */
export function claimThreads() {
  const cores = navigator.hardwareConcurrency;
  const threads = Math.min(cores > MOST_THREADS ? Math.floor(cores / 2) : cores, MOST_THREADS);
  // TF.js's binary takes no more than half of what it finds here.
  if (typeof document === 'undefined') {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads });
  }
  return threads;
}

/**
 * Whether the engine may start threads. TF.js would wait for ever for one that does not come, so
 * one is tried: a host's own Content-Security-Policy may forbid them.
 * @returns {Promise<boolean>}
 */
export async function threadsStart() {
  // On the page itself, its Content-Security-Policy does.
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
