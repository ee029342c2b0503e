// Steps over the parameters that a batch of sparse rows has something to say of, and no others: where a gradient of 0 leaves a
// parameter as it is, that changes no bit. Of a million columns a batch of texts has some thousands.

import { training } from '../../backend/training.js';
import type { DtypeKernels } from '../../kernels/core.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { CompressedTiles } from '../../matrix/sparse-tiles.js';
import type { Parts } from '../../network/calls.js';
import type { Stretch } from '../optimizers/optimizer.js';

/** Parameters that lie together: in their order, from number `from` on. */
interface Range extends Stretch {
  n: number;
  at: number;
  cols: number;
}

export class Lean {
  readonly #core: DtypeKernels;
  readonly #kernels: TrainingKernels;
  /** A row of the first layer's weights. */
  readonly #units: number;
  /** Where the first layer's weights begin, and where they end. */
  readonly #from: number;
  readonly #end: number;
  readonly #size: number;
  readonly #pool: Range[] = [];
  /** Of the batch underway. The last of them ends with the last parameter. */
  readonly ranges: Range[] = [];

  constructor({ session, plan }: Parts) {
    const [{ parameters, outputs }] = plan.layers;
    const [weights] = parameters;
    this.#core = session[plan.dtype];
    this.#kernels = session.backend.put(training)[plan.dtype];
    this.#units = outputs;
    this.#from = weights.offset;
    this.#end = weights.offset + weights.size;
    this.#size = plan.size;
  }

  #add(from: number, n: number): void {
    if (n === 0) return;
    const i = this.ranges.length;
    this.#pool[i] ??= { n: 0, at: 0, decays: false, rows: 1, cols: 0 };
    const range = this.#pool[i];
    range.n = n;
    range.cols = n;
    range.at = from * this.#core.bytes;
    this.ranges.push(range);
  }

  /** Takes what the gradients of a batch were written for. @returns whether they were not written for all parameters */
  take({ runs }: CompressedTiles): boolean {
    if (!runs) return false;
    this.ranges.length = 0;
    this.#add(0, this.#from);
    for (let i = 0; i < runs.length; i += 2) {
      this.#add(this.#from + runs[i] * this.#units, runs[i + 1] * this.#units);
    }
    this.#add(this.#end, this.#size - this.#end);
    return true;
  }

  /** Divides gradients and loss by the rows' weight, as Tiles.average does. @returns whether all are finite */
  average(total: number, at: number): boolean {
    const { rscl } = this.#core;
    const loss = at + this.#size * this.#core.bytes;
    let finite = rscl(1, total, loss, loss);
    for (const { n, at: from } of this.ranges) finite &= rscl(n, total, at + from, at + from);
    return finite === 1;
  }

  /** Whether what lies there in the order of the parameters is finite. */
  isFinite(at: number): boolean {
    for (const range of this.ranges) if (this.#kernels.finite(range.n, at + range.at) === 0) return false;
    return true;
  }
}
