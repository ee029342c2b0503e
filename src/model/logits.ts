// A classifier's scores before softmax or sigmoid, and what stands before its network.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import type { Label } from '../data/labels.js';
import type { LayerOptions } from '../layers/layers.js';
import type { MatrixInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { BLANK, PARTS } from '../network/calls.js';
import { elementsOfNetwork, Network } from '../network/network.js';
import type { MLPClassifier } from './classifier.js';
import { MLP } from './mlp.js';
import { NetworkEstimator } from './network-estimator.js';
import { Pipeline } from './pipeline.js';
import { MLPRegressor } from './regressor.js';

/** Whether its outputs are one choice, and not a choice each. */
export function isOneChoice(net: Network): boolean {
  const { layers } = net[PARTS].plan;
  return layers[layers.length - 1].activation === 'softmax';
}

/** A network of the same parameters that ends in the last layer's sums. Whoever asks for it disposes of it. */
export function logitNetwork(net: Network): Network {
  const { inputs, options, dtype } = net;
  const last = options.layers.length - 1;
  const layers = options.layers.map((layer, i) =>
    i === last ? { ...(layer as LayerOptions), activation: 'identity' as const } : layer,
  );
  const copy = new Network(net[PARTS].session, { inputs, layers, loss: 'squaredError' }, dtype, BLANK);
  copy.parameters = elementsOfNetwork(net);
  return copy;
}

/** What has a network. */
type End = MLPClassifier | MLPRegressor | NetworkEstimator;

/** The classes that it tells apart, if it does. @throws {NotFittedError} of one that will */
export const classesIn = (end: End): readonly Label[] | undefined =>
  end instanceof MLPRegressor ? undefined : end.classes;

/** What ends pipelines, and rows as it sees them. @throws {ValueError} unless it has a network */
export function unwrap(model: unknown, X: TableInput): { end: End; rows: MatrixInput } {
  let rows = X;
  let end: unknown = model;
  while (end instanceof Pipeline) {
    rows = end.transform(rows);
    end = end.estimator;
  }
  if (end instanceof MLP || end instanceof NetworkEstimator) return { end: end as End, rows: rows as MatrixInput };
  throw new ValueError(
    `"model" must be an MLPClassifier, an MLPRegressor, a NetworkEstimator, or a pipeline that ends in one, got ${describe(end)}`,
  );
}
