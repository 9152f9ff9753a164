/**
 * Chooses a model's backend by measuring: each candidate replays the model's golden vectors, those
 * whose answers are out of tolerance are discarded, and the fastest of the others wins.
 */
import { activate, BACKENDS, hasGraphics } from './backends.js';
import { resampled } from './bundle.js';
import { EngineError } from './errors.js';
import { execute, loadGraph, release } from './model.js';

/**
 * @typedef {import('./model.js').Backend} Backend
 * @typedef {import('./model.js').Bundle} Bundle
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./model.js').Outputs} Outputs
 * @typedef {import('./model.js').Values} Values
 * @typedef {import('./bundle.js').GoldenCase} GoldenCase
 * @typedef {{backend: Backend, error: number, tolerance: number, first: number, later: number,
 *     passed: boolean}
 *   | {backend: Backend, reason: string, passed: false}} Trial
 */

/** Limits of a trial's timed runs after the first: number, and time in ms. */
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
  const reasons = trials.map(
    (t) =>
      `${t.backend}: ${
        'reason' in t ? t.reason : `off by ${t.error}, allowed ${bundle.card.parity.tolerance}`
      }`,
  );
  throw new EngineError(
    'unsupported',
    `${bundle.card.name} does not run right in this browser (${reasons.join('; ')}). ` +
      'Try a current version of Chrome, Edge, Firefox or Safari.',
    trials,
  );
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
 * @param {boolean} compared whether times are compared with another backend's
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
 * Replays all golden cases for the error, and times the first of them.
 * @param {Model} model
 * @param {boolean} timed whether later runs are timed too
 * @returns {Promise<Trial & {later: number}>} `later` is 0 if it was not timed
 */
async function replay(model, timed) {
  const {
    golden,
    card: {
      parity: { tolerance },
    },
  } = model.bundle;
  let error = 0;
  let first = 0;
  for (const { inputs, outputs } of golden) {
    const start = performance.now();
    const answer = await execute(model, inputs);
    first ||= performance.now() - start;
    error = Math.max(error, deviation(model, answer, outputs));
  }
  const later = timed ? await meanTime(() => execute(model, golden[0].inputs)) : 0;
  return { backend: model.backend, error, tolerance, first, later, passed: error <= tolerance };
}

/**
 * Largest absolute difference of any output from the recorded one.
 * @param {Model} model
 * @param {Outputs} answer
 * @param {GoldenCase['outputs']} recorded
 */
function deviation({ bundle: { card } }, answer, recorded) {
  return Math.max(
    ...card.outputs.map(({ name, shape }) => {
      const { values, shape: stored } = recorded[name];
      return difference(resampled(answer[name], shape, stored), values);
    }),
  );
}

/** Times several runs together: many clocks have a resolution of 1 ms. @param {() => Promise<unknown>} job */
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
 * Largest absolute difference; infinite if there is a NaN.
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
