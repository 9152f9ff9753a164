/**
 * What can go wrong between a bundle and an answer. `code` is for programs, `message` is for
 * people: it says what happened and what to do.
 *
 * - `network`      a file could not be fetched at all
 * - `missing`      the host has no such file
 * - `corrupt`      a file came, with other bytes than the card promises
 * - `unsupported`  no backend of this browser runs the model, or none gives the right answer
 * - `lost`         the graphics context, or the worker, went away
 * - `full`         this device has no room to keep a file
 * - `invalid`      the caller's mistake: an unknown handle, a wrong shape
 */
export class EngineError extends Error {
  /**
   * @param {'network'|'missing'|'corrupt'|'unsupported'|'lost'|'full'|'invalid'} code
   * @param {string} message
   * @param {import('./engine.js').Trial[]} trials what each backend did, where none was right
   */
  constructor(code, message, trials = []) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.trials = trials;
  }
}
