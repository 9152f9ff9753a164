/**
 * Runs pytest inside Pyodide, on tests that also run in CPython.
 *
 * Usage: node glassbooth/dev/pyodide_tests.mjs ROOT NUMPY_WHEEL SITE_PACKAGES PYTEST_ARGUMENT...
 * Exits with pytest's status.
 *
 * ROOT is mounted at /work. SITE_PACKAGES is CPython's, searched after Pyodide's own paths, so
 * that only pytest and the pure Python packages it needs come from there.
 */
import { readFile } from 'node:fs/promises';
import { loadPyodide } from 'pyodide';

const PROGRAM = `
import sys
sys.path.append("/site-packages")
sys.dont_write_bytecode = True
import pytest
int(pytest.main(list(arguments)))
`;

const [root, wheel, sitePackages, ...pytestArguments] = process.argv.slice(2);
try {
  const pyodide = await loadPyodide();
  const extractDir = pyodide.runPython('import sysconfig; sysconfig.get_path("purelib")');
  pyodide.unpackArchive(new Uint8Array(await readFile(wheel)), 'wheel', { extractDir });
  for (const [source, target] of [
    [root, '/work'],
    [sitePackages, '/site-packages'],
  ]) {
    pyodide.FS.mkdirTree(target);
    pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: source }, target);
  }
  pyodide.FS.chdir('/work');
  pyodide.globals.set('arguments', pyodide.toPy(pytestArguments));
  process.exitCode = await pyodide.runPythonAsync(PROGRAM);
} catch (error) {
  // Uncaught, Node would print the source line: a megabyte of minified Pyodide.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
