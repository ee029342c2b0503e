// Rows and targets of random numbers, such as a network takes.

import { type Network, type RandomState, random } from '../index.js';

type Shape = Pick<Network, 'inputs' | 'outputs' | 'options'>;

type Targets = (rng: RandomState, rows: number, outputs: number) => number[] | number[][];

const table = (rows: number, cols: number, draw: () => number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: cols }, draw));

const below = (rng: RandomState, n: number): number => Math.floor(rng.rand() * n);

const NORMAL: Targets = (rng, rows, outputs) => table(rows, outputs, () => rng.randn());
const SHARES: Targets = (rng, rows, outputs) => table(rows, outputs, () => rng.rand());
const LABELS: Targets = (rng, rows, outputs) => Array.from({ length: rows }, () => below(rng, outputs));
const COUNTS: Targets = (rng, rows, outputs) => table(rows, outputs, () => below(rng, 5));
const SIGNS: Targets = (rng, rows, outputs) => table(rows, outputs, () => 2 * below(rng, 2) - 1);

/** Of losses whose targets are not any numbers: what they are, and the last activation that goes with the loss. */
export const LOSSES: Readonly<Record<string, { readonly targets: Targets; readonly last?: string }>> = {
  binaryCrossEntropy: { targets: SHARES, last: 'sigmoid' },
  focal: { targets: SHARES, last: 'sigmoid' },
  crossEntropy: { targets: LABELS, last: 'softmax' },
  klDivergence: { targets: LABELS, last: 'softmax' },
  poisson: { targets: COUNTS, last: 'exp' },
  poissonDeviance: { targets: COUNTS, last: 'exp' },
  hinge: { targets: SIGNS },
  squaredHinge: { targets: SIGNS },
};

/** Columns that an embedding takes hold integers: their number of categories, by the column as it comes in. */
function categoriesOf(net: Shape): Map<number, number> {
  // Each embedding puts its units in place of its column: names of columns, moved along with them.
  let columns: (number | undefined)[] = Array.from({ length: net.inputs }, (_, i) => i);
  const categories = new Map<number, number>();
  for (const layer of net.options.layers) {
    const {
      kind,
      column = 0,
      categories: count = 0,
      units = 0,
    } = layer as { kind?: string; column?: number; categories?: number; units?: number };
    if (kind === 'skip') continue;
    if (kind !== 'embedding') break;
    const from = columns[column];
    if (from !== undefined) categories.set(from, count);
    columns = columns.toSpliced(column, 1, ...Array.from({ length: units }, () => undefined));
  }
  return categories;
}

/** The same for equal arguments. */
export function rowsFor(net: Shape, rows: number, seed: number) {
  const rng = random(seed);
  const categories = categoriesOf(net);
  const X = table(rows, net.inputs, () => rng.randn());
  for (const [column, count] of categories) for (const row of X) row[column] = below(rng, count);
  const { loss = 'mse', quantiles = [] } = net.options;
  const targets = (typeof loss === 'string' && LOSSES[loss]?.targets) || NORMAL;
  // Several quantiles are of one target.
  return { X, y: targets(rng, rows, quantiles.length > 1 ? 1 : net.outputs) };
}
