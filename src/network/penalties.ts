// L2 and L1 penalties on weights; biases have none.

import { checkName, checkNumber } from '../checks/values.js';
import { BLOCK } from '../kernels/contract.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { Session } from '../matrix/marshal.js';
import { refuseTotal, SAMPLE_WEIGHT } from '../matrix/sample-weights.js';
import { Block } from '../memory/block.js';
import { SumTree } from '../numbers/tree.js';
import type { Plan } from './plan.js';

/** The loss grows by l2 / 2 times the sum of the squares of all weights, and by l1 times the sum of their magnitudes. */
export interface Penalties {
  /** 0 or more; default 0. */
  l2?: number;
  /** 0 or more; default 0. */
  l1?: number;
  /** `'plain'` (default), or as scikit-learn has it: both divided by the sum of the sample weights, or the number of rows. */
  penalty?: 'plain' | 'scikitLearn';
}

const PENALTIES = ['plain', 'scikitLearn'] as const;

/** Not `own`, whose access by any key boxes numbers: these are read at every step. */
const { hasOwn } = Object;

/** @throws {ValueError} naming the option */
export function checkPenalties(options: Penalties): void {
  if (hasOwn(options, 'l2')) checkNumber(options.l2 ?? 0, 'l2', 0);
  if (hasOwn(options, 'l1')) checkNumber(options.l1 ?? 0, 'l1', 0);
  if (hasOwn(options, 'penalty')) checkName(options.penalty ?? 'plain', PENALTIES, 'penalty');
}

/** Adds them for one network. */
export class PenaltySums {
  readonly #session: Session;
  readonly #k: DtypeKernels;
  readonly #plan: Plan;
  readonly #squares: SumTree;
  readonly #sizes: SumTree;
  #room: Block | undefined;

  constructor(session: Session, plan: Plan) {
    this.#session = session;
    this.#k = session[plan.dtype];
    this.#plan = plan;
    this.#squares = new SumTree(plan.dtype);
    this.#sizes = new SumTree(plan.dtype);
  }

  /**
   * Adds the penalties to what has `count` elements at `to`: gradients, if more than 1, and the loss last.
   *
   * @param from where the parameters are
   * @param total what the scikit-learn convention divides by
   */
  add(from: number, to: number, count: number, options: Penalties, total: number): void {
    const l2 = (hasOwn(options, 'l2') && options.l2) || 0;
    const l1 = (hasOwn(options, 'l1') && options.l1) || 0;
    const divisor = hasOwn(options, 'penalty') && options.penalty === 'scikitLearn' ? total : 1;
    if (!(divisor > 0)) refuseTotal(divisor, SAMPLE_WEIGHT);
    const k = this.#k;
    this.#squares.reset();
    this.#sizes.reset();
    for (const { parameters } of this.#plan.layers) {
      for (const { decays, offset, size } of parameters) {
        if (!decays) continue;
        const values = from + offset * k.bytes;
        const gradients = to + offset * k.bytes;
        if (l2) this.#squares.addBlocks(k.dot, size, values, values, k.bytes);
        for (let i = 0; l1 && i < size; i += BLOCK) {
          const at = values + i * k.bytes;
          const count = Math.min(BLOCK, size - i);
          this.#sizes.leaf = k.dot(count, at, this.#signs(count, at));
          this.#sizes.add();
        }
        if (count === 1) continue;
        if (l2) k.axpy(size, l2 / divisor, values, gradients);
        if (l1) k.axpy_sign(size, l1 / divisor, values, gradients);
      }
    }
    this.#squares.finish();
    this.#sizes.finish();
    const view = this.#session.view(this.#plan.dtype);
    view[to / k.bytes + count - 1] += (0.5 * l2 * this.#squares.sum + l1 * this.#sizes.sum) / divisor;
  }

  /** Where the signs of some weights are. */
  #signs(n: number, weights: number): number {
    const { bytes } = this.#k;
    this.#room ??= new Block(this.#session.heap, BLOCK * bytes);
    const { address } = this.#room;
    const from = address / bytes;
    this.#session.view(this.#plan.dtype).fill(0, from, from + n);
    this.#k.axpy_sign(n, 1, weights, address);
    return address;
  }

  dispose(): void {
    this.#room?.dispose();
  }
}
