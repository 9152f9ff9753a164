/** Writes WebAssembly modules of data segments, which initialise an imported memory. */

const PAGE = 65536;
/** Approximate overhead of a segment in bytes: shorter runs of equal bytes do not split segments. */
const GAP = 8;
/** V8's limit. */
const MAX_SEGMENTS = 100_000;

/**
 * @param {Uint8Array} before
 * @param {Uint8Array} after at least as long; missing bytes of `before` count as zero
 * @returns {[number, number][]} half-open ranges of bytes that differ
 */
export function differences(before, after) {
  for (let gap = GAP; ; gap *= 2) {
    const found = runs(before, after, gap);
    if (found.length <= MAX_SEGMENTS) return found;
  }
}

/** @param {Uint8Array} before @param {Uint8Array} after @param {number} gap */
function runs(before, after, gap) {
  /** @type {[number, number][]} */
  const found = [];
  for (let i = 0; i < after.length; i++) {
    if (after[i] === (before[i] ?? 0)) continue;
    const last = found.at(-1);
    if (last && i - last[1] <= gap) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

/**
 * Returns a module that writes these ranges into an imported memory when it is instantiated.
 * @param {Uint8Array} memory
 * @param {[number, number][]} parts
 * @param {string} name of a custom section
 * @param {string} text that it holds
 * @returns {Buffer}
 */
export function dataModule(memory, parts, name, text) {
  const pages = Math.ceil(memory.length / PAGE);
  const imported = [...string('env'), ...string('memory'), 2, 0, ...unsigned(pages)];
  const segments = parts.flatMap(([start, end]) => [
    Buffer.from([0, 0x41, ...signed(start), 0x0b, ...unsigned(end - start)]),
    memory.subarray(start, end),
  ]);
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(0, [Buffer.from(string(name)), Buffer.from(text)]),
    section(2, [Buffer.from([1, ...imported])]),
    section(11, [Buffer.from(unsigned(parts.length)), ...segments]),
  ]);
}

/** @param {number} id @param {Uint8Array[]} parts */
function section(id, parts) {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([id, ...unsigned(content.length)]), content]);
}

/** @param {string} text */
const string = (text) => [...unsigned(Buffer.byteLength(text)), ...Buffer.from(text)];

/** LEB128. @param {number} value @returns {number[]} */
const unsigned = (value) =>
  value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];

/** Signed LEB128. @param {number} value @returns {number[]} */
const signed = (value) =>
  value < 64 ? [value] : [(value % 128) + 128, ...signed(Math.floor(value / 128))];
