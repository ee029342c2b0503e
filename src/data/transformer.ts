// What changes columns before an estimator sees them.

import type { Matrix } from '../matrix/matrix.js';
import type { TableInput } from '../matrix/table.js';

/** What stands before the estimator: a scaler or encoder of this package, or anything alike. */
export interface Transformer {
  /** Learns from rows. */
  fit(X: TableInput): unknown;
  /** The rows, transformed. */
  transform(X: TableInput): Matrix | TableInput;
  /**
   * One of its kind that was not fitted. Default: `new` of its class with its fields as options. A pipeline's fit leaves a
   * scaler with this method as it was, if it fails.
   */
  clone?(): Transformer;
  /** Names of the columns that transform returns, by those of the columns that it takes. */
  getFeatureNamesOut?(features?: readonly string[]): string[];
}

/** One of its kind that was not fitted. */
export function cloneTransformer(step: Transformer): Transformer {
  if (step.clone) return step.clone();
  return new (step.constructor as new (options: object) => Transformer)({ ...step });
}
