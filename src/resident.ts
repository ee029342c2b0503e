/// <reference lib="esnext.disposable" preserve="true" />
// Matrices that live in an engine's linear memory.

import { Block } from './block.js';
import { DisposedError } from './errors.js';
import type { Session } from './marshal.js';
import { Matrix } from './matrix.js';
import { checkSize, type Dtype, PLACE, type Place, type TypedArray } from './operand.js';

/** `Symbol.dispose`, or what stands for it on hosts without. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/**
 * A matrix in an engine's linear memory: that engine's calls use it where it lies and copy nothing.
 * `data` is a view of linear memory: read it again after a call, which may have grown that memory and detached it, and
 * keep the matrix while you use the view, or its memory may be collected and given to another.
 * The weights, biases and gradients of a network are views of memory that belongs to it: dispose() leaves them alone, and
 * they go with the network.
 */
export class ResidentMatrix extends Matrix {
  readonly #session: Session;
  readonly #block: Block;
  readonly #owner: boolean;
  readonly [PLACE]: Place;
  #base: TypedArray;
  #view: TypedArray;

  /** Zeros. Use `engine.zeros` or `engine.matrix`. `part`: instead, what a block of another's holds from `offset` on. */
  constructor(session: Session, rows: number, cols: number, dtype: Dtype, part?: { block: Block; offset: number }) {
    const size = checkSize(rows, 'rows') * checkSize(cols, 'cols');
    const block = part?.block ?? new Block(session.heap, size * (dtype === 'f64' ? 8 : 4));
    const address = block.address + (part?.offset ?? 0);
    const base = session.view(dtype);
    const start = address / base.BYTES_PER_ELEMENT;
    const view = base.subarray(start, start + size);
    if (!part) view.fill(0);
    super(rows, cols, view);
    this.#session = session;
    this.#block = block;
    this.#owner = !part;
    this[PLACE] = { memory: session.memory, address, owner: this };
    this.#base = base;
    this.#view = view;
  }

  /** @throws {DisposedError} after dispose() */
  override get data(): TypedArray {
    if (this.#block.disposed) throw new DisposedError(`this ${this.rows}x${this.cols} matrix was disposed`);
    const base = this.#session.view(this.dtype);
    if (base !== this.#base) {
      const start = this[PLACE].address / base.BYTES_PER_ELEMENT;
      this.#base = base;
      this.#view = base.subarray(start, start + this.rows * this.cols);
    }
    return this.#view;
  }

  get disposed(): boolean {
    return this.#block.disposed;
  }

  /** Gives its memory back; harmless when repeated. */
  dispose(): void {
    if (this.#owner) this.#block.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }

  /** For who uses it where it lies for longer than a call: dispose() is refused until unhold(). @internal */
  hold(): void {
    this.#block.hold();
  }

  /** @internal */
  unhold(): void {
    this.#block.unhold();
  }

  override toString(): string {
    return this.disposed ? `Matrix ${this.rows}x${this.cols} ${this.dtype} (disposed)` : super.toString();
  }
}
