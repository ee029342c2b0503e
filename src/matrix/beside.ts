// Rows side by side: of tables, whose cells are read as numbers, and of what is sparse.

import { Matrix } from './matrix.js';
import { newArray, SPARSE, type TypedArray } from './operand.js';
import { create, type SparseMatrix } from './sparse.js';
import { SparseBuilder } from './sparse-builder.js';
import { Table } from './table.js';

/** A part of the columns. @internal */
export type Part = Table | SparseMatrix;

const dtypeOf = (parts: readonly Part[]) =>
  parts.length > 0 && parts.every(({ dtype }) => dtype === 'f32') ? 'f32' : 'f64';

const widthOf = (parts: readonly Part[]): number => parts.reduce((sum, { cols }) => sum + cols, 0);

/** The part of their numbers that is stored; of tables all are. @internal */
export function densityOf(parts: readonly Part[], rows: number): number {
  const stored = parts.reduce((sum, part) => sum + (part instanceof Table ? rows * part.cols : part.nnz), 0);
  return stored / (rows * widthOf(parts));
}

/** As a matrix of equally many rows: f32 if all are. @throws {ValueError} at a text @internal */
export function beside(rows: number, parts: readonly Part[]): Matrix {
  const cols = widthOf(parts);
  const data = newArray(dtypeOf(parts), rows * cols);
  let start = 0;
  for (const part of parts) {
    const sparse = !(part instanceof Table);
    const numbers: TypedArray = sparse ? newArray(part.dtype, part.cols) : part.numbers();
    for (let i = 0; i < rows; i++) {
      if (sparse) part[SPARSE].copyTo(numbers, 0, i, 1);
      const from = sparse ? 0 : i * part.cols;
      for (let j = 0; j < part.cols; j++) data[i * cols + start + j] = numbers[from + j];
    }
    start += part.cols;
  }
  return new Matrix(rows, cols, data);
}

/** The same, of which what is not 0 is stored, and what was. @throws {ValueError} at a text @internal */
export function besideSparse(rows: number, parts: readonly Part[]): SparseMatrix {
  const builder = new SparseBuilder(rows, dtypeOf(parts));
  const read = parts.map((part) => (part instanceof Table ? part.numbers() : part[SPARSE]));
  for (let i = 0; i < rows; i++) {
    let start = 0;
    for (const [k, { cols }] of parts.entries()) {
      const part = read[k];
      if ('indptr' in part) {
        const { indptr, indices, values } = part;
        for (let e = indptr[i]; e < indptr[i + 1]; e++) builder.add(start + indices[e], values[e]);
      } else {
        for (let j = 0; j < cols; j++) if (part[i * cols + j] !== 0) builder.add(start + j, part[i * cols + j]);
      }
      start += cols;
    }
    builder.endRow();
  }
  return create(rows, widthOf(parts), builder.finish());
}
