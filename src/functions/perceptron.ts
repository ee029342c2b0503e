// forwardAndBackward: one hidden layer, sigmoid twice, row tile by row tile.

import { ShapeError } from '../checks/errors.js';
import { isObject, refuseValue } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { overRows, Passing, type Session } from '../matrix/marshal.js';
import { matrixOver } from '../matrix/matrix.js';
import {
  checkApart,
  checkOutput,
  commonDtype,
  flatOperand,
  type MatrixInput,
  newArray,
  type Operand,
  readMatrix,
  shapeText,
} from '../matrix/operand.js';
import type { Functions, Gradients, MatrixOutput } from './api.js';

const OUTPUTS = ['output', 'outputGradient', 'hiddenGradient'] as const;

interface Operands {
  X: Operand;
  y: Operand;
  W1: Operand;
  W2: Operand;
}

function fit(a: Operand, b: Operand, what: string, sizeA: number, sizeB: number): void {
  if (sizeA === sizeB) return;
  throw new ShapeError(
    `"${a.name}" is ${shapeText(a)} and "${b.name}" is ${shapeText(b)}: ${what}, ${sizeA} and ${sizeB}, must be equal`,
  );
}

function readOperands(...[x, target, inner, outer]: MatrixInput[]): Operands {
  const X = readMatrix(x, 'X');
  const y = readMatrix(target, 'y');
  const W1 = readMatrix(inner, 'weightsInputHidden');
  const W2 = readMatrix(outer, 'weightsHiddenOutput');
  fit(X, W1, 'the numbers of inputs', X.cols, W1.rows);
  fit(W1, W2, 'the sizes of the hidden layer', W1.cols, W2.rows);
  fit(X, y, 'the numbers of rows', X.rows, y.rows);
  fit(W2, y, 'the numbers of outputs', W2.cols, y.cols);
  return { X, y, W1, W2 };
}

/** @param outs as OUTPUTS names them */
function compute(s: Session, operands: Operands, dtype: Dtype, outs: readonly Operand[]): void {
  const { rows, cols: inputs } = operands.X;
  const { rows: hidden, cols: outputs } = operands.W2;
  const kernels = s[dtype];
  const X = new Passing(s, operands.X, dtype);
  const y = new Passing(s, operands.y, dtype);
  const W1 = new Passing(s, operands.W1, dtype);
  const W2 = new Passing(s, operands.W2, dtype);
  const results = outs.map((each) => new Passing(s, each, dtype));
  const [output, outputGradient, hiddenGradient] = results;
  const activation = new Passing(s, { ...operands.X, cols: hidden }, dtype, -1);
  const work = s.work;
  let w1 = -1;
  let w2 = -1;
  overRows(s, rows, [W1, W2], [X, y, ...results, activation], (from, count) => {
    if (from === 0) {
      w1 = W1.read(0, inputs);
      w2 = W2.read(0, hidden);
    }
    const x = X.read(from, count);
    const target = y.read(from, count);
    const h = activation.at(from);
    const o = output.at(from);
    const d = outputGradient.at(from);
    const g = hiddenGradient.at(from);
    kernels.gemm_nn(count, hidden, inputs, x, inputs, w1, hidden, h, hidden, work);
    kernels.sigmoid(count * hidden, h, h);
    kernels.gemm_nn(count, outputs, hidden, h, hidden, w2, outputs, o, outputs, work);
    kernels.sigmoid(count * outputs, o, o);
    kernels.output_delta(count * outputs, target, o, d);
    kernels.gemm_nt(count, hidden, outputs, d, outputs, w2, outputs, g, hidden, work);
    kernels.hidden_delta(count * hidden, g, h, g);
    for (const each of results) each.done(from, count);
  });
}

/** How many columns each of OUTPUTS has. */
const widthOf = (i: number, { W2 }: Operands): number => (i < 2 ? W2.cols : W2.rows);

/** The two forms over a session that is made on first use. */
export function createPerceptron(
  getSession: () => Session,
  fallback: Dtype,
): Pick<Functions, 'forwardAndBackward' | 'forwardAndBackwardInto'> {
  return {
    forwardAndBackward(X, y, W1, W2) {
      const s = getSession();
      const operands = readOperands(X, y, W1, W2);
      const dtype = commonDtype([operands.X, operands.y, operands.W1, operands.W2], fallback);
      const { rows } = operands.X;
      const outs = OUTPUTS.map((name, i) => {
        const cols = widthOf(i, operands);
        return flatOperand(name, rows, cols, dtype, newArray(dtype, rows * cols));
      });
      compute(s, operands, dtype, outs);
      const [output, outputGradient, hiddenGradient] = outs.map(matrixOver);
      return { output, outputGradient, hiddenGradient };
    },

    forwardAndBackwardInto<G extends Gradients<MatrixOutput>>(
      X: MatrixInput,
      y: MatrixInput,
      W1: MatrixInput,
      W2: MatrixInput,
      out: G,
    ): G {
      const s = getSession();
      const operands = readOperands(X, y, W1, W2);
      if (!isObject(out)) {
        refuseValue('out', `{ ${OUTPUTS.join(', ')} }`, out);
      }
      const taken = [operands.X, operands.y, operands.W1, operands.W2];
      const outs = OUTPUTS.map((key) => readMatrix(out[key], `out.${key}`));
      const dtype = commonDtype([...taken, ...outs], fallback);
      const { rows } = operands.X;
      for (let i = 0; i < outs.length; i++) checkOutput(outs[i], dtype, rows, widthOf(i, operands));
      for (const target of outs) {
        checkApart(target, taken, false);
        taken.push(target);
      }
      compute(s, operands, dtype, outs);
      return out;
    },
  };
}
