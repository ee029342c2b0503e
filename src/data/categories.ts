// What OneHotEncoder and OrdinalEncoder share: the categories of columns, learnt or given.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { refuseValue } from '../checks/values.js';
import { type Check, mismatch } from '../files/schema.js';
import type { Table } from '../matrix/table.js';
import { type Category, codesOf, readCategories, sameLabels } from './labels.js';

/** `'auto'`: those that fit sees, in order; or an array for each column, in any order, with null for gaps. */
export type GivenCategories = 'auto' | readonly (readonly Category[])[];

/** The categories of one column, each once. @throws {ShapeError|ValueError} naming it @internal */
function readOnce(value: unknown, name: string): Category[] {
  if (!Array.isArray(value)) return refuseValue(name, 'an array of categories', value);
  const { labels } = readCategories(value, name);
  const again = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (again >= 0) throw new ValueError(`"${name}"[${again}] is ${describe(labels[again])} again`);
  return [...labels];
}

/** A copy of the option. @throws {ShapeError|ValueError} naming it @internal */
export function readGivenCategories(value: unknown): 'auto' | Category[][] {
  if (value === 'auto') return value;
  if (!Array.isArray(value) || value.length === 0) {
    return refuseValue('categories', '"auto" or an array of one array a column', value);
  }
  return value.map((each, j) => readOnce(each, `categories[${j}]`));
}

/** What toJSON wrote of one column. @internal */
export const categoryList: Check<Category[]> = (value, path) => {
  const labels = Array.isArray(value) && value.length > 0 ? readOnce(value, path) : [];
  return labels.length > 0 && sameLabels(labels, value as Category[])
    ? labels
    : mismatch(path, 'must be an array of categories');
};

/** What `given` refused: a category that is none of the column's. @internal */
export function refuseUnknown(table: Table, i: number, j: number, what: string): never {
  throw new ValueError(`${table.place(i, j)} is ${describe(table.columns[j][i])}, a category that ${what}`);
}

/** Each row's category by its number, -1 of an unknown one. @throws {ValueError} naming the column, of mixed kinds @internal */
export function codesOfColumn(table: Table, j: number, categories: readonly Category[]): Int32Array {
  return codesOf(readCategories(table.columns[j], table.columnName(j)).labels, categories);
}

/**
 * The categories of each column: those given, or those that occur.
 *
 * @param strict whether what occurs must be among those given
 * @throws {ShapeError|ValueError} naming the column
 * @internal
 */
export function fitCategories(table: Table, given: 'auto' | Category[][], strict: boolean): Category[][] {
  if (given === 'auto') {
    return table.columns.map((column, j) => readCategories(column, table.columnName(j)).classes);
  }
  if (given.length !== table.cols) {
    throw new ShapeError(`"${table.name}" has ${table.cols} columns, but "categories" is of ${given.length}`);
  }
  given.forEach((categories, j) => {
    const unknown = codesOfColumn(table, j, categories).indexOf(-1);
    if (strict && unknown >= 0) refuseUnknown(table, unknown, j, `"categories"[${j}] has not`);
  });
  return given;
}
