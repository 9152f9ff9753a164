/**
 * The engine's client on the page. It starts the engine in a worker, or on the page where workers
 * have no WebGL, and offers the engine's verbs as promises.
 */
import { EngineError } from './errors.js';

/**
 * @typedef {import('./engine.js').Backend} Backend
 * @typedef {import('./engine.js').Loaded} Loaded
 * @typedef {import('./bundle.js').Inputs} Inputs
 * @typedef {import('./bundle.js').Outputs} Outputs
 * @typedef {{verb: string, args: unknown[], resolve: (value: any) => void,
 *   reject: (error: Error) => void}} Call
 */

export class Bridge {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<import('./engine.js').Engine> | null} */
  #local = null;
  /** @type {Map<number, Call>} */
  #pending = new Map();
  #nextId = 1;
  #lastCall = 0;
  #attempts = 0;
  #started = false;
  /** @type {Map<string, Promise<Loaded>>} loads by model: each model is loaded once */
  #loads = new Map();
  /** @type {Map<number, {name: string, there: number | null}>} callers' handles, which outlive a
   *  restart of the engine: the model's name and `there`, the present engine's own handle */
  #handles = new Map();

  /**
   * @param {{engine: string, models: Record<string, {card: string, sha256: string}>,
   *   page: boolean, backend?: Backend,
   *   onBytes: (bytes: number, card: string) => void}} options
   *   `engine` is the folder's address; `page` runs the engine on the page; `backend` forces one
   */
  constructor(options) {
    this.options = options;
  }

  /**
   * Starts the engine and begins to load models. `load` then returns these loads, failures
   * included.
   * @param {Iterable<string>} names of models of this site
   */
  start(names) {
    for (const name of names) this.load(name).catch(() => {});
    this.#started = true;
    if (this.options.page || !workersHaveWebGL()) this.#startHere();
    else this.#startWorker();
    if (this.#local) for (const id of this.#pending.keys()) this.#send(id, []);
  }

  /**
   * Loads a model, or returns the one that is loaded.
   * @param {string} name of a model of this site
   * @returns {Promise<Loaded>}
   */
  load(name) {
    const load = this.#loads.get(name) ?? this.loadOn(name, this.options.backend);
    this.#loads.set(name, load);
    load.catch(() => {
      if (this.#loads.get(name) === load) this.#loads.delete(name);
    });
    return load;
  }

  /**
   * Loads another instance of a model on a given backend; the caller disposes of it.
   * @param {string} name of a model of this site
   * @param {Backend} [backend] chosen by measuring if left out
   * @returns {Promise<Loaded>}
   */
  async loadOn(name, backend) {
    const model = this.options.models[name];
    if (!model) throw new EngineError('invalid', `This site has no model '${name}'.`);
    const key = `glassbooth:backend:${model.card}`;
    const request = {
      url: new URL(model.card, document.baseURI).href,
      sha256: model.sha256,
      backend,
      prefer: recall(key),
    };
    /** @type {Loaded} */
    const loaded = await this.#call('load', [request]);
    // Not remembered if a backend failed: it may start the next time.
    if (!backend && loaded.trials.every((trial) => trial.passed)) remember(key, loaded.backend);
    const handle = this.#nextId++;
    this.#handles.set(handle, { name, there: loaded.handle });
    return { ...loaded, handle };
  }

  /**
   * Runs a model once.
   * @param {number} handle
   * @param {Inputs} inputs buffers are transferred: the caller must not use them again
   * @returns {Promise<Outputs>}
   */
  async run(handle, inputs) {
    const there = this.#handles.get(handle)?.there ?? (await this.#revive(handle));
    return this.#call('run', [there, inputs], buffers(inputs));
  }

  /** @param {number} handle */
  async dispose(handle) {
    const there = this.#handles.get(handle)?.there;
    this.#handles.delete(handle);
    if (there) await this.#call('dispose', [there]);
  }

  /**
   * Restarts the engine. Pending calls fail with `lost`; models are loaded again when next used.
   */
  async rebuild() {
    this.#loads.clear();
    for (const model of this.#handles.values()) model.there = null;
    this.#worker?.terminate();
    this.#fail('it is started anew.');
    if (this.#worker) this.#startWorker();
    else await this.#restartHere();
  }

  /** Replaces the engine on the page, and disposes of the models that the old one holds. */
  async #restartHere() {
    const engine = await this.#local;
    this.#startHere();
    const { models } = (await engine?.stats()) ?? { models: [] };
    for (const { handle } of models) await engine?.dispose(handle);
  }

  /** Loads a model into the present engine, for a handle of an earlier one. @param {number} handle */
  async #revive(handle) {
    const model = this.#handles.get(handle);
    if (!model) throw new EngineError('invalid', `There is no model with handle ${handle}.`);
    const loaded = await this.load(model.name);
    model.there = this.#handles.get(loaded.handle)?.there ?? null;
    if (!model.there) throw new EngineError('lost', 'The engine was started anew meanwhile.');
    return model.there;
  }

  stats() {
    return this.#call('stats', []);
  }

  /** Time of the last call, on the page's clock; the present time while calls are pending. */
  get lastCall() {
    return this.#pending.size ? performance.now() : this.#lastCall;
  }

  /**
   * @param {string} verb
   * @param {unknown[]} args
   * @param {Transferable[]} transfer
   * @returns {Promise<any>}
   */
  #call(verb, args, transfer = []) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#lastCall = performance.now();
      this.#pending.set(id, { verb, args, resolve, reject });
      try {
        this.#send(id, transfer);
      } catch (error) {
        // for example a buffer that was already transferred
        const { message } = /** @type {Error} */ (error);
        this.#settle({ id, error: { message: `${verb}: ${message}` } });
      }
    });
  }

  /**
   * @param {number} id
   * @param {Transferable[]} transfer
   */
  #send(id, transfer) {
    if (!this.#started) return; // `start` sends what is pending
    const { verb, args } = /** @type {Call} */ (this.#pending.get(id));
    if (this.#worker) this.#worker.postMessage({ id, verb, args }, transfer);
    else this.#runHere(id, verb, args);
  }

  /**
   * Starts the worker with the pending calls in its name: messages would wait until this page is
   * idle, which takes some 100 ms while Python starts.
   */
  #startWorker() {
    const calls = [...this.#pending].map(([id, { verb, args }]) => ({ id, verb, args }));
    const worker = new Worker(`${this.options.engine}worker.js`, {
      type: 'module',
      name: JSON.stringify(calls),
    });
    let alive = false;
    worker.addEventListener('message', ({ data }) => {
      alive = true;
      if ('bytes' in data) this.options.onBytes(data.bytes, data.card);
      else this.#settle(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (alive) this.#fail(event.message);
      else this.#moveHere(worker);
    });
    this.#worker = worker;
  }

  /**
   * Runs the engine on the page, as the worker could not start.
   * @param {Worker} worker
   */
  #moveHere(worker) {
    worker.terminate();
    this.#worker = null;
    this.#startHere();
    for (const id of [...this.#pending.keys()]) this.#send(id, []);
  }

  #startHere() {
    // Browsers cache failed imports by address, so each attempt uses another one.
    const attempt = this.#attempts ? `?${this.#attempts}` : '';
    this.#attempts += 1;
    this.#local = import(`${this.options.engine}engine.js${attempt}`).then(
      ({ Engine }) =>
        new Engine({
          wasmFolder: this.options.engine,
          onBytes: this.options.onBytes,
        }),
      () => {
        this.#local = null;
        throw new EngineError(
          'network',
          'The engine could not be fetched. Check the network connection and try again.',
        );
      },
    );
    this.#local.catch(() => {});
  }

  /**
   * @param {number} id
   * @param {string} verb
   * @param {unknown[]} args
   */
  async #runHere(id, verb, args) {
    try {
      if (!this.#local) this.#startHere();
      const engine = await /** @type {Promise<any>} */ (/** @type {unknown} */ (this.#local));
      this.#settle({ id, result: await engine[verb](...args) });
    } catch (error) {
      this.#settle({ id, error: /** @type {EngineError} */ (error) });
    }
  }

  /** @param {{id: number, result?: unknown, error?: {code?: any, message: string, trials?: any}}} answer */
  #settle({ id, result, error }) {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) call?.reject(new EngineError(error.code ?? 'invalid', error.message, error.trials));
    else call?.resolve(result);
  }

  /** @param {string} reason */
  #fail(reason) {
    for (const id of [...this.#pending.keys()]) {
      this.#settle({ id, error: { code: 'lost', message: `The engine stopped: ${reason}` } });
    }
  }
}

/**
 * The buffers of a run's inputs, each once.
 * @param {Inputs} inputs
 */
function buffers(inputs) {
  const all = Object.values(inputs).flatMap(({ values }) => values?.buffer ?? []);
  return /** @type {ArrayBuffer[]} */ ([...new Set(all)]);
}

/** Safari's workers have no WebGL that TF.js accepts. TF.js knows Safari by the same test. */
function workersHaveWebGL() {
  const safari = /^((?!chrome|android).)*safari/i.test(navigator.userAgent);
  return !safari && typeof OffscreenCanvas !== 'undefined';
}

/** @param {string} key */
function recall(key) {
  try {
    return /** @type {Backend} */ (localStorage.getItem(key) ?? undefined);
  } catch {
    return undefined; // storage is switched off: measure again on each visit
  }
}

/** @param {string} key @param {Backend} backend */
function remember(key, backend) {
  try {
    localStorage.setItem(key, backend);
  } catch {} // storage is full or switched off: measure again on each visit
}
