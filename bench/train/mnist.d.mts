import type { Engine } from 'bitgrad';
import type { Task } from './task.js';
import type { Trained } from './training.js';

export const ROWS: { train: number; t10k: number };
export function readMnist(part: 'train' | 't10k', X: Float32Array | Float64Array): number[];
export function accuracyOf(outputs: ArrayLike<number>, labels: readonly number[]): number;
export function trainMnist(engine: Engine, task: Task & { background: boolean }): Promise<Trained>;
