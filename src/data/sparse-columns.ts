// Sparse rows as scalers see them: checked as dense ones are, and column by column. Nothing here is made dense.

import { ShapeError, ValueError } from '../checks/errors.js';
import type { Matrix } from '../matrix/matrix.js';
import { isSparse, SPARSE, type SparseInput, type TypedArray } from '../matrix/operand.js';
import { create, type SparseMatrix, transposed } from '../matrix/sparse.js';
import type { Compressed } from '../matrix/sparse-tiles.js';

/** What a transformer that keeps zeros makes of its argument: of what is sparse, a SparseMatrix; of `any` a Matrix. */
export type Kept<X> = 0 extends 1 & X ? Matrix : X extends SparseInput ? SparseMatrix : Matrix;

/** X, if it is sparse: of a row and a column or more. @throws {ShapeError}; {ValueError} at infinities, at NaN unless it may stand for gaps */
export function readSparse(X: unknown, name: string, nan = true): SparseMatrix | undefined {
  if (!isSparse(X)) return undefined;
  const { rows, cols } = X;
  if (rows === 0) throw new ShapeError(`"${name}" has no rows`);
  if (cols === 0) throw new ShapeError(`"${name}" has no columns`);
  const { indptr, indices, values } = (X as SparseMatrix)[SPARSE];
  const wrong = values.findIndex((x: number) => !Number.isFinite(x) && !(nan && Number.isNaN(x)));
  if (wrong >= 0) {
    const row = indptr.findIndex((start) => start > wrong) - 1;
    throw new ValueError(`"${name}"[${row}][${indices[wrong]}] is ${values[wrong]}`);
  }
  return X as SparseMatrix;
}

/** @throws {ValueError} that says what to write instead of an option that fills what is sparse */
export function refuseFilling(name: string, what: string, option: string): never {
  throw new ValueError(
    `"${name}" is sparse, and to subtract ${what} would fill it: write ${option}: false, or give ${name}.toDense()`,
  );
}

/** A copy whose numbers are changed, each by its column. */
export function mapSparse(X: SparseMatrix, change: (data: TypedArray, at: number, j: number) => void): SparseMatrix {
  const { indptr, indices, values } = X[SPARSE];
  const data = values.slice();
  for (let e = 0; e < data.length; e++) change(data, e, indices[e]);
  return create(X.rows, X.cols, { indptr, indices, values: data });
}

/** The numbers that are stored of a column, in the order of rows, and those rows. */
export type SparseColumn = Pick<Compressed, 'indices' | 'values'>;

/** What tells a column's. */
export function columnsOf(X: SparseMatrix): (j: number) => SparseColumn {
  const { indptr, indices, values } = transposed(X[SPARSE], X.cols);
  return (j) => ({
    indices: indices.subarray(indptr[j], indptr[j + 1]),
    values: values.subarray(indptr[j], indptr[j + 1]),
  });
}
