/**
 * What the kinds do for digits and photographs, in JavaScript alone: the same decoding, the same
 * resize (a triangle filter as wide as two new pixels), the same five guesses, and what is shown.
 */

/** @param {Blob} file */
export async function decode(file) {
  const bitmap = await createImageBitmap(file, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  );
  context.fillStyle = '#fff';
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  const shown = /** @type {HTMLCanvasElement} */ (document.getElementById('given'));
  [shown.width, shown.height] = [bitmap.width, bitmap.height];
  shown.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * @param {ImageData} pixels @param {[number, number]} shape
 * @param {{mean?: number, std?: number, crop?: number, fit?: string}} options of the card's input
 * @param {boolean} planar whether all of a channel comes before the next
 */
export function prepare(
  { data, width, height },
  shape,
  { mean = 0, std = 255, crop = 1, fit = 'crop' },
  planar = false,
) {
  const side = Math.round(Math.min(height, width) * crop);
  const [rows, columns] = fit === 'crop' ? [side, side] : [height, width];
  const top = Math.floor((height - rows) / 2);
  const left = Math.floor((width - columns) / 2);
  const down = taps(rows, shape[0]);
  const across = taps(columns, shape[1]);
  const strip = new Float32Array(columns * 3);
  const values = new Float32Array(shape[0] * shape[1] * 3);
  const [step, plane] = planar ? [1, shape[0] * shape[1]] : [3, 1];
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
      values[at] = (red - mean) / std;
      values[at + plane] = (green - mean) / std;
      values[at + 2 * plane] = (blue - mean) / std;
      at += step;
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
export function listed({ className, probability }) {
  const item = document.createElement('li');
  item.style.setProperty('--p', String(probability));
  for (const text of [className, `${(probability * 100).toFixed(1)} %`]) {
    item.append(Object.assign(document.createElement('span'), { textContent: text }));
  }
  return item;
}

/** @param {Float32Array} scores @param {string[]} labels */
export function read(scores, labels) {
  let values = Array.from(scores);
  if (Math.min(...values) < -0.01 || Math.max(...values) > 1.01) {
    const largest = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    values = powers.map((power) => power / sum);
  }
  const best = values
    .map((_, i) => i)
    .sort((a, b) => values[b] - values[a])
    .slice(0, 5);
  return best.map((i) => ({ className: labels[i], probability: values[i] }));
}

/** Side of the box that a digit is scaled to fill, and of the picture that it is placed on. */
const BOX = 20;
const SIDE = 28;

/**
 * A drawing as MNIST places its digits: scaled by area, its centre of mass in the middle, its
 * strongest ink 1. @param {ImageData} drawing
 */
export function prepareDigit({ data, width, height }) {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!data[(y * width + x) * 4 + 3]) continue;
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  const scale = BOX / Math.max(rows, columns);
  const [high, wide] = [rows, columns].map((side) => Math.max(1, Math.round(side * scale)));
  const digit = new Float32Array(high * wide);
  let [sum, sumY, sumX, strongest] = [0, 0, 0, 0];
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const ink = area(
        data,
        width,
        top + (y * rows) / high,
        left + (x * columns) / wide,
        rows / high,
        columns / wide,
      );
      digit[y * wide + x] = ink;
      [sum, sumY, sumX] = [sum + ink, sumY + ink * y, sumX + ink * x];
      strongest = Math.max(strongest, ink);
    }
  }
  const place = (/** @type {number} */ mean, /** @type {number} */ side) =>
    Math.min(Math.max(Math.round(SIDE / 2 - mean), 0), SIDE - side);
  const [down, across] = [place(sumY / sum, high), place(sumX / sum, wide)];
  const values = new Float32Array(SIDE * SIDE);
  digit.forEach((ink, i) => {
    const y = Math.floor(i / wide);
    values[(down + y) * SIDE + across + i - y * wide] = ink / strongest;
  });
  return values;
}

/**
 * The ink in a rectangle.
 * @param {Uint8ClampedArray} data @param {number} width @param {number} y @param {number} x
 * @param {number} high @param {number} wide
 */
function area(data, width, y, x, high, wide) {
  let ink = 0;
  for (let row = Math.floor(y); row < y + high; row++) {
    const tall = Math.min(row + 1, y + high) - Math.max(row, y);
    for (let column = Math.floor(x); column < x + wide; column++) {
      const broad = Math.min(column + 1, x + wide) - Math.max(column, x);
      ink += (data[(row * width + column) * 4 + 3] ?? 0) * tall * broad;
    }
  }
  return ink;
}
