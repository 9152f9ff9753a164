/**
 * Byte-compiles Python in a throwaway interpreter: in the one that the snapshot is taken of, sources
 * and syntax trees would leave traces in memory.
 *
 * Usage: node glassbooth/compiler.mjs ARCHIVE TARGET
 *
 * Reads the zip file of sources ARCHIVE, and writes the zip file of compiled modules TARGET.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const HERE = dirname(fileURLToPath(import.meta.url));
/** Folder of the project's own modules in the page's file system. */
export const HOME = '/home/pyodide';

/** Starts a Pyodide that compiles archives. */
export async function compiler() {
  const pyodide = await loadPyodide();
  put(pyodide.FS, '/glassbooth/byte_compile.py', await readFile(join(HERE, 'byte_compile.py')));
  pyodide.runPython('import sys; sys.path.append("/glassbooth")');
  const python = pyodide.pyimport('byte_compile');
  /**
   * @param {Uint8Array} archive
   * @param {string} root folder shown in tracebacks
   * @param {{skipped?: string[], lines?: boolean}} [options] folders to leave out; whether to keep
   *   line numbers
   * @returns {Uint8Array}
   */
  const compiled = (archive, root, { skipped = [], lines = true } = {}) => {
    put(pyodide.FS, '/tmp/archive.zip', archive);
    return python.compile_archive('/tmp/archive.zip', root, skipped, lines).toJs();
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
    // Uncaught, Node would print the source line: a megabyte of minified Pyodide.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
