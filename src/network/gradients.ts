// Where gradients are kept: resident buffers, and the partial sums that threads and machines exchange.

import { describe } from '../checks/describe.js';
import { DisposedError, ShapeError, ValueError } from '../checks/errors.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { isInteger, isWeight, refuseValue } from '../checks/values.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import { Matrix } from '../matrix/matrix.js';
import { type ArrayOf, dtypeOf, elementsOf, type TypedArray } from '../matrix/operand.js';
import { RESIDENT_ADVICE, ResidentMatrix } from '../matrix/resident.js';
import { Block } from '../memory/block.js';
import type { GradientResult } from './calls.js';
import type { Plan } from './plan.js';

/** Each layer's weights and biases as views of one block that holds all parameters in their order. */
export function layerViews<D extends Dtype>(session: Session, plan: Plan, block: Block) {
  const { dtype, layers } = plan;
  const { bytes } = session[dtype];
  const viewsOf = (name: string) =>
    layers.map(({ parameters }) => {
      const found = parameters.find((each) => each.name === name);
      return (
        found &&
        new ResidentMatrix(session, found.rows, found.cols, dtype as D, { block, offset: found.offset * bytes })
      );
    });
  return {
    // To be written to, not exchanged.
    weights: Object.freeze(viewsOf('weights') as ResidentMatrix<D>[]),
    biases: Object.freeze(viewsOf('biases')),
  };
}

/**
 * Gradients in linear memory: what `gradientsInto` writes. All are views of one block: the gradients of the parameters in
 * their order, then the loss.
 */
export class NetworkGradients<D extends Dtype = Dtype> {
  /** Of each layer, inputs x units. */
  readonly weights: readonly ResidentMatrix<D>[];
  /** Of each layer, 1 x units; undefined where it has no biases. */
  readonly biases: readonly (ResidentMatrix<D> | undefined)[];
  /** dLoss/dX, if it was asked for. */
  readonly inputs: ResidentMatrix<D> | undefined;
  /** @internal */
  readonly block: Block;
  /** @internal */
  readonly plan: Plan;
  readonly #session: Session;
  /**
   * What changes of these, which are frozen. `finite`: whether all are known to be finite; if not, they may be nevertheless.
   * `share`: times this, the gradient of a statistic is a mean over the rows. `view`: what `parameters` handed out.
   *
   * @internal
   */
  readonly state: { finite: boolean; share?: number; view?: TypedArray | undefined } = { finite: false };

  /** Use `net.zeroGradients`. */
  constructor(session: Session, plan: Plan, rows: number | undefined) {
    const { dtype, size, inputs } = plan;
    this.inputs = rows === undefined ? undefined : new ResidentMatrix(session, rows, inputs, dtype as D);
    refuseCloning(this, RESIDENT_ADVICE);
    this.#session = session;
    this.plan = plan;
    this.block = new Block(session.heap, (size + 1) * session[dtype].bytes);
    session.elementsAt(this.block.address, dtype, size + 1).fill(0);
    ({ weights: this.weights, biases: this.biases } = layerViews(session, plan, this.block));
    Object.freeze(this);
  }

  /** The loss that these are the gradients of. */
  get loss(): number {
    const { dtype, size } = this.plan;
    this.#check();
    return this.#session.view(dtype)[this.block.address / this.#session[dtype].bytes + size];
  }

  /** All gradients in the order of the network's `parameters`: the same view of linear memory every time. */
  get parameters(): ArrayOf<D> {
    this.#check();
    const { dtype, size } = this.plan;
    const { state } = this;
    state.view ??= this.#session.lend(this.block, this.block.address, dtype, size);
    return state.view as ArrayOf<D>;
  }

  #check(): void {
    if (this.block.disposed) throw new DisposedError('these gradients were disposed');
  }

  /** Frees their memory; harmless when repeated. */
  dispose(): void {
    this.block.dispose();
    this.state.view = undefined;
    this.inputs?.dispose();
  }
}

/**
 * The sums over some rows of a larger batch, for `mergePartials`: plain data that can be sent to other threads.
 * `sums` holds what the gradients and the loss are before they are divided by the weights' total.
 */
export interface PartialGradients {
  /** Where these rows begin in the whole batch. */
  readonly rowOffset: number;
  /** Number of rows. */
  readonly rows: number;
  /** The sum of their weights; their number without weights. */
  readonly weightTotal: number;
  /** Of the sums. */
  readonly dtype: Dtype;
  /** In the order of `parameters`, then the loss. */
  readonly sums: TypedArray;
}

/** Tiles of so many rows. */
export const tilesOf = (rows: number) => Math.ceil(rows / TILE);

/** Whether n tiles from tile `first` on are a node of the canonical tree over some number of tiles. */
export function isTreeNode(first: number, n: number): boolean {
  return first % 2 ** Math.ceil(Math.log2(n)) === 0;
}

/** Partials come from other threads and machines. @throws {ValueError} naming the part that is none */
export function checkPartial(part: PartialGradients, name: string): void {
  const { rowOffset, rows, weightTotal, dtype, sums } = Object(part) as PartialGradients;
  const counts = isInteger(rowOffset, 0) && isInteger(rows, 1) && isWeight(weightTotal);
  if (counts && dtypeOf(sums) !== undefined && dtypeOf(sums) === dtype) return;
  refuseValue(name, 'what partialGradients or mergePartials returned', part);
}

/**
 * The partial of two neighbours' rows, the bits of which do not depend on where the batch was cut: `a` covers 2^k tiles of
 * 256 rows and `b`, which follows it, no more.
 *
 * @throws {ValueError} if they are not neighbours that make up a node of the canonical tree; {ShapeError} of two networks
 */
export function mergePartials(a: PartialGradients, b: PartialGradients): PartialGradients {
  checkPartial(a, 'a');
  checkPartial(b, 'b');
  if (a.dtype !== b.dtype || a.sums.length !== b.sums.length) {
    throw new ShapeError(
      `"a" has ${a.sums.length} ${a.dtype} sums and "b" ${b.sums.length} ${b.dtype}: they must be of one network`,
    );
  }
  if (a.rowOffset + a.rows !== b.rowOffset) {
    throw new ValueError(`"b" must begin at row ${a.rowOffset + a.rows}, where "a" ends, got ${describe(b.rowOffset)}`);
  }
  const tiles = tilesOf(a.rows);
  const aligned = a.rows === tiles * TILE && Number.isInteger(Math.log2(tiles)) && tilesOf(b.rows) <= tiles;
  if (!aligned || !isTreeNode(a.rowOffset / TILE, tiles + tilesOf(b.rows))) {
    throw new ValueError(
      `rows ${a.rowOffset} to ${b.rowOffset + b.rows} cut at ${b.rowOffset} are no node of the canonical tree: docs/network.md has it`,
    );
  }
  const sums = a.sums.slice();
  for (let i = 0; i < sums.length; i++) sums[i] += b.sums[i];
  return { ...a, rows: a.rows + b.rows, weightTotal: a.weightTotal + b.weightTotal, sums };
}

/** As new matrices. */
export function copyGradients<D extends Dtype>({ loss, weights, biases }: NetworkGradients<D>): GradientResult<D> {
  const copy = (each: ResidentMatrix<D> | undefined) =>
    each && new Matrix<D>(each.rows, each.cols, elementsOf(each).slice() as ArrayOf<D>);
  return { loss, weights: weights.map(copy) as Matrix<D>[], biases: biases.map(copy) };
}
