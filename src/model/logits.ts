// A classifier's scores before softmax or sigmoid, and what stands before its network.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import type { LayerOptions } from '../layers/layers.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { BLANK, PARTS } from '../network/calls.js';
import { elementsOfNetwork, Network } from '../network/network.js';
import { MLP } from './mlp.js';
import { Pipeline } from './pipeline.js';

/** Whether its outputs are one choice, and not a choice each. */
export function isOneChoice(net: Network): boolean {
  const { layers } = net[PARTS].plan;
  return layers[layers.length - 1].activation === 'softmax';
}

/** A network of the same parameters that ends in the last layer's sums. Whoever asks for it disposes of it. */
export function logitNetwork(net: Network): Network {
  const { inputs, options, dtype } = net;
  const layers = options.layers.map((layer, i) =>
    i === options.layers.length - 1 ? { ...(layer as LayerOptions), activation: 'identity' as const } : layer,
  );
  const copy = new Network(net[PARTS].session, { inputs, layers, loss: 'squaredError' }, dtype, BLANK);
  copy.parameters = elementsOfNetwork(net);
  return copy;
}

/** The estimator that ends pipelines, and rows as it sees them. @throws {ValueError} unless it has a network */
export function unwrap(model: unknown, X: TableInput): { estimator: MLP<never>; rows: MatrixInput } {
  let rows = X;
  let end: unknown = model;
  while (end instanceof Pipeline) {
    rows = end.transform(rows);
    end = end.estimator;
  }
  if (end instanceof MLP) return { estimator: end as MLP<never>, rows: rows as MatrixInput };
  throw new ValueError(
    `"model" must be an MLPClassifier, an MLPRegressor, or a pipeline that ends in one, got ${describe(end)}`,
  );
}
