// The cross-entropies with label smoothing (Szegedy et al. 2016): targets (1 - labelSmoothing) y + labelSmoothing / classes.

import { layers } from '../../backend/layers.js';
import type { Readers } from '../../checks/readers.js';
import { checkNumber } from '../../checks/values.js';
import type { Evaluation, Loss } from '../loss.js';
import { binaryCrossEntropy } from './binaryCrossEntropy.js';
import { crossEntropy } from './crossEntropy.js';

export interface SmoothingOptions {
  /** What the cross-entropies take from each target and share out among the classes: from 0 (default) to below 1. */
  labelSmoothing?: number | undefined;
}

/** 0 is as if it were not stated, so that a network without is one that the core alone reads. */
const options: Readers<SmoothingOptions> = {
  labelSmoothing: (value, name) =>
    (value === undefined ? value : checkNumber(value, name, 0, 1) || undefined) as number,
};

/** @param classes that an output says something of; 0: there is one for each output */
function smoothed(loss: Loss, classes: number): Loss<SmoothingOptions> {
  const plain = loss.evaluation as Evaluation;
  return {
    ...loss,
    options,
    evaluation({ labelSmoothing, outputs }) {
      if (!labelSmoothing) return plain;
      const offset = labelSmoothing / (classes || outputs);
      return {
        pack: layers,
        evaluate(k, rows, cols, y, z, o, d, t, l) {
          k.affine(rows * cols, 1 - labelSmoothing, offset, y, d);
          plain.evaluate(k, rows, cols, d, z, o, d, t, l);
        },
      };
    },
  };
}

export const smoothedBinary = smoothed(binaryCrossEntropy, 2);
export const smoothedClasses = smoothed(crossEntropy, 0);
