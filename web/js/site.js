/**
 * What the build wrote into the page: where everything is, and what it weighs.
 * @typedef {{
 *   version: string, app: string, engine: string, pyodide: string, pyscript: string,
 *   samples: string, example: string,
 *   models: Record<string, {card: string, sha256: string, bytes: number, title: string,
 *     task: string}>,
 *   firstVisit: Record<string, number>, kept: number,
 *   snapshot: import('./snapshot.js').Site,
 * }} Site
 */

/** @type {Site} */
export const site = JSON.parse(document.getElementById('site')?.textContent ?? '');
