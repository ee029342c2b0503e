/// <reference lib="esnext.disposable" preserve="true" />
// Matrices that live in an engine's linear memory.

import { DisposedError } from './errors.js';
import type { Heap } from './heap.js';
import type { Session } from './marshal.js';
import { Matrix } from './matrix.js';
import { checkSize, type Dtype, PLACE, type Place, type TypedArray } from './operand.js';

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Frees what was collected without dispose(). */
const forgotten = new FinalizationRegistry<{ heap: Heap; address: number }>(({ heap, address }) =>
  heap.release(address),
);

/**
 * A matrix in an engine's linear memory: that engine's calls use it where it lies and copy nothing.
 * `data` is a view of linear memory: read it again after a call, which may have grown that memory and detached it, and
 * keep the matrix while you use the view, or its memory may be collected and given to another.
 */
export class ResidentMatrix extends Matrix {
  readonly #session: Session;
  readonly [PLACE]: Place;
  #base: TypedArray;
  #view: TypedArray;
  #disposed = false;

  /** Zeros. Use `engine.zeros` or `engine.matrix`. */
  constructor(session: Session, rows: number, cols: number, dtype: Dtype) {
    const size = checkSize(rows, 'rows') * checkSize(cols, 'cols');
    const address = session.heap.allocate(size * (dtype === 'f64' ? 8 : 4));
    const base = session.view(dtype);
    const start = address / base.BYTES_PER_ELEMENT;
    const view = base.subarray(start, start + size);
    view.fill(0);
    super(rows, cols, view);
    this.#session = session;
    this[PLACE] = { memory: session.memory, address, owner: this };
    this.#base = base;
    this.#view = view;
    forgotten.register(this, { heap: session.heap, address }, this);
  }

  /** @throws {DisposedError} after dispose() */
  override get data(): TypedArray {
    if (this.#disposed) throw new DisposedError(`this ${this.rows}x${this.cols} matrix was disposed`);
    const base = this.#session.view(this.dtype);
    if (base !== this.#base) {
      const start = this[PLACE].address / base.BYTES_PER_ELEMENT;
      this.#base = base;
      this.#view = base.subarray(start, start + this.rows * this.cols);
    }
    return this.#view;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Gives its memory back; harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    forgotten.unregister(this);
    this.#session.heap.release(this[PLACE].address);
  }

  [DISPOSE](): void {
    this.dispose();
  }

  override toString(): string {
    return this.#disposed ? `Matrix ${this.rows}x${this.cols} ${this.dtype} (disposed)` : super.toString();
  }
}
