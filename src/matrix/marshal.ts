// Between the user's matrices and the kernels' addresses. Whatever lies in linear memory already is used where it lies;
// the rest is copied in and out in row tiles, so that linear memory need not hold what only passes through.

import type { Backend } from '../backend/backend.js';
import type { Dtype } from '../kernels/contract.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { Memory } from '../kernels/memory.js';
import type { Team } from '../kernels/team.js';
import type { Block } from '../memory/block.js';
import { ALIGN, aligned, Heap } from '../memory/heap.js';
import { checkLength, copyRows, type Numbers, type Operand, SMALL, type TypedArray } from './operand.js';

/** Bytes of operands that one tile works on: with the product's packed blocks they stay in a 1 MiB L2 cache. */
const TILE_BYTES = 256 * 1024;

/** But at least so many rows: every tile packs the weights anew, which costs as much as 2 to 6 rows' products. */
const TILE_ROWS = 256;

/** Multiply-adds of a call from which on other threads may share it: what takes less than 20 us is over before they have begun. */
const WORTH_SHARING = 1 << 17;

/** More work than this is enough. */
const MOST_COUNTED = 1 << 29;

/** An engine's threads. */
export interface Threads {
  /** How many there are to be. */
  readonly count: number;
  /** How many work now. */
  readonly size: number;
  readonly reason: string;
  /** Those that share a call, after so many multiply-adds; undefined: none do, or not yet. */
  share(session: Session, worked: number): Team | undefined;
  dispose(): void;
}

/** A backend with its heap and the scratch memory that calls share. */
export class Session {
  readonly backend: Backend;
  readonly heap: Heap;
  readonly f64: DtypeKernels;
  readonly f32: DtypeKernels;
  readonly memory: Memory;
  #scratch = 0;
  #scratchBytes = 0;
  #next = 0;
  #work = 0;
  readonly threads: Threads | undefined;
  #worked = 0;

  /**
   * @param memoryBytes how much linear memory may have; undefined: as the heap has it
   * @param threads undefined: this one works alone
   */
  constructor(backend: Backend, memoryBytes: number | undefined, threads?: Threads) {
    this.threads = threads;
    this.backend = backend;
    this.memory = backend.memory;
    this.heap = new Heap(backend.memory, memoryBytes);
    this.f64 = backend.core.f64;
    this.f32 = backend.core.f32;
  }

  /** Threads that share a call of so many multiply-adds, if that pays. */
  share(work: number): Team | undefined {
    if (work < WORTH_SHARING) return undefined;
    // No more than V8 calls small, or a number would be allocated at each call.
    if (this.#worked < MOST_COUNTED) this.#worked += work;
    return this.threads?.share(this, this.#worked);
  }

  /** Kernels for such a call. */
  divided<K extends object>(kernels: K, work: number): K {
    return this.share(work)?.divided(kernels) ?? kernels;
  }

  view(dtype: Dtype): TypedArray {
    return dtype === 'f64' ? this.memory.f64 : this.memory.f32;
  }

  /**
   * Where an operand lies in this linear memory, or -1: a resident matrix, or a view that the user took of one.
   *
   * @throws {DisposedError} if it was disposed of since it was read
   */
  addressOf({ name, rows, cols, flat, place }: Operand): number {
    if (place) {
      place.check();
      return place.session === this ? place.address : -1;
    }
    // Reading another argument may have run code that took this one's buffer away.
    if (flat.length !== rows * cols) checkLength(flat, rows, cols, name);
    // Nothing of ours starts at byte 0. Asking for `buffer` only then keeps V8 from moving small arrays off its heap,
    // which was a quarter of a small call (measured).
    if (flat.byteOffset === 0) return -1;
    return flat.buffer === this.memory.f64.buffer ? flat.byteOffset : -1;
  }

  /** `count` elements of a block, as a view that the caller may keep: memory stays where it is from now on. */
  lend(block: Block, address: number, dtype: Dtype, count: number): TypedArray {
    this.heap.settle();
    return block.lend(this.elementsAt(address, dtype, count));
  }

  /** `count` elements at an address, as a view for immediate use. */
  elementsAt(address: number, dtype: Dtype, count: number): TypedArray {
    const view = this.view(dtype);
    const start = address / view.BYTES_PER_ELEMENT;
    return view.subarray(start, start + count);
  }

  /** Scratch memory for the products, allocated once. It may grow memory, and so detach views: locate operands first. */
  get work(): number {
    if (!this.#work) this.#work = this.heap.allocate(this.backend.workBytes);
    return this.#work;
  }

  /** Starts a call that will take at most `bytes`. It too may detach views. */
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
    this.#next = address + aligned(bytes);
    return address;
  }

  /** Copies rows of an operand to an address. */
  copyIn(operand: Operand, dtype: Dtype, address: number, from: number, count: number): void {
    const view = this.view(dtype);
    copyRows(operand, view, address / view.BYTES_PER_ELEMENT, from, count);
  }

  /** Copies `n` numbers at an address to `to[at...]`. */
  copyOut(dtype: Dtype, address: number, n: number, to: Numbers, at: number): void {
    const view = this.view(dtype);
    const from = address / view.BYTES_PER_ELEMENT;
    if (n <= SMALL) for (let i = 0; i < n; i++) to[at + i] = view[from + i];
    else to.set(this.elementsAt(address, dtype, n), at);
  }
}

/** An operand on its way through linear memory, tile by tile: in scratch memory, unless it lies there. */
export class Passing {
  readonly #session: Session;
  readonly #operand: Operand;
  readonly #dtype: Dtype;
  /** Where it lies in linear memory; -1 if it does not. */
  readonly #resident: number;
  readonly #rowBytes: number;
  #tile = 0;

  /** @param dtype that of linear memory @param resident -1: not looked for, because only the call itself sees it */
  constructor(session: Session, operand: Operand, dtype: Dtype, resident: number = session.addressOf(operand)) {
    this.#session = session;
    this.#operand = operand;
    this.#dtype = dtype;
    this.#resident = resident;
    this.#rowBytes = operand.cols * session[dtype].bytes;
  }

  /** Rows in all. */
  get count(): number {
    return this.#operand.rows;
  }

  /** Scratch bytes that one more row costs. */
  get bytesPerRow(): number {
    return this.#resident < 0 ? this.#rowBytes : 0;
  }

  /** Takes the scratch memory for tiles of `rows` rows. */
  take(rows: number): void {
    if (this.#resident < 0) this.#tile = this.#session.take(rows * this.#rowBytes);
  }

  /** Where the rows from `from` on are to be written. */
  at(from: number): number {
    return this.#resident < 0 ? this.#tile : this.#resident + from * this.#rowBytes;
  }

  /** The address of `count` rows from row `from` on, brought there. */
  read(from: number, count: number): number {
    if (this.#resident < 0) this.#session.copyIn(this.#operand, this.#dtype, this.#tile, from, count);
    return this.at(from);
  }

  /** Hands the rows that were written to the caller. */
  done(from: number, count: number): void {
    if (this.#resident >= 0) return;
    const { flat, cols } = this.#operand;
    this.#session.copyOut(this.#dtype, this.#tile, count * cols, flat, from * cols);
  }
}

/**
 * Reserves scratch memory and runs `tile` over the rows.
 *
 * @param whole operands that every tile needs in full
 * @param passing operands that are needed a row tile at a time
 */
export function overRows(
  session: Session,
  rows: number,
  whole: readonly Passing[],
  passing: readonly Passing[],
  tile: (from: number, count: number) => void,
): void {
  let rowBytes = 0;
  for (const each of passing) rowBytes += each.bytesPerRow;
  const tileRows = rowBytes === 0 ? rows : Math.min(rows, Math.max(TILE_ROWS, Math.floor(TILE_BYTES / rowBytes)));
  let bytes = tileRows * rowBytes + (whole.length + passing.length) * ALIGN;
  for (const each of whole) bytes += each.count * each.bytesPerRow;
  session.reserve(bytes);
  for (const each of whole) each.take(each.count);
  for (const each of passing) each.take(tileRows);
  for (let from = 0; from < rows; from += tileRows) tile(from, Math.min(tileRows, rows - from));
}
