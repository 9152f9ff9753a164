/** Bytes done of bytes to do, on the way to the first answer. */

export class Progress {
  /** @type {Map<string, number>} address -> bytes that have come */
  #done = new Map();

  /**
   * @param {Record<string, number>} files relative address -> bytes
   * @param {(done: number, total: number) => void} onChange
   */
  constructor(files, onChange) {
    this.files = new Map(Object.entries(files).map(([path, bytes]) => (
      [new URL(path, document.baseURI).href, bytes])));
    this.total = [...this.files.values()].reduce((a, b) => a + b, 0);
    this.onChange = onChange;
    this.#watchResources();
    this.#watchFetch();
  }

  /** Bytes of the files below a folder, fetched out of this page's sight. @param {string} folder
   * @param {number} bytes */
  add(folder, bytes) {
    this.#set(folder, (this.#done.get(folder) ?? 0) + bytes);
  }

  /** @param {string} url @param {number} bytes */
  #set(url, bytes) {
    this.#done.set(url, bytes);
    const done = [...this.#done.values()].reduce((a, b) => a + b, 0);
    this.onChange(Math.min(done, this.total), this.total);
  }

  /** Whole files, as the browser reports them finished: scripts, styles, preloads. */
  #watchResources() {
    const observer = new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) {
        const bytes = this.files.get(name);
        if (bytes) this.#set(name, bytes);
      }
    });
    observer.observe({ type: 'resource', buffered: true });
  }

  /** The large files of Python, while they come: a clone is counted, the original stays as it is. */
  #watchFetch() {
    const native = globalThis.fetch;
    globalThis.fetch = async (...args) => {
      const response = await native(...args);
      const total = this.files.get(response.url);
      if (total && response.body) this.#count(response.clone(), total);
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
    } catch { /* the original fails the same way, and is reported where it is used */ }
  }
}
