// pinball: the mean over a row's outputs of tau (y - o) where o is below the target, else (1 - tau) (o - y), tau the output's quantile
// (Koenker and Bassett 1978).

import { layers } from '../../backend/layers.js';
import { ValueError } from '../../checks/errors.js';
import { refuseValue } from '../../checks/values.js';
import type { Evaluation, Loss } from '../loss.js';

export interface PinballOptions {
  /**
   * Those that pinball's outputs are, ascending, each above 0 and below 1; default [0.5]. Of several there is an output for each, and
   * one target. Of one, each output has a target of its own.
   */
  quantiles?: readonly number[];
}

const WANTED = 'numbers above 0 and below 1, ascending';

function readQuantiles(value: unknown, name: string): readonly number[] {
  if (value === undefined) return Object.freeze([0.5]);
  if (!Array.isArray(value) || value.length === 0) return refuseValue(name, `an array of ${WANTED}`, value);
  const quantiles: unknown[] = Array.from(value);
  quantiles.forEach((tau, i) => {
    const above = i > 0 ? (quantiles[i - 1] as number) : 0;
    if (!(typeof tau === 'number' && tau > above && tau < 1)) refuseValue(name, WANTED, tau, `[${i}]`);
  });
  return Object.freeze(quantiles as number[]);
}

/** Of one quantile: every element is a row of its own. */
const ofOne = (tau: number): Evaluation => ({
  pack: layers,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    k.pinball_loss(rows * cols, 1, 0, tau, 1 / cols, y, o, d, t);
    k.row_sums(rows, cols, 1 / cols, t, l);
  },
});

const ofSeveral = (quantiles: readonly number[]): Evaluation => ({
  pack: layers,
  targets: 1,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    for (let j = 0; j < cols; j++) k.pinball_loss(rows, cols, j, quantiles[j], 1 / cols, y, o, d, t);
    k.row_sums(rows, cols, 1 / cols, t, l);
  },
});

export const pinball: Loss<PinballOptions> = {
  options: { quantiles: readQuantiles },
  evaluation: ({ quantiles, outputs }) => {
    if (quantiles.length === 1) return ofOne(quantiles[0]);
    if (quantiles.length === outputs) return ofSeveral(quantiles);
    throw new ValueError(
      `"quantiles" are ${quantiles.length}, but the network has ${outputs} output${outputs === 1 ? '' : 's'}: ` +
        'pinball has one for each',
    );
  },
};
