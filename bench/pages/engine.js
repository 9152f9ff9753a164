/** Glassbooth's own engine in its worker, with JavaScript alone around it. */
import { serve } from './exhibit.js';

const site = JSON.parse(document.getElementById('site')?.textContent ?? '');
const worker = new Worker(new URL(`${site.engine}worker.js`, document.baseURI), { type: 'module' });
let calls = 0;

/**
 * @param {string} verb @param {unknown[]} args @param {Transferable[]} transfer
 * @returns {Promise<any>}
 */
function call(verb, args, transfer = []) {
  const id = ++calls;
  return new Promise((resolve, reject) => {
    const hear = (/** @type {MessageEvent} */ { data }) => {
      if (data.id !== id) return;
      worker.removeEventListener('message', hear);
      if (data.error) reject(new Error(data.error.message));
      else resolve(data.result);
    };
    worker.addEventListener('message', hear);
    worker.postMessage({ id, verb, args }, transfer);
  });
}

/** @param {string} name @returns {Promise<import('./exhibit.js').Network>} */
async function load(name) {
  const { card, sha256 } = site.models[name];
  const url = new URL(card, document.baseURI).href;
  const { handle, card: text } = await call('load', [{ url, sha256, backend: 'wasm' }]);
  const [{ name: input }] = JSON.parse(text).inputs;
  return {
    planar: false,
    run: async (values, shape) =>
      Object.values(await call('run', [handle, { [input]: { values, shape } }], [values.buffer])),
  };
}

serve(load);
