/** onnxruntime-web alone, on the page itself, on WebAssembly. */
import * as ort from '/ort/ort.wasm.bundle.min.mjs';
import { serve } from './exhibit.js';

ort.env.wasm.numThreads = Number(new URLSearchParams(location.search).get('threads') ?? 1);
ort.env.wasm.wasmPaths = '/ort/';

/** @param {string} name @returns {Promise<import('./exhibit.js').Network>} */
async function load(name) {
  const session = await ort.InferenceSession.create(`/networks/${name}.onnx`, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  return {
    planar: true,
    async run(values, [one, height, width, channels]) {
      const input = new ort.Tensor('float32', values, [one, channels, height, width]);
      const answers = await session.run({ [session.inputNames[0]]: input });
      return session.outputNames.map((/** @type {string} */ each) => answers[each].data);
    },
  };
}

serve(load);
