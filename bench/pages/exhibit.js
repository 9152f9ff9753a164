/**
 * Two exhibits as a page in JavaScript has them, whatever runs the networks: it reads what is
 * drawn once its network is there, or what is in a picture that it is given. For `inference` it
 * also runs a network over and over.
 */
import { decode, listed, prepare, prepareDigit, read } from './tasks.js';

/**
 * @typedef {{planar: boolean, run: (values: Float32Array | Int32Array, shape: number[],
 *   dtype: string) => Promise<Float32Array[]>}} Network `planar`: it takes channels first
 * @typedef {(name: string) => Promise<Network>} Load
 */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Load} load */
export function serve(load) {
  const exhibit = { '#/digits': digits, '#/identify': identify }[location.hash];
  const own = identifier(load);
  Object.assign(globalThis, { repeat: repeater(load), identifier: own });
  (exhibit?.(load, own) ?? Promise.resolve()).then(() => {
    document.body.dataset.state = 'ready';
  });
}

/** @param {Load} load */
async function digits(load) {
  const network = await load('digits');
  const ink = /** @type {HTMLCanvasElement} */ (element('digit-ink'));
  const pixels = ink
    .getContext('2d', { willReadFrequently: true })
    ?.getImageData(0, 0, ink.width, ink.height);
  const [scores] = await network.run(
    prepareDigit(/** @type {ImageData} */ (pixels)),
    [1, 28, 28, 1],
    'float32',
  );
  element('answer').textContent = String(scores.indexOf(Math.max(...scores)));
}

/** @param {Load} _load @param {ReturnType<typeof identifier>} own */
async function identify(_load, own) {
  own.load();
  const chooser = /** @type {HTMLInputElement} */ (element('photo-file'));
  chooser.addEventListener('change', () =>
    own.identify(/** @type {FileList} */ (chooser.files)[0]),
  );
}

/** @param {Load} load */
function identifier(load) {
  /** @type {Promise<[Network, any]> | undefined} */
  let loading;
  const loaded = () => {
    loading ??= Promise.all([load('efficientnet-lite0'), card('efficientnet-lite0')]);
    return loading;
  };
  return {
    load: loaded,
    /** @param {Blob} file */
    async identify(file) {
      const start = performance.now();
      const pixels = await decode(file);
      const decoded = performance.now();
      const [network, { inputs, input, labels }] = await loaded();
      const [, height, width] = inputs[0].shape;
      const asked = performance.now();
      const values = prepare(pixels, [height, width], input.options, network.planar);
      const prepared = performance.now();
      const [scores] = await network.run(values, inputs[0].shape, 'float32');
      const answered = performance.now();
      const guesses = read(scores, labels);
      const end = performance.now();
      element('guesses').replaceChildren(...guesses.map(listed));
      return {
        decode: decoded - start,
        prepare: prepared - asked,
        run: answered - prepared,
        read: end - answered,
        total: end - start,
      };
    },
  };
}

/** @param {Load} load */
function repeater(load) {
  /** @type {Map<string, Promise<[Network, any]>>} */
  const networks = new Map();
  /** Runs a network on noise; returns each run's ms. @param {string} name @param {number} runs */
  return async (name, runs) => {
    const loading = networks.get(name) ?? Promise.all([load(name), card(name)]);
    networks.set(name, loading);
    const [
      network,
      {
        inputs: [{ shape, dtype }],
      },
    ] = await loading;
    const times = [];
    for (let i = 0; i < runs; i++) {
      const values = noise(shape, dtype);
      const start = performance.now();
      await network.run(values, shape, dtype);
      times.push(performance.now() - start);
    }
    return times;
  };
}

/** @param {number[]} shape @param {string} dtype */
export function noise(shape, dtype) {
  const size = shape.reduce((a, b) => a * b, 1);
  return dtype === 'int32'
    ? Int32Array.from({ length: size }, (_, i) => (i * 97) % 251)
    : Float32Array.from({ length: size }, (_, i) => ((i * 97) % 251) / 251);
}

/** @param {string} name */
async function card(name) {
  return (await fetch(`/networks/${name}/card.json`)).json();
}
