/**
 * Byte-compiles Python, in an interpreter that is thrown away: sources and syntax trees would stay
 * behind in the memory of one that a snapshot is taken of.
 *
 * Usage: node tools/compiler.mjs ARCHIVE TARGET
 *
 * Writes a zip file of the modules that ARCHIVE, another, has the sources of.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const HERE = dirname(fileURLToPath(import.meta.url));
/** The folder where the project's own modules are on the page. */
export const HOME = '/home/pyodide';

/** Starts a Python that compiles archives. */
export async function compiler() {
  const pyodide = await loadPyodide();
  put(pyodide.FS, '/tools/library.py', await readFile(join(HERE, 'library.py')));
  pyodide.runPython('import sys; sys.path.append("/tools")');
  const library = pyodide.pyimport('library');
  /**
   * @param {Uint8Array} archive
   * @param {string} root that tracebacks name
   * @param {{skipped?: string[], lines?: boolean}} [options] folders that are left out; whether
   *   tracebacks name lines
   * @returns {Uint8Array}
   */
  const compiled = (archive, root, { skipped = [], lines = true } = {}) => {
    put(pyodide.FS, '/tmp/archive.zip', archive);
    return library.compile_archive('/tmp/archive.zip', root, skipped, lines).toJs();
  };
  return { pyodide, compiled };
}

/** @param {any} FS @param {string} path @param {Uint8Array | string} content */
export function put(FS, path, content) {
  FS.mkdirTree(dirname(path));
  FS.writeFile(path, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [archive, target] = process.argv.slice(2);
  try {
    const { compiled } = await compiler();
    await writeFile(target, compiled(await readFile(archive), HOME));
  } catch (error) {
    // Left uncaught, Node would print the line it came from: a megabyte of minified Pyodide.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
