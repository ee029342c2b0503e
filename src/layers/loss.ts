// The contract of a loss: each row's loss, and its derivative.

import type { Readers } from '../checks/readers.js';
import type { Pack } from '../kernels/pack.js';
import type { Table } from '../kernels/table.js';
import type { Session } from '../matrix/marshal.js';
import type { Matrix } from '../matrix/matrix.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { Block } from '../memory/block.js';
import type { LayerKernels } from './activation.js';
import type { ActivationName } from './activations.js';
import type { Of } from './kinds.js';

/**
 * A loss of one's own, over some rows: each row's loss, and its derivative with respect to the row's outputs. Both arguments
 * are copies, rows x outputs, of the network's dtype.
 */
export type LossFunction = (
  output: Matrix,
  target: Matrix,
) => { readonly loss: ArrayLike<number>; readonly gradient: MatrixInput };

/** A loss over a tile of `rows` x `cols`; addresses. */
export interface Evaluation {
  /** For one that needs to know where it is computed: what does so there. */
  on?(session: Session, parameters: Block): Evaluation;
  /** Of kernels beside the core's. */
  readonly pack?: Pack<Table>;
  /** Columns of targets, if those are not as many as outputs. */
  readonly targets?: number;
  /**
   * l = each row's loss; d = its derivative with respect to the logits z if fused, else to the output o.
   *
   * @param y target, rows x cols, or as many columns as `targets` says
   * @param z what the activation left beside o, if fused
   * @param t scratch of the tile's size; of softmax it holds the sums of the rows
   */
  evaluate(
    k: LayerKernels,
    rows: number,
    cols: number,
    y: number,
    z: number,
    o: number,
    d: number,
    t: number,
    l: number,
  ): void;
}

/** What a network ends in. */
export interface End {
  readonly activation: ActivationName;
  readonly outputs: number;
}

export interface Loss<Options = object> {
  /** The last activations that it is defined for; undefined: all. */
  readonly after?: readonly ActivationName[];
  /** Those with which d is the derivative with respect to the logits z, so that it does not go back through the activation. */
  readonly fused?: readonly ActivationName[];
  /** What it takes as targets: the least, the greatest, and what to say else. */
  readonly range?: readonly [least: number, greatest: number, wanted: string];
  /**
   * That targets are classes, and how: `'exclusive'`, one for each row, for which a label may stand, and the greatest output
   * is what is predicted; `'independent'`, each output says of one whether it is there.
   */
  readonly classes?: 'exclusive' | 'independent';
  /** Of those that are independent: that targets are -1 and 1, and the sign of an output says it, not whether it is above 0.5. */
  readonly signs?: true;
  readonly options?: Readers<Options>;
  /** Of options and the network's end. It may throw where they do not go together. */
  readonly evaluation: Evaluation | Of<Options & End, Evaluation>;
}
