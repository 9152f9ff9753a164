/**
 * Errors between a bundle and an answer. `code` is for programs; `message` is for people, and says
 * what happened and what to do.
 *
 * - `network`      a file could not be fetched
 * - `missing`      the host does not have the file
 * - `corrupt`      a file's SHA-256 is not the card's
 * - `unsupported`  no backend of this browser runs the model within the tolerance
 * - `lost`         the graphics context or the worker was lost
 * - `full`         this device has no room to keep a file
 * - `invalid`      the caller's mistake: an unknown handle, a missing, unknown or wrong input
 */
export class EngineError extends Error {
  /**
   * @param {'network'|'missing'|'corrupt'|'unsupported'|'lost'|'full'|'invalid'} code
   * @param {string} message
   * @param {import('./engine.js').Trial[]} trials results of the backends, if none passed
   */
  constructor(code, message, trials = []) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.trials = trials;
  }
}
