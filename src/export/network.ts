// A network as its layers, each with the places of its parameters among all.

import type { MLPRegressor } from '../model/index.js';
import { ExportError } from './errors.js';

interface Form<Kind extends string> {
  readonly kind: Kind;
  readonly inputs: number;
  readonly outputs: number;
}

/** Places are counted in numbers; -1: there are none. */
export interface DenseLayer extends Form<'dense'> {
  readonly activation: string;
  /** Of the activation. */
  readonly options: Readonly<Record<string, number>>;
  readonly weights: number;
  readonly biases: number;
}
export interface NormLayer extends Form<'batchNorm' | 'layerNorm'> {
  readonly epsilon: number;
  readonly weights: number;
  readonly biases: number;
  /** Of batchNorm. */
  readonly means: number;
  readonly variances: number;
}
export interface EmbeddingLayer extends Form<'embedding'> {
  readonly column: number;
  readonly categories: number;
  readonly units: number;
  readonly weights: number;
}
export interface ScaleLayer extends Form<'scale'> {
  readonly weights: number;
}
/** A prediction's dropout does nothing, nor does a skip by itself. */
export interface SameLayer extends Form<'same'> {}
export interface AddLayer extends Form<'add'> {
  /** The place of the layer whose outputs it adds. */
  readonly skip: number;
}

export type PlannedLayer = DenseLayer | NormLayer | EmbeddingLayer | ScaleLayer | SameLayer | AddLayer;

export interface NetworkPlan {
  readonly dtype: 'f64' | 'f32';
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly PlannedLayer[];
  /** All, one behind the other: a copy. */
  readonly parameters: Float64Array | Float32Array;
}

type Options = Readonly<Record<string, unknown>>;

/** Where each kind has what, and what it makes of so many inputs. @param take places of so many parameters */
const KINDS: Readonly<
  Record<
    string,
    (options: Options, inputs: number, take: (size: number) => number, open: number[], i: number) => PlannedLayer
  >
> = {
  dense({ units, activation, bias, kind: _, initializer: __, ...rest }, inputs, take) {
    const outputs = units as number;
    const weights = take(inputs * outputs);
    const options = rest as Record<string, number>;
    const biases = bias ? take(outputs) : -1;
    return { kind: 'dense', inputs, outputs, activation: activation as string, options, weights, biases };
  },
  batchNorm({ epsilon, bias }, inputs, take) {
    const [weights, biases] = [take(inputs), bias ? take(inputs) : -1];
    const [means, variances] = [take(inputs), take(inputs)];
    return {
      kind: 'batchNorm',
      inputs,
      outputs: inputs,
      epsilon: epsilon as number,
      weights,
      biases,
      means,
      variances,
    };
  },
  layerNorm({ epsilon, bias }, inputs, take) {
    const [weights, biases] = [take(inputs), bias ? take(inputs) : -1];
    const none = { means: -1, variances: -1 };
    return { kind: 'layerNorm', inputs, outputs: inputs, epsilon: epsilon as number, weights, biases, ...none };
  },
  embedding(options, inputs, take) {
    const { column, categories, units } = options as Record<string, number>;
    const weights = take(categories * units);
    return { kind: 'embedding', inputs, outputs: inputs - 1 + units, column, categories, units, weights };
  },
  scale: (_, inputs, take) => ({ kind: 'scale', inputs, outputs: inputs, weights: take(inputs) }),
  dropout: (_, inputs) => ({ kind: 'same', inputs, outputs: inputs }),
  skip(_, inputs, __, open, i) {
    open.push(i);
    return { kind: 'same', inputs, outputs: inputs };
  },
  add: (_, inputs, __, open) => ({ kind: 'add', inputs, outputs: inputs, skip: open.pop() as number }),
};

/** @throws {ExportError} of a layer that is none of these */
export function networkPlan(net: MLPRegressor['network']): NetworkPlan {
  const open: number[] = [];
  let size = 0;
  let outputs = net.inputs;
  const take = (count: number) => {
    const at = size;
    size += count;
    return at;
  };
  const layers = net.options.layers.map((options, i) => {
    const given = options as unknown as Options;
    const kind = (given.kind as string | undefined) ?? 'dense';
    if (!Object.hasOwn(KINDS, kind)) throw new ExportError(`layers[${i}] is of kind ${kind}, which cannot be exported`);
    const layer = KINDS[kind](given, outputs, take, open, i);
    outputs = layer.outputs;
    return layer;
  });
  const parameters = net.parameters.slice();
  if (parameters.length !== size) {
    throw new ExportError(`the network has ${parameters.length} parameters, but its layers are known to have ${size}`);
  }
  return { dtype: net.dtype, inputs: net.inputs, outputs, layers, parameters };
}
