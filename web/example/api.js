/**
 * A front end as one would write it for an endpoint on a server: list the networks, send a
 * picture, show the answer. Only the first lines are about where the endpoint is.
 */
const endpoint = new URL('../api/', document.baseURI);
const { serviceWorker } = navigator;

/** @type {(id: string) => any} */
const element = (id) => document.getElementById(id);

// Until the app has been open once, nobody listens at that address; then it is a matter of time.
if (serviceWorker?.controller) connect();
else say('Not connected: open the app in another tab, until it says “Works offline” below.');
serviceWorker?.addEventListener('controllerchange', connect);
element('file').addEventListener('change', send);
element('model').addEventListener('change', send);

async function connect() {
  const answer = await ask('models');
  if (!answer) return;
  element('model').replaceChildren(
    ...answer.models.map(
      (/** @type {any} */ { name, title }) => new Option(`${title} (${name})`, name),
    ),
  );
  for (const id of ['model', 'file']) element(id).disabled = false;
  say('Connected: choose a picture.');
}

async function send() {
  const [picture] = element('file').files;
  if (!picture) return;
  element('answer').hidden = true;
  element('picture').src = URL.createObjectURL(picture);
  element('picture').hidden = false;
  say('Asking');
  const start = performance.now();
  const answer = await ask(`predict/${element('model').value}`, { method: 'POST', body: picture });
  if (!answer) return;
  say(`Answered in ${Math.round(performance.now() - start)} ms.`);
  element('answer').textContent = JSON.stringify(answer, null, 2);
  element('answer').hidden = false;
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the answer; null if there is none, after saying why
 */
async function ask(path, options) {
  const response = await fetch(new URL(path, endpoint), options);
  const answer = await response.json();
  if (response.ok) return answer;
  say(`${answer.code}: ${answer.message}`);
  return null;
}

/** @param {string} text */
function say(text) {
  element('status').textContent = text;
}
