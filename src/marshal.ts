// Between the user's matrices and the kernels' addresses. Whatever lies in linear memory already is used where it lies;
// the rest is copied in and out in row tiles, so that linear memory need not hold what only passes through.

import { DisposedError } from './errors.js';
import { Heap } from './heap.js';
import { type Backend, type Dtype, type DtypeKernels, kernelsOf, type Memory } from './kernels.js';
import { copyRows, Matrix, newArray, type Operand, type TypedArray } from './matrix.js';

/** Bytes of operands that one tile works on: with the product's packed blocks they stay in a 1 MiB L2 cache. */
const TILE_BYTES = 256 * 1024;

/** But at least so many rows: every tile packs the weights anew, which costs as much as 2 to 6 rows' products. */
const TILE_ROWS = 256;

/** Up to this many elements a loop beats TypedArray.set, which must make a view first (measured). */
const SMALL = 32;

/** A backend with its heap and the scratch memory that calls share. */
export class Session {
  readonly backend: Backend;
  readonly heap: Heap;
  readonly f64: DtypeKernels;
  readonly f32: DtypeKernels;
  readonly #memory: Memory;
  #scratch = 0;
  #scratchBytes = 0;
  #next = 0;
  #work = 0;

  constructor(backend: Backend) {
    this.backend = backend;
    this.#memory = backend.memory;
    this.heap = new Heap(backend.memory);
    this.f64 = kernelsOf(backend.kernels, 'f64');
    this.f32 = kernelsOf(backend.kernels, 'f32');
  }

  view(dtype: Dtype): TypedArray {
    return dtype === 'f64' ? this.#memory.f64 : this.#memory.f32;
  }

  /** Where `data` lies in this linear memory, or -1. */
  addressOf(data: unknown): number {
    return ArrayBuffer.isView(data) && data.buffer === this.#memory.f64.buffer ? data.byteOffset : -1;
  }

  /** Scratch memory for the products, allocated once. */
  get work(): number {
    if (!this.#work) this.#work = this.heap.allocate(this.backend.kernels.gemm_work_bytes());
    return this.#work;
  }

  /** Starts a call that will take at most `bytes`, 64 for each range included. Views from before may be detached after. */
  reserve(bytes: number): void {
    if (bytes > this.#scratchBytes) {
      const old = this.#scratchBytes;
      this.#scratchBytes = 0;
      if (old) this.heap.release(this.#scratch);
      this.#scratch = this.heap.allocate(bytes);
      this.#scratchBytes = bytes;
    }
    this.#next = this.#scratch;
  }

  /** The next `bytes` of what was reserved. */
  take(bytes: number): number {
    const address = this.#next;
    this.#next = address + Math.ceil(bytes / 64) * 64;
    return address;
  }

  /** Copies rows of an operand to an address. */
  copyIn(operand: Operand, dtype: Dtype, address: number, from: number, count: number): void {
    const view = this.view(dtype);
    const at = address / view.BYTES_PER_ELEMENT;
    const { flat, cols } = operand;
    if (operand.dtype && flat && count * cols <= SMALL) {
      for (let i = 0; i < count * cols; i++) view[at + i] = flat[from * cols + i];
    } else {
      copyRows(operand, view, at, from, count);
    }
  }

  /** Copies `count` elements at an address to `to[at...]`. */
  copyOut(address: number, to: TypedArray, at: number, count: number): void {
    const view = this.view(to instanceof Float64Array ? 'f64' : 'f32');
    const from = address / view.BYTES_PER_ELEMENT;
    if (count <= SMALL) for (let i = 0; i < count; i++) to[at + i] = view[from + i];
    else to.set(view.subarray(from, from + count), at);
  }
}

/** An operand during a call: resident, or with a place in scratch memory that its row tiles are copied to. */
export class Input {
  readonly #session: Session;
  readonly #operand: Operand;
  readonly #dtype: Dtype;
  readonly #resident: number;
  readonly #rowBytes: number;
  #place = 0;

  constructor(session: Session, operand: Operand, dtype: Dtype) {
    this.#session = session;
    this.#operand = operand;
    this.#dtype = dtype;
    this.#resident = session.addressOf(operand.flat);
    this.#rowBytes = operand.cols * (dtype === 'f64' ? 8 : 4);
  }

  /** Scratch bytes for `rows` rows. */
  bytes(rows: number): number {
    return this.#resident < 0 ? rows * this.#rowBytes + 64 : 0;
  }

  /** Takes the scratch memory for tiles of `rows` rows. */
  place(rows: number): void {
    if (this.#resident < 0) this.#place = this.#session.take(rows * this.#rowBytes);
  }

  /** The address of `count` rows from row `from` on. */
  rows(from: number, count: number): number {
    if (this.#resident >= 0) return this.#resident + from * this.#rowBytes;
    this.#session.copyIn(this.#operand, this.#dtype, this.#place, from, count);
    return this.#place;
  }
}

/** An output during a call: resident, or in scratch memory until its row tile is done. */
export class Output {
  readonly #session: Session;
  readonly #data: TypedArray;
  readonly #resident: number;
  readonly #cols: number;
  #place = 0;

  constructor(session: Session, data: TypedArray, cols: number) {
    this.#session = session;
    this.#data = data;
    this.#cols = cols;
    this.#resident = session.addressOf(data);
  }

  bytes(rows: number): number {
    return this.#resident < 0 ? rows * this.#cols * this.#data.BYTES_PER_ELEMENT + 64 : 0;
  }

  place(rows: number): void {
    if (this.#resident < 0) this.#place = this.#session.take(rows * this.#cols * this.#data.BYTES_PER_ELEMENT);
  }

  /** Where the rows from `from` on are to be written. */
  rows(from: number): number {
    return this.#resident >= 0 ? this.#resident + from * this.#cols * this.#data.BYTES_PER_ELEMENT : this.#place;
  }

  /** Hands the rows that were written to the caller. */
  done(from: number, count: number): void {
    if (this.#resident < 0) this.#session.copyOut(this.#place, this.#data, from * this.#cols, count * this.#cols);
  }
}

type Passing = { bytes(rows: number): number; place(rows: number): void };

/**
 * Reserves scratch memory and runs `tile` over the rows.
 *
 * @param whole operands that every tile needs in full, with their row counts
 * @param passing operands that are needed a row tile at a time
 */
export function overRows(
  session: Session,
  rows: number,
  whole: readonly (readonly [Passing, number])[],
  passing: readonly Passing[],
  tile: (from: number, count: number) => void,
): void {
  let rowBytes = 0;
  for (const each of passing) rowBytes += each.bytes(1) - each.bytes(0);
  const tileRows = rowBytes === 0 ? rows : Math.min(rows, Math.max(TILE_ROWS, Math.floor(TILE_BYTES / rowBytes)));
  let bytes = 0;
  for (const [each, count] of whole) bytes += each.bytes(count);
  for (const each of passing) bytes += each.bytes(tileRows);
  session.reserve(bytes);
  for (const [each, count] of whole) each.place(count);
  for (const each of passing) each.place(tileRows);
  for (let from = 0; from < rows; from += tileRows) tile(from, Math.min(tileRows, rows - from));
}

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Frees what was collected without dispose(). */
const forgotten = new FinalizationRegistry<{ heap: Heap; address: number }>(({ heap, address }) => heap.release(address));

/**
 * A matrix in an engine's linear memory: that engine's calls use it where it lies and copy nothing.
 * `data` is a view of linear memory; read it again after a call, which may have grown that memory and detached it.
 */
export class ResidentMatrix extends Matrix {
  readonly #session: Session;
  readonly #address: number;
  #base: TypedArray;
  #view: TypedArray;
  #disposed = false;

  /** Zeros. Use `engine.zeros` or `engine.matrix`. */
  constructor(session: Session, rows: number, cols: number, dtype: Dtype) {
    const address = session.heap.allocate(rows * cols * (dtype === 'f64' ? 8 : 4));
    const base = session.view(dtype);
    const start = address / base.BYTES_PER_ELEMENT;
    const view = base.subarray(start, start + rows * cols);
    view.fill(0);
    super(rows, cols, view);
    this.#session = session;
    this.#address = address;
    this.#base = base;
    this.#view = view;
    forgotten.register(this, { heap: session.heap, address }, this);
  }

  /** @throws {DisposedError} after dispose() */
  override get data(): TypedArray {
    if (this.#disposed) throw new DisposedError(`this ${this.rows}x${this.cols} matrix was disposed`);
    const base = this.#session.view(this.dtype);
    if (base !== this.#base) {
      const start = this.#address / base.BYTES_PER_ELEMENT;
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
    this.#session.heap.release(this.#address);
  }

  [DISPOSE](): void {
    this.dispose();
  }

  override toString(): string {
    return this.#disposed ? `Matrix ${this.rows}x${this.cols} ${this.dtype} (disposed)` : super.toString();
  }
}

/** A fresh matrix of the operand's shape, for a result. */
export function newMatrix(dtype: Dtype, rows: number, cols: number): Matrix {
  return new Matrix(rows, cols, newArray(dtype, rows * cols));
}
