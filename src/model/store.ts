// Networks, estimators and pipelines as safetensors files: weights as tensors that other programs read, the rest in the
// header's metadata.

import { MinMaxScaler, StandardScaler } from '../data/scalers.js';
import type { Engine } from '../engine.js';
import { describe, ValueError } from '../errors.js';
import { FileFormatError } from '../files/errors.js';
import { readFile, writeFileAtomic } from '../files/files.js';
import { pack, unpack } from '../files/packing.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../files/safetensors.js';
import { engine as automatic } from '../index.js';
import { CONTRACT_VERSION } from '../kernels.js';
import { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { MLPClassifier } from './classifier.js';
import { type EstimatorState, STATE } from './mlp.js';
import { Pipeline } from './pipeline.js';
import { MLPRegressor } from './regressor.js';
import { fromStateDict, toStateDict } from './state-dict.js';

const FORMAT = 'bitgrad';
const VERSION = '1';

const ESTIMATORS = { MLPClassifier, MLPRegressor };
const SCALERS = { StandardScaler, MinMaxScaler };
type EstimatorOf = MLPClassifier | MLPRegressor;
type Scaler = StandardScaler | MinMaxScaler;

/** What can be saved. */
export type Saveable = Network | MLPClassifier | MLPRegressor | Pipeline<MLPClassifier> | Pipeline<MLPRegressor>;

export interface LoadOptions {
  /** Where its network is to live; default: the automatic engine. */
  engine?: Engine;
}

/** What a description of an estimator holds beside its network. */
interface Description {
  kind: string;
  network?: NetworkOptions;
  parameters?: Record<string, unknown>;
  state?: unknown;
  scalers?: unknown[];
}

function describeEstimator(model: EstimatorOf, tensors: Map<string, Tensor>): Description {
  const { engine: _, ...parameters } = model.getParams();
  const { network, parameters: weights, ...state } = model[STATE];
  void weights; // which the state dict has
  for (const [name, tensor] of toStateDict(model.network)) tensors.set(name, tensor);
  const kind = model instanceof MLPClassifier ? 'MLPClassifier' : 'MLPRegressor';
  return { kind, network, parameters: parameters as Record<string, unknown>, state: pack(state, 'state', tensors) };
}

function describeModel(model: unknown, tensors: Map<string, Tensor>): Description {
  if (model instanceof Network) {
    for (const [name, tensor] of toStateDict(model)) tensors.set(name, tensor);
    return { kind: 'Network', network: model.options };
  }
  if (model instanceof MLPClassifier || model instanceof MLPRegressor) return describeEstimator(model, tensors);
  if (model instanceof Pipeline) {
    const last: unknown = model.estimator;
    const other = model.transformers.find((each) => !Object.values(SCALERS).some((Kind) => each instanceof Kind));
    if (other || !(last instanceof MLPClassifier || last instanceof MLPRegressor)) {
      throw new ValueError(
        `"model" has the step ${describe(other ?? last)}: scalers and estimators of bitgrad can be saved`,
      );
    }
    const scalers = (model.transformers as unknown as Scaler[]).map((scaler) => scaler.toJSON());
    return { ...describeEstimator(last, tensors), scalers };
  }
  throw new ValueError(`"model" must be a Network, an estimator or a Pipeline, got ${describe(model)}`);
}

/**
 * A model as the bytes of a safetensors file. Its weights are tensors as PyTorch names and lays them out (see toStateDict).
 *
 * @throws {NotFittedError} if it was not fitted
 */
export function toBytes(model: Saveable): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const description = describeModel(model, tensors);
  return encodeSafetensors(tensors, {
    format: FORMAT,
    version: VERSION,
    contractVersion: String(CONTRACT_VERSION),
    model: JSON.stringify(description),
  });
}

function readDescription(metadata: Record<string, string>): Description {
  const { format, version, contractVersion, model } = metadata;
  if (format !== FORMAT) {
    const hint = /checkpoint/.test(format)
      ? 'it is a checkpoint: train with checkpoint: { path, resume: true } to go on, then save the model'
      : 'of a state dict of PyTorch, use fromStateDict';
    throw new FileFormatError(`the file holds no bitgrad model: ${hint}`);
  }
  if (version !== VERSION) throw new FileFormatError(`the file has version ${describe(version)}, known is ${VERSION}`);
  if (contractVersion !== String(CONTRACT_VERSION)) {
    throw new FileFormatError(
      `the file was written under contract version ${describe(contractVersion)}, this is ${CONTRACT_VERSION}: ` +
        'the same parameters would give other bits',
    );
  }
  return JSON.parse(model) as Description;
}

/** Refuses options that ask for more parameters than the file has, before they are allocated. */
function checkSize({ inputs, layers }: NetworkOptions, tensors: ReadonlyMap<string, Tensor>): void {
  let present = 0;
  for (const { data } of tensors.values()) present += data.length;
  let wanted = 0;
  let width = inputs;
  for (const layer of layers) {
    const { units, bias } = layer as { units: number; bias: boolean };
    wanted += width * units + (bias ? units : 0);
    width = units;
  }
  if (wanted <= present) return;
  throw new FileFormatError(`the network needs ${wanted} parameters, the file has ${present} numbers`);
}

function build(description: Description, tensors: Map<string, Tensor>, engine: Engine): Saveable {
  const { kind, network, parameters, state, scalers } = description;
  checkSize(network as NetworkOptions, tensors);
  const net = engine.network(network as NetworkOptions);
  try {
    const own = new Set(toStateDict(net).keys());
    fromStateDict(net, new Map([...tensors].filter(([name]) => own.has(name))));
    if (kind === 'Network') return net;
    if (!Object.hasOwn(ESTIMATORS, kind))
      throw new FileFormatError(`the file holds a ${describe(kind)}, which is not known`);
    const Estimator = ESTIMATORS[kind as keyof typeof ESTIMATORS];
    const model = new Estimator({ ...parameters, engine });
    const rest = unpack(state, tensors) as Omit<EstimatorState, 'network' | 'parameters'>;
    model[STATE] = { ...rest, network: net.options, parameters: net.parameters.slice() };
    if (engine === automatic) model.setParams({ engine: undefined });
    net.dispose();
    if (!scalers) return model;
    const steps = scalers.map((json) => {
      const name = (json as { kind: string }).kind;
      if (!Object.hasOwn(SCALERS, name))
        throw new FileFormatError(`the file holds a ${describe(name)}, which is not known`);
      return SCALERS[name as keyof typeof SCALERS].fromJSON(json as never);
    });
    return new Pipeline<MLPClassifier>([...steps, model as MLPClassifier]);
  } catch (error) {
    net.dispose();
    throw error;
  }
}

/**
 * The model that toBytes wrote: the same bits from the same rows, and it goes on learning as it would have.
 *
 * @throws {FileFormatError} if it is damaged, or something else
 */
export function fromBytes<M extends Saveable = Saveable>(bytes: Uint8Array, options: LoadOptions = {}): M {
  const { tensors, metadata } = decodeSafetensors(bytes);
  try {
    return build(readDescription(metadata), tensors, options.engine ?? automatic) as M;
  } catch (cause) {
    if (cause instanceof FileFormatError) throw cause;
    throw new FileFormatError(`the file is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** Writes a model to a file, whole or not at all. @throws what the host throws */
export async function save(model: Saveable, path: string): Promise<void> {
  await writeFileAtomic(path, toBytes(model));
}

/**
 * The model that save wrote.
 *
 * @throws {FileFormatError} if it is damaged, or something else; what the host throws
 */
export async function load<M extends Saveable = Saveable>(path: string, options: LoadOptions = {}): Promise<M> {
  const bytes = await readFile(path);
  try {
    return fromBytes<M>(bytes, options);
  } catch (error) {
    if (error instanceof FileFormatError) error.message = `${path}: ${error.message}`;
    throw error;
  }
}
