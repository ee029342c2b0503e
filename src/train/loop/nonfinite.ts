// Where training left the finite numbers, in words. Slow, and only for the error's text.

import { NonFiniteError } from '../../checks/errors.js';
import { Matrix } from '../../matrix/matrix.js';
import { elementsOf, holds, nonFiniteAt, type RowsInput, type TypedArray } from '../../matrix/operand.js';
import { blankNetwork, PARTS } from '../../network/calls.js';
import type { NetworkGradients } from '../../network/gradients.js';
import { elementsOfNetwork, type Network } from '../../network/network.js';
import type { Dataset } from '../dataset.js';
import type { Batch } from './batches.js';

const finite = (values: TypedArray): boolean => nonFiniteAt(values) < 0;

/** Where X or y is not finite; undefined if they are. `rowOf`: what the user calls row i. */
export function notFinite(X: Dataset['X'], y: Matrix, rowOf: (i: number) => number): string | undefined {
  for (const [name, matrix] of Object.entries({ X, y })) {
    const { cols } = matrix;
    if (!(matrix instanceof Matrix)) {
      const wild = matrix.nonFinite();
      if (wild) return holds(name, wild[0], rowOf(wild[1]), wild[2]);
      continue;
    }
    const data = elementsOf(matrix);
    const at = nonFiniteAt(data);
    if (at >= 0) return holds(name, data[at], rowOf(Math.floor(at / cols)), at % cols);
  }
  return undefined;
}

/** The first layer whose outputs are not finite; -1 if all are. */
function firstLayer(net: Network, X: Dataset['X']): number {
  const { inputs, layers, dtype } = net.options;
  for (let depth = 1; depth <= layers.length; depth++) {
    const head = blankNetwork<Network>(net.constructor, { inputs, layers: layers.slice(0, depth), dtype });
    const parameters = elementsOfNetwork(head);
    parameters.set(elementsOfNetwork(net).subarray(0, parameters.length));
    const outputs = head.forward(X as RowsInput);
    head.dispose();
    if (!finite(outputs.data)) return depth - 1;
  }
  return -1;
}

function whereItBegan(net: Network, gradients: NetworkGradients, X: Dataset['X']): string {
  const { session, plan } = net[PARTS];
  const { layers, dtype, size } = plan;
  const layer = firstLayer(net, X);
  if (layer >= 0) return `the outputs of layer ${layer} are the first that are not finite`;
  const all = session.elementsAt(gradients.block.address, dtype, size);
  for (let i = layers.length - 1; i >= 0; i--) {
    if (!layers[i].parameters.every(({ offset, size }) => finite(all.subarray(offset, offset + size)))) {
      return `the gradients of layer ${i} are the first that are not finite`;
    }
  }
  return `all outputs of layer ${layers.length - 1} are finite, but their loss is not`;
}

/** The error for a batch whose loss or gradients are not finite. */
export function explain(
  net: Network,
  gradients: NetworkGradients,
  batch: Batch,
  at: { epoch: number; batch: number; rate: number; rowOf: (i: number) => number },
): NonFiniteError {
  const data = notFinite(batch.X, batch.y, at.rowOf);
  const reason = data
    ? `${data}: remove or replace it. The parameters are those before this batch`
    : `${whereItBegan(net, gradients, batch.X)}. The parameters are those before this batch. Try a smaller learning rate, ` +
      'clipNorm, or inputs scaled to mean 0 and variance 1';
  const block = batch.block === undefined ? '' : `blocks[${batch.block}], `;
  const where = `epoch ${at.epoch}, ${block}batch ${at.batch}`;
  return new NonFiniteError(`${where}: the loss or a gradient is not finite at learning rate ${at.rate}; ${reason}`);
}
