/**
 * Drawing with mouse, finger, pen or keys. Strokes are lists of points in 0..1. Every frame with a
 * change draws all of them twice: on the visible canvas, at the screen's resolution, and as plain
 * ink on a small hidden one, which Python reads. The visible canvas then gets an `ink` event.
 */

/** Width of the pen, as a share of the canvas's side: about that of MNIST's drawings. */
const WIDTH = 0.062;
/** Step of an arrow key, as a share of the side. */
const STEP = 1 / 28;

/** @type {Map<string, [number, number]>} */
const ARROWS = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/** @typedef {{x: number, y: number, width: number}} Point */

/** @type {Map<string, Pen>} by the ids of their canvases */
export const pens = new Map();

/**
 * Creates a pen for every canvas with `data-ink`, which names the hidden canvas for the ink;
 * `data-cursor` names the cursor of the keys. Buttons with `data-pen` undo or clear its strokes.
 * @param {ParentNode} root
 */
export function givePens(root) {
  /** @param {string | undefined} id */
  const element = (id) => /** @type {HTMLElement} */ (root.querySelector(`#${id}`));
  for (const canvas of root.querySelectorAll('canvas[data-ink]')) {
    const seen = /** @type {HTMLCanvasElement} */ (canvas);
    const ink = /** @type {HTMLCanvasElement} */ (element(seen.dataset.ink));
    const pen = new Pen(seen, ink, element(seen.dataset.cursor));
    pens.set(seen.id, pen);
    const page = seen.closest('.page') ?? root;
    for (const button of page.querySelectorAll('[data-pen]')) {
      const does = /** @type {'undo'|'clear'} */ (/** @type {HTMLElement} */ (button).dataset.pen);
      button.addEventListener('click', () => pen[does]());
    }
  }
}

export class Pen {
  /** @type {Point[][]} */
  #strokes = [];
  /** @type {number | null} the drawing pointer; others are ignored */
  #pointer = null;
  #scheduled = false;
  #cursor = { x: 0.5, y: 0.5, down: false };

  /**
   * @param {HTMLCanvasElement} seen
   * @param {HTMLCanvasElement} ink
   * @param {HTMLElement} cursor shows the position of the keys' pen
   */
  constructor(seen, ink, cursor) {
    this.seen = seen;
    this.ink = ink;
    this.cursor = cursor;
    seen.addEventListener('pointerdown', (event) => this.#start(event));
    seen.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of ['pointerup', 'pointercancel']) {
      seen.addEventListener(end, (event) => {
        if (/** @type {PointerEvent} */ (event).pointerId === this.#pointer) this.#pointer = null;
      });
    }
    // Else a quick stroke counts as a fling, and the next tap as its end.
    seen.addEventListener('touchstart', (event) => event.preventDefault(), { passive: false });
    seen.addEventListener('keydown', (event) => this.#key(event));
    seen.addEventListener('blur', () => {
      this.#lift();
      this.cursor.hidden = true;
    });
    new ResizeObserver(() => this.#resize()).observe(seen);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#redraw());
  }

  undo() {
    this.#strokes.pop();
    this.#lift();
    this.#changed();
  }

  clear() {
    this.#strokes = [];
    this.#lift();
    this.#changed();
  }

  /** Begins a stroke; shares of the side. @param {number} x @param {number} y */
  put(x, y) {
    this.#begin({ x, y, width: WIDTH });
  }

  /** Continues the last stroke. @param {number} x @param {number} y */
  drawTo(x, y) {
    if (this.#strokes.length) this.#extend({ x, y, width: WIDTH });
  }

  /** @param {PointerEvent} event */
  #start(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#lift();
    this.seen.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#begin(this.#point(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.#extend(this.#point(each));
  }

  /** @param {PointerEvent} event @returns {Point} */
  #point(event) {
    const box = this.seen.getBoundingClientRect();
    const pressure = event.pointerType === 'pen' && event.pressure ? 0.5 + event.pressure : 1;
    return {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
      width: WIDTH * pressure,
    };
  }

  /** @param {Point} point */
  #begin(point) {
    this.#strokes.push([point]);
    this.#changed();
  }

  /** @param {Point} point */
  #extend(point) {
    this.#strokes[this.#strokes.length - 1].push(point);
    this.#changed();
  }

  /** Arrow keys move the pen, space lowers and lifts it. @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = ARROWS.get(event.key);
    if (move) this.#moveCursor(move[0] * STEP, move[1] * STEP);
    else if (event.key !== ' ') return;
    else if (!event.repeat) this.#toggle();
    event.preventDefault();
  }

  /** @param {number} dx @param {number} dy */
  #moveCursor(dx, dy) {
    const cursor = this.#cursor;
    cursor.x = Math.min(1, Math.max(0, cursor.x + dx));
    cursor.y = Math.min(1, Math.max(0, cursor.y + dy));
    if (cursor.down) this.#extend({ x: cursor.x, y: cursor.y, width: WIDTH });
    this.#showCursor();
  }

  #toggle() {
    const cursor = this.#cursor;
    cursor.down = !cursor.down;
    if (cursor.down) this.#begin({ x: cursor.x, y: cursor.y, width: WIDTH });
    this.#showCursor();
  }

  #lift() {
    this.#pointer = null;
    this.#cursor.down = false;
  }

  #showCursor() {
    const { x, y, down } = this.#cursor;
    this.cursor.hidden = false;
    this.cursor.classList.toggle('down', down);
    this.cursor.style.left = `${x * 100}%`;
    this.cursor.style.top = `${y * 100}%`;
  }

  #resize() {
    const side = Math.round(this.seen.clientWidth * devicePixelRatio);
    if (side === this.seen.width) return;
    this.seen.width = side;
    this.seen.height = side;
    this.#redraw();
  }

  #redraw() {
    for (const canvas of [this.seen, this.ink]) {
      const options = { willReadFrequently: canvas === this.ink };
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', options));
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.strokeStyle = canvas === this.ink ? '#000' : getComputedStyle(this.seen).color;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.fillStyle = context.strokeStyle;
      for (const stroke of this.#strokes) draw(context, stroke);
    }
  }

  #changed() {
    this.seen.dataset.empty = String(this.#strokes.length === 0);
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#redraw();
      this.seen.dispatchEvent(new CustomEvent('ink'));
    });
  }
}

/**
 * Draws a smooth line: quadratic curves through the midpoints, with the points as controls. A
 * change of width, by pressure, begins a new path.
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} stroke
 */
function draw(context, stroke) {
  const side = context.canvas.width;
  if (stroke.length === 1) dot(context, stroke[0]);
  let width = NaN;
  stroke.forEach((point, i) => {
    const before = stroke[i - 1] ?? point;
    const from = middle(stroke[i - 2] ?? before, before);
    const to = i === stroke.length - 1 ? point : middle(before, point);
    if (point.width !== width) {
      if (i > 0) context.stroke();
      width = point.width;
      context.lineWidth = width * side;
      context.beginPath();
      context.moveTo(from.x * side, from.y * side);
    }
    context.quadraticCurveTo(before.x * side, before.y * side, to.x * side, to.y * side);
  });
  context.stroke();
}

/**
 * Draws a dot for a tap: canvases do not draw lines without length.
 * @param {CanvasRenderingContext2D} context
 * @param {Point} point
 */
function dot(context, { x, y, width }) {
  const side = context.canvas.width;
  context.beginPath();
  context.arc(x * side, y * side, (width * side) / 2, 0, 2 * Math.PI);
  context.fill();
}

/** @param {Point} a @param {Point} b */
const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
