/**
 * The engine: TF.js behind four verbs, `load`, `run`, `dispose` and `stats`. It knows tensors and
 * no task, and it keeps every tensor to itself: typed arrays go in, typed arrays come out.
 *
 * Which backend runs a model is measured: each candidate replays the model's golden vectors, one
 * whose answer is out of tolerance is out, and the fastest of the rest wins.
 */
import { memory, tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { BACKENDS, activate, configure, isLost, replaceWebGL, whileAlive } from './backends.js';
import { fetchBundle, resampled } from './bundle.js';
import { EngineError } from './errors.js';

/**
 * @typedef {import('./backends.js').Backend} Backend
 * @typedef {import('./bundle.js').Bundle} Bundle
 * @typedef {import('./bundle.js').Values} Values
 * @typedef {import('@tensorflow/tfjs-converter').GraphModel} GraphModel
 * @typedef {{backend: Backend, error: number, tolerance: number, first: number, later: number,
 *     passed: boolean}
 *   | {backend: Backend, reason: string, passed: false}} Trial
 * @typedef {{handle: number, card: string, backend: Backend, trials: Trial[]}} Loaded
 * @typedef {{bundle: Bundle, backend: Backend, graph: GraphModel}} Model
 * @typedef {{url: string, sha256: string, backend?: Backend, prefer?: Backend}} LoadRequest
 */

/** Runs after the first that a trial times together, and the time after which it stops. */
const TRIAL_RUNS = 10;
const TRIAL_MS = 250;

export class Engine {
  /** @type {Map<number, Model>} */
  #models = new Map();
  #nextHandle = 1;
  #recoveries = 0;
  #runMs = 0;
  /** @type {Promise<unknown>} the end of the queue: TF.js has one current backend at a time */
  #tail = Promise.resolve();

  /**
   * @param {{wasmFolder: string, onBytes: (bytes: number, card: string) => void}} options
   *   `onBytes` is told of the bytes that have just come, and of the card they belong to
   */
  constructor({ wasmFolder, onBytes }) {
    configure(wasmFolder);
    this.onBytes = onBytes;
  }

  /**
   * Fetches a bundle, checks every file, and picks the backend.
   * @param {LoadRequest} request `backend` forces one; `prefer` is tried first and, where it still
   *   gives the right answer, kept without measuring the others
   * @returns {Promise<Loaded>}
   */
  async load({ url, sha256, backend, prefer }) {
    const bundle = await fetchBundle(url, sha256, (bytes) => this.onBytes(bytes, url));
    return this.#queue(async () => {
      if (isLost('webgl')) await this.#recover();
      const { model, trials } = await choose(bundle, backend, prefer);
      const handle = this.#nextHandle++;
      this.#models.set(handle, model);
      return { handle, card: bundle.text, backend: model.backend, trials };
    });
  }

  /**
   * @param {number} handle
   * @param {Values} values contiguous, of the model's first input's dtype
   * @param {number[]} shape
   * @returns {Promise<Values[]>} one for each output, in the card's order
   */
  run(handle, values, shape) {
    return this.#queue(async () => {
      const model = this.#model(handle);
      checkInput(model, values, shape);
      try {
        const start = performance.now();
        const answer = await execute(model, values, shape);
        this.#runMs = performance.now() - start;
        if (!isLost(model.backend)) return answer;
      } catch (error) {
        if (!isLost(model.backend)) throw error;
      }
      await this.#recover();
      return execute(this.#model(handle), values, shape);
    });
  }

  /** @param {number} handle */
  dispose(handle) {
    return this.#queue(async () => {
      const model = this.#model(handle);
      this.#models.delete(handle);
      await activate(model.backend);
      model.graph.dispose();
    });
  }

  /** What the engine holds at this moment, in tensors' bytes, and how long its last run took. */
  async stats() {
    const { numTensors, numBytes } = memory();
    const models = [...this.#models].map(([handle, { bundle, backend }]) => (
      { handle, name: bundle.card.name, backend }));
    return {
      tensors: numTensors, bytes: numBytes, recoveries: this.#recoveries, models, runMs: this.#runMs,
    };
  }

  /** @param {number} handle */
  #model(handle) {
    const model = this.#models.get(handle);
    if (!model) throw new EngineError('invalid', `There is no model with handle ${handle}.`);
    return model;
  }

  /**
   * Rebuilds every WebGL model on a new context, from the verified files.
   * Where no new context is given, the models move to the next best backend.
   */
  async #recover() {
    this.#recoveries += 1;
    const lost = [...this.#models].filter(([, model]) => model.backend === 'webgl');
    for (const [, { graph }] of lost) graph.dispose();
    replaceWebGL();
    for (const [handle, { bundle }] of lost) {
      this.#models.set(handle, (await choose(bundle, undefined, 'webgl')).model);
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  #queue(job) {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => {});
    return result;
  }
}

/**
 * @param {Bundle} bundle
 * @param {Backend} [forced]
 * @param {Backend} [preferred]
 * @returns {Promise<{model: Model, trials: Trial[]}>}
 */
async function choose(bundle, forced, preferred) {
  /** @type {Trial[]} */
  const trials = [];
  /** @type {{model: Model, later: number} | null} */
  let best = null;
  for (const backend of candidates(forced, preferred)) {
    if (backend === 'cpu' && best && forced !== 'cpu') break;
    const { trial, model } = await attempt(bundle, backend);
    trials.push(trial);
    if (!model || !('later' in trial)) continue;
    if (best && best.later <= trial.later) {
      await release(model);
      continue;
    }
    if (best) await release(best.model);
    best = { model, later: trial.later };
    if (backend === preferred) break;
  }
  if (best) return { model: best.model, trials };
  const reasons = trials.map((t) => `${t.backend}: ${'reason' in t ? t.reason
    : `off by ${t.error}, allowed ${bundle.card.parity.tolerance}`}`);
  throw new EngineError('unsupported',
    `${bundle.card.name} does not run right in this browser (${reasons.join('; ')}). `
    + 'Try a current version of Chrome, Edge, Firefox or Safari.', trials);
}

/**
 * @param {Backend} [forced]
 * @param {Backend} [preferred]
 * @returns {Backend[]}
 */
function candidates(forced, preferred) {
  if (forced) return [forced];
  const rest = BACKENDS.filter((backend) => backend !== preferred);
  return preferred ? [preferred, ...rest] : rest;
}

/**
 * Loads the model on one backend and replays its golden vectors there.
 * @param {Bundle} bundle
 * @param {Backend} backend
 * @returns {Promise<{trial: Trial, model: Model | null}>}
 */
async function attempt(bundle, backend) {
  try {
    await activate(backend);
    const model = { bundle, backend, graph: await loadGraph(bundle) };
    const trial = await replay(model).catch(async (error) => {
      await release(model);
      throw error;
    });
    if (trial.passed) return { trial, model };
    await release(model);
    return { trial, model: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { trial: { backend, reason, passed: false }, model: null };
  }
}

/** @param {Model} model */
async function release({ backend, graph }) {
  await activate(backend);
  graph.dispose();
}

/**
 * @param {Bundle} bundle
 * @returns {Promise<GraphModel>}
 */
function loadGraph({ files }) {
  const text = new TextDecoder().decode(files.get('model.json'));
  const { modelTopology, weightsManifest, signature, format } = JSON.parse(text);
  /** @type {{paths: string[], weights: any[]}[]} */
  const groups = weightsManifest;
  const load = async () => ({
    modelTopology, signature, format,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: groups.flatMap((group) => group.paths).map((path) => (
      /** @type {ArrayBuffer} */ (files.get(path)))),
  });
  return loadGraphModel({ load });
}

/**
 * The first golden case for the time of the first run, all of them for the error, and the first
 * again for the time of later runs.
 * @param {Model} model
 * @returns {Promise<Trial & {later: number}>}
 */
async function replay(model) {
  const { card, golden } = model.bundle;
  const shape = card.inputs[0].shape;
  const start = performance.now();
  await execute(model, golden[0].inputs[0], shape);
  const first = performance.now() - start;
  let error = 0;
  for (const { inputs, outputs } of golden) {
    const answer = await execute(model, inputs[0], shape);
    answer.forEach((values, i) => {
      const { values: expected, shape: kept } = outputs[i];
      const same = resampled(values, card.outputs[i].shape, kept);
      error = Math.max(error, difference(same, expected));
    });
  }
  const later = await meanTime(() => execute(model, golden[0].inputs[0], shape));
  const { tolerance } = card.parity;
  return { backend: model.backend, error, tolerance, first, later, passed: error <= tolerance };
}

/** Timed as one: many browsers' clocks tick once a ms. @param {() => Promise<unknown>} job */
async function meanTime(job) {
  const start = performance.now();
  let runs = 0;
  do {
    await job();
    runs += 1;
  } while (runs < TRIAL_RUNS && performance.now() < start + TRIAL_MS);
  return (performance.now() - start) / runs;
}

/**
 * Largest absolute difference; anything that is no number counts as infinitely wrong.
 * @param {Values} a
 * @param {Values} b
 */
function difference(a, b) {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= largest)) largest = Number.isNaN(d) ? Infinity : d;
  }
  return largest;
}

/**
 * @param {Model} model
 * @param {Values} values
 * @param {number[]} shape
 * @returns {Promise<Values[]>}
 */
async function execute({ backend, graph, bundle: { card } }, values, shape) {
  await activate(backend);
  const [{ name, dtype }] = card.inputs;
  const input = tensor(values, shape, dtype);
  /** @type {import('@tensorflow/tfjs-core').Tensor[]} */
  let outputs = [];
  try {
    const result = graph.execute({ [name]: input }, card.outputs.map((output) => output.name));
    outputs = Array.isArray(result) ? result : [result];
    const reads = Promise.all(outputs.map((output) => output.data()));
    return /** @type {Values[]} */ (await whileAlive(backend, reads));
  } finally {
    input.dispose();
    for (const output of outputs) output.dispose();
  }
}

/**
 * @param {Model} model
 * @param {Values} values
 * @param {number[]} shape
 */
function checkInput({ bundle: { card } }, values, shape) {
  const { dtype, shape: expected } = card.inputs[0];
  const array = dtype === 'int32' ? Int32Array : Float32Array;
  const size = expected.reduce((a, b) => a * b, 1);
  if (!(values instanceof array) || values.length !== size || String(shape) !== String(expected)) {
    throw new EngineError('invalid',
      `${card.name} takes ${dtype} of shape [${expected}], got ${values.constructor.name} of `
      + `${values.length} for shape [${shape}].`);
  }
}
