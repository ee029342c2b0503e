// Networks with the layers of bitgrad/layers, for the tests of what goes with each of them.

import type { Dtype } from '../../src/kernels/contract.js';
import type { layers } from '../../src/layers/index.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import { type Options, uniform } from './networks.js';

export interface Example {
  readonly kind: (typeof layers)[number];
  readonly name: string;
  readonly options: Options;
  /** Columns that hold integers from 0 to below so many. */
  readonly integers?: Readonly<Record<number, number>>;
}

const tanh = (units: number) => ({ units, activation: 'tanh' as const });

/** Each layer first, between and last; every kind must be here. */
export const EXAMPLES: readonly Example[] = [
  {
    kind: 'batchNorm',
    name: 'batchNorm first and between',
    options: {
      inputs: 3,
      layers: [{ kind: 'batchNorm', epsilon: 0.1, momentum: 0.3 }, tanh(5), { kind: 'batchNorm', bias: false }, 2],
    },
  },
  { kind: 'batchNorm', name: 'batchNorm last', options: { inputs: 3, layers: [tanh(4), { kind: 'batchNorm' }] } },
  {
    kind: 'dropout',
    name: 'dropout first and between',
    options: { inputs: 3, layers: [{ kind: 'dropout', rate: 0.2 }, tanh(5), { kind: 'dropout', seed: 3 }, 2] },
  },
  { kind: 'dropout', name: 'dropout last', options: { inputs: 3, layers: [tanh(4), { kind: 'dropout', rate: 0.1 }] } },
  {
    kind: 'embedding',
    name: 'embeddings beside numbers',
    options: {
      inputs: 4,
      layers: [
        { kind: 'embedding', column: 2, categories: 5, units: 3 },
        { kind: 'embedding', column: 0, categories: 4, units: 1, initializer: 'normal' },
        tanh(5),
        2,
      ],
    },
    integers: { 0: 4, 2: 5 },
  },
  {
    kind: 'embedding',
    name: 'embedding alone',
    options: { inputs: 1, layers: [{ kind: 'embedding', column: 0, categories: 3, units: 2, initializer: 'normal' }] },
    integers: { 0: 3 },
  },
  {
    kind: 'layerNorm',
    name: 'layerNorm first and between',
    options: {
      inputs: 3,
      layers: [{ kind: 'layerNorm', epsilon: 0.01 }, tanh(5), { kind: 'layerNorm', bias: false }, 2],
    },
  },
  { kind: 'layerNorm', name: 'layerNorm last', options: { inputs: 3, layers: [tanh(4), { kind: 'layerNorm' }] } },
  {
    kind: 'skip',
    name: 'skip connections, nested, first and last',
    options: {
      inputs: 3,
      layers: [{ kind: 'skip' }, tanh(5), { kind: 'skip' }, tanh(5), { kind: 'add' }, 3, { kind: 'add' }],
    },
  },
  {
    kind: 'add',
    name: 'skip connections between, one after the other, with dropout in them',
    options: {
      inputs: 2,
      layers: [
        4,
        { kind: 'skip' },
        tanh(6),
        { kind: 'dropout', rate: 0.3 },
        4,
        { kind: 'add' },
        { kind: 'skip' },
        tanh(4),
        { kind: 'add' },
        { kind: 'skip' },
        2,
      ],
    },
  },
  {
    kind: 'scale',
    name: 'scale first, between and last',
    options: { inputs: 3, layers: [{ kind: 'scale' }, tanh(5), { kind: 'scale' }, 2, { kind: 'scale' }] },
  },
];

/** Rows that suit it, from a seed. */
export function rowsFor({ options, integers = {} }: Example, dtype: Dtype, rows: number, seed: number): Matrix {
  const X = uniform(dtype, rows, options.inputs, seed);
  for (const [column, below] of Object.entries(integers)) {
    for (let i = 0; i < rows; i++) {
      const x = X.get(i, Number(column));
      X.set(i, Number(column), Math.min(below - 1, Math.floor(((x + 1) / 2) * below)));
    }
  }
  return X;
}
