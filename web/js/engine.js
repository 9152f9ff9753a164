/**
 * The engine: TF.js behind four verbs, `load`, `run`, `dispose` and `stats`. It knows tensors and
 * no task, and it keeps every tensor to itself: typed arrays go in, typed arrays come out.
 */
import { memory } from '@tensorflow/tfjs-core';
import { activate, configure, isLost, replaceWebGL, wasmThreads } from './backends.js';
import { fetchBundle } from './bundle.js';
import { EngineError } from './errors.js';
import { checkInput, execute } from './model.js';
import { choose } from './trials.js';

/**
 * @typedef {import('./backends.js').Backend} Backend
 * @typedef {import('./bundle.js').Values} Values
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./trials.js').Trial} Trial
 * @typedef {{handle: number, card: string, backend: Backend, trials: Trial[]}} Loaded
 * @typedef {{url: string, sha256: string, backend?: Backend, prefer?: Backend}} LoadRequest
 */

export class Engine {
  /** @type {Map<number, Model>} */
  #models = new Map();
  #nextHandle = 1;
  #recoveries = 0;
  #runMs = 0;
  /** Counted between jobs: within one, the backend may be just changing, and cannot be asked. */
  #held = { tensors: 0, bytes: 0 };
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

  /** What the engine held after its last job, in tensors' bytes, and how long its last run took. */
  async stats() {
    const models = [...this.#models].map(([handle, { bundle, backend }]) => (
      { handle, name: bundle.card.name, backend }));
    return {
      ...this.#held, recoveries: this.#recoveries, models, runMs: this.#runMs, threads: wasmThreads(),
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
    result.then(() => {
      const { numTensors, numBytes } = memory();
      this.#held = { tensors: numTensors, bytes: numBytes };
    }).catch(() => {}); // of the job's failure, whoever asked for it is told
    this.#tail = result.catch(() => {});
    return result;
  }
}
