// Whether earlyStopping has rows to watch.

import { ValueError } from '../checks/errors.js';
import type { Label } from '../data/labels.js';
import { trainTestIndices } from '../data/splits.js';
import { random } from '../random/random.js';
import type { MLPParameters } from './estimator-options.js';
import { solverName } from './solver.js';

/**
 * Refuses earlyStopping where the rows cannot be divided: in words of its own, before training begins.
 *
 * @param source how many rows, or their labels, of which each part gets its share
 * @param least rows that a score needs
 * @throws {ValueError} that says why
 */
export function checkHeldOut(parameters: MLPParameters, source: number | ArrayLike<Label>, least: number): void {
  const { earlyStopping, validationFraction } = parameters;
  if (!earlyStopping || solverName(parameters) === 'lbfgs') return;
  const refuse = (reason: string, cause?: unknown): never => {
    throw new ValueError(
      `"earlyStopping" cannot hold out a "validationFraction" of ${validationFraction}: ${reason}; give more rows, ` +
        'another fraction, or no earlyStopping',
      { cause },
    );
  };
  let held = 0;
  try {
    held = trainTestIndices(source, { testSize: validationFraction }, random(0)).test.length;
  } catch (error) {
    refuse((error as Error).message, error);
  }
  if (held < least) refuse(`the score of ${held} row says nothing, ${least} are needed`);
}
