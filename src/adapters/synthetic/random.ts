import { exponential, logarithm } from './arithmetic.ts';

/**
 * Uniform and normal random numbers that are the same on every machine: sfc32 on 32-bit integers, and Marsaglia and
 * Tsang's ziggurat with 128 layers whose tables come from our own exponential and logarithm.
 *
 * @see Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables, Journal of Statistical Software 5(8), 2000
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Two streams differ in every draw as soon as the seed or the name differs. `seed` is taken modulo 2^32. */
  constructor(seed: number, name: string) {
    this.#a = seed | 0;
    this.#b = hashOf(name) | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let round = 0; round < 16; round++) this.int32();
  }

  /** Whole number from -2^31 to 2^31 - 1: 32 independent bits. */
  int32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** Above 0 and below 1. */
  uniform(): number {
    return (this.int32() + 2_147_483_648.5) / 4_294_967_296;
  }

  /** Mean 0, variance 1. */
  normal(): number {
    for (;;) {
      const bits = this.int32();
      const layer = bits & 127;
      // The layer took the low seven bits, so the position uses the rest of the word.
      const position = bits >> 7;
      const value = position * layerScale[layer];
      if (Math.abs(position) < layerBound[layer]) return value;
      if (layer === 0) return this.#tail(position < 0);
      const height = layerHeight[layer] + this.uniform() * (layerHeight[layer - 1] - layerHeight[layer]);
      if (height < exponential(-0.5 * value * value)) return value;
    }
  }

  #tail(negative: boolean): number {
    for (;;) {
      const beyond = -logarithm(this.uniform()) / tailStart;
      if (-2 * logarithm(this.uniform()) < beyond * beyond) continue;
      return negative ? -(tailStart + beyond) : tailStart + beyond;
    }
  }
}

/** FNV-1a over the characters of a name. */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

const layers = 128;
/** Where the tail begins and the area of each layer, from the paper. */
const tailStart = 3.442619855899;
const layerArea = 9.91256303526217e-3;
/** Positions are signed 25-bit numbers. */
const positions = 16_777_216;

const layerBound = new Float64Array(layers);
const layerScale = new Float64Array(layers);
const layerHeight = new Float64Array(layers);

function fillLayers(): void {
  const base = layerArea / exponential(-0.5 * tailStart * tailStart);
  layerBound[0] = (tailStart / base) * positions;
  layerScale[0] = base / positions;
  layerHeight[0] = 1;
  let outer = tailStart;
  layerScale[layers - 1] = outer / positions;
  layerHeight[layers - 1] = exponential(-0.5 * outer * outer);
  for (let layer = layers - 2; layer >= 1; layer--) {
    const inner = Math.sqrt(-2 * logarithm(layerArea / outer + exponential(-0.5 * outer * outer)));
    layerBound[layer + 1] = (inner / outer) * positions;
    layerScale[layer] = inner / positions;
    layerHeight[layer] = exponential(-0.5 * inner * inner);
    outer = inner;
  }
  layerBound[1] = 0;
}

fillLayers();
