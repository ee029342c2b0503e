// What an exported model exports: predictions, from rows.

import type { View } from '../backend/ts/format.js';
import { argmax } from '../numbers/argmax.js';
import type { Forward } from './network.js';
import { refuse } from './refuse.js';
import { type Block, rowByRow } from './rows.js';
import type { Step } from './steps.js';

/** A network's outputs, all of them finite. */
export type Outputs = (rows: unknown) => { readonly rows: number; readonly data: View };

/** @param read rows to a block */
export const outputsOf =
  (read: (rows: unknown) => Block, steps: readonly Step[], forward: Forward): Outputs =>
  (given) => {
    const { rows, ...block } = read(given);
    if (rows === 0) return { rows, data: new Float64Array() };
    const last = steps.reduce((before, step) => step(before), { rows, ...block });
    const data = forward(rowByRow(last), rows);
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      const row = Math.floor((i * rows) / data.length);
      refuse('NonFiniteError', `the output for row ${row} of "rows" is ${data[i]}: is that row finite, and scaled?`);
    }
    return { rows, data };
  };

const rowsOf = (data: View, rows: number): number[][] => {
  const cols = data.length / rows;
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
};

/** Of two classes; the outputs are the second one's probabilities. */
export function binary<L>(outputs: Outputs, classes: readonly L[]) {
  return {
    predict: (rows: unknown): L[] => Array.from(outputs(rows).data, (p) => classes[p > 0.5 ? 1 : 0]),
    predictProba(rows: unknown): number[][] {
      const { data } = outputs(rows);
      const others = data.map((p) => 1 - p);
      return Array.from(data, (p, i) => [others[i], p]);
    },
  };
}

export function multiclass<L>(outputs: Outputs, classes: readonly L[]) {
  return {
    predict(given: unknown): L[] {
      const { rows, data } = outputs(given);
      return Array.from({ length: rows }, (_, i) => classes[argmax(data, i * classes.length, classes.length)]);
    },
    predictProba(given: unknown): number[][] {
      const { rows, data } = outputs(given);
      return rowsOf(data, rows);
    },
  };
}

/** Several labels at once: 0 or 1 for each. */
export function multilabel(outputs: Outputs) {
  const predictProba = (given: unknown): number[][] => {
    const { rows, data } = outputs(given);
    return rowsOf(data, rows);
  };
  return {
    predictProba,
    predict: (given: unknown): number[][] => predictProba(given).map((row) => row.map((p) => (p > 0.5 ? 1 : 0))),
  };
}

/**
 * Numbers.
 *
 * @param cols outputs of a row
 * @param undo what turns them into targets again
 * @param alike whether it is of one column, and all are of that kind
 * @param vector whether a row's is a number, not an array of one
 */
export function regression(outputs: Outputs, cols: number, undo: Step | null, alike: boolean, vector: boolean) {
  return {
    predict(given: unknown): number[] | number[][] {
      const { rows, data } = outputs(given);
      let all: View[] = Array.from({ length: cols }, (_, j) => data.filter((_, at) => at % cols === j));
      if (undo) {
        const names = all.map((_, j) => `output ${j}`);
        const back = (columns: View[]) =>
          undo({ rows, columns, names: names.slice(0, columns.length) }).columns as View[];
        all = alike ? all.flatMap((column) => back([column])) : back(all);
      }
      if (vector) return Array.from(all[0]);
      return Array.from({ length: rows }, (_, i) => all.map((column) => column[i]));
    },
  };
}
