// NumPy's legacy generator, so that seeds mean what they mean in NumPy.

import { ValueError } from '../checks/errors.js';
import { checkInteger, checkSeed, isInteger, MAX_SEED, refuseValue } from '../checks/values.js';
import { Matrix } from '../matrix/matrix.js';
import { isList } from '../matrix/operand.js';
import { log } from '../numbers/precise-log.js';
import { range } from '../numbers/range.js';

const N = 624;
const M = 397;

function twist(high: number, low: number): number {
  return (((high & 0x80000000) | (low & 0x7fffffff)) >>> 1) ^ (-(low & 1) & 0x9908b0df);
}

/** A generator's state, as `numpy.random.RandomState.get_state` has it. */
export interface RandomStateJSON {
  /** The 624 words of the Mersenne Twister, of 32 bits. */
  readonly key: readonly number[];
  /** How many of them were used. */
  readonly position: number;
  /** The second of a pair of normal numbers, if it was not drawn yet. */
  readonly gauss?: number;
}

/**
 * Mersenne Twister 19937 with the streams of `numpy.random.RandomState(seed)`.
 *
 * Source: Matsumoto and Nishimura (1998), the reference implementation's `init_genrand` and `genrand_int32`;
 * NumPy's legacy distributions for the rest (53-bit doubles, Marsaglia's polar method, masked rejection, Fisher-Yates).
 */
export class RandomState {
  readonly #state = new Uint32Array(N);
  #index = N;
  #gauss: number | undefined;

  /** @param seed an integer from 0 to 2^32 - 1 */
  constructor(seed: number) {
    checkSeed(seed, 'seed');
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  }

  /** Where the stream stands, to be set again: a copy. */
  get state(): RandomStateJSON {
    return { key: Array.from(this.#state), position: this.#index, gauss: this.#gauss };
  }

  /** @throws {ValueError} if it is none: with a key of zeros the stream would stand still, and randn() never return */
  set state(state: RandomStateJSON) {
    const { key, position, gauss } = state ?? {};
    const words = new Uint32Array(N);
    let legal = key?.length === N && isInteger(position, 0, N);
    let moves = false;
    for (let i = 0; legal && i < N; i++) {
      const word = key[i];
      legal = isInteger(word, 0, MAX_SEED);
      if (legal) words[i] = word;
      // Of the first word the top bit alone goes on.
      moves ||= (i > 0 ? words[i] : words[0] >>> 31) !== 0;
    }
    if (!legal || !moves || !(gauss === undefined || Number.isFinite(gauss))) {
      throw new ValueError(
        '"state" must be { key: 624 words, not all 0; position: 0 to 624; gauss?: a finite number }',
      );
    }
    this.#state.set(words);
    this.#index = position;
    this.#gauss = gauss;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < N - M; i++) state[i] = state[i + M] ^ twist(state[i], state[i + 1]);
    for (let i = N - M; i < N - 1; i++) state[i] = state[i + M - N] ^ twist(state[i], state[i + 1]);
    state[N - 1] = state[M - 1] ^ twist(state[N - 1], state[0]);
    this.#index = 0;
  }

  /** 32 random bits. */
  #uint32(): number {
    if (this.#index === N) this.#refill();
    let y = this.#state[this.#index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #double(): number {
    const high = this.#uint32() >>> 5;
    const low = this.#uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  #normal(): number {
    if (this.#gauss !== undefined) {
      const value = this.#gauss;
      this.#gauss = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * this.#double() - 1;
      y = 2 * this.#double() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * log(square)) / square);
    this.#gauss = factor * x;
    return factor * y;
  }

  /** An integer from 0 to max, both included: the smallest mask that holds max, drawn until it fits. @internal */
  upTo(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.#uint32() & mask) >>> 0;
    while (value > max);
    return value;
  }

  /** Uniform in [0, 1): one number, n of them, or a matrix; `numpy.random.rand`. */
  rand(): number;
  rand(n: number): Float64Array;
  rand(rows: number, cols: number): Matrix<'f64'>;
  rand(rows?: number, cols?: number): number | Float64Array | Matrix<'f64'> {
    return this.#fill(() => this.#double(), rows, cols);
  }

  /** Standard normal: one number, n of them, or a matrix; `numpy.random.randn`. */
  randn(): number;
  randn(n: number): Float64Array;
  randn(rows: number, cols: number): Matrix<'f64'>;
  randn(rows?: number, cols?: number): number | Float64Array | Matrix<'f64'> {
    return this.#fill(() => this.#normal(), rows, cols);
  }

  #fill(draw: () => number, rows?: number, cols?: number): number | Float64Array | Matrix<'f64'> {
    if (rows === undefined) return draw();
    const result = Matrix.zeros(rows, cols ?? 1);
    const data = result.data as Float64Array;
    for (let i = 0; i < data.length; i++) data[i] = draw();
    return cols === undefined ? data : result;
  }

  /** Shuffles an array or typed array in place and returns it; `numpy.random.shuffle`. */
  shuffle<A extends { length: number; [index: number]: unknown }>(array: A): A {
    if (!isList(array)) refuseValue('array', 'an array or a typed array', array);
    this.swap(array, array.length - 1, 0);
    return array;
  }

  /** The part of a shuffle that draws for the elements from `from` down to the one above `to`. @internal */
  swap(array: { [index: number]: unknown }, from: number, to: number): void {
    for (let i = from; i > to; i--) {
      const j = this.upTo(i);
      const value = array[i];
      array[i] = array[j];
      array[j] = value;
    }
  }

  /** The integers 0 to n - 1 shuffled, or a shuffled copy of an array; `numpy.random.permutation`. */
  permutation(n: number): Int32Array;
  permutation<T>(array: readonly T[]): T[];
  permutation<T>(source: number | readonly T[]): Int32Array | T[] {
    if (isList(source)) return this.shuffle(Array.from(source as readonly T[]));
    return this.shuffle(range(0, checkInteger(source, 'n', 0, 0x7fffffff)));
  }
}

/**
 * A generator with the numbers of `numpy.random.RandomState(seed)`.
 *
 * @example
 * random(42).rand(); // 0.3745401188473625
 */
export function random(seed: number): RandomState {
  return new RandomState(seed);
}
