// Runs the networks of bundles over many inputs each, through TF.js in Node.
//
//   node parity.mjs REQUEST.json
//
// The request names the backend, and for each network model.json and two files of raw little-endian
// arrays: one to read, with each case's inputs in order, and one to write, with each case's
// outputs. For each network one line of JSON goes to standard output: the time of each case in
// milliseconds and what the outputs turned out to be, or an error.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

/** @typedef {{ name: string, shape: number[], dtype: "float32" | "int32" }} Tensor */
/** @typedef {{ name: string, dtype?: "float32" | "int32" }} Wanted */
/** @typedef {{ shape: number[], dtype: "float32" | "int32", bytes: Buffer }} Made */
/** @typedef {{ paths: string[], weights: tf.io.WeightsManifestEntry[] }} Group */

const ARRAYS = { float32: Float32Array, int32: Int32Array };

/**
 * Loads the model as a browser would, with files in place of requests.
 *
 * @param {string} path of model.json
 */
async function load(path) {
  const { weightsManifest, ...model } = JSON.parse(readFileSync(path, 'utf8'));
  /** @type {Group[]} */
  const groups = weightsManifest;
  const shards = groups.flatMap((group) => group.paths);
  const bytes = Buffer.concat(shards.map((shard) => readFileSync(join(dirname(path), shard))));
  const weightData = new Uint8Array(bytes).buffer;
  const weightSpecs = groups.flatMap((group) => group.weights);
  return loadGraphModel({ load: async () => ({ ...model, weightSpecs, weightData }) });
}

/**
 * Cuts the inputs of one case out of the file.
 *
 * @param {Tensor[]} inputs
 * @param {ArrayBuffer} buffer the file
 * @param {number} start where the case starts, in bytes
 */
function cut(inputs, buffer, start) {
  let offset = start;
  return Object.fromEntries(
    inputs.map(({ name, shape, dtype }) => {
      const length = shape.reduce((product, side) => product * side, 1);
      const values = new ARRAYS[dtype](buffer, offset, length);
      offset += values.byteLength;
      return [name, tf.tensor(values, shape, dtype)];
    }),
  );
}

/**
 * Returns a tensor's content. TF.js may keep numbers in a narrower array than their type's, and
 * some kernels say that there are more than there are.
 *
 * @param {tf.Tensor} tensor
 * @param {Wanted} wanted
 * @returns {Promise<Made>}
 */
async function read(tensor, wanted) {
  const dtype = wanted.dtype ?? (tensor.dtype === 'float32' ? 'float32' : 'int32');
  const values = ARRAYS[dtype].from(await tensor.data());
  const shape = tensor.size === values.length ? tensor.shape : [values.length];
  return { shape, dtype, bytes: Buffer.from(values.buffer) };
}

/**
 * Runs one case; returns its outputs.
 *
 * @param {import("@tensorflow/tfjs-converter").GraphModel} model
 * @param {tf.NamedTensorMap} tensors the inputs, which it disposes of
 * @param {Wanted[]} wanted the outputs
 */
async function run(model, tensors, wanted) {
  const names = wanted.map(({ name }) => name);
  const outputs = [model.execute(tensors, names)].flat();
  const made = await Promise.all(outputs.map((output, index) => read(output, wanted[index])));
  tf.dispose([outputs, tensors]);
  return made;
}

/**
 * Runs one network over its cases; returns the time of each, and the last one's outputs.
 *
 * @param {{ model: string, inputs: Tensor[], outputs: Wanted[], cases: number, given: string,
 *   made: string }} request
 */
async function replay(request) {
  const model = await load(request.model);
  const buffer = new Uint8Array(readFileSync(request.given)).buffer;
  /** @type {Buffer[]} */
  const bytes = [];
  /** @type {Made[]} */
  let made = [];
  const times = [];
  const size = buffer.byteLength / request.cases;
  for (let number = 0; number < request.cases; number += 1) {
    const tensors = cut(request.inputs, buffer, number * size);
    const began = performance.now();
    made = await run(model, tensors, request.outputs);
    times.push(performance.now() - began);
    bytes.push(...made.map((each) => each.bytes));
  }
  model.dispose();
  writeFileSync(request.made, Buffer.concat(bytes));
  return { times, outputs: made.map(({ shape, dtype }) => ({ shape, dtype })) };
}

/** @param {string} path of the request */
async function main(path) {
  const { backend, networks } = JSON.parse(readFileSync(path, 'utf8'));
  tf.enableProdMode(); // quiet
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // threads would keep Node from ending
  if (!(await tf.setBackend(backend))) {
    throw new Error(`backend ${backend} does not start here`);
  }
  for (const network of networks) {
    try {
      console.log(JSON.stringify(await replay(network)));
    } catch (error) {
      console.log(JSON.stringify({ error: error instanceof Error ? error.message : `${error}` }));
    }
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
