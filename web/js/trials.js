/**
 * Which backend runs a model is measured: each candidate replays the model's golden vectors, one
 * whose answer is out of tolerance is out, and the fastest of the rest wins.
 */
import { BACKENDS, activate, hasGraphics } from './backends.js';
import { resampled } from './bundle.js';
import { EngineError } from './errors.js';
import { execute, loadGraph, release } from './model.js';

/**
 * @typedef {import('./model.js').Backend} Backend
 * @typedef {import('./model.js').Bundle} Bundle
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./model.js').Values} Values
 * @typedef {{backend: Backend, error: number, tolerance: number, first: number, later: number,
 *     passed: boolean}
 *   | {backend: Backend, reason: string, passed: false}} Trial
 */

/** Runs after the first that a trial times together, and the time after which it stops. */
const TRIAL_RUNS = 10;
const TRIAL_MS = 250;

/**
 * @param {Bundle} bundle
 * @param {Backend} [forced]
 * @param {Backend} [preferred]
 * @returns {Promise<{model: Model, trials: Trial[]}>}
 */
export async function choose(bundle, forced, preferred) {
  /** @type {Trial[]} */
  const trials = [];
  /** @type {{model: Model, later: number} | null} */
  let best = null;
  for (const backend of candidates(forced, preferred)) {
    if (backend === 'cpu' && best && forced !== 'cpu') break;
    if (backend === 'webgl' && best && !hasGraphics()) continue;
    const compared = Boolean(forced) || (backend !== preferred && hasGraphics());
    const { trial, model } = await attempt(bundle, backend, compared);
    trials.push(trial);
    if (!model || !('later' in trial)) continue;
    if (best && best.later <= trial.later) {
      await release(model);
      continue;
    }
    if (best) await release(best.model);
    best = { model, later: trial.later };
    if (backend === preferred) break;
  }
  if (best) return { model: best.model, trials };
  const reasons = trials.map((t) => `${t.backend}: ${'reason' in t ? t.reason
    : `off by ${t.error}, allowed ${bundle.card.parity.tolerance}`}`);
  throw new EngineError('unsupported',
    `${bundle.card.name} does not run right in this browser (${reasons.join('; ')}). `
    + 'Try a current version of Chrome, Edge, Firefox or Safari.', trials);
}

/**
 * @param {Backend} [forced]
 * @param {Backend} [preferred]
 * @returns {Backend[]}
 */
function candidates(forced, preferred) {
  if (forced) return [forced];
  const rest = BACKENDS.filter((backend) => backend !== preferred);
  return preferred ? [preferred, ...rest] : rest;
}

/**
 * Loads the model on one backend and replays its golden vectors there.
 * @param {Bundle} bundle
 * @param {Backend} backend
 * @param {boolean} compared whether it matters how fast it is: to nobody, if nothing else is tried
 * @returns {Promise<{trial: Trial, model: Model | null}>}
 */
async function attempt(bundle, backend, compared) {
  try {
    await activate(backend);
    const model = { bundle, backend, graph: await loadGraph(bundle) };
    const trial = await replay(model, compared).catch(async (error) => {
      await release(model);
      throw error;
    });
    if (trial.passed) return { trial, model };
    await release(model);
    return { trial, model: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { trial: { backend, reason, passed: false }, model: null };
  }
}

/**
 * All golden cases for the error, the first of them for the time of the first run, and if that is
 * asked for, the first again for the time of later runs.
 * @param {Model} model
 * @param {boolean} timed
 * @returns {Promise<Trial & {later: number}>} `later` is 0 if it was not timed
 */
async function replay(model, timed) {
  const { card, golden } = model.bundle;
  const shape = card.inputs[0].shape;
  let error = 0;
  let first = 0;
  for (const { inputs, outputs } of golden) {
    const start = performance.now();
    const answer = await execute(model, inputs[0], shape);
    first ||= performance.now() - start;
    answer.forEach((values, i) => {
      const { values: expected, shape: kept } = outputs[i];
      const same = resampled(values, card.outputs[i].shape, kept);
      error = Math.max(error, difference(same, expected));
    });
  }
  const later = timed ? await meanTime(() => execute(model, golden[0].inputs[0], shape)) : 0;
  const { tolerance } = card.parity;
  return { backend: model.backend, error, tolerance, first, later, passed: error <= tolerance };
}

/** Timed as one: many browsers' clocks tick once a ms. @param {() => Promise<unknown>} job */
async function meanTime(job) {
  const start = performance.now();
  let runs = 0;
  do {
    await job();
    runs += 1;
  } while (runs < TRIAL_RUNS && performance.now() < start + TRIAL_MS);
  return (performance.now() - start) / runs;
}

/**
 * Largest absolute difference; anything that is no number counts as infinitely wrong.
 * @param {Values} a
 * @param {Values} b
 */
function difference(a, b) {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= largest)) largest = Number.isNaN(d) ? Infinity : d;
  }
  return largest;
}
