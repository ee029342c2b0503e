// Statistics among a network's parameters, as batchNorm's running moments: they are moved towards those of each batch, whatever
// the optimizer.

import { ValueError } from '../../checks/errors.js';
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
const isStatistic = (each: Parameter): each is Parameter & Statistic => Object.hasOwn(each, 'momentum');
const hasStatistics = ({ parameters }: Layer): boolean => parameters.some(isStatistic);

const statisticsOf = ({ layers }: Plan): Statistic[] =>
  layers.flatMap(({ parameters }) => parameters.filter(isStatistic));

export class Statistics {
  readonly #parts: Parts;
  readonly #each: readonly Statistic[];
  /** What they are to be, one after the other. */
  readonly #next: TypedArray;
  /** Rows of the batch, and what they weigh. */
  rows = 0;
  weight = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#each = statisticsOf(parts.plan);
    this.#next = newArray(
      parts.plan.dtype,
      this.#each.reduce((sum, { size }) => sum + size, 0),
    );
  }

  /** Before a step: takes them out of the gradients, which then are 0, so that neither their norm nor a step shows them. */
  take(gradients: number): void {
    const { session, plan, block } = this.#parts;
    const { bytes } = session[plan.dtype];
    const view = session.view(plan.dtype);
    // Each row counts alike, whatever it weighs.
    const factor = (plan.reduction === 'mean' ? this.weight : 1) / this.rows;
    let at = 0;
    for (const { offset, size, momentum } of this.#each) {
      const [now, distance] = [block.address / bytes + offset, gradients / bytes + offset];
      for (let i = 0; i < size; i++) {
        this.#next[at++] = view[now + i] - momentum * (factor * view[distance + i]);
        view[distance + i] = 0;
      }
    }
  }

  /** After it. */
  put(): void {
    const { session, plan, block } = this.#parts;
    const view = session.view(plan.dtype);
    const from = block.address / session[plan.dtype].bytes;
    let at = 0;
    for (const { offset, size } of this.#each)
      for (let i = 0; i < size; i++) view[from + offset + i] = this.#next[at++];
  }
}

/** @throws {ValueError} of a network that has some: loops of one's own do not know them apart from parameters */
export function refuseStatistics({ plan }: Parts): void {
  if (!plan.layers.some(hasStatistics)) return;
  throw new ValueError('"net" has batchNorm, whose running moments fit alone moves: use that, or layerNorm');
}

/** Those of a network that has some. */
export const statisticsIn = (parts: Parts): Statistics | undefined =>
  parts.plan.layers.some(hasStatistics) ? new Statistics(parts) : undefined;
