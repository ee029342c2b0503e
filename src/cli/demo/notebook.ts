// The notebook's example: one row, two layers of sigmoids, gradients by hand.

import type { Engine, Matrix } from '../../index.js';
import { random } from '../../index.js';

/** As NumPy prints a row. */
const numpyText = (matrix: Matrix): string => `[[${Array.from(matrix.data, (x) => x.toFixed(8)).join(' ')}]]`;

export interface Notebook {
  readonly output: string;
  readonly outputGradient: string;
  readonly hiddenGradient: string;
}

export function notebook(engine: Engine): Notebook {
  const rng = random(42);
  const W1 = rng.rand(2, 3);
  const W2 = rng.rand(3, 1);
  const { output, outputGradient, hiddenGradient } = engine.forwardAndBackward([[0.1, 0.2]], [[0.3]], W1, W2);
  return {
    output: numpyText(output),
    outputGradient: numpyText(outputGradient),
    hiddenGradient: numpyText(hiddenGradient),
  };
}
