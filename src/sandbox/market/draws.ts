/**
 * Draws of 0 <= x < 1 that can be set to any place at no cost: mulberry32. Each minute of each instrument draws from its own
 * seed, so that what happens in it depends neither on where the day was begun nor on what else is listed.
 */
export class Draws {
  #state = 0;

  /** Whole numbers; 32 bits of each count. */
  seed(a: number, b: number, c: number): void {
    let state = (a ^ 0x9e3779b9) | 0;
    state = Math.imul(state ^ (state >>> 16) ^ b, 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13) ^ c, 0xc2b2ae35);
    this.#state = state ^ (state >>> 16);
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number from 0 to `count - 1`. */
  whole(count: number): number {
    return Math.floor(this.next() * count);
  }
}

/** 32 bits of a text: FNV-1a. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
