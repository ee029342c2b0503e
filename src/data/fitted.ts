// What scalers and encoders share: they keep what they learnt in private fields, with the columns that they learnt it from.

import { NotFittedError, ShapeError, ValueError } from '../checks/errors.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { type Check, list, mismatch, optional, text } from '../files/schema.js';
import { type NumberTable, readNumbers } from '../matrix/copies.js';
import { INSPECT, Matrix } from '../matrix/matrix.js';
import type { TypedArray } from '../matrix/operand.js';
import { isTable, readTable, Table, type TableInput } from '../matrix/table.js';

/** Takes what another one of its kind learnt. @internal */
export const ADOPT: unique symbol = Symbol('adopt');

/** What to do instead of structuredClone and postMessage. @internal */
export const FITTED_ADVICE = 'use toJSON() and fromJSON: what it learnt is private, and a clone would be without';

/** The columns that were fitted. */
interface Source {
  readonly cols: number;
  readonly names?: readonly string[] | undefined;
}

/** What all of them have: what was fitted, and the names of columns. */
export abstract class Fitted<State extends object> {
  readonly #kind: string;
  #learnt: { readonly state: State; readonly source: Source } | undefined;

  protected constructor(kind: string) {
    this.#kind = kind;
    refuseCloning(this, FITTED_ADVICE);
  }

  /** What the constructor takes. @internal */
  protected abstract options(): object;

  /** What was learnt. @throws {NotFittedError} @internal */
  protected get learnt(): State {
    return checkFitted(this.#learnt, this.#kind).state;
  }

  /** The same, or undefined before fit. @internal */
  protected get maybeLearnt(): State | undefined {
    return this.#learnt?.state;
  }

  /** Takes what was learnt, and from which columns. @internal */
  protected keep(state: State, { cols, names }: Source): this {
    this.#learnt = { state, source: { cols, names } };
    return this;
  }

  /** How many columns were fitted. @throws {NotFittedError} */
  get nFeaturesIn(): number {
    return checkFitted(this.#learnt, this.#kind).source.cols;
  }

  /** How many columns transform returns. @throws {NotFittedError} */
  get nFeaturesOut(): number {
    return this.nFeaturesIn;
  }

  /** Their names, if rows were objects; else undefined. @throws {NotFittedError} */
  get featureNamesIn(): string[] | undefined {
    const { names } = checkFitted(this.#learnt, this.#kind).source;
    return names && [...names];
  }

  /** Names for the columns fitted: those given, their own, or x0, x1, ... @throws {NotFittedError}; {ShapeError} @internal */
  protected featureNames(features?: readonly string[]): string[] {
    const { nFeaturesIn, featureNamesIn } = this;
    const given = features ?? featureNamesIn ?? Array.from({ length: nFeaturesIn }, (_, j) => `x${j}`);
    if (given.length === nFeaturesIn) return [...given];
    throw new ShapeError(`"features" has ${given.length} names, but ${nFeaturesIn} columns were fitted`);
  }

  /**
   * A name for each column that transform returns.
   *
   * @param features names of the columns that it takes; default: their own, or x0, x1, ...
   * @throws {NotFittedError}; {ShapeError} unless there is one a column
   */
  getFeatureNamesOut(features?: readonly string[]): string[] {
    return this.featureNames(features);
  }

  /** X's columns as they were fitted: those with names by their names. @throws {NotFittedError}; {ShapeError|ValueError} @internal */
  protected table(X: TableInput): Table {
    const { cols, names } = checkFitted(this.#learnt, this.#kind).source;
    const table = readTable(X, 'X');
    checkColumns(table, cols, 'X');
    checkNamed(table, names);
    return names && table.names ? table.pick(names.map((name) => table.indexOf(name))) : table;
  }

  /** The same as numbers. @internal */
  protected numbers(X: TableInput): NumberTable {
    const { cols } = checkFitted(this.#learnt, this.#kind).source;
    if (X instanceof Table || isTable(X)) return readNumbers(this.table(X), 'X');
    const table = readNumbers(X, 'X');
    checkColumns(table, cols, 'X');
    return table;
  }

  /** A copy of X, each number changed by what was learnt of its column j. @internal */
  protected map(X: TableInput, change: (data: TypedArray, at: number, j: number) => void): Matrix {
    const { rows, cols, data } = this.numbers(X);
    for (let at = 0; at < data.length; ) for (let j = 0; j < cols; j++) change(data, at++, j);
    return new Matrix(rows, cols, data);
  }

  /** Takes what another one learnt. @internal */
  [ADOPT](other: Fitted<State>): void {
    this.#learnt = other.#learnt;
  }

  [INSPECT](): string {
    return show(this.#kind, this.options(), this.#learnt?.source.cols);
  }

  /** What toJSON adds of names. @internal */
  protected get namesJSON(): { featureNamesIn?: string[] } {
    const names = this.#learnt?.source.names;
    return names ? { featureNamesIn: [...names] } : {};
  }
}

/** Names of columns that toJSON wrote. @internal */
export const namesForm =
  (cols: number): Check<string[] | undefined> =>
  (value, path) => {
    const names = optional(list(text, cols))(value, path);
    return names && new Set(names).size < cols ? mismatch(path, 'must be different names') : names;
  };

/** @throws {ValueError} if X has names, and what was fitted has none @internal */
export function checkNamed(table: Table, fitted: readonly string[] | undefined): void {
  if (fitted || !table.names) return;
  throw new ValueError(
    `"${table.name}" has columns with names (${table.names.slice(0, 3).join(', ')}), but rows without names were fitted`,
  );
}

/** @throws {ShapeError} unless there are as many columns as were fitted @internal */
export function checkColumns({ cols }: { readonly cols: number }, fitted: number, name: string): void {
  if (cols !== fitted) throw new ShapeError(`"${name}" has ${cols} columns, but ${fitted} were fitted`);
}

/** A line for console.log: class and options, and how many columns or classes were fitted. @internal */
export function show(kind: string, options: object, fitted: number | undefined, what = 'columns'): string {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? value : JSON.stringify(value)}`);
  return `${kind}(${given.join(', ')})${fitted === undefined ? '' : ` fitted, ${fitted} ${what}`}`;
}

/** `fitted` if it is there. @throws {NotFittedError} naming the class */
export function checkFitted<T>(fitted: T | undefined, kind: string): T {
  if (fitted === undefined) throw new NotFittedError(`this ${kind} is not fitted yet: call fit() first`);
  return fitted;
}
