// A set of rows in linear memory, and where the rows that are read go to.

import type { Session } from '../matrix/marshal.js';
import { copyRows, type Dtype, elementsOf, newArray, type Operand, PLACE, type TypedArray } from '../matrix/operand.js';
import { ResidentMatrix } from '../matrix/resident.js';
import type { Plan } from '../network/options.js';

/** Numbers in the network's dtype: an array, or a matrix in linear memory, by which room they were read to. */
export type Column = TypedArray | ResidentMatrix;

/** Rows of a training or validation set: X is rows x inputs, y rows x outputs, w a weight for each row. */
export interface Rows {
  readonly rows: number;
  readonly X: Column;
  readonly y: Column;
  readonly w: Column | undefined;
}

/** Where rows are read to. */
export interface Room {
  /** Whether a matrix is used where it lies: then nothing is copied, and it is held. */
  keep(matrix: ResidentMatrix): boolean;
  /** An array of zeros. */
  column(rows: number, cols: number): Column;
  /** A copy. @throws {ValueError} at an element that is no number */
  copy(operand: Operand): Column;
}

/** Arrays, to be handed to a worker. */
export class Arrays implements Room {
  readonly #dtype: Dtype;

  constructor(dtype: Dtype) {
    this.#dtype = dtype;
  }

  keep(): boolean {
    return false;
  }

  column(rows: number, cols: number): TypedArray {
    return newArray(this.#dtype, rows * cols);
  }

  copy(operand: Operand): TypedArray {
    const { rows, cols } = operand;
    const copy = this.column(rows, cols);
    copyRows(operand, copy, 0, 0, rows);
    return copy;
  }
}

/** Linear memory, where the training runs: what was put there goes with it, what lay there already is held until then. */
export class Resident implements Room {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #owned: ResidentMatrix[] = [];
  readonly #held: ResidentMatrix[] = [];

  constructor(session: Session, dtype: Dtype) {
    this.#session = session;
    this.#dtype = dtype;
  }

  keep(matrix: ResidentMatrix): boolean {
    if (matrix.dtype !== this.#dtype || matrix[PLACE].memory !== this.#session.memory) return false;
    matrix.hold();
    this.#held.push(matrix);
    return true;
  }

  column(rows: number, cols: number): ResidentMatrix {
    const matrix = new ResidentMatrix(this.#session, rows, cols, this.#dtype);
    this.#owned.push(matrix);
    return matrix;
  }

  copy(operand: Operand): ResidentMatrix {
    const { rows, cols, dtype } = operand;
    // Found before there is a new matrix, which may grow memory and detach the view.
    const from = this.#session.addressOf(operand);
    const copy = this.column(rows, cols);
    if (from < 0) copyRows(operand, elementsOf(copy), 0, 0, rows);
    else elementsOf(copy).set(this.#session.elementsAt(from, dtype as Dtype, rows * cols));
    return copy;
  }

  dispose(): void {
    for (const matrix of this.#owned.splice(0)) matrix.dispose();
    for (const matrix of this.#held.splice(0)) matrix.unhold();
  }
}

/** Rows that lie in linear memory. */
export interface Dataset {
  readonly rows: number;
  readonly X: ResidentMatrix;
  readonly y: ResidentMatrix;
  /** A weight for each row. */
  readonly w: ResidentMatrix | undefined;
}

/** Rows of zeros. */
export function emptySet(room: Resident, { inputs, outputs }: Plan, rows: number, weighted: boolean): Dataset {
  const [X, y] = [room.column(rows, inputs), room.column(rows, outputs)];
  return { rows, X, y, w: weighted ? room.column(rows, 1) : undefined };
}

/** Rows that were read into arrays, in linear memory. */
export function placed(room: Resident, plan: Plan, { rows, X, y, w }: Rows): Dataset {
  const set = emptySet(room, plan, rows, w !== undefined);
  elementsOf(set.X).set(X as TypedArray);
  elementsOf(set.y).set(y as TypedArray);
  if (w && set.w) elementsOf(set.w).set(w as TypedArray);
  return set;
}
