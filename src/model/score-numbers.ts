// What numbers are scored by, unless something else is asked for.

import { d2PinballScore } from '../data/metrics/pinball.js';
import { type MeasuredTargets, r2Score } from '../data/metrics/regression.js';
import type { NumberArray } from '../matrix/copies.js';

/** A pinball loss' `alpha`. */
export const alphaOf = (quantiles: readonly number[]) => (quantiles.length > 1 ? quantiles : quantiles[0]);

/** R2, of quantiles D2; of several outputs their mean. */
export function scoreNumbers(
  quantiles: readonly number[] | undefined,
  y: MeasuredTargets,
  predicted: MeasuredTargets,
  sampleWeight: NumberArray | undefined,
): number {
  return quantiles
    ? d2PinballScore(y, predicted, { sampleWeight, alpha: alphaOf(quantiles) })
    : r2Score(y, predicted, { sampleWeight });
}
