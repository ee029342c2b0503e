/** Partial sums kept at once: enough for 2^48 leaves. */
const LEVELS = 48;

/**
 * Adds numbers by the canonical tree of the contract: it splits n leaves at the largest power of two below n. Leaves
 * come in order; equal sizes merge like the digits of a binary counter.
 */
export class SumTree {
  readonly #partial = new Float64Array(LEVELS);
  readonly #round: (x: number) => number;
  #leaves = 0;

  constructor(round: (x: number) => number) {
    this.#round = round;
  }

  add(leaf: number): void {
    let level = 0;
    let sum = leaf;
    for (let n = this.#leaves; n % 2 === 1; n = (n - 1) / 2) sum = this.#round(this.#partial[level++] + sum);
    this.#partial[level] = sum;
    this.#leaves++;
  }

  /** Begins anew. */
  reset(): void {
    this.#leaves = 0;
  }

  /** The sum; +0 without leaves. */
  total(): number {
    let sum: number | undefined;
    let level = 0;
    for (let n = this.#leaves; n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) sum = sum === undefined ? this.#partial[level] : this.#round(this.#partial[level] + sum);
      level++;
    }
    return sum ?? 0;
  }
}
