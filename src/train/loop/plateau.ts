// Whether training still gets anywhere.

import type { Watch } from '../options.js';
import { ascends } from './metrics.js';

export interface PlateauState {
  /** Epochs in a row without improvement. */
  waited: number;
  best: number;
  /** From 1; 0 before the first. */
  bestEpoch: number;
}

/**
 * Watches one curve. An epoch improves on the best before it if it is better by minDelta at least (by anything, if that is
 * 0); the best moves with every better value, as in scikit-learn.
 */
export class Plateau {
  readonly #plan: Watch;
  readonly #sign: 1 | -1;
  state: PlateauState = { waited: 0, best: Number.NaN, bestEpoch: 0 };

  constructor(plan: Watch) {
    this.#plan = plan;
    this.#sign = ascends(plan.monitor) ? -1 : 1;
  }

  /** Whether this epoch is the best so far. */
  add(value: number, epoch: number): boolean {
    const { state } = this;
    const first = state.bestEpoch === 0;
    const gain = this.#sign * (state.best - value);
    const improved = first || (gain > 0 && gain >= this.#plan.minDelta);
    const better = first || gain > 0;
    state.waited = improved ? 0 : state.waited + 1;
    if (better) {
      state.best = value;
      state.bestEpoch = epoch;
    }
    return better;
  }

  get reached(): boolean {
    return this.state.waited >= this.#plan.patience;
  }
}
