/** A model on a backend: loading it from its verified files, running it, releasing it. */

import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { tensor } from '@tensorflow/tfjs-core';
import { activate, whileAlive } from './backends.js';
import { EngineError } from './errors.js';

/**
 * @typedef {import('./backends.js').Backend} Backend
 * @typedef {import('./bundle.js').Bundle} Bundle
 * @typedef {import('./bundle.js').Inputs} Inputs
 * @typedef {import('./bundle.js').Outputs} Outputs
 * @typedef {import('./bundle.js').ShapedValues} ShapedValues
 * @typedef {import('./bundle.js').TensorSpec} TensorSpec
 * @typedef {import('./bundle.js').Values} Values
 * @typedef {import('@tensorflow/tfjs-converter').GraphModel} GraphModel
 * @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor
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
    modelTopology,
    signature,
    format,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: groups
      .flatMap((group) => group.paths)
      .map((path) => /** @type {ArrayBuffer} */ (files.get(path))),
  });
  return loadGraphModel({ load });
}

/**
 * @param {Model} model
 * @param {Inputs} inputs checked by `checkInputs`, or golden ones
 * @returns {Promise<Outputs>}
 */
export async function execute({ backend, graph, bundle: { card } }, inputs) {
  await activate(backend);
  const names = card.outputs.map(({ name }) => name);
  /** @type {Record<string, Tensor>} */
  const given = {};
  /** @type {Tensor[]} */
  let outputs = [];
  try {
    for (const { name, dtype } of card.inputs) {
      given[name] = tensor(inputs[name].values, inputs[name].shape, dtype);
    }
    outputs = [graph.execute(given, names)].flat();
    const reads = Promise.all(outputs.map((output) => output.data()));
    const values = /** @type {Values[]} */ (await whileAlive(backend, reads));
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  } finally {
    for (const each of [...Object.values(given), ...outputs]) each.dispose();
  }
}

/**
 * Checks that there is an array for each of the model's inputs, of its dtype and shape.
 * @param {Model} model
 * @param {Inputs} inputs
 * @throws {EngineError} `invalid`, naming the input that is missing, unknown or wrong
 */
export function checkInputs({ graph, bundle: { card } }, inputs) {
  const names = card.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new EngineError(
      'invalid',
      `${card.name} has no input '${unknown}'; its inputs are: ${names.join(', ')}.`,
    );
  }
  for (const spec of card.inputs) {
    // The graph's shape has -1 for dynamic axes.
    const shape = graph.inputs.find(({ name }) => name === spec.name)?.shape ?? spec.shape;
    const problem = mismatch(inputs[spec.name], spec.dtype, shape);
    if (problem) {
      throw new EngineError(
        'invalid',
        `${card.name}: input '${spec.name}' has to be ${spec.dtype} ` +
          `of shape [${shape}], ${problem}.`,
      );
    }
  }
}

/**
 * Description of an invalid input; empty if it is valid.
 * @param {ShapedValues | undefined} input
 * @param {TensorSpec['dtype']} dtype
 * @param {number[]} expected an axis of -1 may have any length
 */
function mismatch(input, dtype, expected) {
  if (!input) return 'but is missing';
  const { values, shape } = input;
  if (!values || !shape) return 'got no {values, shape}';
  const array = dtype === 'int32' ? Int32Array : Float32Array;
  const fits =
    shape.length === expected.length &&
    expected.every((side, axis) => side === shape[axis] || (side === -1 && shape[axis] > 0));
  const size = shape.reduce((a, b) => a * b, 1);
  return values instanceof array && values.length === size && fits
    ? ''
    : `got ${values.constructor.name} of ${values.length} for shape [${shape}]`;
}
