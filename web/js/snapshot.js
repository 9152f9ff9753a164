/**
 * Starts Python from a snapshot: the memory of an interpreter that has imported numpy and the
 * project's modules, taken when the site was built (`glassbooth/snapshot.mjs`).
 *
 * The snapshot is a WebAssembly module of data segments only, as hosts compress such files. The
 * segments are the difference to Pyodide's memory before Python runs. A custom section names the
 * build of Pyodide and the compiled libraries that it requires.
 */
import { DataModule } from './segments.js';

/**
 * @typedef {any} Emscripten Pyodide's module, as `createPyodideModule` makes it
 * @typedef {Record<string, Promise<WebAssembly.Module>>} Libraries numpy's, by their path in Python
 * @typedef {{build: string, bytes: number, handles: [number, string][], references: unknown}} About
 * @typedef {{memory: string, integrity: string, libraries: Record<string, string>}} Site
 *   addresses, those of libraries by their path in Python
 */

export const SECTION = 'glassbooth';
const STDLIB = '/lib/python314.zip';
/** Table index of the first library function; browsers add some to Pyodide's 14,170. */
const FUNCTIONS = 16384;

/**
 * Fetches the snapshot, and compiles its libraries.
 * @param {Site} site
 */
export function prepare({ memory, integrity, libraries }) {
  const compiled = Object.entries(libraries).map(
    ([path, url]) => /** @type {const} */ ([path, compile(url)]),
  );
  const parts = { memory: verified(memory, integrity), libraries: Object.fromEntries(compiled) };
  // `restore` handles a failure.
  for (const part of [parts.memory, ...Object.values(parts.libraries)]) part.catch(() => {});
  return parts;
}

/** @param {string} url */
async function compile(url) {
  return WebAssembly.compileStreaming(await existing(url));
}

/**
 * Fetches a file, and checks its integrity. Without a secure context there is no crypto.subtle, and
 * the browser checks, which is slower.
 * @param {string} url
 * @param {string} integrity
 */
async function verified(url, integrity) {
  const { subtle } = crypto;
  const response = await existing(url, subtle ? {} : { integrity });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (subtle && integrity !== `sha256-${base64(await subtle.digest('SHA-256', bytes))}`) {
    throw new Error(`${url.split('/').pop()} is damaged`);
  }
  return bytes;
}

/** @param {ArrayBuffer} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** @param {string} url @param {RequestInit} [options] */
async function existing(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url.split('/').pop()} is missing`);
  return response;
}

/**
 * Boots Pyodide from the snapshot.
 * @param {typeof import('./pyodide.js')} pyodide
 * @param {{indexURL: string}} options of Pyodide's
 * @param {ReturnType<typeof prepare>} parts
 * @throws {Error} if the snapshot is missing, damaged, or of another build
 */
export async function restore(
  { loadPyodide, createPyodideModule },
  options,
  { memory, libraries },
) {
  const python = await loadPyodide({
    ...options,
    stdLibURL: `${options.indexURL}pyodide-lock.json`, // short; `fetchLater` takes its place
    _loadSnapshot: new Uint8Array(), // marks that there is one; restored below
    createPyodideModule: async (/** @type {Emscripten} */ settings) => {
      const linked = linkFirst(settings, libraries);
      const [module] = await Promise.all([createPyodideModule(settings), linked]);
      await turn();
      const about = write(module, new DataModule(await memory));
      await turn();
      fetchLater(module.FS, `${options.indexURL}python_stdlib.zip`);
      settings.API.restoreSnapshot = () => about.references;
      return module;
    },
  });
  python.pyimport('renewal').renew();
  return python;
}

/**
 * Links libraries before the interpreter starts, so that their addresses are always the same.
 * @param {Emscripten} settings
 * @param {Libraries} libraries
 * @returns {Promise<void>} rejects if a library fails; Pyodide then waits forever
 */
export function linkFirst(settings, libraries) {
  return new Promise((resolve, reject) => {
    settings.preRun.push(async (/** @type {Emscripten} */ module) => {
      module.addRunDependency(SECTION);
      module.wasmTable.grow(FUNCTIONS - module.wasmTable.length);
      link(module, libraries).then(() => {
        module.removeRunDependency(SECTION);
        resolve();
      }, reject);
    });
  });
}

/** Yields to the event loop: a visitor may already be drawing. */
const turn = () =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

/** @param {Emscripten} module @param {Libraries} libraries */
async function link(module, libraries) {
  for (const [path, library] of Object.entries(libraries)) {
    const options = { loadAsync: true, nodelete: true };
    const compiled = await library;
    await turn();
    module.preloadedWasm[path] = await module.loadWebAssemblyModule(compiled, options, path, {});
  }
}

/**
 * Writes the snapshot into the memory of a Python that has not started.
 * @param {Emscripten} module
 * @param {DataModule} snapshot
 */
function write(module, snapshot) {
  /** @type {About} */
  const about = JSON.parse(snapshot.text);
  if (about.build !== module.API.config.BUILD_ID) throw new Error('it is of another Pyodide');
  module.growMemory(Math.max(about.bytes, module.HEAPU8.length));
  const trampoline = trampolineOf(module);
  const own = module.HEAP32[trampoline];
  snapshot.writeTo(module.HEAPU8);
  module.HEAP32[trampoline] = own;
  for (const [handle, path] of about.handles) {
    module.newDSO(path, handle, module.preloadedWasm[path]);
  }
  return about;
}

/**
 * Index in `HEAP32` of Python's pointer to a function that Pyodide compiles for this browser.
 * @param {Emscripten} module
 */
function trampolineOf({ __PyRuntime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET, HEAP32 }) {
  return (__PyRuntime + HEAP32[__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2]) >>> 2;
}

/**
 * Mounts the standard library as a lazy file. It is fetched synchronously if a module is imported
 * that the snapshot lacks, as Python cannot wait.
 * @param {any} FS
 * @param {string} url
 */
function fetchLater(FS, url) {
  const { node } = FS.lookupPath(STDLIB);
  /** @type {Uint8Array | undefined} */
  let content;
  const contents = () => {
    content ??= fetchNow(url);
    return content;
  };
  Object.defineProperties(node, {
    contents: { get: contents },
    usedBytes: { get: () => contents().length },
  });
}

/** @param {string} url */
function fetchNow(url) {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.overrideMimeType('text/plain; charset=x-user-defined'); // a byte is a character
  request.send();
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 255);
}
