// The losses that a regressor may learn by, what its outputs go through, and what each has for options.

import { ValueError } from '../checks/errors.js';
import { checkName, refuseValue } from '../checks/values.js';
import type { ActivationName } from '../layers/activations.js';
import { addMore } from '../layers/add-more.js';
import { LOSSES } from '../layers/losses.js';
import type { Network } from '../network/network.js';
import type { End } from './task.js';

/** The last activation; of several outputs of one target another. */
const ENDS = {
  squaredError: ['identity'],
  poisson: ['exp'],
  mae: ['identity'],
  huber: ['identity'],
  logCosh: ['identity'],
  pinball: ['identity', 'ascending'],
} as const satisfies Record<string, readonly ActivationName[]>;

export type RegressorLoss = keyof typeof ENDS;

/** Their options, and whose they are. */
const OF = { quantiles: 'pinball', huberDelta: 'huber' } as const;

export interface LossParameters {
  /**
   * `'squaredError'` (default), `'mae'`, `'huber'`, `'logCosh'`; `'poisson'` for counts and rates: then the outputs are exp of the last
   * layer's sums; `'pinball'` for quantiles.
   */
  loss: RegressorLoss;
  /**
   * Of pinball, ascending, each above 0 and below 1; default [0.5]. Of several `predict` gives a column for each, which never cross, of
   * one target. Of one each target has its own.
   */
  quantiles: readonly number[] | undefined;
  /** Where huber's loss turns from square to linear; default 1. */
  huberDelta: number | undefined;
}

export const LOSS_DEFAULTS: Readonly<LossParameters> = {
  loss: 'squaredError',
  quantiles: undefined,
  huberDelta: undefined,
};

const NAMES = Object.keys(ENDS) as RegressorLoss[];

/** What they are called elsewhere. */
const MEANT: Record<string, RegressorLoss> = {
  quantile: 'pinball',
  absoluteError: 'mae',
  absolute_error: 'mae',
  squared_error: 'squaredError',
  mse: 'squaredError',
};

/** @throws {ValueError} naming the parameter */
export function checkLoss(p: LossParameters): void {
  const wanted: unknown = p.loss;
  if (typeof wanted === 'string' && Object.hasOwn(MEANT, wanted)) {
    refuseValue('loss', `one of ${NAMES.join(', ')}`, wanted, '', `; ${MEANT[wanted]} is the one`);
  }
  checkName(wanted, NAMES, 'loss');
  addMore();
  for (const name of Object.keys(OF) as (keyof typeof OF)[]) {
    if (p[name] === undefined) continue;
    if (p.loss !== OF[name]) throw new ValueError(`"${name}" is of "loss" ${OF[name]}, not of ${p.loss}`);
    (LOSSES[p.loss].options as Record<string, (value: unknown, name: string) => unknown>)[name](p[name], name);
  }
}

/** What a network ends in that learns so many targets. */
export function endFor({ loss, quantiles, huberDelta }: LossParameters, targets: number): End {
  const several = quantiles && quantiles.length > 1;
  const activation = several ? 'ascending' : ENDS[loss][0];
  const lossOptions = { ...(quantiles && { quantiles }), ...(huberDelta !== undefined && { huberDelta }) };
  return { outputs: several ? quantiles.length : targets, activation, loss, lossOptions };
}

/** Every end of so many outputs that a regressor may have. */
export const endsFor = (outputs: number): End[] =>
  Object.entries(ENDS).flatMap(([loss, activations]) =>
    activations.map((activation) => ({ outputs, activation, loss: loss as RegressorLoss })),
  );

/** The quantiles that a network's outputs are, if they are. */
export function quantilesOf({ options }: Network): readonly number[] | undefined {
  return options.loss === 'pinball' ? options.quantiles : undefined;
}
