// What scalers and encoders share: they keep what they learnt in private fields.

import { NotFittedError, ShapeError } from '../checks/errors.js';
import { readFinite } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import type { MatrixInput, TypedArray } from '../matrix/operand.js';

/** Takes what another one of its kind learnt. @internal */
export const ADOPT: unique symbol = Symbol('adopt');

/** What to do instead of structuredClone and postMessage. @internal */
export const FITTED_ADVICE = 'use toJSON() and fromJSON: what it learnt is private, and a clone would be without';

/** A copy of X, each element changed by what was fitted for its column j. @throws {ShapeError|ValueError|DtypeError} @internal */
export function mapColumns(
  X: MatrixInput,
  fitted: number,
  change: (data: TypedArray, at: number, j: number) => void,
): Matrix {
  const table = readFinite(X, 'X', true, true);
  const { rows, cols, data } = table;
  checkColumns(table, fitted, 'X');
  for (let at = 0; at < data.length; at++) change(data, at, at % cols);
  return new Matrix(rows, cols, data);
}

/** @throws {ShapeError} unless there are as many columns as were fitted @internal */
export function checkColumns({ cols }: { readonly cols: number }, fitted: number, name: string): void {
  if (cols !== fitted) throw new ShapeError(`"${name}" has ${cols} columns, but ${fitted} were fitted`);
}

/** A line for console.log: class and options, and how many columns or classes were fitted. @internal */
export function show(kind: string, options: object, fitted: number | undefined, what = 'columns'): string {
  const given = Object.entries(options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `${kind}(${given.join(', ')})${fitted === undefined ? '' : ` fitted, ${fitted} ${what}`}`;
}

/** `fitted` if it is there. @throws {NotFittedError} naming the class */
export function checkFitted<T>(fitted: T | undefined, kind: string): T {
  if (fitted === undefined) throw new NotFittedError(`this ${kind} is not fitted yet: call fit() first`);
  return fitted;
}
