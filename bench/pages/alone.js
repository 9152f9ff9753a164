/**
 * What the exhibit `identify` does, in JavaScript alone, for `bench.identify_call`: the same
 * decoding, the same resize (a triangle filter as wide as two new pixels), the same engine in its
 * worker, the same five guesses; and it shows the picture and the guesses, as the exhibit does.
 */

/** @typedef {{decode: number, prepare: number, run: number, read: number, total: number,
 *   guesses: {className: string, probability: number}[]}} Call */

export class Identifier {
  #handle = 0;
  #calls = 0;

  /** @param {string} engine folder @param {{card: string, sha256: string}} model */
  constructor(engine, model) {
    this.worker = new Worker(`${engine}worker.js`, { type: 'module' });
    this.model = model;
  }

  async load() {
    const url = new URL(this.model.card, document.baseURI).href;
    const loaded = await this.#call('load', [{ url, sha256: this.model.sha256, backend: 'wasm' }]);
    this.#handle = loaded.handle;
    this.card = JSON.parse(loaded.card);
  }

  /** @param {Blob} file @returns {Promise<Call>} */
  async identify(file) {
    const start = performance.now();
    const pixels = await decode(file);
    const decoded = performance.now();
    const [, height, width] = this.card.inputs[0].shape;
    const values = prepare(pixels, [height, width], this.card.preprocessing);
    const prepared = performance.now();
    const [scores] = await this.#call(
      'run', [this.#handle, values, [1, height, width, 3]], [values.buffer]);
    const answered = performance.now();
    const guesses = read(scores, this.card.labels);
    const end = performance.now();
    document.getElementById('guesses')?.replaceChildren(...guesses.map(listed));
    return {
      decode: decoded - start, prepare: prepared - decoded, run: answered - prepared,
      read: end - answered, total: end - start, guesses,
    };
  }

  /**
   * @param {string} verb @param {unknown[]} args @param {Transferable[]} transfer
   * @returns {Promise<any>}
   */
  #call(verb, args, transfer = []) {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      const hear = (/** @type {MessageEvent} */ { data }) => {
        if (data.id !== id) return;
        this.worker.removeEventListener('message', hear);
        if (data.error) reject(new Error(data.error.message));
        else resolve(data.result);
      };
      this.worker.addEventListener('message', hear);
      this.worker.postMessage({ id, verb, args }, transfer);
    });
  }
}

/** @param {Blob} file */
async function decode(file) {
  const bitmap = await createImageBitmap(
    file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true, alpha: false }));
  context.fillStyle = '#fff';
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  const shown = /** @type {HTMLCanvasElement} */ (document.getElementById('photo'));
  [shown.width, shown.height] = [bitmap.width, bitmap.height];
  shown.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * @param {ImageData} pixels @param {[number, number]} shape
 * @param {{mean?: number, std?: number, crop?: number, fit?: string}} preprocessing
 */
function prepare({ data, width, height }, shape, { mean = 0, std = 255, crop = 1, fit = 'crop' }) {
  const side = Math.round(Math.min(height, width) * crop);
  const [rows, columns] = fit === 'crop' ? [side, side] : [height, width];
  const top = Math.floor((height - rows) / 2);
  const left = Math.floor((width - columns) / 2);
  const down = taps(rows, shape[0]);
  const across = taps(columns, shape[1]);
  const strip = new Float32Array(columns * 3);
  const values = new Float32Array(shape[0] * shape[1] * 3);
  let at = 0;
  for (const column of down) {
    strip.fill(0);
    for (const [row, weight] of column) {
      let from = ((top + row) * width + left) * 4;
      for (let i = 0; i < strip.length; i += 3, from += 4) {
        strip[i] += data[from] * weight;
        strip[i + 1] += data[from + 1] * weight;
        strip[i + 2] += data[from + 2] * weight;
      }
    }
    for (const weights of across) {
      let [red, green, blue] = [0, 0, 0];
      for (const [place, weight] of weights) {
        red += strip[place * 3] * weight;
        green += strip[place * 3 + 1] * weight;
        blue += strip[place * 3 + 2] * weight;
      }
      values[at++] = (red - mean) / std;
      values[at++] = (green - mean) / std;
      values[at++] = (blue - mean) / std;
    }
  }
  return values;
}

/** Which old pixels each new one takes, and how much of each. @param {number} old @param {number} fresh */
function taps(old, fresh) {
  const scale = old / fresh;
  const reach = Math.max(scale, 1);
  return Array.from({ length: fresh }, (_, i) => {
    const centre = (i + 0.5) * scale;
    /** @type {[number, number][]} */
    const found = [];
    for (let p = Math.max(0, Math.floor(centre - reach)); p < Math.min(old, centre + reach); p++) {
      const weight = 1 - Math.abs(p + 0.5 - centre) / reach;
      if (weight > 0) found.push([p, weight]);
    }
    const sum = found.reduce((total, [, weight]) => total + weight, 0);
    return found.map(([p, weight]) => /** @type {[number, number]} */ ([p, weight / sum]));
  });
}

/** @param {{className: string, probability: number}} guess */
function listed({ className, probability }) {
  const item = document.createElement('li');
  item.style.setProperty('--p', String(probability));
  for (const text of [className, `${(probability * 100).toFixed(1)} %`]) {
    item.append(Object.assign(document.createElement('span'), { textContent: text }));
  }
  return item;
}

/** @param {Float32Array} scores @param {string[]} labels */
function read(scores, labels) {
  let values = Array.from(scores);
  if (Math.min(...values) < -0.01 || Math.max(...values) > 1.01) {
    const largest = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    values = powers.map((power) => power / sum);
  }
  const best = values.map((_, i) => i).sort((a, b) => values[b] - values[a]).slice(0, 5);
  return best.map((i) => ({ className: labels[i], probability: values[i] }));
}
