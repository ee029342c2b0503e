// Source: scikit-learn 1.2.1, sklearn/utils/sparsefuncs_fast.pyx.

import type { Compressed } from '../../matrix/sparse-tiles.js';

export const NORMS = ['l1', 'l2'] as const;

/** Rows are divided by the sum of their absolute values, by the root of that of their squares, or by nothing. */
export type Norm = (typeof NORMS)[number] | null;

/** Divides each row by its norm; one of zeros stays. */
export function normalizeRows({ indptr, values }: Compressed, norm: Norm): void {
  if (norm === null) return;
  for (let i = 0; i + 1 < indptr.length; i++) {
    let sum = 0;
    for (let e = indptr[i]; e < indptr[i + 1]; e++) sum += norm === 'l1' ? Math.abs(values[e]) : values[e] * values[e];
    if (sum === 0) continue;
    const size = norm === 'l1' ? sum : Math.sqrt(sum);
    for (let e = indptr[i]; e < indptr[i + 1]; e++) values[e] /= size;
  }
}
