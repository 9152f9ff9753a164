/** Bytes received and expected on the way to the first answer, and of each model. */

/** @typedef {(done: number, total: number) => void} Watcher */

export class Progress {
  /** @type {Map<string, number>} address or model's name -> bytes received */
  #done = new Map();
  /** @type {Set<{name: string, watcher: Watcher}>} */
  #watches = new Set();

  /**
   * @param {Record<string, number>} files relative address -> bytes
   * @param {{changed: (done: number, total: number) => void, broken: (url: string) => void}} on
   *   `broken` is called for a file that is missing, or received as a web page
   */
  constructor(files, on) {
    this.files = new Map(
      Object.entries(files).map(([path, bytes]) => [new URL(path, document.baseURI).href, bytes]),
    );
    this.total = [...this.files.values()].reduce((a, b) => a + b, 0);
    this.on = on;
    this.#watchResources();
    this.#watchFetch();
  }

  /** Adds to the expected bytes. @param {number} bytes */
  expect(bytes) {
    this.total += bytes;
  }

  /**
   * Counts bytes of a model, which the engine fetches.
   * @param {string} model
   * @param {number} bytes just received; negative if they are fetched again
   * @param {number} total of its bundle
   */
  add(model, bytes, total) {
    const done = (this.#done.get(model) ?? 0) + bytes;
    this.#set(model, done);
    for (const { name, watcher } of this.#watches) {
      if (name === model) watcher(Math.min(done, total), total);
    }
  }

  /**
   * Calls `watcher` whenever bytes of a model have been received.
   * @param {string} name of the model
   * @param {Watcher} watcher
   * @returns {() => void} stops the calls
   */
  watch(name, watcher) {
    const watch = { name, watcher };
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
    };
  }

  /** @param {string} url @param {number} bytes */
  #set(url, bytes) {
    this.#done.set(url, bytes);
    const done = [...this.#done.values()].reduce((a, b) => a + b, 0);
    this.on.changed(Math.min(done, this.total), this.total);
  }

  /** Counts whole files when the browser reports them: scripts, styles, preloads. */
  #watchResources() {
    const observer = new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) {
        const bytes = this.files.get(name);
        if (bytes) this.#set(name, bytes);
      }
    });
    observer.observe({ type: 'resource', buffered: true });
  }

  /**
   * Counts bytes of Python's large files during download, on a clone of the response; cached ones
   * are too fast to count. Reports missing files, for which Pyodide would wait forever.
   */
  #watchFetch() {
    const native = globalThis.fetch;
    const kept = Boolean(navigator.serviceWorker?.controller);
    globalThis.fetch = async (...args) => {
      const url = new URL(args[0] instanceof Request ? args[0].url : args[0], document.baseURI)
        .href;
      const total = this.files.get(url);
      if (!total) return native(...args);
      const response = await native(...args).catch((error) => {
        this.on.broken(url);
        throw error;
      });
      const page = response.headers.get('content-type')?.includes('text/html');
      if (!response.ok || page) this.on.broken(url);
      else if (response.body && !kept) this.#count(response.clone(), total);
      return response;
    };
  }

  /** @param {Response} copy @param {number} total */
  async #count(copy, total) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (copy.body).getReader();
    let bytes = 0;
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.byteLength;
        this.#set(copy.url, Math.min(bytes, total));
      }
    } catch {
      /* the original fails the same way, and is reported where it is used */
    }
  }
}
