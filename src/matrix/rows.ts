// Rows of one width that a user hands in: inputs, targets, sample weights. Read and checked once, whatever they came as;
// then used where they lie, or copied to an address tile by tile, or copied whole.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import { Block } from '../memory/block.js';
import { adviceFor } from './advice.js';
import type { Session } from './marshal.js';
import {
  copyRows,
  holds,
  isSparse,
  isVector,
  nonFiniteAt,
  type Operand,
  PLACE,
  readOperand,
  refuseShared,
  type SparseRows,
  type SparseTiles,
  shapeText,
  sparseRowsOf,
  type TypedArray,
  unreadable,
} from './operand.js';
import { ResidentMatrix } from './resident.js';

/** Class labels, one for each row: a copy. */
type ClassLabels = readonly number[];

/** An argument that was read: a resident matrix as it is, so that nothing is allocated for it. */
export type ParsedRows = ResidentMatrix | Operand | ClassLabels | SparseRows;

/** Rows of one argument; used again for every call, so that a step on resident matrices allocates nothing. */
export class Rows {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly name: string;
  readonly cols: number;
  /** Of an element. */
  readonly #bytes: number;
  /** 0: there are none, whatever else was read before. */
  rows = 0;
  /** Where they lie in linear memory in the right dtype; -1 if they do not. */
  #address = -1;
  /** Where they lie in linear memory in either dtype; -1 if they do not. */
  #anywhere = -1;
  #operand: Operand | undefined;
  /** What tiles are copied to. */
  #tile: Block | undefined;
  /** Class labels, where those are allowed and were given. */
  #labels: ClassLabels | undefined;
  readonly #labelled: boolean;
  /** Rows of which only some numbers are stored. */
  #sparse: SparseRows | undefined;
  #tiles: SparseTiles | undefined;

  /**
   * @param labelled whether a vector, or a single column, holds class labels from 0 to cols - 1, where cols is 2 or more
   */
  constructor(session: Session, dtype: Dtype, name: string, cols: number, labelled = false) {
    this.#session = session;
    this.#dtype = dtype;
    this.name = name;
    this.cols = cols;
    this.#bytes = session[dtype].bytes;
    this.#labelled = labelled && cols > 1;
  }

  /** Reads an argument, which may run code of the caller's. @throws {ShapeError|ValueError|DtypeError|DisposedError} naming it */
  parse(value: unknown): ParsedRows {
    try {
      if (value instanceof ResidentMatrix && value.dtype === this.#dtype) {
        const place = value[PLACE];
        // A matrix of this memory in this dtype.
        if (place.cols === this.cols && place.session === this.#session && place.owner === value) return value;
      }
      return this.#parse(value);
    } catch (error) {
      throw unreadable(error, this.name);
    }
  }

  #parse(value: unknown): ParsedRows {
    if (this.#labelled && isVector(value) && value.length >= 0) return this.#readLabels(value);
    // A column has no width to save.
    const sparse = this.cols > 1 && sparseRowsOf(value);
    const read = sparse || readOperand(isSparse(value) ? value.toDense() : value, this.name);
    if (this.#labelled && read.cols === 1 && 'flat' in read) return this.#readLabels(read.flat);
    if (read.cols !== this.cols) {
      const advice = 'vector' in read && read.vector ? adviceFor(value) : '';
      throw new ShapeError(`"${this.name}" is ${shapeText(read)}, but must have ${this.cols} columns${advice}`);
    }
    return read;
  }

  #readLabels(labels: ArrayLike<number>): ClassLabels {
    const { cols } = this;
    const { length } = labels;
    const copy = new Array<number>(length);
    for (let i = 0; i < length; i++) {
      const label = labels[i];
      if (!(Number.isInteger(label) && label >= 0 && label < cols)) {
        throw new ValueError(
          `"${this.name}"[${i}] is ${describe(label)}: labels must be integers from 0 to ${cols - 1}`,
        );
      }
      copy[i] = label;
    }
    return copy;
  }

  /** Takes what parse() read. No code of the caller's runs. @throws {ShapeError|DisposedError} */
  use(parsed: ParsedRows): void {
    if (parsed instanceof ResidentMatrix) {
      const place = parsed[PLACE];
      place.check();
      this.place(place.address, place.rows);
    } else this.#useCopied(parsed);
    if (this.rows === 0) throw new ShapeError(`"${this.name}" has no rows`);
  }

  /** Apart from use(), so that V8 inlines that. */
  #useCopied(parsed: Exclude<ParsedRows, ResidentMatrix>): void {
    if (Array.isArray(parsed)) {
      this.place(-1, parsed.length);
      this.#labels = parsed;
    } else if ('tiles' in parsed) this.placeSparse(parsed as SparseRows);
    else {
      const operand = parsed as Operand;
      const address = this.#session.addressOf(operand);
      this.place(operand.dtype === this.#dtype ? address : -1, operand.rows);
      this.#anywhere = address;
      this.#operand = operand;
    }
  }

  /** Takes rows that are known to be good, and lie at an address in this dtype for as long as they are used. */
  place(address: number, rows: number): void {
    this.#address = address;
    this.#anywhere = address;
    this.forget();
    this.rows = rows;
  }

  /** The same of sparse ones, wherever they lie. */
  placeSparse(sparse: SparseRows): void {
    this.place(-1, sparse.rows);
    this.#sparse = sparse;
  }

  /**
   * What brings them tile by tile as they are, if they are sparse.
   *
   * @param units of the layer that takes them
   * @param gradients whether they are asked for, too
   */
  sparse(units: number, gradients: boolean): SparseTiles | undefined {
    if (!this.#sparse) return undefined;
    this.#tiles ??= this.#sparse.tiles(this.#session, this.#dtype);
    this.#tiles.begin(this.#sparse, units, gradients);
    return this.#tiles;
  }

  /**
   * @param outside an output that does not lie in linear memory; of one that does, where its `bytes` begin
   * @throws {ValueError} if some of its bytes are also those of what was read
   */
  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    const flat = this.#operand?.flat;
    const size = flat ? flat.byteLength : this.rows * this.cols * this.#bytes;
    let from = this.#anywhere;
    if (from < 0) {
      // Asked for only then: V8 moves a small array off its heap when it is asked for its buffer.
      if (!outside || flat?.buffer !== outside.buffer) return;
      from = flat.byteOffset;
    } else if (outside) return;
    if (start >= from + size || from >= start + bytes) return;
    refuseShared(`"${this.name}"`);
  }

  /** Lets go of what the caller handed in. */
  forget(): void {
    this.#operand = undefined;
    this.#labels = undefined;
    this.#sparse = undefined;
  }

  /** Whether they are used where they lie. */
  get resident(): boolean {
    return this.#address >= 0;
  }

  /** Makes room for a tile if they must be copied. It may grow memory. */
  reserve(): void {
    if (this.#address >= 0 || this.rows === 0) return;
    const bytes = Math.min(TILE, this.rows) * this.cols * this.#bytes;
    if (this.#tile) this.#tile.reach(bytes);
    else this.#tile = new Block(this.#session.heap, bytes);
  }

  /** The address of `count` rows from row `from` on, copied there if they do not lie in linear memory. */
  tile(from: number, count: number): number {
    if (this.#address >= 0) return this.#address + from * this.cols * this.#bytes;
    // What looks at rows one by one has made no room before.
    if (this.#sparse) this.reserve();
    const { address } = this.#tile as Block;
    this.copyTo(this.#session.view(this.#dtype), address / this.#bytes, from, count);
    return address;
  }

  /** Copies `count` rows from row `from` on to `to[at...]`. Memory may have grown since they were read. */
  copyTo(to: TypedArray, at: number, from: number, count: number): void {
    const { cols } = this;
    const n = count * cols;
    if (this.#labels) {
      to.fill(0, at, at + n);
      for (let i = 0; i < count; i++) to[at + i * cols + this.#labels[from + i]] = 1;
    } else if (this.#sparse) this.#sparse.copyTo(to, at, from, count);
    else if (this.#anywhere >= 0) {
      const dtype = this.#operand?.dtype ?? this.#dtype;
      const start = this.#anywhere + from * cols * this.#session[dtype].bytes;
      to.set(this.#session.elementsAt(start, dtype, n), at);
    } else copyRows(this.#operand as Operand, to, at, from, count);
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
    const wild = this.#sparse?.nonFinite();
    if (wild) return holds(this.name, ...wild);
    if (this.#sparse) return undefined;
    for (let i = 0; i < this.rows; i++) {
      const row = this.#session.elementsAt(this.tile(i, 1), this.#dtype, this.cols);
      const j = nonFiniteAt(row);
      if (j >= 0) return holds(this.name, row[j], i, j);
    }
    return undefined;
  }

  dispose(): void {
    this.#tile?.dispose();
    this.#tiles?.dispose();
  }
}
