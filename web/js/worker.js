/**
 * The engine in a worker. A call of a verb is one message, and so is its answer:
 *
 *   page to worker   {id, verb, args}
 *   worker to page   {id, result} or {id, error: {code, message, trials}}
 *                    {bytes, card} while a bundle is being fetched
 *
 * The first calls come as JSON in the worker's name. Buffers of inputs and outputs are transferred.
 */
import { Engine } from './engine.js';

const engine = new Engine({
  wasmFolder: new URL('./', import.meta.url).href,
  onBytes: (bytes, card) => postMessage({ bytes, card }),
});
addEventListener('message', ({ data }) => {
  answer(data);
});
JSON.parse(self.name || '[]').forEach(answer);

/** @param {{id: number, verb: string, args: unknown[]}} call */
async function answer({ id, verb, args }) {
  try {
    const result = await engine[/** @type {'run'} */ (verb)](
      .../** @type {Parameters<Engine['run']>} */ (args),
    );
    postMessage({ id, result }, { transfer: buffers(result) });
  } catch (error) {
    const { code, message, trials } = /** @type {import('./errors.js').EngineError} */ (error);
    postMessage({ id, error: { code, message, trials } });
  }
}

/**
 * The buffers of a run's outputs, each once: they are transferred, not copied.
 * @param {unknown} result
 */
function buffers(result) {
  const arrays = Object.values(result ?? {}).filter(ArrayBuffer.isView);
  return [...new Set(arrays.map((array) => /** @type {ArrayBuffer} */ (array.buffer)))];
}
