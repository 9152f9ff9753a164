/**
 * Models that the visitor keeps for offline use, in a separate cache that the service worker reads.
 * Addresses contain the model's version, so a model stays kept if a newer version of the site has
 * the same one.
 */
import { fetchVerified } from './bundle.js';
import { EngineError } from './errors.js';

/** Name of the models' cache. @param {string} scope address of the site */
export const modelCache = (scope) => `glassbooth-kept-${scope}`;

export class OfflineModels {
  /**
   * @param {Record<string, {card: string, sha256: string, bytes: number}>} models of this site
   */
  constructor(models) {
    this.models = models;
    this.scope = new URL('./', document.baseURI).href;
  }

  /** Whether this page can keep models: the Cache API requires HTTPS. */
  get possible() {
    return 'caches' in globalThis;
  }

  /** Whether a model is kept. @param {string} name */
  async has(name) {
    const cache = await this.#open();
    return Boolean(await cache.match(this.#card(name)));
  }

  /**
   * Keeps all files of a model, or none, and requests persistent storage.
   * @param {string} name
   * @param {(bytes: number) => void} onBytes called with the number of bytes just received
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
      await cache.put(url, new Response(card)); // last: a card in the cache means that all is there
    } catch (error) {
      await this.remove(name);
      if (error instanceof EngineError) throw error;
      throw new EngineError(
        'full',
        'This device has no room to keep it: it needs ' +
          `${(this.models[name].bytes / 1e6).toFixed(1)} MB. Free some storage and try again.`,
      );
    }
  }

  /** @param {string} name */
  async remove(name) {
    await this.#removeWhere((url) => url.startsWith(folder(this.#card(name))));
  }

  /** Removes files of models that this version of the site does not have. */
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
    return caches.open(modelCache(this.scope));
  }

  /** @param {string} name */
  #card(name) {
    return new URL(this.models[name].card, this.scope).href;
  }
}

/** @param {string} url */
const folder = (url) => url.slice(0, url.lastIndexOf('/') + 1);
