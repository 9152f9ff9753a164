/** A model on a backend: loaded from its verified files, run, and given back. */
import { tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { activate, whileAlive } from './backends.js';
import { EngineError } from './errors.js';

/**
 * @typedef {import('./backends.js').Backend} Backend
 * @typedef {import('./bundle.js').Bundle} Bundle
 * @typedef {import('./bundle.js').Values} Values
 * @typedef {import('@tensorflow/tfjs-converter').GraphModel} GraphModel
 * @typedef {{bundle: Bundle, backend: Backend, graph: GraphModel}} Model
 */

/** @param {Model} model */
export async function release({ backend, graph }) {
  await activate(backend);
  graph.dispose();
}

/**
 * @param {Bundle} bundle
 * @returns {Promise<GraphModel>}
 */
export function loadGraph({ files }) {
  const text = new TextDecoder().decode(files.get('model.json'));
  const { modelTopology, weightsManifest, signature, format } = JSON.parse(text);
  /** @type {{paths: string[], weights: any[]}[]} */
  const groups = weightsManifest;
  const load = async () => ({
    modelTopology, signature, format,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: groups.flatMap((group) => group.paths).map((path) => (
      /** @type {ArrayBuffer} */ (files.get(path)))),
  });
  return loadGraphModel({ load });
}


/**
 * @param {Model} model
 * @param {Values} values
 * @param {number[]} shape
 * @returns {Promise<Values[]>}
 */
export async function execute({ backend, graph, bundle: { card } }, values, shape) {
  await activate(backend);
  const [{ name, dtype }] = card.inputs;
  const input = tensor(values, shape, dtype);
  /** @type {import('@tensorflow/tfjs-core').Tensor[]} */
  let outputs = [];
  try {
    const result = graph.execute({ [name]: input }, card.outputs.map((output) => output.name));
    outputs = Array.isArray(result) ? result : [result];
    const reads = Promise.all(outputs.map((output) => output.data()));
    return /** @type {Values[]} */ (await whileAlive(backend, reads));
  } finally {
    input.dispose();
    for (const output of outputs) output.dispose();
  }
}

/**
 * @param {Model} model
 * @param {Values} values
 * @param {number[]} shape
 */
export function checkInput({ graph, bundle: { card } }, values, shape) {
  const { dtype, shape: named } = card.inputs[0];
  const array = dtype === 'int32' ? Int32Array : Float32Array;
  const expected = graph.inputs[0].shape ?? named; // a side of -1 may be any
  const fits = shape.length === expected.length
    && expected.every((side, axis) => side === shape[axis] || (side === -1 && shape[axis] > 0));
  const size = shape.reduce((a, b) => a * b, 1);
  if (!(values instanceof array) || values.length !== size || !fits) {
    throw new EngineError('invalid',
      `${card.name} takes ${dtype} of shape [${expected}], got ${values.constructor.name} of `
      + `${values.length} for shape [${shape}].`);
  }
}
