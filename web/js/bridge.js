/**
 * The page's end of the engine. It starts the worker, or where a browser has no WebGL in workers
 * the engine itself, and offers the same four verbs as promises.
 */
import { EngineError } from './errors.js';

/**
 * @typedef {import('./engine.js').Backend} Backend
 * @typedef {import('./engine.js').Loaded} Loaded
 * @typedef {import('./bundle.js').Values} Values
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
  /** @type {Map<string, Promise<Loaded>>} each model is loaded once, whoever asks first */
  #loads = new Map();
  /** @type {Map<number, {name: string, there: number | null}>} what callers hold outlives the
   *  engine: each handle of theirs, its model, and the present engine's own handle */
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
   * Starts the engine, and has it load models; whoever asks for them later gets these same loads,
   * and is told of a failure.
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
   * Loads a model, or answers with the one that is loaded.
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
   * Loads a model once more, on a backend of the caller's choice; the caller disposes of it.
   * @param {string} name of a model of this site
   * @param {Backend} [backend] left out, the engine measures
   * @returns {Promise<Loaded>}
   */
  async loadOn(name, backend) {
    const model = this.options.models[name];
    if (!model) throw new EngineError('invalid', `This site has no model '${name}'.`);
    const key = `glassbooth:backend:${model.card}`;
    const request = {
      url: new URL(model.card, document.baseURI).href, sha256: model.sha256, backend,
      prefer: recall(key),
    };
    /** @type {Loaded} */
    const loaded = await this.#call('load', [request]);
    // A backend that could not start this time may do so the next time.
    if (!backend && loaded.trials.every((trial) => trial.passed)) remember(key, loaded.backend);
    const handle = this.#nextId++;
    this.#handles.set(handle, { name, there: loaded.handle });
    return { ...loaded, handle };
  }

  /**
   * @param {number} handle
   * @param {Values} values handed over: the caller must not use them again
   * @param {number[]} shape
   * @returns {Promise<Values[]>}
   */
  async run(handle, values, shape) {
    const there = this.#handles.get(handle)?.there ?? await this.#revive(handle);
    return this.#call('run', [there, values, shape], [/** @type {ArrayBuffer} */ (values.buffer)]);
  }

  /** @param {number} handle */
  async dispose(handle) {
    const there = this.#handles.get(handle)?.there;
    this.#handles.delete(handle);
    if (there) await this.#call('dispose', [there]);
  }

  /**
   * Starts the engine anew, whatever it was at. What was asked of it fails with `lost`; models
   * come again when they are next used.
   */
  async rebuild() {
    this.#loads.clear();
    for (const model of this.#handles.values()) model.there = null;
    this.#worker?.terminate();
    this.#fail('it is started anew.');
    if (this.#worker) this.#startWorker();
    else await this.#restartHere();
  }

  /** The engine on the page cannot be ended from outside, but gives back what it holds. */
  async #restartHere() {
    const engine = await this.#local;
    this.#startHere();
    const { models } = await engine?.stats() ?? { models: [] };
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

  /** When the engine was last asked for anything, on the page's clock; now, if it is at work. */
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
      this.#send(id, transfer);
    });
  }

  /**
   * @param {number} id
   * @param {Transferable[]} transfer
   */
  #send(id, transfer) {
    if (!this.#started) return; // `start` does it
    const { verb, args } = /** @type {Call} */ (this.#pending.get(id));
    if (this.#worker) this.#worker.postMessage({ id, verb, args }, transfer);
    else this.#runHere(id, verb, args);
  }

  /**
   * What is asked already travels in the worker's name: messages would wait until this page has a
   * free moment, and while Python starts it has none for some tenths of a second.
   */
  #startWorker() {
    const calls = [...this.#pending].map(([id, { verb, args }]) => ({ id, verb, args }));
    const worker = new Worker(
      `${this.options.engine}worker.js`, { type: 'module', name: JSON.stringify(calls) });
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
   * An old browser, or a blocked worker: the engine runs on the page instead.
   * @param {Worker} worker
   */
  #moveHere(worker) {
    worker.terminate();
    this.#worker = null;
    this.#startHere();
    for (const id of [...this.#pending.keys()]) this.#send(id, []);
  }

  #startHere() {
    // A browser remembers a failed import, so each attempt has an address of its own.
    const attempt = this.#attempts ? `?${this.#attempts}` : '';
    this.#attempts += 1;
    this.#local = import(`${this.options.engine}engine.js${attempt}`).then(({ Engine }) => new Engine({
      wasmFolder: this.options.engine, onBytes: this.options.onBytes,
    }), () => {
      this.#local = null;
      throw new EngineError('network',
        'The engine could not be fetched. Check the network connection and try again.');
    });
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

/** Safari's workers have no WebGL that TF.js accepts; it tells Safari the same way. */
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

/**
 * @param {string} key
 * @param {Backend} backend
 */
function remember(key, backend) {
  try {
    localStorage.setItem(key, backend);
  } catch { /* storage is full or switched off: measure again on each visit */ }
}
