/**
 * Pyodide as one plain script: browsers keep the compiled code of such scripts for later visits, and
 * not that of modules.
 */
export { loadPyodide, version } from 'pyodide';
// @ts-expect-error It is Emscripten's, and has no types.
export { default as createPyodideModule } from 'pyodide/pyodide.asm.mjs';
