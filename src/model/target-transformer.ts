// What a TransformedTargetRegressor does to targets: a transformer that can be undone, or two functions; and as JSON.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { Transformer } from '../data/transformer.js';
import { COLUMN_TRANSFORMERS, isKnown, type KnownTransformer, transformerFromJSON } from '../data/transformers.js';
import { type Check, checkForm, flag, record } from '../files/schema.js';
import { Matrix } from '../matrix/matrix.js';
import { type MatrixLike, newArray, nonFiniteAt, placeOf } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';

/** A transformer of numbers that can be undone. */
export interface TargetTransformer extends Transformer {
  /** What transform was given, from what it returned. */
  inverseTransform(X: TableInput): Matrix | TableInput;
}

/** A number to a number. */
export type NumberFunction = (y: number) => number;

/** The same by two functions. */
export function byFunctions(func: NumberFunction, inverseFunc: NumberFunction): TargetTransformer {
  const mapped = (X: TableInput, change: NumberFunction): Matrix => {
    const { rows, cols, data } = Matrix.from(X as MatrixLike);
    return new Matrix(
      rows,
      cols,
      data.map((y) => change(y)),
    );
  };
  const both = {
    fit: () => both,
    transform: (X: TableInput) => mapped(X, func),
    inverseTransform: (X: TableInput) => mapped(X, inverseFunc),
    clone: () => both,
  };
  return both;
}

export function checkTransformer(value: unknown): void {
  const missing = ['fit', 'transform', 'inverseTransform'].find((name) => typeof Object(value)[name] !== 'function');
  if (!missing) return;
  throw new ValueError(
    `"transformer" must be a scaler, or anything that can be undone: ${describe(value)} has no method ${missing}`,
  );
}

/** Undoes it; of several quantiles of one target column by column. */
export function undo(transformer: TargetTransformer, predicted: Matrix, quantiles: boolean): Matrix {
  const undone = (X: Matrix) => Matrix.from(transformer.inverseTransform(X) as MatrixLike);
  if (!quantiles) return undone(predicted);
  const { rows, cols, data } = predicted;
  const columns = Array.from({ length: cols }, (_, j) =>
    undone(
      new Matrix(
        rows,
        1,
        data.filter((_, at) => at % cols === j),
      ),
    ),
  );
  const back = newArray(columns[0].dtype, rows * cols);
  for (let at = 0; at < back.length; at++) back[at] = columns[at % cols].data[Math.floor(at / cols)];
  return new Matrix(rows, cols, back);
}

const RELATIVE = 1e-5;
const ABSOLUTE = 1e-8;

/** @throws {ValueError} unless all targets are numbers still, and about ten of them come back, if that is asked for */
export function checkTransformed(
  { rows, cols, data }: Matrix,
  learnt: Matrix,
  transformer: TargetTransformer,
  checkInverse: boolean,
): void {
  const wrong = nonFiniteAt(learnt.data);
  if (wrong >= 0) {
    const from = learnt.data.length === data.length ? data[wrong] : '';
    throw new ValueError(`"y"${placeOf(wrong, learnt.cols)} is ${from}, which becomes ${learnt.data[wrong]}`);
  }
  if (!checkInverse) return;
  const back = Matrix.from(transformer.inverseTransform(learnt) as MatrixLike);
  const step = Math.max(1, Math.floor(rows / 10));
  for (let at = 0; at < data.length; at++) {
    if (Math.floor(at / cols) % step !== 0) continue;
    if (Math.abs(data[at] - back.data[at]) <= ABSOLUTE + RELATIVE * Math.abs(back.data[at])) continue;
    throw new ValueError(
      `"y"${placeOf(at, cols)} is ${data[at]}, but comes back as ${back.data[at]}: func and inverseFunc, or the transformer, ` +
        'do not undo each other; "checkInverse": false leaves it at that',
    );
  }
}

/** Quantiles are learnt of what becomes of targets. @throws {ValueError} if that turns them round */
export function checkRising({ data, cols }: Matrix, learnt: Matrix): void {
  if (data.length !== learnt.data.length) return;
  for (let j = 0; j < cols; j++) {
    let [least, greatest] = [j, j];
    for (let at = j; at < data.length; at += cols) {
      if (data[at] < data[least]) least = at;
      if (data[at] > data[greatest]) greatest = at;
    }
    if (learnt.data[least] <= learnt.data[greatest]) continue;
    throw new ValueError('"func" falls as targets rise: a quantile of what it gives is another one of the targets');
  }
}

/** What was fitted: the transformer, and whether targets were one number a row. */
export interface FittedTarget {
  readonly transformer: TargetTransformer;
  readonly vector: boolean;
}

export interface TargetJSON {
  checkInverse: boolean;
  /** Not fitted. */
  transformer: { kind: string };
  /** null before fit. */
  fitted: { transformer: { kind: string }; vector: boolean } | null;
}

function written(transformer: TargetTransformer): { kind: string } {
  if (isKnown(transformer, COLUMN_TRANSFORMERS)) return (transformer as unknown as KnownTransformer).toJSON();
  throw new ValueError(
    `"transformer" is ${describe(transformer)}: scalers of bitgrad can be written, functions and others cannot; keep them yourself`,
  );
}

/** @throws {ValueError} of functions, and of what is not of this package */
export const targetJSON = (
  transformer: TargetTransformer,
  fitted: FittedTarget | undefined,
  checkInverse: boolean,
): TargetJSON => ({
  checkInverse,
  transformer: written(transformer),
  fitted: fitted ? { transformer: written(fitted.transformer), vector: fitted.vector } : null,
});

function revived(json: unknown, name: string): TargetTransformer {
  const transformer: unknown = transformerFromJSON(json, COLUMN_TRANSFORMERS, name);
  checkTransformer(transformer);
  return transformer as TargetTransformer;
}

/** What targetJSON wrote. @throws {ValueError} naming what is wrong with it */
export function readTargetJSON(json: unknown, name: string) {
  const any: Check<unknown> = (value) => value;
  const form = record({ checkInverse: flag, transformer: any, fitted: any });
  const { checkInverse, transformer, fitted } = checkForm(form, json, name, ValueError);
  const pair = record({ transformer: any, vector: flag });
  const read = fitted === null ? undefined : checkForm(pair, fitted, `${name}.fitted`, ValueError);
  return {
    checkInverse,
    transformer: revived(transformer, `${name}.transformer`),
    fitted: read && { transformer: revived(read.transformer, `${name}.fitted.transformer`), vector: read.vector },
  };
}

/** @throws {ShapeError} unless the transformer, if it was fitted, takes so many columns */
export function checkTargetWidth(fitted: FittedTarget | undefined, targets: number): void {
  if (!fitted) return;
  const { nFeaturesIn } = fitted.transformer as unknown as KnownTransformer;
  if (nFeaturesIn === targets && (!fitted.vector || targets === 1)) return;
  throw new ShapeError(`the targets' transformer is of ${nFeaturesIn} columns, but the network has ${targets} targets`);
}
