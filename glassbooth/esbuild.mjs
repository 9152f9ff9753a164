/**
 * Runs esbuild. Reads a JSON list of build options from standard input and runs them in order.
 * Exits with 1 at the first failure, after esbuild has reported it.
 *
 * Two options are not esbuild's: `replaced` maps the paths of modules to replacement sources;
 * `inputs` names a file that gets the JSON list of the paths of all modules read.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

/**
 * @typedef {import('esbuild').BuildOptions & {replaced?: Record<string, string>, inputs?: string}
 *   } Job
 */

/** @type {Job[]} */
const jobs = JSON.parse(await text(process.stdin));
for (const { replaced = {}, inputs = '', ...options } of jobs) {
  try {
    const plugins = [replace(replaced)];
    const { metafile } = await build({
      logLevel: 'warning',
      metafile: inputs !== '',
      plugins,
      ...options,
    });
    if (metafile) {
      const paths = Object.keys(metafile.inputs)
        .map((path) => resolve(path))
        .filter(existsSync);
      await writeFile(inputs, JSON.stringify(paths));
    }
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error)) console.error(error); // esbuild has logged its own errors
    process.exit(1);
  }
}

/**
 * @param {Record<string, string>} sources
 * @returns {import('esbuild').Plugin}
 */
function replace(sources) {
  return {
    name: 'replace',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) =>
        path in sources ? { contents: sources[path] } : undefined,
      );
    },
  };
}
