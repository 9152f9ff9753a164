// Runs the networks of bundles over many inputs each, through TF.js in Node.
//
//   node parity.mjs REQUEST.json
//
// The request names the backend, and for each network model.json and two files of raw little-endian
// arrays: one to read, with each case's inputs in order, and one to write, with each case's
// outputs. For each network one line of JSON goes to standard output: the time of each case in
// milliseconds, or an error.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";

/** @typedef {{ name: string, shape: number[], dtype: "float32" | "int32" }} Tensor */
/** @typedef {{ paths: string[], weights: tf.io.WeightsManifestEntry[] }} Group */

const ARRAYS = { float32: Float32Array, int32: Int32Array };

/**
 * Loads the model as a browser would, with files in place of requests.
 *
 * @param {string} path of model.json
 */
async function load(path) {
  const { weightsManifest, ...model } = JSON.parse(readFileSync(path, "utf8"));
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
 * Runs one case; returns its outputs as bytes.
 *
 * @param {import("@tensorflow/tfjs-converter").GraphModel} model
 * @param {tf.NamedTensorMap} tensors the inputs, which it disposes of
 * @param {Tensor[]} wanted the outputs; TF.js may keep a number in a narrower array than its type's
 */
async function run(model, tensors, wanted) {
  const names = wanted.map(({ name }) => name);
  const outputs = [model.execute(tensors, names)].flat();
  const data = await Promise.all(outputs.map((output) => output.data()));
  const arrays = data.map((values, index) => ARRAYS[wanted[index].dtype].from(values));
  tf.dispose([outputs, tensors]);
  return arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
}

/**
 * Runs one network over its cases; returns the time of each.
 *
 * @param {{ model: string, inputs: Tensor[], outputs: Tensor[], cases: number, given: string,
 *   made: string }} request
 */
async function replay(request) {
  const model = await load(request.model);
  const buffer = new Uint8Array(readFileSync(request.given)).buffer;
  /** @type {Buffer[]} */
  const outputs = [];
  const times = [];
  const size = buffer.byteLength / request.cases;
  for (let number = 0; number < request.cases; number += 1) {
    const tensors = cut(request.inputs, buffer, number * size);
    const began = performance.now();
    outputs.push(...(await run(model, tensors, request.outputs)));
    times.push(performance.now() - began);
  }
  model.dispose();
  writeFileSync(request.made, Buffer.concat(outputs));
  return times;
}

/** @param {string} path of the request */
async function main(path) {
  const { backend, networks } = JSON.parse(readFileSync(path, "utf8"));
  tf.enableProdMode(); // quiet
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // threads would keep Node from ending
  if (!(await tf.setBackend(backend))) {
    throw new Error(`backend ${backend} does not start here`);
  }
  for (const network of networks) {
    try {
      console.log(JSON.stringify({ times: await replay(network) }));
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
