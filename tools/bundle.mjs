/**
 * Runs esbuild. Reads a JSON list of its build options from standard input, runs them one after
 * the other, and exits with 1 at the first that fails; esbuild has then said why.
 *
 * One option is not esbuild's: `replaced`, by path, modules whose source is to be another.
 */
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

/** @typedef {import('esbuild').BuildOptions & {replaced?: Record<string, string>}} Job */

/** @type {Job[]} */
const jobs = JSON.parse(await text(process.stdin));
for (const { replaced = {}, ...options } of jobs) {
  try {
    await build({ logLevel: 'warning', plugins: [replace(replaced)], ...options });
  } catch {
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
      onLoad({ filter: /\.js$/ }, ({ path }) => (
        path in sources ? { contents: sources[path] } : undefined));
    },
  };
}
