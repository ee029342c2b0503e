// What stands before the network in an exported model: transformers, as far as they transform. A step makes a block of a block.

import { refuse, shown } from './refuse.js';
import { type Block, type Cell, isGap, isSingle, numbersOf, place } from './rows.js';

export type Step = (block: Block) => Block;
type Numbers = readonly number[] | null;

/** Each column's numbers changed. Every operation is rounded, as an array of the dtype rounds what it is given. */
function change(block: Block, one: (column: Float32Array | Float64Array, i: number, j: number) => void): Block {
  const { rows, names } = block;
  const single = isSingle(block);
  const columns = names.map((_, j) => {
    const column = numbersOf(block, j, single);
    for (let i = 0; i < rows; i++) one(column, i, j);
    return column;
  });
  return { rows, columns, names };
}

export const subtractDivide =
  (subtract: Numbers, divide: Numbers): Step =>
  (block) =>
    change(block, (column, i, j) => {
      if (subtract) column[i] -= subtract[j];
      if (divide) column[i] /= divide[j];
    });

/** @param range what is clipped to it, if anything is */
export const multiplyAdd =
  (multiply: Numbers, add: Numbers, range: Numbers): Step =>
  (block) =>
    change(block, (column, i, j) => {
      if (multiply) column[i] *= multiply[j];
      if (add) column[i] += add[j];
      if (range && column[i] < range[0]) column[i] = range[0];
      if (range && column[i] > range[1]) column[i] = range[1];
    });

/**
 * @param numeric whether all are taken as numbers
 * @param fills what gaps become; null: the column is left out
 * @param kinds of the columns
 * @param indicated columns behind which stands where they have gaps
 */
export const impute =
  (numeric: boolean, fills: readonly Cell[], kinds: readonly string[], indicated: readonly number[]): Step =>
  (block) => {
    const { rows, columns, names } = block;
    const single = isSingle(block);
    const kept = fills.flatMap((fill, j) => (fill === null ? [] : [j]));
    const plain = kept.every((j) => kinds[j] === 'number');
    const filled = kept.map((j): ArrayLike<Cell> => {
      const cells = numeric ? Array.from(numbersOf(block, j, false)) : Array.from(columns[j]);
      const full = cells.map((cell, i) => {
        if (isGap(cell)) return fills[j];
        if (!numeric && typeof cell !== kinds[j]) {
          refuse('ValueError', `${place(i, names[j])} is ${shown(cell)}, but fit saw ${kinds[j]}s there`);
        }
        return cell;
      });
      return plain && single ? Float32Array.from(full as number[]) : full;
    });
    const gaps = indicated.map((j) => {
      const flags = Array.from(columns[j], (cell) => isGap(cell));
      return plain && single ? Float32Array.from(flags, Number) : flags;
    });
    return {
      rows,
      columns: [...filled, ...gaps],
      names: [...kept.map((j) => names[j]), ...indicated.map((j) => `missingindicator_${names[j]}`)],
    };
  };

/** A column's categories; null among them stands for gaps. */
export interface Categories {
  readonly categories: readonly Cell[];
  /** Of each category its place among the columns that come of it; -1: it has none. */
  readonly places: readonly number[];
  readonly width: number;
  /** The place of a category that is none of them; -1: it has none; -2: it is refused. */
  readonly unknown: number;
}

function onesOf({ rows, columns, names }: Block, j: number, { categories, places, width, unknown }: Categories) {
  const found = new Map(categories.map((category, i) => [category, places[i]]));
  const ones = Array.from({ length: width }, () => new Float64Array(rows));
  let kind: string | undefined;
  for (let i = 0; i < rows; i++) {
    const cell = isGap(columns[j][i]) ? null : columns[j][i];
    if (cell !== null) {
      kind ??= typeof cell;
      if (typeof cell !== kind) {
        refuse(
          'ValueError',
          `column ${shown(names[j])} of "rows" mixes kinds: row ${i} has ${shown(cell)}, not a ${kind}`,
        );
      }
    }
    const at = found.get(cell) ?? unknown;
    if (at === -2) {
      refuse('ValueError', `${place(i, names[j])} is ${shown(cell)}, a category that fit did not see`);
    }
    if (at >= 0) ones[at][i] = 1;
  }
  return ones;
}

/** @param single whether ones are of f32 */
export const oneHot =
  (features: readonly Categories[], single: boolean): Step =>
  (block) => {
    const columns = features.flatMap((feature, j) => onesOf(block, j, feature));
    return {
      rows: block.rows,
      columns: single ? columns.map((ones) => Float32Array.from(ones)) : columns,
      names: features.flatMap(({ width }, j) => new Array<string>(width).fill(block.names[j])),
    };
  };

/** Some columns through some steps, and what comes of each part side by side. */
export const columns =
  (parts: readonly (readonly [columns: readonly number[], steps: readonly Step[]])[]): Step =>
  (block) => {
    const made = parts.map(([places, steps]) => {
      const names = places.map((j) => block.names[j]);
      let part: Block = { rows: block.rows, columns: places.map((j) => block.columns[j]), names };
      for (const step of steps) {
        part = step(part);
        const { columns, names } = part;
        columns.forEach((column, j) => {
          for (let i = 0; i < part.rows; i++) {
            if (Math.abs(column[i] as number) === Infinity)
              refuse('ValueError', `${place(i, names[j])} becomes ${column[i]}`);
          }
        });
      }
      const single = isSingle(part);
      return { ...part, columns: part.names.map((_, j) => numbersOf(part, j, single)) };
    });
    const single = made.every((part) => isSingle(part));
    const all = made.flatMap((part) => part.columns as (Float32Array | Float64Array)[]);
    return {
      rows: block.rows,
      columns: single ? all : all.map((column) => Float64Array.from(column)),
      names: made.flatMap(({ names }) => names),
    };
  };
