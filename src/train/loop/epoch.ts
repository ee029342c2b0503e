// One epoch: what its batches sum up to.

import type { EpochReport } from './history.js';
import type { LearningRate } from './learning-rate.js';

/** What is counted of a run. */
interface Done {
  readonly loss: number;
  readonly weight: number;
  readonly rows: number;
}

export class Epoch {
  #loss = 0;
  #weight = 0;
  rows = 0;

  begin(): void {
    this.#loss = 0;
    this.#weight = 0;
    this.rows = 0;
  }

  /** Counts the batch that a run has done. It takes the run, because V8 allocates for numbers that it hands to a function. */
  add({ loss, weight, rows }: Done): void {
    this.#loss += loss * weight;
    this.#weight += weight;
    this.rows += rows;
  }

  /**
   * @param rate with the epochs that are done, this one among them
   * @param spent seconds of all of them
   */
  report(
    { at, value: learningRate }: LearningRate,
    seconds: number,
    spent: number,
    found: Pick<EpochReport, 'validationLoss' | 'metrics'>,
  ): EpochReport {
    const { rows } = this;
    const { epoch, epochs } = at;
    return {
      epoch,
      epochs,
      loss: this.#loss / this.#weight,
      ...found,
      learningRate,
      rows,
      rowsPerSecond: seconds > 0 ? rows / seconds : 0,
      seconds,
      etaSeconds: (spent / epoch) * (epochs - epoch),
    };
  }
}
