/**
 * Fetches a bundle: the card, the files it lists, the golden vectors. Every file is checked
 * against its SHA-256 before it is used.
 */
import { EngineError } from './errors.js';

/**
 * @typedef {{path: string, bytes: number, sha256: string}} FileEntry
 * @typedef {'float32'|'int32'|'int8'|'uint8'} DType
 * @typedef {{name: string, shape: number[], dtype: 'float32'|'int32'}} TensorSpec
 * @typedef {{offset: number, shape: number[], dtype: DType, scale: number}} Stored
 * @typedef {{
 *   name: string, version: string, files: FileEntry[],
 *   inputs: TensorSpec[], outputs: TensorSpec[], parity: {tolerance: number},
 *   golden: {path: string, cases: {inputs: Stored[], outputs: Stored[]}[]},
 * }} Card the fields of card.json that the engine reads
 * @typedef {Float32Array | Int32Array} Values
 * @typedef {{values: Values, shape: number[]}} ShapedValues
 * @typedef {Record<string, ShapedValues>} Inputs by the names of the card's inputs
 * @typedef {Record<string, Values>} Outputs by the names of the card's outputs
 * @typedef {{inputs: Inputs, outputs: Record<string, ShapedValues>}} GoldenCase
 * @typedef {{card: Card, text: string, files: Map<string, ArrayBuffer>, golden: GoldenCase[]}} Bundle
 */

/**
 * @param {string} url of the card
 * @param {string} sha256 of the card, in hex
 * @param {(bytes: number) => void} onBytes called with the number of bytes just received
 * @returns {Promise<Bundle>}
 */
export async function fetchBundle(url, sha256, onBytes) {
  const text = new TextDecoder().decode(await fetchVerified(url, { sha256 }, onBytes));
  const card = /** @type {Card} */ (JSON.parse(text));
  const entries = await Promise.all(
    card.files.map(async (file) => {
      const data = await fetchVerified(new URL(file.path, url).href, file, onBytes);
      return /** @type {const} */ ([file.path, data]);
    }),
  );
  const files = new Map(entries);
  return { card, text, files, golden: readGolden(card, files) };
}

/**
 * Fetches one file. If its bytes do not match, it is fetched once more, past the HTTP cache.
 * @param {string} url
 * @param {{sha256: string, bytes?: number}} expected
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchVerified(url, expected, onBytes) {
  let answer = '';
  for (const cache of /** @type {const} */ (['default', 'reload'])) {
    const response = await request(url, cache, expected.sha256);
    const data = await read(response, onBytes);
    if (!crypto.subtle || (await digest(data)) === expected.sha256) return data;
    onBytes(-data.byteLength);
    answer = describe(response, data);
  }
  throw new EngineError(
    'corrupt',
    `${name(url)} arrived damaged: the host sent ${answer} instead of the published file. ` +
      'Nothing of it was kept. Try again; if it persists, the site has to be uploaded anew.',
  );
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 * @param {string} sha256
 */
async function request(url, cache, sha256) {
  // Without a secure context there is no crypto.subtle: use the fetch option `integrity`.
  const integrity = crypto.subtle ? undefined : `sha256-${base64(sha256)}`;
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { cache, integrity });
  } catch {
    throw new EngineError(
      'network',
      `${name(url)} could not be fetched. Check the network connection and try again.`,
    );
  }
  if (response.ok) return response;
  throw new EngineError(
    'missing',
    `${name(url)} is missing on the host (HTTP ${response.status}). ` +
      'Try again; if it persists, the site has to be uploaded anew.',
  );
}

/**
 * @param {Response} response
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<ArrayBuffer>}
 */
async function read(response, onBytes) {
  if (!response.body) {
    const data = await response.arrayBuffer();
    onBytes(data.byteLength);
    return data;
  }
  const counter = new TransformStream({
    transform(chunk, controller) {
      onBytes(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  try {
    return await new Response(response.body.pipeThrough(counter)).arrayBuffer();
  } catch {
    throw new EngineError(
      'network',
      `${name(response.url)} broke off half-way. Check the network connection and try again.`,
    );
  }
}

/** @param {ArrayBuffer} data */
async function digest(data) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} hex */
function base64(hex) {
  const bytes = hex.match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16))));
}

/**
 * @param {Response} response
 * @param {ArrayBuffer} data
 */
function describe(response, data) {
  const html = response.headers.get('content-type')?.includes('text/html');
  return html ? 'a web page' : `${data.byteLength} other bytes`;
}

/** @param {string} url */
const name = (url) => new URL(url).pathname.split('/').pop() ?? url;

/**
 * Reads the golden vectors. Inputs have the shapes of the card's inputs; outputs may be subsampled.
 * @param {Card} card
 * @param {Map<string, ArrayBuffer>} files
 * @returns {GoldenCase[]}
 */
function readGolden(card, files) {
  const data = /** @type {ArrayBuffer} */ (files.get(card.golden.path));
  return card.golden.cases.map(({ inputs, outputs }) => ({
    inputs: named(card.inputs, ({ shape, dtype }, i) => ({
      values: resampled(readStored(data, inputs[i], dtype), inputs[i].shape, shape),
      shape,
    })),
    outputs: named(card.outputs, ({ dtype }, i) => ({
      values: readStored(data, outputs[i], dtype),
      shape: outputs[i].shape,
    })),
  }));
}

/**
 * @param {TensorSpec[]} specs
 * @param {(spec: TensorSpec, position: number) => ShapedValues} read
 */
function named(specs, read) {
  return Object.fromEntries(specs.map((spec, i) => [spec.name, read(spec, i)]));
}

const ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

/**
 * @param {ArrayBuffer} data
 * @param {Stored} stored
 * @param {'float32'|'int32'} dtype
 * @returns {Values}
 */
function readStored(data, { offset, shape, dtype: kind, scale }, dtype) {
  const values = new ARRAYS[kind](
    data,
    offset,
    shape.reduce((a, b) => a * b, 1),
  );
  return dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values, (v) => v * scale);
}

/**
 * Resamples an array to another shape by nearest neighbour: stored inputs are enlarged in blocks,
 * outputs are subsampled at even strides. `web/py/card.py` does the same.
 * @param {Values} values
 * @param {number[]} from shape of the values
 * @param {number[]} to of the same rank
 * @returns {Values}
 */
export function resampled(values, from, to) {
  if (String(from) === String(to)) return values;
  let places = Int32Array.of(0);
  to.forEach((side, axis) => {
    const finer = new Int32Array(places.length * side);
    let count = 0;
    for (const place of places) {
      for (let i = 0; i < side; i++) {
        finer[count++] = place * from[axis] + Math.floor((i * from[axis]) / side);
      }
    }
    places = finer;
  });
  const made = new ARRAYS[values instanceof Int32Array ? 'int32' : 'float32'](places.length);
  return /** @type {Values} */ (made).map((_, i) => values[places[i]]);
}
