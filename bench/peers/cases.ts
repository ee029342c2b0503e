// The workloads.

import type { Dtype } from '../entries.js';
import type { Task } from './task.js';

export interface PeerCase {
  name: string;
  task: Task;
  /** Whether it is compared with the 128-bit limit and with the products alone. */
  products: boolean;
}

const DTYPES: Dtype[] = ['f64', 'f32'];
const DENSE = [784, 128, 10];

export function network(kind: 'step' | 'forward', dtype: Dtype, rows: number, sizes: number[]): PeerCase {
  const classes = sizes[sizes.length - 1] > 1;
  const task = classes
    ? ({ hidden: 'relu', output: 'softmax', loss: 'crossEntropy' } as const)
    : ({ hidden: 'sigmoid', output: 'sigmoid', loss: 'squaredError' } as const);
  const name = `${kind} ${rows}x${sizes.join('-')}`;
  return { name, task: { kind, rows, sizes, ...task, dtype, seed: 1 }, products: kind === 'step' && sizes[0] > 2 };
}

export function sigmoid(dtype: Dtype): PeerCase {
  const task = { hidden: 'sigmoid', output: 'sigmoid', loss: 'squaredError' } as const;
  return {
    name: 'sigmoid 1M',
    task: { kind: 'sigmoid', rows: 1000, sizes: [1000], ...task, dtype, seed: 1 },
    products: false,
  };
}

export const peerCases: PeerCase[] = DTYPES.flatMap((dtype) => [
  network('step', dtype, 1, [2, 3, 1]),
  network('step', dtype, 100_000, [2, 3, 1]),
  network('step', dtype, 32, DENSE),
  network('step', dtype, 64, DENSE),
  network('step', dtype, 256, [64, 64, 1]),
  network('step', dtype, 1024, [784, 512, 10]),
  network('step', dtype, 64, [64, 64, 64, 10]),
  network('forward', dtype, 1, DENSE),
  network('forward', dtype, 64, DENSE),
  network('forward', dtype, 4096, DENSE),
  sigmoid(dtype),
]);
