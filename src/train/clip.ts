// Clipping as functions, for loops of one's own: what fit does before a step.

import { training } from '../backend/training.js';
import { describe } from '../checks/describe.js';
import { DisposedError, ValueError } from '../checks/errors.js';
import { checkPositive } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { PARTS, type Parts } from '../network/calls.js';
import { NetworkGradients } from '../network/gradients.js';
import { checkNetwork, type Network } from '../network/network.js';
import { SumTree } from '../numbers/tree.js';
import { refuseStatistics } from './loop/statistics.js';
import { norm } from './optimizers/clipping.js';

const trees = new Map<Dtype, SumTree>();

function treeOf(dtype: Dtype): SumTree {
  const tree = trees.get(dtype) ?? new SumTree(dtype);
  if (!trees.has(dtype)) trees.set(dtype, tree);
  return tree;
}

function read(net: Network, gradients: NetworkGradients, limit: number): Parts {
  checkNetwork(net);
  const parts = net[PARTS];
  if (!(gradients instanceof NetworkGradients) || gradients.plan.layers !== parts.plan.layers) {
    throw new ValueError(`"gradients" must come from this network's zeroGradients(), got ${describe(gradients)}`);
  }
  if (gradients.block.disposed) throw new DisposedError('"gradients" were disposed');
  checkPositive(limit, 'limit');
  refuseStatistics(parts);
  return parts;
}

/**
 * Scales gradients of all parameters, in place, to a Euclidean norm of at most `limit`, as `clipNorm` of fit does. It allocates
 * nothing.
 *
 * @param gradients what the network's zeroGradients() returned
 * @returns the norm that they had: where that is not finite, nor are they then
 * @example
 * const net = network({ inputs: 1, layers: [1], seed: 1 });
 * const gradients = net.gradientsInto([[3]], [100], net.zeroGradients());
 * clipNorm(net, gradients, 1) > 1; // true
 */
export function clipNorm(net: Network, gradients: NetworkGradients, limit: number): number {
  const { session, plan } = read(net, gradients, limit);
  const { address } = gradients.block;
  const size = norm(session, plan.dtype, plan.size, address, treeOf(plan.dtype));
  if (size > limit) session[plan.dtype].rscl(plan.size, size / limit, address, address);
  return size;
}

/** Takes each gradient by itself, in place, within +-limit, as `clipValue` of fit does; NaN stays. */
export function clipValue(net: Network, gradients: NetworkGradients, limit: number): void {
  const { session, plan } = read(net, gradients, limit);
  session.backend.put(training)[plan.dtype].clip(plan.size, limit, gradients.block.address);
}
