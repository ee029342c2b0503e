// Statistics among a network's parameters, as batchNorm's running moments: they are moved towards those of each batch, whatever
// the optimizer, and are not clipped.

import type { Layer, Parameter } from '../../layers/layer.js';
import { newArray, type TypedArray } from '../../matrix/operand.js';
import type { Parts } from '../../network/calls.js';
import type { Plan } from '../../network/plan.js';

interface Statistic {
  readonly offset: number;
  readonly size: number;
  readonly momentum: number;
}

// Functions of their own: clipping asks at every step, and allocates nothing.
export const isStatistic = (each: Parameter): each is Parameter & Statistic => Object.hasOwn(each, 'momentum');
const hasStatistics = ({ parameters }: Layer): boolean => parameters.some(isStatistic);

export class Statistics {
  readonly #parts: Parts;
  readonly #each: readonly Statistic[];
  /** What they are to be, one after the other, and how far they are from the batch's, as the gradients have that. */
  readonly #next: TypedArray;
  readonly #distances: TypedArray;
  /**
   * What makes of those the mean over the rows of the batch, each of which counts alike, whatever it weighs: a field, because V8
   * allocates for a number that it hands to a function.
   */
  share = 1;

  /** @param moves which of them a step moves, if not all */
  constructor(parts: Parts, moves: (layer: number, name: string) => boolean = () => true) {
    this.#parts = parts;
    this.#each = parts.plan.layers.flatMap(({ parameters }, i) =>
      parameters.filter(isStatistic).map((each) => (moves(i, each.name) ? each : { ...each, momentum: 0 })),
    );
    const size = this.#each.reduce((sum, each) => sum + each.size, 0);
    this.#next = newArray(parts.plan.dtype, size);
    this.#distances = newArray(parts.plan.dtype, size);
  }

  /** Before a step: takes them out of the gradients, which then are 0, so that neither their norm nor a step shows them. */
  take(gradients: number): void {
    const { session, plan, block } = this.#parts;
    const { bytes } = session[plan.dtype];
    const view = session.view(plan.dtype);
    let at = 0;
    for (const { offset, size, momentum } of this.#each) {
      const [now, distance] = [block.address / bytes + offset, gradients / bytes + offset];
      for (let i = 0; i < size; i++, at++) {
        this.#distances[at] = view[distance + i];
        // Not 0 times the distance, which may be NaN.
        this.#next[at] = momentum === 0 ? view[now + i] : view[now + i] - momentum * (this.share * view[distance + i]);
        view[distance + i] = 0;
      }
    }
  }

  /** After it: moves them. */
  put(): void {
    const { session, plan, block } = this.#parts;
    this.#write(block.address / session[plan.dtype].bytes, this.#next);
  }

  /** Into gradients that are the caller's: what was taken out of them. */
  giveBack(gradients: number): void {
    const { session, plan } = this.#parts;
    this.#write(gradients / session[plan.dtype].bytes, this.#distances);
  }

  #write(from: number, values: TypedArray): void {
    const view = this.#parts.session.view(this.#parts.plan.dtype);
    let at = 0;
    for (const { offset, size } of this.#each) for (let i = 0; i < size; i++) view[from + offset + i] = values[at++];
  }
}

/** Whether a network has some. */
export const movesStatistics = ({ layers }: Plan): boolean => layers.some(hasStatistics);

/** Those of a network that has some. */
export const statisticsIn = (parts: Parts, moves?: (layer: number, name: string) => boolean): Statistics | undefined =>
  movesStatistics(parts.plan) ? new Statistics(parts, moves) : undefined;
