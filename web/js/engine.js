/**
 * The engine: TF.js behind four verbs, `load`, `run`, `dispose` and `stats`. Tensors stay inside;
 * inputs and outputs are typed arrays by the card's names.
 */
import { memory } from '@tensorflow/tfjs-core';
import { activate, configure, isLost, replaceWebGL, wasmThreads } from './backends.js';
import { fetchBundle } from './bundle.js';
import { EngineError } from './errors.js';
import { checkInputs, execute } from './model.js';
import { choose } from './trials.js';

/**
 * @typedef {import('./backends.js').Backend} Backend
 * @typedef {import('./bundle.js').Inputs} Inputs
 * @typedef {import('./bundle.js').Outputs} Outputs
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
  /** Measured between jobs, as the backend may change during one. */
  #held = { tensors: 0, bytes: 0 };
  /** @type {Promise<unknown>} the end of the queue: TF.js has one current backend at a time */
  #tail = Promise.resolve();

  /**
   * @param {{wasmFolder: string, onBytes: (bytes: number, card: string) => void}} options
   *   `onBytes` is called with the number of bytes just received and the address of their card
   */
  constructor({ wasmFolder, onBytes }) {
    configure(wasmFolder);
    this.onBytes = onBytes;
  }

  /**
   * Fetches a bundle, checks every file, and picks the backend.
   * @param {LoadRequest} request `backend` forces one; `prefer` is tried first and, where it still
   *   passes, kept without measuring the others
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
   * Runs a model once. If its graphics context is lost meanwhile, it runs again on a new one.
   * @param {number} handle
   * @param {Inputs} inputs one for each of the card's inputs; values are contiguous
   * @returns {Promise<Outputs>} one for each of the card's outputs
   */
  run(handle, inputs) {
    return this.#queue(async () => {
      const model = this.#model(handle);
      checkInputs(model, inputs);
      try {
        const start = performance.now();
        const outputs = await execute(model, inputs);
        this.#runMs = performance.now() - start;
        if (!isLost(model.backend)) return outputs;
      } catch (error) {
        if (!isLost(model.backend)) throw error;
      }
      await this.#recover();
      return execute(this.#model(handle), inputs);
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

  /** Tensors and bytes held after the last job, the models, and the time of the last run in ms. */
  async stats() {
    const models = [...this.#models].map(([handle, { bundle, backend }]) => ({
      handle,
      name: bundle.card.name,
      backend,
    }));
    return {
      ...this.#held,
      recoveries: this.#recoveries,
      models,
      runMs: this.#runMs,
      threads: wasmThreads(),
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
   * Without a new context, the models move to the next best backend.
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
    result
      .then(() => {
        const { numTensors, numBytes } = memory();
        this.#held = { tensors: numTensors, bytes: numBytes };
      })
      .catch(() => {}); // the caller gets the job's error
    this.#tail = result.catch(() => {});
    return result;
  }
}
