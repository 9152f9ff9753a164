/**
 * The interpreter that PyScript is given: Pyodide from this site. It starts as soon as this module
 * is imported, from the snapshot if that is as it should be, and tells the page when it cannot.
 */
import { site } from './site.js';
import { prepare, restore } from './snapshot.js';

// Pyodide would run Python on stacks of its own, so that a call may wait for a promise. No module
// of this site does that, each callback would wait for one more turn of the event loop, and where
// Chromium samples its heap, as it does for some visitors, it crashes pages with such stacks.
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
 * @param {{stdout: (text: string) => void, stderr: (text: string) => void}} options what PyScript
 *   asks for
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
 * Gives Python the site's modules, whose code only the snapshot carries.
 * @param {Promise<any>} loading
 */
async function withSources(loading) {
  const [python, response] = await Promise.all([loading, fetch(absolute(`${site.app}py.zip`))]);
  if (!response.ok) throw new Error('py.zip is missing on the host');
  python.unpackArchive(await response.arrayBuffer(), 'zip');
  return python;
}

/**
 * Tells the page, which can only be loaded anew; whoever waits for Python waits until then.
 * @param {Error} error
 * @returns {Promise<never>}
 */
function failed(error) {
  dispatchEvent(new CustomEvent('glass:failed', { detail: error.message }));
  return new Promise(() => {});
}
