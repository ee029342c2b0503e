// The transformers that JSON and files know, and chains of them over the columns of a table.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { refuseValue } from '../checks/values.js';
import { isSparse } from '../matrix/operand.js';
import type { SparseMatrix } from '../matrix/sparse.js';
import { readTable, Table } from '../matrix/table.js';
import { Fitted } from './fitted.js';
import { MaxAbsScaler } from './max-abs-scaler.js';
import { MinMaxScaler } from './min-max-scaler.js';
import { OneHotEncoder } from './one-hot-encoder.js';
import { OrdinalEncoder } from './ordinal-encoder.js';
import { PiecewiseLinearEncoder } from './piecewise-linear-encoder.js';
import { QuantileTransformer } from './quantile-transformer.js';
import { RobustScaler } from './robust-scaler.js';
import { SimpleImputer } from './simple-imputer.js';
import { StandardScaler } from './standard-scaler.js';
import { CountVectorizer } from './text/count-vectorizer.js';
import { HashingVectorizer } from './text/hashing-vectorizer.js';
import { TfidfTransformer } from './text/tfidf-transformer.js';
import { TfidfVectorizer } from './text/tfidf-vectorizer.js';
import { cloneTransformer, type Transformer } from './transformer.js';

/** A transformer of this package: it has JSON. */
export interface KnownTransformer extends Transformer {
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;
  getFeatureNamesOut(features?: readonly string[]): string[];
  clone(): KnownTransformer;
  toJSON(): { kind: string };
}

interface TransformerClass {
  new (...options: never[]): KnownTransformer;
  fromJSON(json: never): KnownTransformer;
}

/** Of one column for itself, or of all alike. */
export const COLUMN_TRANSFORMERS = {
  StandardScaler,
  MinMaxScaler,
  MaxAbsScaler,
  RobustScaler,
  QuantileTransformer,
  PiecewiseLinearEncoder,
  OneHotEncoder,
  OrdinalEncoder,
  SimpleImputer,
} satisfies Record<string, TransformerClass>;

/** Of texts, and of what is counted in them. */
export const TEXT_TRANSFORMERS = {
  HashingVectorizer,
  CountVectorizer,
  TfidfTransformer,
  TfidfVectorizer,
} satisfies Record<string, TransformerClass>;

/** Those that a ColumnTransformer may be made of. */
export const CHAIN_TRANSFORMERS = { ...COLUMN_TRANSFORMERS, ...TEXT_TRANSFORMERS };

/** Whether it is one of this table, or extends one. */
export const isKnown = (step: unknown, table: Record<string, abstract new (...options: never[]) => unknown>): boolean =>
  Object.values(table).some((Kind) => step instanceof Kind);

/** What toJSON wrote of one of them. @throws {ValueError} naming what is wrong */
export function transformerFromJSON(
  json: unknown,
  table: Record<string, TransformerClass>,
  name: string,
  at = '',
): KnownTransformer {
  const kind: unknown = Object(json).kind;
  if (typeof kind === 'string' && Object.hasOwn(table, kind)) return table[kind].fromJSON(json as never);
  return refuseValue(at ? name : `${name}.kind`, `one of ${Object.keys(table).join(', ')}`, kind, at && `${at}.kind`);
}

/**
 * Whether each of these fits what the one before gives, and the last gives so many columns.
 *
 * @throws {NotFittedError}; {ShapeError} naming the one that does not
 */
export function checkWidths(steps: readonly KnownTransformer[], last: number): void {
  let before: number | undefined;
  for (const [i, step] of steps.entries()) {
    const { nFeaturesIn, nFeaturesOut } = step;
    if (before !== undefined && nFeaturesIn !== before) {
      throw new ShapeError(`step ${i} takes ${nFeaturesIn} columns, but step ${i - 1} gives ${before}`);
    }
    before = nFeaturesOut;
  }
  if (before === undefined || before === last) return;
  throw new ShapeError(`step ${steps.length - 1} gives ${before} columns, but the network takes ${last}`);
}

/** Its own class is of this package, so that it may be handed a Table, which knows what the caller calls its columns. */
const isOurs = (step: Transformer): boolean =>
  Object.getPrototypeOf(Object.getPrototypeOf(step) ?? Object.prototype) === Fitted.prototype;

/**
 * A table that has names for its columns in messages, or sparse rows; and names for the columns that come of it: those of a million hashed
 * columns take 0.2 s, so they are made when they are asked for.
 *
 * @internal
 */
export interface NamedTable {
  readonly table: Table | SparseMatrix;
  readonly names: () => readonly string[];
}

/** As a step takes it. */
const handed = (table: Table | SparseMatrix, step: Transformer) =>
  (table instanceof Table && !isOurs(step) ? table.plain() : table) as never;

function applied(step: Transformer, { table, names }: NamedTable, where: string): NamedTable {
  const given: unknown = step.transform(handed(table, step));
  const result = isSparse(given) ? (given as SparseMatrix) : readTable(given, 'X');
  if (result.rows !== table.rows) {
    throw new ShapeError(`${where}: ${describe(step)} made ${result.rows} rows of ${table.rows}`);
  }
  const same = result.cols === table.cols;
  const namesAfter = () => {
    const before = names();
    const own = step.getFeatureNamesOut?.(before);
    const after = own ?? (same ? before : Array.from({ length: result.cols }, (_, j) => `x${j}`));
    if (after.length === result.cols) return after;
    throw new ShapeError(`${where}: ${describe(step)} has ${after.length} names for ${result.cols} columns`);
  };
  if (!(result instanceof Table)) return { table: result, names: namesAfter };
  const [before, after] = [names(), namesAfter()];
  const unchanged = table instanceof Table && same && after.every((name, j) => name === before[j]);
  const labels = unchanged ? table.labels : after;
  return { table: new Table(result.name, result.rows, result.columns, labels), names: () => after };
}

/** What a chain that was fitted gives. @internal */
export const applyChain = (chain: readonly Transformer[], start: NamedTable, where: string): NamedTable =>
  chain.reduce((from, step) => applied(step, from, where), start);

/** Fits clones one after the other, each to what the one before gives. @throws {ValueError} if fit is asynchronous @internal */
export function fitChain(chain: readonly Transformer[], start: NamedTable, where: string) {
  let from = start;
  const fitted = chain.map((step) => {
    const learner = cloneTransformer(step);
    const fitting = learner.fit(handed(from.table, learner));
    if (typeof (fitting as PromiseLike<unknown> | undefined)?.then === 'function') {
      throw new ValueError(
        `${where}: fit of ${describe(step)} is asynchronous, which a ColumnTransformer cannot wait for`,
      );
    }
    from = applied(learner, from, where);
    return learner;
  });
  return { fitted, ...from };
}
