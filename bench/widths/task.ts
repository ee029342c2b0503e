// An epoch of a small network at many widths: 10-w-w-10, batches of 128 rows, adam, as PyTorch's issue 144633 has it.

import type { Prepared } from '../contest/protocol.js';
import { network, type PeerCase } from '../peers/cases.js';
import { type Data, makeData, type Task as Step } from '../peers/task.js';

export interface Task extends Step {
  batchSize: number;
  learningRate: number;
  /** Of a training, in one go. */
  epochs: number;
}

export const WIDTHS = [16, 32, 64, 96, 128, 192, 256];
const ROWS = 12_800;
export const BATCH = 128;

export function caseOf(width: number, epochs: number): Omit<PeerCase, 'task'> & { task: Task } {
  const step = network('step', 'f32', ROWS, [10, width, width, 10]);
  return {
    ...step,
    name: `epoch of 10-${width}-${width}-10`,
    task: { ...step.task, batchSize: BATCH, learningRate: 0.001, epochs },
  };
}

/** Trains anew and returns milliseconds and the loss over all rows, the network as it is then. */
export type Train = (task: Task, data: Data) => Trained | Promise<Trained>;
interface Trained {
  ms: number;
  loss: number;
}

/** A core that was idle, waiting for the others, is slow at first: trainings are repeated for so long, and the last one counts. */
const LEAST_MS = 500;

/** A subject times whole trainings, and tells what an epoch took. */
export function training(train: Train): (task: Task) => Prepared {
  return (task) => {
    const data = makeData(task);
    return {
      async sample() {
        let last = 0;
        for (let spent = 0; spent < LEAST_MS; spent += last) last = (await train(task, data)).ms;
        return last / task.epochs;
      },
      async result() {
        const { loss } = await train(task, data);
        return { loss, values: [loss] };
      },
    };
  };
}

/** The batches of a matrix, row by row. */
export function batchesOf<A extends Float32Array | Float64Array | Int32Array>(
  values: A,
  { rows, batchSize }: Task,
): A[] {
  const cols = values.length / rows;
  return Array.from({ length: rows / batchSize }, (_, i) => {
    return values.slice(i * batchSize * cols, (i + 1) * batchSize * cols) as A;
  });
}
