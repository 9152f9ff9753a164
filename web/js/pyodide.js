/**
 * Pyodide as a classic script: browsers cache the compiled code of classic scripts, but not of
 * modules.
 */
export { loadPyodide, version } from 'pyodide';
// @ts-expect-error Emscripten's output has no types.
export { default as createPyodideModule } from 'pyodide/pyodide.asm.mjs';
