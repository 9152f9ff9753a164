/**
 * Compresses files as a host does that keeps the result. Reads a JSON list of [path, path without
 * ending] from standard input and writes `.gz` and `.br` beside each of the latter.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** As `tools/compress.mjs` counts. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
};

/** @type {[string, string][]} */
const jobs = JSON.parse(await text(process.stdin));
for (const [source, target] of jobs) {
  const content = await readFile(source);
  await writeFile(`${target}.gz`, gzipSync(content, { level: 9 }));
  await writeFile(`${target}.br`, brotliCompressSync(content, BROTLI));
}
