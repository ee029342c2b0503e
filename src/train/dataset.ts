// A set of rows in linear memory.

import type { Session } from '../marshal.js';
import type { Plan } from '../network/options.js';
import { PLACE } from '../operand.js';
import { ResidentMatrix } from '../resident.js';
import { type Column, dataOf, type Rows } from './rows.js';

export class Dataset {
  readonly rows: number;
  readonly X: ResidentMatrix;
  readonly y: ResidentMatrix;
  /** A weight for each row. */
  readonly w: ResidentMatrix | undefined;
  readonly #owned: readonly ResidentMatrix[];

  /** Zeros, but what is given: resident matrices of this memory, which are used where they lie. */
  constructor(
    session: Session,
    plan: Plan,
    rows: number,
    weighted: boolean,
    given: Partial<Record<'X' | 'y' | 'w', Column>> = {},
  ) {
    const owned: ResidentMatrix[] = [];
    const place = (column: Column | undefined, cols: number) => {
      if (column instanceof ResidentMatrix && column[PLACE].memory === session.memory) return column;
      const matrix = new ResidentMatrix(session, rows, cols, plan.dtype);
      owned.push(matrix);
      return matrix;
    };
    this.rows = rows;
    this.#owned = owned;
    try {
      this.X = place(given.X, plan.inputs);
      this.y = place(given.y, plan.outputs);
      this.w = weighted ? place(given.w, 1) : undefined;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** A set that was checked. */
  static of(session: Session, plan: Plan, { rows, X, y, w }: Rows): Dataset {
    const set = new Dataset(session, plan, rows, w !== undefined, { X, y, w });
    set.write(0, X, y, w);
    return set;
  }

  /** Copies rows in, from row `from` on. */
  write(from: number, X: Column, y: Column, w: Column | undefined): void {
    if (this.X !== X) this.X.data.set(dataOf(X), from * this.X.cols);
    if (this.y !== y) this.y.data.set(dataOf(y), from * this.y.cols);
    if (this.w && w && this.w !== w) this.w.data.set(dataOf(w), from);
  }

  dispose(): void {
    for (const matrix of this.#owned) matrix.dispose();
  }
}
