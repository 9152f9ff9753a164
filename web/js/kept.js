/**
 * Networks that are kept for offline use because the visitor wished so: in a cache of their own,
 * from which the service worker answers. The files' addresses tell their version, so what is kept
 * stays kept when another version of the site has the same network.
 */
import { fetchVerified } from './bundle.js';
import { EngineError } from './errors.js';

/** The cache's name. @param {string} scope address of the site */
export const keptIn = (scope) => `glassbooth-kept-${scope}`;

export class Kept {
  /**
   * @param {Record<string, {card: string, sha256: string, bytes: number}>} models of this site
   */
  constructor(models) {
    this.models = models;
    this.scope = new URL('./', document.baseURI).href;
  }

  /** Whether this page can keep anything: without HTTPS, browsers offer no storage for files. */
  get possible() {
    return 'caches' in globalThis;
  }

  /** Whether a network is kept, whole. @param {string} name */
  async has(name) {
    const cache = await this.#open();
    return Boolean(await cache.match(this.#card(name)));
  }

  /**
   * Keeps a network, whole or not at all, and asks the browser not to clear it away.
   * @param {string} name
   * @param {(bytes: number) => void} onBytes called with the bytes that have just come
   */
  async keep(name, onBytes) {
    await navigator.storage?.persist?.();
    const url = this.#card(name);
    try {
      const cache = await this.#open();
      const card = await fetchVerified(url, this.models[name], onBytes);
      for (const file of JSON.parse(new TextDecoder().decode(card)).files) {
        const address = new URL(file.path, url).href;
        await cache.put(address, new Response(await fetchVerified(address, file, onBytes)));
      }
      await cache.put(url, new Response(card)); // last: where the card is, all is
    } catch (error) {
      await this.remove(name);
      if (error instanceof EngineError) throw error;
      throw new EngineError('full', 'This device has no room to keep it: it needs '
        + `${(this.models[name].bytes / 1e6).toFixed(1)} MB. Free some storage and try again.`);
    }
  }

  /** @param {string} name */
  async remove(name) {
    await this.#removeWhere((url) => url.startsWith(folder(this.#card(name))));
  }

  /** Removes what no network of this version of the site needs. */
  async tidy() {
    const folders = Object.keys(this.models).map((name) => folder(this.#card(name)));
    await this.#removeWhere((url) => !folders.includes(folder(url)));
  }

  /** @param {(url: string) => boolean} condition */
  async #removeWhere(condition) {
    const cache = await this.#open();
    for (const { url } of await cache.keys()) if (condition(url)) await cache.delete(url);
  }

  #open() {
    return caches.open(keptIn(this.scope));
  }

  /** @param {string} name */
  #card(name) {
    return new URL(this.models[name].card, this.scope).href;
  }
}

/** @param {string} url */
const folder = (url) => url.slice(0, url.lastIndexOf('/') + 1);
