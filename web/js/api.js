/**
 * The local API in the service worker: passes requests to `api/…` to an open page of the app, where
 * Python answers. Requests are answered one at a time, in order; the page's own requests may run in
 * between.
 *
 *   worker to page   {api: {method, path, query, type, body}}, with a port to answer on;
 *                    `path` is what follows `api/`, `type` the content type, `body` an ArrayBuffer
 *   page to worker   'here' at once, then {status, text}
 *
 * The page's end is `api-page.js`.
 *
 * @typedef {{method: string, path: string, query: string, type: string, body: ArrayBuffer}} Question
 * @typedef {{status: number, text: string}} Answer
 */

/** A picture of 5 MB in base64, with room for the JSON around it. */
const BODY_BYTES = 7_000_000;
/** Time for a page to acknowledge a request, in ms; a frozen page does not. */
const HERE_MS = 20_000;
/** Time for Python to start, and for a large model to load over a slow network, in ms. */
const ANSWER_MS = 120_000;
const LOOK_MS = 250;

export class LocalApi {
  /** @type {Promise<unknown>} the end of the queue */
  #tail = Promise.resolve();

  /**
   * @param {ServiceWorkerGlobalScope} worker
   * @param {(url: string) => boolean} isPage returns whether an address is the app's page
   */
  constructor(worker, isPage) {
    this.clients = worker.clients;
    this.isPage = isPage;
    this.site = worker.registration.scope;
    this.root = `${this.site}api/`;
  }

  /** @param {string} url */
  owns(url) {
    return url.startsWith(this.root);
  }

  /**
   * @param {Request} request
   * @returns {Promise<Response>} JSON; {code, message} for an error
   */
  answer(request) {
    const answer = this.#tail.then(() => this.#answer(request));
    this.#tail = answer.catch(() => {});
    return answer;
  }

  /** @param {Request} request */
  async #answer(request) {
    const { method, url, headers } = request;
    const body = await read(request);
    if (!body) return respond(refusal(413, tooLarge));
    const [path, query = ''] = url.slice(this.root.length).split('#')[0].split('?');
    return this.#askPages({ method, path, query, type: headers.get('content-type') ?? '', body });
  }

  /**
   * Passes a request to a page, or to the next one if that is closed or does not answer.
   * @param {Question} question
   */
  async #askPages(question) {
    /** @type {Set<string>} */
    const asked = new Set();
    /** @type {Answer | null} */
    let unable = null;
    for (;;) {
      const pages = await this.#pages();
      const page = pages.find(({ id }) => !asked.has(id));
      if (!page) return respond(unable ?? refusal(503, pages.length ? silent : closed(this.site)));
      asked.add(page.id);
      const answer = await this.#ask(page, question);
      if (answer && answer.status !== 503) return respond(answer);
      unable = answer ?? unable;
    }
  }

  /** The app's open pages: visible ones first, then the most recently used. */
  async #pages() {
    const windows = await this.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const pages = windows.filter(({ url }) => this.isPage(url));
    /** @param {WindowClient} page */
    const hidden = (page) => Number(page.visibilityState === 'hidden');
    return pages.sort((a, b) => hidden(a) - hidden(b)); // browsers slow hidden pages down
  }

  /**
   * @param {WindowClient} page
   * @param {Question} question
   * @returns {Promise<Answer | null>} null if the page is closed, or does not answer
   */
  #ask(page, question) {
    const { port1: port, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      let limit = performance.now() + HERE_MS;
      /** @param {Answer | null} answer */
      const settle = (answer) => {
        clearInterval(look);
        port.close();
        resolve(answer);
      };
      // There is no event for a closed page, so poll.
      const look = setInterval(async () => {
        if (performance.now() > limit || !(await this.clients.get(page.id))) settle(null);
      }, LOOK_MS);
      port.onmessage = ({ data }) => {
        if (data === 'here') limit = performance.now() + ANSWER_MS;
        else settle(data);
      };
      page.postMessage({ api: question }, [port2]);
    });
  }
}

/**
 * @param {Request} request
 * @returns {Promise<ArrayBuffer | null>} null if it is too long, in which case reading stops
 */
async function read(request) {
  if (!request.body) {
    // no body, or the browser (Firefox) does not stream it
    const whole = await request.blob();
    return whole.size > BODY_BYTES ? null : whole.arrayBuffer();
  }
  const reader = request.body.getReader();
  const parts = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    if (bytes > BODY_BYTES) {
      reader.cancel();
      return null;
    }
    parts.push(part.value);
  }
  return new Blob(parts).arrayBuffer();
}

const tooLarge = 'The body is too large: a picture may have 5 MB at most.';
const silent =
  'The page of the app does not answer: bring it to the front or reload it, and ' + 'ask again.';

/** @param {string} site */
const closed = (site) => `No page of the app is open: open ${site} in a tab, and ask again.`;

/** @param {number} code @param {string} message @returns {Answer} */
function refusal(code, message) {
  return { status: code, text: JSON.stringify({ code, message }) };
}

/** @param {Answer} answer */
function respond({ status, text }) {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return new Response(text, { status, headers });
}
