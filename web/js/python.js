/**
 * PyScript's interpreter: Pyodide from this site. It starts on import of this module, from the
 * snapshot if that is valid, and reports a failure to the page.
 */
import { site } from './site.js';
import { prepare, restore } from './snapshot.js';

// Disables stack switching, which lets synchronous Python wait for promises. No module of this site
// needs it, it delays each callback by a turn of the event loop, and Chromium's heap sampling,
// which is on for some visitors, crashes pages that use it.
for (const name of ['Suspending', 'promising']) Reflect.deleteProperty(WebAssembly, name);

/** @param {string} path */
const absolute = (path) => new URL(path, document.baseURI).href;

const folder = absolute(site.pyodide);
const { memory, integrity, libraries } = site.snapshot;
const parts = prepare({
  memory: absolute(memory),
  integrity,
  libraries: Object.fromEntries(
    Object.entries(libraries).map(([path, address]) => [path, absolute(address)]),
  ),
});
const pyodide = await script(`${folder}pyodide.js`).catch(failed);
const booting = boot();

export const { version } = pyodide;

/**
 * @param {{stdout: (text: string) => void, stderr: (text: string) => void}} options PyScript's
 *   options
 */
export async function loadPyodide({ stdout, stderr }) {
  const python = await booting;
  python.setStdout({ batched: stdout });
  python.setStderr({ batched: stderr });
  return python;
}

async function boot() {
  const options = { indexURL: folder, env: { PYTHONOPTIMIZE: '2' } };
  try {
    return await restore(pyodide, options, parts);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    console.warn(`Python starts without its snapshot, which takes longer: ${message}`);
  }
  const { loadPyodide, createPyodideModule } = pyodide;
  return withSources(loadPyodide({ ...options, createPyodideModule, packages: ['numpy'] })).catch(
    failed,
  );
}

/**
 * Runs Pyodide's script.
 * @param {string} src
 * @returns {Promise<typeof import('./pyodide.js')>}
 */
function script(src) {
  return new Promise((resolve, reject) => {
    const onload = () => resolve(/** @type {any} */ (globalThis).Pyodide);
    const onerror = () => reject(new Error('pyodide.js did not come'));
    document.head.append(Object.assign(document.createElement('script'), { src, onload, onerror }));
  });
}

/**
 * Installs the site's modules, whose code is only in the snapshot.
 * @param {Promise<any>} loading
 */
async function withSources(loading) {
  const [python, response] = await Promise.all([loading, fetch(absolute(`${site.app}py.zip`))]);
  if (!response.ok) throw new Error('py.zip is missing on the host');
  python.unpackArchive(await response.arrayBuffer(), 'zip');
  return python;
}

/**
 * Reports a failure to the page, which has to reload; the promise stays pending until then.
 * @param {Error} error
 * @returns {Promise<never>}
 */
function failed(error) {
  dispatchEvent(new CustomEvent('glass:failed', { detail: error.message }));
  return new Promise(() => {});
}
