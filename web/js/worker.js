/**
 * The engine in a worker. One message is one call of a verb; one message is its answer:
 *
 *   page to worker   {id, verb, args}
 *   worker to page   {id, result} or {id, error: {code, message, trials}}, and {bytes, card} as they come
 *
 * The first calls come in the worker's name, as JSON.
 */
import { Engine } from './engine.js';

const engine = new Engine({
  wasmFolder: new URL('./', import.meta.url).href,
  onBytes: (bytes, card) => postMessage({ bytes, card }),
});
addEventListener('message', ({ data }) => { answer(data); });
JSON.parse(self.name || '[]').forEach(answer);

/** @param {{id: number, verb: string, args: unknown[]}} call */
async function answer({ id, verb, args }) {
  try {
    const result = await engine[/** @type {'run'} */ (verb)](
      .../** @type {Parameters<Engine['run']>} */ (args));
    postMessage({ id, result }, { transfer: buffers(result) });
  } catch (error) {
    const { code, message, trials } = /** @type {import('./errors.js').EngineError} */ (error);
    postMessage({ id, error: { code, message, trials } });
  }
}

/**
 * The buffers of an answer, each once: they are handed over, not copied.
 * @param {unknown} result
 */
function buffers(result) {
  const arrays = Array.isArray(result) ? result.filter(ArrayBuffer.isView) : [];
  return [...new Set(arrays.map((array) => /** @type {ArrayBuffer} */ (array.buffer)))];
}
