// What rows of a class weigh.

import { ValueError } from '../checks/errors.js';
import { statedWeights } from '../data/class-weights.js';
import type { FitOptions } from '../train/options.js';
import type { ClassifierParameters } from './estimator-options.js';
import type { LabelPlan, Reading } from './task.js';

/**
 * A weight for each class in order, as fit of a network takes them.
 *
 * @throws {ValueError} of a label that is none of the classes, of several labels at once, and of 'balanced' without all rows
 */
export function classWeightsOf(
  { classWeight }: ClassifierParameters,
  { kind, classes }: LabelPlan,
  reading: Reading,
): FitOptions['classWeight'] {
  // Rows to judge by count as they are.
  if (classWeight === undefined || reading === 'validation') return undefined;
  if (kind === 'multilabel') {
    throw new ValueError('"classWeight" needs one label for each row: of several at once give "sampleWeight"');
  }
  if (classWeight === 'balanced') {
    if (reading !== 'part') return classWeight;
    throw new ValueError(
      '"classWeight" balanced counts all rows, which partialFit does not see: give a weight for each class',
    );
  }
  return statedWeights(classWeight, classes, 'classWeight');
}
