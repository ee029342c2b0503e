// Which parameters decay, as their layers say: weights do, biases do not.

import type { Plan } from '../../network/plan.js';

/** Parameters that lie together and are treated alike. */
export interface Stretch {
  readonly n: number;
  /** Bytes from the first parameter, and so from the first number of any vector in their order. */
  readonly at: number;
  readonly decays: boolean;
}

/** @param bytes of a number */
export function stretchesOf({ layers }: Plan, bytes: number): Stretch[] {
  return layers.flatMap(({ parameters }) =>
    parameters.map(({ size, offset, decays }) => ({ n: size, at: offset * bytes, decays })),
  );
}
