// The rows that a pass reads: inputs, targets, sample weights. What is resident in the network's dtype is used where it lies.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { Dtype } from '../kernels/contract.js';
import { adviceFor } from '../matrix/advice.js';
import type { Session } from '../matrix/marshal.js';
import { isVector, type Operand, PLACE, readOperand, shapeText, type TypedArray } from '../matrix/operand.js';
import { ResidentMatrix } from '../matrix/resident.js';
import { Block } from '../memory/block.js';

/** Class labels, one for each row: a copy. */
type Labels = readonly number[];

/** An argument that was read: a resident matrix as it is, so that nothing is allocated for it. */
export type Given = ResidentMatrix | Operand | Labels;

/** Rows of one width; used again for every call, so that a step on resident matrices allocates nothing. */
export class Source {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #name: string;
  readonly #cols: number;
  /** Of an element. */
  readonly #bytes: number;
  rows = 0;
  #address = -1;
  #operand: Operand | undefined;
  /** Where the operand lies in linear memory in the other dtype; -1 if it does not. */
  #elsewhere = -1;
  #room: Block | undefined;
  /** Class labels, where those are allowed and were given. */
  #labels: Labels | undefined;
  readonly #labelled: boolean;

  /** @param labelled whether a vector, or a single column, holds class labels from 0 to cols - 1 */
  constructor(session: Session, dtype: Dtype, name: string, cols: number, labelled = false) {
    this.#session = session;
    this.#dtype = dtype;
    this.#name = name;
    this.#cols = cols;
    this.#bytes = session[dtype].bytes;
    this.#labelled = labelled && cols > 1;
  }

  /** Reads an argument, which may run code of the caller's. @throws {ShapeError|ValueError|DtypeError|DisposedError} naming it */
  parse(value: unknown): Given {
    if (this.#isResident(value)) return value;
    if (this.#labelled && isVector(value)) return this.#readLabels(value);
    const operand = readOperand(value, this.#name);
    if (this.#labelled && operand.cols === 1) return this.#readLabels(operand.flat);
    if (operand.cols !== this.#cols) {
      const advice = operand.vector ? adviceFor(value) : '';
      throw new ShapeError(`"${this.#name}" is ${shapeText(operand)}, but must have ${this.#cols} columns${advice}`);
    }
    return operand;
  }

  /** Whether it is a matrix of this memory in this dtype. */
  #isResident(value: unknown): value is ResidentMatrix {
    if (!(value instanceof ResidentMatrix) || value.dtype !== this.#dtype) return false;
    const place = value[PLACE];
    return place.cols === this.#cols && place.memory === this.#session.memory && place.owner === value;
  }

  /** Takes what parse() read. No code of the caller's runs. @throws {ShapeError|DisposedError} */
  use(given: Given): void {
    this.#address = -1;
    this.#elsewhere = -1;
    this.forget();
    if (given instanceof ResidentMatrix) {
      const place = given[PLACE];
      place.check();
      this.#address = place.address;
      this.rows = place.rows;
    } else if (Array.isArray(given)) {
      this.#labels = given;
      this.rows = given.length;
    } else this.#useOperand(given as Operand);
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

  #readLabels(labels: ArrayLike<number>): Labels {
    if (labels.length === undefined) throw new ValueError(`"${this.#name}" must hold labels, got ${describe(labels)}`);
    const copy = Array.from(labels);
    for (const [i, label] of copy.entries()) {
      if (Number.isInteger(label) && label >= 0 && label < this.#cols) continue;
      throw new ValueError(
        `"${this.#name}"[${i}] is ${describe(label)}: labels must be integers from 0 to ${this.#cols - 1}`,
      );
    }
    return copy;
  }

  /**
   * @param outside an output that does not lie in linear memory; of one that does, where its `bytes` begin
   * @throws {ValueError} if some of its bytes are also those of what was read
   */
  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    let from = Math.max(this.#address, this.#elsewhere);
    let size = this.rows * this.#cols * this.#bytes;
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

  /** Makes room for tiles of `rows` rows if they must be copied. It may grow memory. */
  reserve(rows: number): void {
    if (this.#address >= 0) return;
    const bytes = rows * this.#cols * this.#bytes;
    if (this.#room) this.#room.reach(bytes);
    else this.#room = new Block(this.#session.heap, bytes);
  }

  /** The address of `count` rows from row `from` on, copied there if they are not resident. */
  tile(from: number, count: number): number {
    if (this.#address >= 0) return this.#address + from * this.#cols * this.#bytes;
    const { address } = this.#room as Block;
    if (this.#labels) this.#writeOneHot(this.#labels, address / this.#bytes, from, count);
    else if (this.#elsewhere >= 0) this.#convert(address / this.#bytes, from, count);
    else this.#session.copyIn(this.#operand as Operand, this.#dtype, address, from, count);
    return address;
  }

  /** Copies rows that lie in linear memory in the other dtype. */
  #convert(at: number, from: number, count: number): void {
    const dtype = (this.#operand as Operand).dtype as Dtype;
    const start = this.#elsewhere + from * this.#cols * this.#session[dtype].bytes;
    this.#session.view(this.#dtype).set(this.#session.elementsAt(start, dtype, count * this.#cols), at);
  }

  #writeOneHot(labels: Labels, at: number, from: number, count: number): void {
    const view = this.#session.view(this.#dtype);
    const cols = this.#cols;
    view.fill(0, at, at + count * cols);
    for (let i = 0; i < count; i++) view[at + i * cols + labels[from + i]] = 1;
  }

  /** Of a source of one column: where its numbers are, from index `first` on. */
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
      for (let j = 0; j < this.#cols; j++) {
        const value = this.#session.view(this.#dtype)[at + j];
        if (!Number.isFinite(value)) return `"${this.#name}" holds ${value} in row ${i}, column ${j}`;
      }
    }
    return undefined;
  }

  dispose(): void {
    this.#room?.dispose();
  }
}
