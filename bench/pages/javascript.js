/** TF.js alone, on the page itself, on WebAssembly: as its documentation loads a graph model. */
import { serve } from './exhibit.js';

const threads = Number(new URLSearchParams(location.search).get('threads') ?? 1);
// TF.js takes no more threads than half of what it finds here.
if (threads > 1) Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads });

/** @param {string} name @returns {Promise<import('./exhibit.js').Network>} */
export async function load(name) {
  const { tf } = /** @type {any} */ (globalThis);
  tf.wasm.setWasmPaths(new URL('/npm/@tensorflow/tfjs-backend-wasm/dist/', location.href).href);
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  const graph = await tf.loadGraphModel(`/networks/${name}/model.json`);
  return {
    planar: false,
    async run(values, shape, dtype) {
      const input = tf.tensor(values, shape, dtype);
      const output = graph.execute(input);
      const outputs = [output].flat();
      const answers = await Promise.all(outputs.map((each) => each.data()));
      for (const each of [input, ...outputs]) each.dispose();
      return answers;
    },
  };
}

serve(load);
