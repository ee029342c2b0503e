// A training as a subject of a contest: it times itself, because what it is made of is made anew each time.

import type { Prepared } from '../contest/protocol.js';
import type { Task } from './task.js';

export interface Trained {
  /** Of the training alone. */
  seconds: number;
  /** The part that it has right, of the test rows if there are such. */
  accuracy: number;
}

/** A core that was idle, waiting for the others, is slow at first: a short training is done twice, and the second counts. */
const SHORT_S = 0.5;

export const training =
  (train: (task: Task) => Trained | Promise<Trained>) =>
  (task: Task): Prepared => ({
    async sample() {
      let trained = await train(task);
      if (trained.seconds < SHORT_S) trained = await train(task);
      return 1000 * trained.seconds;
    },
    result: async () => ({ values: [(await train(task)).accuracy] }),
  });
