import { BLOCK, type Dtype } from '../kernels/contract.js';

/** Partial sums kept at once: enough for 2^48 leaves. */
const LEVELS = 48;

/**
 * Adds numbers by the canonical tree of the contract: it splits n leaves at the largest power of two below n. Leaves
 * come in order; equal sizes merge like the digits of a binary counter. Numbers go in and out by fields, because V8 allocates
 * for one that it hands to a function or back, unless it inlines that.
 */
export class SumTree {
  readonly #partial = new Float64Array(LEVELS);
  readonly #single: boolean;
  #leaves = 0;
  /** The next leaf, for add(). */
  leaf = 0;
  /** What finish() found. */
  sum = 0;

  constructor(dtype: Dtype) {
    this.#single = dtype === 'f32';
  }

  /** Begins anew. */
  reset(): void {
    this.#leaves = 0;
  }

  /** Adds `leaf`. */
  add(): void {
    const partial = this.#partial;
    let level = 0;
    let sum = this.leaf;
    for (let n = this.#leaves; n % 2 === 1; n = (n - 1) / 2) {
      sum += partial[level++];
      if (this.#single) sum = Math.fround(sum);
    }
    partial[level] = sum;
    this.#leaves++;
  }

  /** Adds what a kernel makes of two vectors, block by block (contract rule 4). @param bytes of an element */
  addBlocks(kernel: (n: number, x: number, y: number) => number, n: number, x: number, y: number, bytes: number): void {
    for (let i = 0; i < n; i += BLOCK) {
      this.leaf = kernel(Math.min(BLOCK, n - i), x + i * bytes, y + i * bytes);
      this.add();
    }
  }

  /** Sets `sum`; +0 without leaves. */
  finish(): void {
    const partial = this.#partial;
    let sum = 0;
    let level = 0;
    let any = false;
    for (let n = this.#leaves; n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) {
        sum = any ? partial[level] + sum : partial[level];
        if (this.#single) sum = Math.fround(sum);
        any = true;
      }
      level++;
    }
    this.sum = sum;
  }
}
