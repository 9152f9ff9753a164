/**
 * The interface of JavaScript to Python: the global object `glassbooth`. `web/py/host/boundary.py`
 * declares the same names, and a test compares the two. State is passed as values and arguments;
 * neither side reads it from the document.
 *
 * @typedef {object} Boundary
 * @property {Engine} engine
 * @property {import('./site.js').Site} site data that the build writes into the page
 * @property {LocalApi} api
 * @property {OfflineModels} offlineModels
 * @property {Downloads} downloads
 * @property {Update} update
 * @property {Pages} pages
 * @property {Pens} pens
 * @property {Kiosk} kiosk
 * @property {(state: State) => void} setState sets the page's state, for styles and scripts
 *
 * @typedef {'booting' | 'ready' | 'failed'} State
 *
 * The engine's verbs; `bridge.js`. Promises are rejected with an `EngineError` of `errors.js`.
 * @typedef {object} Engine
 * @property {(name: string) => Promise<Loaded>} load
 * @property {(name: string, backend: import('./engine.js').Backend) => Promise<Loaded>} loadOn
 * @property {(handle: number, inputs: import('./bundle.js').Inputs)
 *   => Promise<import('./bundle.js').Outputs>} run
 * @property {(handle: number) => Promise<void>} dispose
 * @property {() => Promise<void>} rebuild
 * @property {() => Promise<Stats>} stats
 *
 * @typedef {object} Loaded
 * @property {number} handle
 * @property {string} card the content of card.json
 * @property {string} backend
 * @property {Trial[]} trials
 *
 * @typedef {object} Trial
 * @property {string} backend
 * @property {boolean} passed
 * @property {number} [error] largest absolute difference
 * @property {number} [tolerance]
 * @property {number} [first] ms
 * @property {number} [later] ms
 * @property {string} [reason] why there are no figures
 *
 * @typedef {object} Stats
 * @property {number} tensors
 * @property {number} bytes
 * @property {number} recoveries
 * @property {number} runMs
 * @property {number} threads
 * @property {LoadedModel[]} models
 *
 * @typedef {object} LoadedModel
 * @property {string} name
 *
 * The local API's end on the page; `api-page.js`.
 * @typedef {object} LocalApi
 * @property {(answer: (question: Question, reply: (status: number, text: string) => void) => void)
 *   => void} serve
 *
 * @typedef {object} Question
 * @property {string} method
 * @property {string} path
 * @property {string} query
 * @property {string} type
 * @property {ArrayBuffer} body
 *
 * Models kept for offline use; `offline_models.js`.
 * @typedef {object} OfflineModels
 * @property {boolean} possible whether the page can keep anything
 * @property {(name: string) => Promise<boolean>} has
 * @property {(name: string, onBytes: (bytes: number) => void) => Promise<void>} keep
 * @property {(name: string) => Promise<void>} remove
 *
 * Download progress of models; `progress.js`.
 * @typedef {object} Downloads
 * @property {(name: string, watcher: (done: number, total: number) => void) => () => void} watch
 *   returns a function that ends it
 *
 * A newer version of the site.
 * @typedef {object} Update
 * @property {boolean} waiting
 * @property {() => void} accept reloads the page in the newer version
 *
 * Elements of generated pages; `pages.js`.
 * @typedef {object} Pages
 * @property {(name: string) => HTMLElement} content
 *
 * Pens by the ids of their canvases; `pen.js`.
 * @typedef {object} Pens
 * @property {(canvas: string) => Pen | undefined} get
 *
 * The pen of a canvas. Places are shares of its side.
 * @typedef {object} Pen
 * @property {(x: number, y: number) => void} put
 * @property {(x: number, y: number) => void} drawTo
 * @property {() => void} clear
 *
 * The kiosk's lock; `kiosk.js`.
 * @typedef {object} Kiosk
 * @property {string[]} exhibits the kiosk's exhibits; empty if the page is not a kiosk
 * @property {string[]} known all exhibits that a kiosk can show
 * @property {number} touched time of the last touch or key, on the page's clock
 * @property {Heartbeat | null} heartbeat
 *
 * `heartbeat.js`.
 * @typedef {object} Heartbeat
 * @property {() => void} beat
 * @property {number} patienceMs
 * @property {boolean} mayReload
 * @property {Recovery[]} recoveries
 * @property {(reason: string, remedy: Remedy) => void} record
 * @property {(reason: string) => void} reload
 *
 * @typedef {'engine' | 'restart' | 'rebuild' | 'reload'} Remedy
 *
 * @typedef {object} Recovery
 * @property {number} at time of the last occurrence, in ms since 1970
 * @property {string} reason
 * @property {Remedy} remedy
 * @property {number} times occurrences in a row
 */

/**
 * Publishes the boundary to Python.
 * @param {Boundary} boundary
 */
export function publish(boundary) {
  Object.assign(globalThis, { glassbooth: boundary });
}
