/**
 * Runs esbuild. Reads a JSON list of its build options from standard input, runs them one after
 * the other, and exits with 1 at the first that fails; esbuild has then said why.
 */
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

/** @type {import('esbuild').BuildOptions[]} */
const jobs = JSON.parse(await text(process.stdin));
for (const options of jobs) {
  try {
    await build({ logLevel: 'warning', ...options });
  } catch {
    process.exit(1);
  }
}
