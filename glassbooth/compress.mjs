/**
 * Measures compressed sizes. Reads a JSON list of paths from standard input and prints, in the same
 * order, a JSON list of `{gzip, brotli}` sizes in bytes.
 */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Quality 9, as used by hosts that compress once and cache the result; 11 takes five times as long
 * and saves a few percent. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
};

/** @param {string} path */
async function measure(path) {
  const content = await readFile(path);
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content, BROTLI),
  ]);
  return { gzip: zipped.length, brotli: brotli.length };
}

/** @type {string[]} */
const paths = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(await Promise.all(paths.map(measure))));
