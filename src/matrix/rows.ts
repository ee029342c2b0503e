// Rows of one width that a user hands in: inputs, targets, sample weights. Read and checked once, whatever they came as;
// then used where they lie, or copied to an address tile by tile, or copied whole.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { Dtype } from '../kernels/kernels.js';
import { Block } from '../memory/block.js';
import { adviceFor } from './advice.js';
import type { Session } from './marshal.js';
import {
  copyRows,
  dtypeOf,
  isVector,
  type Operand,
  PLACE,
  readOperand,
  shapeText,
  type TypedArray,
  unreadable,
} from './operand.js';
import { ResidentMatrix } from './resident.js';

/** Class labels, one for each row: a copy. */
type ClassLabels = readonly number[];

/** An argument that was read: a resident matrix as it is, so that nothing is allocated for it. */
export type ParsedRows = ResidentMatrix | Operand | ClassLabels;

/** Arrays of integers, as plain numbers; the rest as it is. */
export function plainNumbers(value: unknown): unknown {
  const integers = ArrayBuffer.isView(value) && !dtypeOf(value) && !(value instanceof DataView);
  return integers ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** Rows of one argument; used again for every call, so that a step on resident matrices allocates nothing. */
export class Rows {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #name: string;
  readonly cols: number;
  /** Of an element. */
  readonly #bytes: number;
  rows = 0;
  /** Where they lie in linear memory in the right dtype; -1 if they do not. */
  #address = -1;
  #operand: Operand | undefined;
  /** Where the operand lies in linear memory in the other dtype; -1 if it does not. */
  #elsewhere = -1;
  /** What tiles are copied to. */
  #tile: Block | undefined;
  /** Class labels, where those are allowed and were given. */
  #labels: ClassLabels | undefined;
  readonly #targets: boolean;
  readonly #labelled: boolean;

  /**
   * @param labelled of targets: whether a vector, or a single column, holds class labels from 0 to cols - 1, where there are
   * two columns or more
   */
  constructor(session: Session, dtype: Dtype, name: string, cols: number, labelled?: boolean) {
    this.#session = session;
    this.#dtype = dtype;
    this.#name = name;
    this.cols = cols;
    this.#bytes = session[dtype].bytes;
    this.#targets = labelled !== undefined;
    this.#labelled = labelled === true && cols > 1;
  }

  /** Reads an argument, which may run code of the caller's. @throws {ShapeError|ValueError|DtypeError|DisposedError} naming it */
  parse(value: unknown): ParsedRows {
    try {
      return this.#isResident(value) ? value : this.#parse(value);
    } catch (error) {
      throw unreadable(error, this.#name);
    }
  }

  #parse(value: unknown): ParsedRows {
    if (this.#labelled && isVector(value)) return this.#readLabels(value);
    const operand = readOperand(this.#targets ? plainNumbers(value) : value, this.#name);
    if (this.#labelled && operand.cols === 1) return this.#readLabels(operand.flat);
    if (operand.cols !== this.cols) {
      const advice = operand.vector ? adviceFor(value) : '';
      throw new ShapeError(`"${this.#name}" is ${shapeText(operand)}, but must have ${this.cols} columns${advice}`);
    }
    return operand;
  }

  /** Whether it is a matrix of this memory in this dtype. */
  #isResident(value: unknown): value is ResidentMatrix {
    if (!(value instanceof ResidentMatrix) || value.dtype !== this.#dtype) return false;
    const place = value[PLACE];
    return place.cols === this.cols && place.memory === this.#session.memory && place.owner === value;
  }

  #readLabels(labels: ArrayLike<number>): ClassLabels {
    const { length } = labels;
    if (length === undefined) throw new ValueError(`"${this.#name}" must hold labels, got ${describe(labels)}`);
    const copy: number[] = [];
    for (let i = 0; i < length; i++) {
      const label = labels[i];
      if (!(Number.isInteger(label) && label >= 0 && label < this.cols)) {
        throw new ValueError(
          `"${this.#name}"[${i}] is ${describe(label)}: labels must be integers from 0 to ${this.cols - 1}`,
        );
      }
      copy.push(label);
    }
    return copy;
  }

  /** Takes what parse() read. No code of the caller's runs. @throws {ShapeError|DisposedError} */
  use(parsed: ParsedRows): void {
    this.#address = -1;
    this.#elsewhere = -1;
    this.forget();
    if (parsed instanceof ResidentMatrix) {
      const place = parsed[PLACE];
      place.check();
      this.#address = place.address;
      this.rows = place.rows;
    } else if (Array.isArray(parsed)) {
      this.#labels = parsed;
      this.rows = parsed.length;
    } else this.#useOperand(parsed as Operand);
    if (this.rows === 0) throw new ShapeError(`"${this.#name}" has no rows`);
  }

  #useOperand(operand: Operand): void {
    this.rows = operand.rows;
    const address = this.#session.addressOf(operand);
    if (address >= 0 && operand.dtype === this.#dtype) {
      this.#address = address;
    } else {
      this.#operand = operand;
      this.#elsewhere = address;
    }
  }

  /** Takes rows that are known to be good, and lie at an address in this dtype for as long as they are used. */
  place(address: number, rows: number): void {
    this.#address = address;
    this.#elsewhere = -1;
    this.forget();
    this.rows = rows;
  }

  /**
   * @param outside an output that does not lie in linear memory; of one that does, where its `bytes` begin
   * @throws {ValueError} if some of its bytes are also those of what was read
   */
  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    let from = Math.max(this.#address, this.#elsewhere);
    let size = this.rows * this.cols * this.#bytes;
    const flat = this.#operand?.flat;
    if (flat) size = flat.byteLength;
    if (from < 0) {
      // Asked for only then: V8 moves a small array off its heap when it is asked for its buffer.
      if (!outside || flat?.buffer !== outside.buffer) return;
      from = flat.byteOffset;
    } else if (outside) return;
    if (start >= from + size || from >= start + bytes) return;
    throw new ValueError(`"out" shares memory with "${this.#name}": give it memory of its own`);
  }

  /** Lets go of what the caller handed in. */
  forget(): void {
    this.#operand = undefined;
    this.#labels = undefined;
  }

  /** Makes room for tiles of `count` rows if they must be copied. It may grow memory. */
  reserve(count: number): void {
    if (this.#address >= 0) return;
    const bytes = count * this.cols * this.#bytes;
    if (this.#tile) this.#tile.reach(bytes);
    else this.#tile = new Block(this.#session.heap, bytes);
  }

  /** The address of `count` rows from row `from` on, copied there if they do not lie in linear memory. */
  tile(from: number, count: number): number {
    if (this.#address >= 0) return this.#address + from * this.cols * this.#bytes;
    const { address } = this.#tile as Block;
    const session = this.#session;
    if (this.#labels) this.#writeOneHot(this.#labels, session.view(this.#dtype), address / this.#bytes, from, count);
    else if (this.#elsewhere >= 0) this.#convert(session.view(this.#dtype), address / this.#bytes, from, count);
    else session.copyIn(this.#operand as Operand, this.#dtype, address, from, count);
    return address;
  }

  /** Copies all rows. Memory may have grown since they were read. */
  copyTo(array: TypedArray): void {
    const { rows } = this;
    if (this.#address >= 0) array.set(this.#session.elementsAt(this.#address, this.#dtype, rows * this.cols));
    else if (this.#labels) this.#writeOneHot(this.#labels, array, 0, 0, rows);
    else if (this.#elsewhere >= 0) this.#convert(array, 0, 0, rows);
    else copyRows(this.#operand as Operand, array, 0, 0, rows);
  }

  /** Copies rows that lie in linear memory in the other dtype. */
  #convert(to: TypedArray, at: number, from: number, count: number): void {
    const dtype = (this.#operand as Operand).dtype as Dtype;
    const start = this.#elsewhere + from * this.cols * this.#session[dtype].bytes;
    to.set(this.#session.elementsAt(start, dtype, count * this.cols), at);
  }

  #writeOneHot(labels: ClassLabels, to: TypedArray, at: number, from: number, count: number): void {
    const { cols } = this;
    to.fill(0, at, at + count * cols);
    for (let i = 0; i < count; i++) to[at + i * cols + labels[from + i]] = 1;
  }

  /** Of rows of one column: where their numbers are, from index `first` on. */
  get column(): ArrayLike<number> {
    if (this.#address >= 0) return this.#session.view(this.#dtype);
    return (this.#operand as Operand).flat;
  }

  get first(): number {
    return this.#address >= 0 ? this.#address / this.#bytes : 0;
  }

  /** The first number that is not finite, in words; undefined if all are. */
  findNonFinite(): string | undefined {
    for (let i = 0; i < this.rows; i++) {
      const at = this.tile(i, 1) / this.#bytes;
      for (let j = 0; j < this.cols; j++) {
        const value = this.#session.view(this.#dtype)[at + j];
        if (!Number.isFinite(value)) return `"${this.#name}" holds ${value} in row ${i}, column ${j}`;
      }
    }
    return undefined;
  }

  dispose(): void {
    this.#tile?.dispose();
  }
}
