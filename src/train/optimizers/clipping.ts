// Keeps gradients from growing, before a step.

import { training } from '../../backend/training.js';
import type { Dtype } from '../../kernels/contract.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { Session } from '../../matrix/marshal.js';
import type { Parts } from '../../network/calls.js';
import { SumTree } from '../../numbers/tree.js';

/** The Euclidean norm of n numbers (contract rule 4). */
export function norm(session: Session, dtype: Dtype, n: number, address: number, tree: SumTree): number {
  const { dot, bytes } = session[dtype];
  tree.reset();
  tree.addBlocks(dot, n, address, address, bytes);
  tree.finish();
  return Math.sqrt(tree.sum);
}

/** Keeps gradients from growing: each by itself within +-value, then all together to a norm of at most `norm`; 0: without. */
export class Clipping {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #k: TrainingKernels;
  readonly #tree: SumTree;
  readonly #value: number;
  readonly #norm: number;

  constructor({ session, plan }: Parts, value: number, norm: number) {
    this.#session = session;
    this.#dtype = plan.dtype;
    this.#k = session.backend.put(training)[plan.dtype];
    this.#tree = new SumTree(plan.dtype);
    this.#value = value;
    this.#norm = norm;
  }

  /** Clips n gradients in place. */
  clip(n: number, address: number): void {
    if (this.#value > 0) this.#k.clip(n, this.#value, address);
    if (this.#norm === 0) return;
    const size = norm(this.#session, this.#dtype, n, address, this.#tree);
    if (size > this.#norm) this.#session[this.#dtype].rscl(n, size / this.#norm, address, address);
  }
}
