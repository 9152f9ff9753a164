/**
 * The interpreter that PyScript is given: Pyodide from this site, with numpy fetched while
 * Python itself still boots. It also tells the page when Python cannot start.
 */
import { site } from './site.js';

const folder = new URL(site.pyodide, document.baseURI).href;
const pyodide = await import(`${folder}pyodide.mjs`).catch(failed);

export const { version } = pyodide;

/** @param {object} options what PyScript asks for */
export function loadPyodide(options) {
  return pyodide.loadPyodide({ ...options, indexURL: folder, packages: ['numpy'] }).catch(failed);
}

/**
 * @param {Error} error
 * @returns {never}
 */
function failed(error) {
  dispatchEvent(new CustomEvent('glass:failed', { detail: error.message }));
  throw error;
}
