// What is done with one thread and with more.

import type { Dtype } from '../entries.js';
import type { Task as PeerTask } from '../peers/task.js';

interface Of {
  dtype: Dtype;
  rows: number;
}

/** Those of the peers, and further ones. */
export type Task =
  | PeerTask
  | ({ kind: 'matmul' | 'dot' | 'adam' | 'predict' } & Of)
  | ({ kind: 'fit'; background: boolean } & Of);

/** What a simulation knows of the machine. */
export interface Measured {
  joinMs: number;
  /** GB/s that one thread copies, and two. */
  bandwidth: readonly [one: number, two: number];
}

/** What a simulation says beside the time. */
export interface Modelled {
  /** How many times as fast it is as one thread, by the same parts. */
  gain: number;
  /** Share of one thread's time that is not divided. */
  alone: number;
  jobs: number;
  /** Whether memory is what bounds it. */
  byMemory: boolean;
}

/** Bytes that come from memory and go there, where they are many. */
export function trafficOf({ kind, rows, dtype }: Task): number {
  const size = dtype === 'f64' ? 8 : 4;
  switch (kind) {
    case 'dot':
      return 2 * rows * size;
    case 'adam': // reads four vectors, writes three
      return 7 * rows * size;
    case 'predict':
      return 21 * rows * size;
    case 'fit':
      return 794 * rows * size;
    default:
      return 0;
  }
}
