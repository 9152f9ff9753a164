/**
 * Reads WebAssembly modules of data segments, as written by `glassbooth/segments.mjs`. A browser's
 * own instantiation takes ten times as long, as it checks and keeps all 50,000 segments.
 */

const CUSTOM = 0;
const DATA = 11;
/** Bytes up to which a copy by loop is faster. */
const FEW = 32;

export class DataModule {
  #bytes;
  #at = 0;
  /** @type {Map<number, number>} offsets of sections, by their number */
  #starts = new Map();
  /** Content of the custom section. */
  text = '';

  /** @param {Uint8Array} bytes verified content */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#at = 8; // behind the magic number and the version
    while (this.#at < bytes.length) {
      const id = bytes[this.#at++];
      const end = this.#number() + this.#at;
      this.#starts.set(id, this.#at);
      if (id === CUSTOM) this.text = this.#textUpTo(end);
      this.#at = end;
    }
  }

  /** @param {number} end of the section; its name comes first */
  #textUpTo(end) {
    const start = this.#number() + this.#at;
    return new TextDecoder().decode(this.#bytes.subarray(start, end));
  }

  /** Copies all segments into memory. @param {Uint8Array} memory */
  writeTo(memory) {
    this.#at = this.#starts.get(DATA) ?? this.#bytes.length;
    for (let left = this.#number(); left > 0; left--) {
      this.#at += 2; // active, and `i32.const`
      const place = this.#number();
      this.#at += 1; // `end`
      this.#copy(memory, place, this.#number());
    }
  }

  /** @param {Uint8Array} memory @param {number} place @param {number} length */
  #copy(memory, place, length) {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#at += length;
    if (length > FEW) memory.set(bytes.subarray(start, this.#at), place);
    else for (let i = 0; i < length; i++) memory[place + i] = bytes[start + i];
  }

  /** Reads LEB128; addresses are below 2**31, so the sign bit is ignored. */
  #number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
}
