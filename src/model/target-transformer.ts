// What a TransformedTargetRegressor does to targets: a transformer that can be undone, or two functions; and as JSON.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import type { Transformer } from '../data/transformer.js';
import { COLUMN_TRANSFORMERS, isKnown, type KnownTransformer, transformerFromJSON } from '../data/transformers.js';
import { type Check, checkForm, flag, record } from '../files/schema.js';
import { Matrix } from '../matrix/matrix.js';
import type { MatrixLike } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';

/** A transformer of numbers that can be undone. */
export interface TargetTransformer extends Transformer {
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
export function checkTargetWidth(fitted: FittedTarget | undefined, outputs: number): void {
  if (!fitted) return;
  const { nFeaturesIn } = fitted.transformer as unknown as KnownTransformer;
  if (nFeaturesIn === outputs && (!fitted.vector || outputs === 1)) return;
  throw new ShapeError(`the targets' transformer is of ${nFeaturesIn} columns, but the network has ${outputs} outputs`);
}
