// The contract of a loss: each row's loss, and its derivative.

import type { Readers } from '../checks/readers.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { Session } from '../matrix/marshal.js';
import type { Matrix } from '../matrix/matrix.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { Block } from '../memory/block.js';
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
  /**
   * l = each row's loss; d = its derivative with respect to the logits z if fused, else to the output o.
   *
   * @param y target, rows x cols
   * @param z what the activation left beside o, if fused
   * @param t scratch of the tile's size; of softmax it holds the sums of the rows
   */
  evaluate(
    k: DtypeKernels,
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
  readonly options?: Readers<Options>;
  readonly evaluation: Evaluation | Of<Options & { readonly activation: ActivationName }, Evaluation>;
}
