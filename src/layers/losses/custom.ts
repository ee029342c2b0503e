// What a function is as a loss: it is called for each tile of rows, between two kernels. Slower than one made of kernels, by the
// copies and the call.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { own } from '../../checks/read-options.js';
import type { Session } from '../../matrix/marshal.js';
import { Matrix } from '../../matrix/matrix.js';
import { copyOf, type Dtype, plainNumbers, readOperand, shapeText, type TypedArray } from '../../matrix/operand.js';
import type { Block } from '../../memory/block.js';
import type { Evaluation, Loss, LossFunction } from '../loss.js';

/**
 * Calls `work` while nobody can use what lies in that block: not the network, whose buffers hold a pass that is underway.
 * Whoever looks whether it was disposed of is told so.
 */
function alone<T>(block: Block, work: () => T): T {
  Object.defineProperty(block, 'disposed', {
    configurable: true,
    get() {
      throw new ValueError('a loss function cannot use the network that it is the loss of: that waits for it');
    },
  });
  try {
    return work();
  } finally {
    delete (block as { disposed?: boolean }).disposed;
  }
}

/** A copy of one of the two things that a loss function returns. @throws {ValueError|ShapeError} */
function readReturned(returned: unknown, key: 'loss' | 'gradient', rows: number, cols: number): TypedArray {
  const isResult = Object.hasOwn(Object(returned), 'loss');
  const value = isResult ? own(returned as Record<string, unknown>, key) : undefined;
  if (typeof value !== 'object' || value === null) {
    throw new ValueError(
      `"loss" must return { loss, gradient }: a number for each row, and rows x outputs, got ${
        isResult ? `${describe(value)} as ${key}` : describe(returned)
      }`,
    );
  }
  const operand = readOperand(plainNumbers(value), `loss().${key}`);
  if (operand.rows === rows && operand.cols === cols) return copyOf(operand, 'f64');
  throw new ShapeError(`"loss().${key}" is ${shapeText(operand)}, but must be ${rows}x${cols}`);
}

function evaluationOf(loss: LossFunction, session: Session, parameters: Block): Evaluation {
  return {
    evaluate(k, rows, cols, y, _z, o, d, _t, l) {
      const dtype: Dtype = k.bytes === 8 ? 'f64' : 'f32';
      const copy = (at: number) => new Matrix(rows, cols, session.elementsAt(at, dtype, rows * cols).slice());
      const [losses, gradient] = alone(parameters, () => {
        const returned: unknown = loss(copy(o), copy(y));
        return [readReturned(returned, 'loss', rows, 1), readReturned(returned, 'gradient', rows, cols)];
      });
      // Looked up only now: the function may have made memory grow.
      session.elementsAt(l, dtype, rows).set(losses);
      session.elementsAt(d, dtype, rows * cols).set(gradient);
    },
  };
}

export const custom: Loss<{ loss: LossFunction }> = {
  evaluation: ({ loss }) => ({
    on: (session, parameters) => evaluationOf(loss, session, parameters),
    evaluate() {},
  }),
};
