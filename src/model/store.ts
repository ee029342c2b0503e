// Networks, estimators and pipelines as safetensors files: weights as tensors that other programs read, the rest in the
// header's metadata, and a checksum over everything.

import { engine as automatic } from '../automatic-engine.js';
import { describe } from '../checks/describe.js';
import { FileFormatError, OutOfMemoryError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkName, ofOtherCopy, refuseValue } from '../checks/values.js';
import type { Transformer } from '../data/transformer.js';
import { checkWidths, isKnown, type KnownTransformer, transformerFromJSON } from '../data/transformers.js';
import type { Engine } from '../engine.js';
import { CHECKSUM } from '../files/header.js';
import { readJSONText, writeJSON } from '../files/json-text.js';
import { pack, unpack } from '../files/packing.js';
import type { FileContent } from '../files/place.js';
import { placeOf, readSource, readWhere } from '../files/places.js';
import { decodeSealed, joined, layout, readSealed, type Sealed } from '../files/safetensors.js';
import type { Bytes, Tensor } from '../files/tensor.js';
import type { BlobLike, FileHandleLike } from '../host/handles.js';
import { CONTRACT_VERSION } from '../kernels/contract.js';
import { otherContract } from '../kernels/other-contract.js';
import { newArray } from '../matrix/operand.js';
import { blankNetwork } from '../network/calls.js';
import { Network } from '../network/network.js';
import { readPlan } from '../network/plan.js';
import { MLPClassifier } from './classifier.js';
import { checkDescription, type Description } from './description.js';
import { type MLPParameters, writable } from './estimator-options.js';
import type { FitRecord } from './fit-record.js';
import { STATE } from './mlp.js';
import { NetworkEstimator } from './network-estimator.js';
import { Pipeline } from './pipeline.js';
import { ESTIMATORS, TRANSFORMERS } from './pipeline-json.js';
import { checkEngine } from './read-parameters.js';
import { MLPRegressor, type Numbers } from './regressor.js';
import { fromStateDict, namesOf, readStateDict, toStateDict } from './state-dict.js';
import type { Predicted } from './targets.js';
import { ONLY_MLP, TARGET, TransformedTargetRegressor } from './transformed-target.js';

const FORMAT = 'bitgrad';
/** 2: curves are tensors, and there is a checksum. */
const VERSION = '2';
/** Without a checksum; it is read too. */
const FIRST_VERSION = '1';
const METADATA_OF_FIRST = ['format', 'version', 'contractVersion', 'model'];

type EstimatorOf = MLPClassifier | MLPRegressor;

/** What can be saved. */
export type Saveable =
  | Network
  | MLPClassifier<Predicted>
  | MLPRegressor<Numbers>
  | TransformedTargetRegressor<MLPRegressor<Numbers>, Numbers>
  | Pipeline<MLPClassifier<Predicted>>
  | Pipeline<MLPRegressor<Numbers>>
  | Pipeline<TransformedTargetRegressor<MLPRegressor<Numbers>, Numbers>>;

/** Options of {@link save} and {@link toBytes}. */
export interface SaveOptions {
  /**
   * Whether to keep what the optimizer knows, mostly twice the parameters' size; default true. Without, the next partialFit
   * begins with a new optimizer; predictions are the same.
   */
  optimizer?: boolean;
  /**
   * What is to be kept with the model, as plain data (objects, arrays, finite numbers, texts, flags, null): where its rows came from, who
   * trained it. `loadInfo.notes` has a copy; nothing else looks at it.
   */
  notes?: unknown;
}

/** Options of {@link load} and {@link fromBytes}. */
export interface LoadOptions {
  /** Where its network is to live; default: the automatic engine. */
  engine?: Engine;
  /**
   * Of the numeric contract: `'same'` (default) refuses a file of another version than this; `'any'` takes it: the parameters
   * are the same, what is computed from them may differ in its last bits.
   */
  contract?: 'same' | 'any';
}

/** What loading found out about a file. */
export interface LoadInfo {
  /** Of the numeric contract under which it was written. */
  readonly contractVersion: number;
  /** `'missing'`: it was written before files had one. A wrong one is refused. */
  readonly checksum: 'verified' | 'missing';
  /** What the caller ought to know, in words; mostly none. */
  readonly warnings: readonly string[];
  /** What was saved with it, if anything was. Files are not trusted: check it. */
  readonly notes?: unknown;
}

/** A model that came from a file. */
export type Loaded<M> = M & { readonly loadInfo: LoadInfo };

function describeEstimator(model: EstimatorOf, optimizer: boolean): Description {
  const parameters = writable<MLPParameters>(model.getParams());
  const { network, parameters: weights, ...state } = model[STATE];
  void weights; // which the state dict has
  return {
    kind: model instanceof MLPClassifier ? 'MLPClassifier' : 'MLPRegressor',
    network: network,
    parameters: parameters as unknown as Record<string, unknown>,
    state: optimizer ? state : { ...state, optimizer: undefined },
  };
}

/** Of an estimator, or of what stands around one. */
function describeWhole(model: unknown, optimizer: boolean): [Description, Network] | undefined {
  if (model instanceof MLPClassifier || model instanceof MLPRegressor) {
    return [describeEstimator(model, optimizer), model.network];
  }
  if (!(model instanceof TransformedTargetRegressor)) return undefined;
  const { regressor } = model;
  if (!(regressor instanceof MLPRegressor)) throw new ValueError(`"regressor" is ${describe(regressor)}: ${ONLY_MLP}`);
  return [{ ...describeEstimator(regressor, optimizer), target: model[TARGET] }, regressor.network];
}

/** A network's fit begins with what it began with, which a file has no place for. */
function refuseEstimator(name: string): never {
  throw new ValueError(`"${name}" is a NetworkEstimator: save its network, ${name}.network, or write it as JSON`);
}

/** What the description says, and the network that has the weights. */
function describeModel(model: unknown, optimizer: boolean): [Description, Network] {
  if (model instanceof Network) {
    const { options } = model;
    if (typeof options.loss === 'function') return refuseValue('loss', 'a name in a file', options.loss);
    return [{ kind: 'Network', network: options }, model];
  }
  const whole = describeWhole(model instanceof Pipeline ? model.estimator : model, optimizer);
  if (model instanceof Pipeline) {
    if (model.estimator instanceof NetworkEstimator) refuseEstimator('model.estimator');
    const other = model.transformers.find((each) => !isKnown(each, TRANSFORMERS));
    if (other || !whole) {
      throw new ValueError(
        `"model" has the step ${describe(other ?? model.estimator)}: scalers and estimators of bitgrad can be saved`,
      );
    }
    const [description, network] = whole;
    const steps = model.transformers as readonly Transformer[] as KnownTransformer[];
    checkWidths(steps, network.inputs);
    return [{ ...description, scalers: steps.map((step) => step.toJSON()) }, network];
  }
  if (whole) return whole;
  if (model instanceof NetworkEstimator) refuseEstimator('model');
  const more = ofOtherCopy(model, 'jacobian') || ofOtherCopy(model, 'predictAsync');
  return refuseValue('model', 'a Network, an estimator or a Pipeline', model, '', more);
}

/** @throws {ValueError} if they are no plain data */
function writeNotes(notes: unknown): string {
  try {
    return writeJSON(notes);
  } catch (cause) {
    if (Object(cause).name === 'RangeError')
      throw new ValueError('"notes" must be plain data, got what holds itself', { cause });
    throw new ValueError(`"notes" must be plain data: ${(cause as Error).message}`, { cause });
  }
}

/** A model's file: copies, so that what happens to the model later changes nothing. */
function contentOf(model: Saveable, options: SaveOptions, where: string): FileContent {
  const { optimizer = true, notes } = readOptions(options, ['optimizer', 'notes'], where);
  checkFlag(optimizer, 'optimizer');
  const [description, network] = describeModel(model, optimizer);
  const tensors = toStateDict(network);
  const metadata = {
    format: FORMAT,
    version: VERSION,
    contractVersion: String(CONTRACT_VERSION),
    model: writeJSON(pack(description, '', tensors)),
    ...(notes !== undefined && { notes: writeNotes(notes) }),
  };
  return layout(tensors, metadata, true);
}

/**
 * A model as the bytes of a safetensors file. Its weights are tensors as PyTorch names and lays them out (see toStateDict).
 *
 * @throws {NotFittedError} if it was not fitted
 */
export function toBytes(model: Saveable, options: SaveOptions = {}): Bytes {
  return joined(contentOf(model, options, 'toBytes'));
}

function checkVersion({ metadata, checksum }: Sealed, contract: LoadOptions['contract']): LoadInfo {
  const { format, version, contractVersion } = metadata;
  if (format !== FORMAT) {
    const hint = /checkpoint/.test(format)
      ? 'it is a checkpoint: train with checkpoint: { path, resume: true } to go on, then save the model'
      : 'of a state dict of PyTorch, use fromStateDict';
    throw new FileFormatError(`the file holds no bitgrad model: ${hint}`);
  }
  if (version !== VERSION && version !== FIRST_VERSION) {
    throw new FileFormatError(`the file has version ${describe(version)}, known are ${FIRST_VERSION} and ${VERSION}`);
  }
  // Nothing else may stand there, lest a checksum whose name was damaged be taken for none.
  const isOld = version === FIRST_VERSION && Object.keys(metadata).every((name) => METADATA_OF_FIRST.includes(name));
  if (checksum === 'wrong' || (checksum === 'missing' && !isOld)) {
    throw new FileFormatError(`the file is damaged: its ${CHECKSUM} is ${checksum}`);
  }
  if (!/^[1-9]\d{0,5}$/.test(contractVersion)) {
    throw new FileFormatError(`the file has contract version ${describe(contractVersion)}, which is no number`);
  }
  const warnings: string[] = [];
  if (checksum === 'missing') warnings.push('the file has no checksum: if it was damaged, that goes unnoticed');
  const difference = otherContract('the file', Number(contractVersion));
  if (difference) {
    if (contract !== 'any') {
      throw new FileFormatError(
        `${difference}: the same parameters would give other bits; load it with { contract: 'any' } if that is no matter`,
      );
    }
    warnings.push(`${difference}: what it computes may differ from what it computed then, in its last bits`);
  }
  return Object.freeze({
    contractVersion: Number(contractVersion),
    checksum,
    warnings: Object.freeze(warnings),
    ...(metadata.notes !== undefined && { notes: readJSONText(metadata.notes, 'notes of the model') }),
  });
}

/** JSON has no name for it, and the first version wrote none. */
function restoreInfinity(parameters: Record<string, unknown>): Record<string, unknown> {
  return parameters.nIterNoChange === null ? { ...parameters, nIterNoChange: Infinity } : parameters;
}

function build(description: Description, tensors: ReadonlyMap<string, Tensor>, engine: Engine): Saveable {
  const { kind, network, parameters = {}, state, scalers, target } = description;
  const plan = readPlan(network, 'f64');
  const names = namesOf(plan);
  const weights = new Map([...tensors].filter(([name]) => names.has(name)));
  if (kind === 'Network') {
    const net = blankNetwork<Network>(engine.Network, network);
    try {
      fromStateDict(net, weights);
      return net;
    } catch (error) {
      net.dispose();
      throw error;
    }
  }
  const steps = (scalers ?? []).map((json, i) => transformerFromJSON(json, TRANSFORMERS, 'model.scalers', `[${i}]`));
  checkWidths(steps, plan.inputs);
  const model = new ESTIMATORS[kind]({ ...restoreInfinity(parameters), engine } as never);
  const numbers = newArray(plan.dtype, plan.size);
  readStateDict(plan, weights, numbers);
  model[STATE] = { ...(state as FitRecord), network, parameters: numbers };
  if (engine === automatic) model.setParams({ engine: undefined });
  const last = target ? TransformedTargetRegressor.restore(model as MLPRegressor, target, 'model.target') : model;
  return scalers ? new Pipeline<MLPClassifier>([...steps, last as MLPClassifier]) : last;
}

function readLoadOptions(options: LoadOptions, where: string): Required<LoadOptions> {
  const { engine = automatic, contract = 'same' } = readOptions(options, ['engine', 'contract'], where);
  checkEngine(engine);
  return { engine, contract: checkName(contract, ['same', 'any'], 'contract') };
}

/** @throws {FileFormatError} if the file is damaged, or something else */
function revive<M extends Saveable>(sealed: Sealed, { engine, contract }: Required<LoadOptions>): Loaded<M> {
  const loadInfo = checkVersion(sealed, contract);
  try {
    const { metadata, tensors } = sealed;
    // Those that are no weights are taken out as they are used.
    const value = unpack(readJSONText(metadata.model, 'the description of the model'), tensors);
    const model = build(checkDescription(value, tensors), tensors, engine) as M;
    return Object.defineProperty(model, 'loadInfo', { value: loadInfo }) as Loaded<M>;
  } catch (cause) {
    if (cause instanceof FileFormatError || cause instanceof OutOfMemoryError) throw cause;
    throw new FileFormatError(`the file is damaged: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The model that toBytes wrote: the same bits from the same rows, and it goes on learning as it would have. Its `loadInfo`
 * says what there is to know of the file.
 *
 * @param bytes an ArrayBuffer, a SharedArrayBuffer, or a view of either
 * @throws {FileFormatError} if it is damaged, or something else
 */
export function fromBytes<M extends Saveable = Saveable>(
  bytes: ArrayBufferLike | ArrayBufferView,
  options: LoadOptions = {},
): Loaded<M> {
  const checked = readLoadOptions(options, 'fromBytes');
  return revive<M>(decodeSealed(bytes), checked);
}

/**
 * Writes a model to a file, whole or not at all: as it is when this is called, whatever happens to it meanwhile.
 *
 * @param target a path in Node, Deno and Bun; a FileSystemFileHandle in a browser
 * @throws {NotFittedError} if it was not fitted; what the host throws
 */
export async function save(model: Saveable, target: string | FileHandleLike, options: SaveOptions = {}): Promise<void> {
  await placeOf(readWhere(target, 'target')).write(contentOf(model, options, 'save'));
}

/**
 * The model that save wrote; as fromBytes.
 *
 * @param source a path in Node, Deno and Bun; a Blob, a File or a FileSystemFileHandle
 * @throws {FileFormatError} if it is damaged, or something else; what the host throws
 */
export async function load<M extends Saveable = Saveable>(
  source: string | FileHandleLike | BlobLike,
  options: LoadOptions = {},
): Promise<Loaded<M>> {
  const checked = readLoadOptions(options, 'load');
  const place = readSource(source, 'source');
  try {
    return revive<M>(await readSealed(place), checked);
  } catch (error) {
    if (error instanceof FileFormatError) error.message = `${place.name}: ${error.message}`;
    throw error;
  }
}
