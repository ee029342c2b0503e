// The contract of an activation: how h comes out of the logits z, and how an error goes back through it.

import type { Readers } from '../checks/readers.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { LayersKernels } from '../kernels/layers.js';
import type { Pack } from '../kernels/pack.js';
import type { Table } from '../kernels/table.js';
import type { Initializer } from './initializers.js';
import type { Of } from './kinds.js';

/** The core's kernels, and those of the pack that is asked for. */
export type LayerKernels = DtypeKernels & LayersKernels;

/** An activation over a tile of `rows` rows, n elements in all; addresses. */
export interface Curve {
  /** h = f(z). `scratch` has the tile's size; softmax leaves the sums of its rows there. */
  forward(k: LayerKernels, n: number, z: number, h: number, scratch: number, training: boolean, rows: number): void;
  /** d = e f'(z) from the error e at h, in place if d is e. */
  backward(k: LayerKernels, n: number, e: number, h: number, z: number, d: number, rows: number): void;
}

export interface Activation<Options = object> {
  /** Of kernels beside the core's. */
  readonly pack?: Pack<Table>;
  /**
   * Whether h and z need buffers of their own: because z holds the slope h'(z) after a forward pass that is to be followed
   * by a backward one, or, of softmax, the shifted logits. The others give their slope from h, and h may be z.
   */
  readonly apart?: boolean;
  /** Whether none but the last layer can have it. */
  readonly last?: boolean;
  /** Of layers that state none; default glorotUniform. */
  readonly initializer?: Initializer;
  /** What scikit-learn's limit has above n + m in its root; default 6. */
  readonly gain?: number;
  readonly options?: Readers<Options>;
  readonly curve: Curve | Of<Options, Curve>;
}

/** For those whose z holds the slope. */
export const byTheSlope: Curve['backward'] = (k, n, e, _h, slope, d) => k.multiply(n, e, slope, d);
