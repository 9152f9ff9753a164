/**
 * Site data that the build writes into the page: addresses and sizes of files, models and exhibits.
 * `web/py/host/site.py` reads the same JSON.
 *
 * @typedef {object} Site
 * @property {string} version
 * @property {string} app addresses of folders, each with a slash at the end
 * @property {string} engine
 * @property {string} pyodide
 * @property {string} pyscript
 * @property {string} example
 * @property {string} title
 * @property {Record<string, ModelEntry>} models
 * @property {ExhibitEntry[]} exhibits
 * @property {Record<string, unknown>} kiosk
 * @property {Record<string, number>} firstVisit bytes by address
 * @property {number} kept bytes of all files that are kept for offline use
 * @property {import('./snapshot.js').Site} snapshot
 *
 * @typedef {object} ModelEntry
 * @property {string} card address of card.json
 * @property {string} sha256 of the card
 * @property {number} bytes of the bundle
 * @property {string} title
 * @property {string} input
 * @property {string} output
 *
 * @typedef {object} ExhibitEntry
 * @property {string} name
 * @property {string} page
 * @property {string} title
 * @property {string} text
 * @property {string} label
 * @property {string[]} models
 * @property {string} samples
 * @property {boolean} kiosk
 */

/** @type {Site} */
export const site = JSON.parse(document.getElementById('site')?.textContent ?? '');
