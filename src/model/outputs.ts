// What a network gives for rows, before it is turned into predictions.

import { NonFiniteError } from '../checks/errors.js';
import type { Matrix } from '../matrix/matrix.js';
import { nonFiniteAt } from '../matrix/operand.js';

/** The outputs themselves. @throws {NonFiniteError} naming the first row of which one is not finite */
export function checkOutputs(outputs: Matrix): Matrix {
  const wrong = nonFiniteAt(outputs.data);
  if (wrong < 0) return outputs;
  const row = Math.floor(wrong / outputs.cols);
  throw new NonFiniteError(
    `the output for row ${row} of "X" is ${outputs.data[wrong]}: is that row finite, and scaled?`,
  );
}
