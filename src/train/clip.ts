// Clipping as functions, for loops of one's own: what fit does before a step.

import { training } from '../backend/training.js';
import { describe } from '../checks/describe.js';
import { DisposedError, ValueError } from '../checks/errors.js';
import { checkPositive } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { PARTS } from '../network/calls.js';
import { NetworkGradients } from '../network/gradients.js';
import { checkNetwork, type Network } from '../network/network.js';
import { SumTree } from '../numbers/tree.js';
import { movesStatistics, Statistics } from './loop/statistics.js';
import { norm } from './optimizers/clipping.js';

const trees = new Map<Dtype, SumTree>();

function treeOf(dtype: Dtype): SumTree {
  const tree = trees.get(dtype) ?? new SumTree(dtype);
  if (!trees.has(dtype)) trees.set(dtype, tree);
  return tree;
}

/** Running moments among the parameters have no gradients to be clipped: they are taken out for as long. */
const statistics = new WeakMap<Network, Statistics>();

function statisticsOf(net: Network): Statistics | undefined {
  if (!movesStatistics(net[PARTS].plan)) return undefined;
  const known = statistics.get(net) ?? new Statistics(net[PARTS]);
  if (!statistics.has(net)) statistics.set(net, known);
  return known;
}

function check(net: Network, gradients: NetworkGradients, limit: number): void {
  checkNetwork(net);
  const parts = net[PARTS];
  if (!(gradients instanceof NetworkGradients) || gradients.plan.layers !== parts.plan.layers) {
    throw new ValueError(`"gradients" must come from this network's zeroGradients(), got ${describe(gradients)}`);
  }
  if (gradients.block.disposed) throw new DisposedError('"gradients" were disposed');
  checkPositive(limit, 'limit');
}

/**
 * Scales gradients of all parameters, in place, to a Euclidean norm of at most `limit`, as `clipNorm` of fit does. It allocates
 * nothing. Running moments, as batchNorm's, are not counted and stay as they are.
 *
 * @param gradients what the network's zeroGradients() returned
 * @returns the norm that they had: where that is not finite, nor are they then
 * @example
 * const net = network({ inputs: 1, layers: [1], seed: 1 });
 * const gradients = net.gradientsInto([[3]], [100], net.zeroGradients());
 * clipNorm(net, gradients, 1) > 1; // true
 */
export function clipNorm(net: Network, gradients: NetworkGradients, limit: number): number {
  check(net, gradients, limit);
  const { session, plan } = net[PARTS];
  const { address } = gradients.block;
  const aside = statisticsOf(net);
  aside?.take(address);
  const size = norm(session, plan.dtype, plan.size, address, treeOf(plan.dtype));
  if (size > limit) session[plan.dtype].rscl(plan.size, size / limit, address, address);
  aside?.giveBack(address);
  return size;
}

/** Takes each gradient by itself, in place, within +-limit, as `clipValue` of fit does; NaN stays. */
export function clipValue(net: Network, gradients: NetworkGradients, limit: number): void {
  check(net, gradients, limit);
  const { session, plan } = net[PARTS];
  const { address } = gradients.block;
  const aside = statisticsOf(net);
  aside?.take(address);
  session.backend.put(training)[plan.dtype].clip(plan.size, limit, address);
  aside?.giveBack(address);
}
