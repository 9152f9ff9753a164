/**
 * Takes the snapshot that `web/js/snapshot.js` starts Python from.
 *
 * Usage: node glassbooth/snapshot.mjs WHEEL ARCHIVE OUT MODULE...
 *
 * WHEEL is the numpy wheel, ARCHIVE a zip file of the project's compiled modules. Every MODULE is
 * imported before the snapshot is taken. OUT gets `memory.wasm`, the compiled libraries of numpy that
 * these modules need, and `libraries.json`, their files by path in Python, in link order.
 */
import crypto from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';
import { linkFirst, SECTION } from '../web/js/snapshot.js';
import { compiler, HOME, put } from './compiler.mjs';
import { dataModule, differences } from './segments.mjs';

/** @typedef {{path: string, content: Uint8Array}} File in Python's file system */

const HERE = dirname(fileURLToPath(import.meta.url));
const PYODIDE = dirname(fileURLToPath(import.meta.resolve('pyodide')));
const STDLIB = '/lib/python314.zip';
const PACKAGES = '/lib/python3.14/site-packages';
/** Folders of numpy that no page imports. */
const SKIPPED = ['tests', 'testing', 'f2py', '_pyinstaller', 'distutils'];
/** Package that numpy itself imports. */
const CORE = 'numpy._core';

const [wheel, archive, out, ...wanted] = process.argv.slice(2);
async function main() {
  fakeClock();
  const { stdlib, modules, extensions } = await compile();
  const needed = extensions.filter(({ path }) => [CORE, ...wanted].includes(packageOf(path)));
  const { pyodide, module, base } = await boot(stdlib, needed);
  for (const { path, content } of modules) put(module.FS, path, content);
  for (const { path } of needed) put(module.FS, path, new Uint8Array()); // already linked
  const absent = extensions
    .filter((each) => !needed.includes(each))
    .map(({ path }) => moduleName(path));
  put(module.FS, '/tmp/wanted.json', JSON.stringify({ modules: wanted, absent }));
  put(module.FS, '/tmp/stdlib.zip', await readFile(join(PYODIDE, 'python_stdlib.zip')));
  pyodide.runPython(await readFile(join(HERE, 'snapshot_imports.py'), 'utf8'));
  zeroFreeMemory(module);
  await save(module, base, needed);
}

/** Makes snapshots reproducible: the clock advances by 1 ms per call, and random bytes are 0. */
function fakeClock() {
  let time = 1e12;
  const now = () => {
    time += 1;
    return time;
  };
  Object.assign(performance, { now });
  Object.assign(Date, { now });
  globalThis.Date = new Proxy(Date, {
    construct: (kind, values) => Reflect.construct(kind, values.length ? values : [now()]),
  });
  Object.assign(crypto, { randomFillSync: (/** @type {Uint8Array} */ bytes) => bytes.fill(0) });
}

/** @returns {Promise<{stdlib: Uint8Array, modules: File[], extensions: File[]}>} */
async function compile() {
  const { pyodide, compiled } = await compiler();
  const { FS } = pyodide;
  const unpacked = (/** @type {Uint8Array} */ zip, /** @type {string} */ root) => {
    pyodide.unpackArchive(zip, 'zip', { extractDir: `/made${root}` });
    return files(FS, `/made${root}`).map((path) => ({
      path: path.slice('/made'.length),
      content: FS.readFile(path),
    }));
  };
  const options = { skipped: SKIPPED, lines: false };
  const numpy = new Uint8Array(await readFile(wheel));
  return {
    stdlib: compiled(FS.readFile(STDLIB), STDLIB, options),
    modules: [
      ...unpacked(compiled(numpy, PACKAGES, options), PACKAGES),
      ...unpacked(new Uint8Array(await readFile(archive)), HOME),
    ],
    extensions: unpacked(numpy, `/wheel${PACKAGES}`)
      .filter(({ path }) => path.endsWith('.so'))
      .map(({ path, content }) => ({ path: path.slice('/wheel'.length), content })),
  };
}

/**
 * @param {Uint8Array} stdlib
 * @param {File[]} extensions to link
 */
async function boot(stdlib, extensions) {
  const library = join(await mkdtemp(join(tmpdir(), 'glassbooth-')), 'stdlib.zip');
  await writeFile(library, stdlib);
  /** @type {any} */
  let module;
  let base = new Uint8Array();
  const pyodide = await loadPyodide({
    // `_makeSnapshot` is missing in the types; `_sysExecutable` has its value in a browser.
    ...{ _makeSnapshot: true, stdLibURL: library, _sysExecutable: './this.program' },
    env: { PYTHONOPTIMIZE: '2', PYTHONHASHSEED: '0' },
    createPyodideModule: async (/** @type {any} */ settings) => {
      linkFirst(
        settings,
        Object.fromEntries(
          extensions.map(({ path, content }) => [
            path,
            WebAssembly.compile(/** @type {BufferSource} */ (content)),
          ]),
        ),
      );
      // The state that the browser finds: everything is linked, Python has not started.
      settings.onRuntimeInitialized = () => {
        base = settings.HEAPU8.slice();
      };
      const { default: create } = await import(join(PYODIDE, 'pyodide.asm.mjs'));
      module = await create(settings);
      return module;
    },
  });
  return { pyodide, module, base };
}

/**
 * Fills free memory with zeros, which the snapshot omits.
 * @param {any} module
 */
function zeroFreeMemory(module) {
  const end = module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2];
  const taken = [];
  for (let size = 1 << 20; size >= 16; size >>= 1) {
    for (let at = module._malloc(size); ; at = module._malloc(size)) {
      taken.push(at);
      if (at + size > end) break;
      module.HEAPU8.fill(0, at, at + size);
    }
  }
  for (const at of taken) module._free(at);
}

/**
 * @param {any} module
 * @param {Uint8Array} base
 * @param {File[]} extensions
 */
async function save(module, base, extensions) {
  const fileOf = (/** @type {File} */ { path }) => `${moduleName(path).split('.').at(-1)}.wasm`;
  const libraries = Object.fromEntries(extensions.map((each) => [each.path, fileOf(each)]));
  const about = {
    build: module.API.config.BUILD_ID,
    bytes: module.HEAPU8.length,
    handles: Object.entries(module.LDSO.loadedLibsByHandle)
      .filter(([handle]) => handle !== '0')
      .map(([handle, library]) => [Number(handle), library.name]),
    references: module.API.serializeHiwireState(),
  };
  const parts = differences(base, module.HEAPU8);
  const memory = dataModule(module.HEAPU8, parts, SECTION, JSON.stringify(about));
  await writeFile(join(out, 'memory.wasm'), memory);
  await writeFile(join(out, 'libraries.json'), JSON.stringify(libraries));
  for (const each of extensions) await writeFile(join(out, fileOf(each)), each.content);
}

/** Module name of an extension. @param {string} path */
const moduleName = (path) =>
  path
    .slice(PACKAGES.length + 1)
    .replace(/\.cpython.*/, '')
    .replaceAll('/', '.');

/** Package of an extension. @param {string} path */
const packageOf = (path) => moduleName(path).replace(/\.\w+$/, '');

/** @param {any} FS @param {string} folder @returns {string[]} */
function files(FS, folder) {
  const names = FS.readdir(folder).filter((/** @type {string} */ each) => !/^\.+$/.test(each));
  return names.flatMap((/** @type {string} */ each) => {
    const path = `${folder}/${each}`;
    return FS.isDir(FS.stat(path).mode) ? files(FS, path) : [path];
  });
}

try {
  await main();
} catch (error) {
  // Uncaught, Node would print the source line: a megabyte of minified Pyodide.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
