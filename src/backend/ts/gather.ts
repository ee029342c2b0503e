// The gathering of a batch, once for both dtypes.

import type { TrainingKernels } from '../../kernels/training.js';
import type { Format } from './format.js';

export function gather({ view, shift }: Format) {
  let words = new Int32Array(view().buffer);
  return {
    gather(rows, cols, i, x, y) {
      // As integers: a number that is moved may be changed, if it is NaN.
      const { buffer } = view();
      if (words.buffer !== buffer) words = new Int32Array(buffer);
      const width = cols << (shift - 2);
      const [i0, x0, y0] = [i >>> 2, x >>> 2, y >>> 2];
      for (let row = 0; row < rows; row++) {
        const from = x0 + words[i0 + row] * width;
        const to = y0 + row * width;
        for (let j = 0; j < width; j++) words[to + j] = words[from + j];
      }
    },
  } satisfies Partial<TrainingKernels>;
}
