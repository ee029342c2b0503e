// Layers as operators.

import { ExportError } from '../errors.js';
import type { NetworkPlan, PlannedLayer } from '../network.js';
import { ACTIVATIONS } from './activations.js';
import type { Operators } from './operators.js';

/** What a layer makes of x. @param before what those before it made */
function layerOf(
  layer: PlannedLayer,
  o: Operators,
  x: string,
  before: readonly string[],
  { parameters }: NetworkPlan,
): string {
  const { graph, type } = o;
  const { inputs, outputs } = layer;
  const some = (place: number, size: number, shape?: readonly number[]) =>
    graph.floats(type, parameters.subarray(place, place + size), shape);
  switch (layer.kind) {
    case 'dense': {
      const { weights, biases, activation, options } = layer;
      if (!Object.hasOwn(ACTIVATIONS, activation))
        throw new ExportError(`the activation ${activation} cannot be exported as ONNX`);
      const product = o.of('MatMul', x, some(weights, inputs * outputs, [inputs, outputs]));
      const z = biases < 0 ? product : o.add(product, some(biases, outputs));
      return ACTIVATIONS[activation](o, z, options, outputs);
    }
    case 'batchNorm': {
      const { epsilon, weights, biases, means, variances } = layer;
      const scales = Array.from(parameters.subarray(variances, variances + inputs), (v) => 1 / Math.sqrt(v + epsilon));
      const normal = o.multiply(o.subtract(x, some(means, inputs)), graph.floats(type, scales));
      const weighed = o.multiply(normal, some(weights, inputs));
      return biases < 0 ? weighed : o.add(weighed, some(biases, inputs));
    }
    case 'layerNorm': {
      const { epsilon, weights, biases } = layer;
      const meanOf = (y: string) => graph.op('ReduceMean', [y, graph.integers([1])], { keepdims: 1 });
      const centred = o.subtract(x, meanOf(x));
      const variance = meanOf(o.multiply(centred, centred));
      const normal = o.divide(centred, o.of('Sqrt', o.add(variance, epsilon)));
      const weighed = o.multiply(normal, some(weights, inputs));
      return biases < 0 ? weighed : o.add(weighed, some(biases, inputs));
    }
    case 'embedding': {
      const { column, categories, units, weights } = layer;
      const places = o.cast(o.of('Round', graph.column(x, column)), 'int64');
      const found = graph.op('Gather', [some(weights, categories * units, [categories, units]), places], { axis: 0 });
      const all = Array.from({ length: inputs }, (_, j) => j);
      const [left, right] = [all.slice(0, column), all.slice(column + 1)];
      graph.warnings.push(
        `column ${column} of the network's inputs must hold integers from 0 to ${categories - 1}: ONNX does not refuse negative and broken ones`,
      );
      return graph.beside([
        ...(left.length > 0 ? [graph.columns(x, left)] : []),
        found,
        ...(right.length > 0 ? [graph.columns(x, right)] : []),
      ]);
    }
    case 'scale':
      return o.multiply(x, some(layer.weights, inputs));
    case 'same':
      return x;
    case 'add':
      return o.add(x, before[layer.skip]);
  }
}

export function networkOf(plan: NetworkPlan, o: Operators, x: string): string {
  const made: string[] = [];
  for (const layer of plan.layers) made.push(layerOf(layer, o, made.at(-1) ?? x, made, plan));
  return made[made.length - 1];
}
