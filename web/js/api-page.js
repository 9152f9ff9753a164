/**
 * The page's end of the local API: acknowledges requests at once, and queues them until Python has
 * started. `api.js` describes the messages.
 *
 * @typedef {import('./api.js').Question} Question
 * @typedef {(status: number, text: string) => void} Reply
 */

export class ApiPage {
  /** @type {(answer: (question: Question, reply: Reply) => void) => void} */
  #decide = () => {};
  /** @type {Promise<(question: Question, reply: Reply) => void>} */
  #answer = new Promise((resolve) => {
    this.#decide = resolve;
  });

  constructor() {
    navigator.serviceWorker?.addEventListener('message', async ({ data, ports: [port] }) => {
      if (!data.api) return;
      /** @type {Reply} */
      const reply = (status, text) => port.postMessage({ status, text });
      port.postMessage('here');
      const answer = await this.#answer;
      try {
        answer(data.api, reply);
      } catch (error) {
        refuse(
          reply,
          `Python has stopped: ${/** @type {Error} */ (error).message}. Reload the app.`,
        );
      }
    });
  }

  /**
   * Calls `answer` with each request, including queued ones.
   * @param {(question: Question, reply: Reply) => void} answer
   */
  serve(answer) {
    this.#decide(answer);
  }

  /** Refuses all requests, as Python did not start. @param {string} message */
  refuse(message) {
    this.serve((_, reply) => refuse(reply, message));
  }
}

/** @param {Reply} reply @param {string} message */
function refuse(reply, message) {
  reply(503, JSON.stringify({ code: 503, message }));
}
