// bitgrad/ts: TypeScript alone; WebAssembly is never touched.

import { createTsBackend } from './backend/ts/index.js';
import {
  createBasics,
  type Engine,
  type Factory,
  makeEngine,
  makeEngineAsync,
  networkClass,
  ownSession,
} from './engine.js';
import type { Dtype } from './kernels/contract.js';
import type { TrainableNetwork } from './trainable.js';

const available = { ts: createTsBackend };
const session = /* @__PURE__ */ ownSession(available);
const basics = /* @__PURE__ */ createBasics(session, 'f64');

export const {
  /** 1 / (1 + exp(-x)) of a number, of every element of a vector, or of a matrix; see {@link Functions.sigmoid}. */
  sigmoid,
  /** sigmoid into `out`, which may be x itself; returns `out`. */
  sigmoidInto,
  /** The sigmoid's derivative, s * (1 - s), given its OUTPUT s. */
  sigmoidDerivative,
  /** sigmoidDerivative into `out`, which may be the input itself; returns `out`. */
  sigmoidDerivativeInto,
  /** The mean of (yTrue - yPred)^2 over all elements; see {@link Functions.mseLoss}. */
  mseLoss,
  /** NumPy's `dot` of vectors and matrices; see {@link Functions.dot}. */
  dot,
  /** dot of two matrices into `out`, which overlaps neither; returns `out`. */
  dotInto,
  /** The product of two matrices, each transposed if asked; see {@link Functions.matmul}. */
  matmul,
  /** matmul into `out`, which overlaps neither operand; returns `out`. */
  matmulInto,
  /** y += alpha * x in place; returns y. See {@link Functions.axpy}. */
  axpy,
  /** Forward pass and deltas of a network with one hidden layer; see {@link Functions.forwardAndBackward}. */
  forwardAndBackward,
  /** forwardAndBackward into matrices that the caller owns; returns `out`. */
  forwardAndBackwardInto,
  /** A matrix of zeros in the engine's memory: calls use it without copying. */
  zeros,
  /** A copy of `source` in the engine's memory: calls use it without copying. */
  matrix,
  /** What this entry runs on, and why. */
  info,
} = basics;

const load = () => import('./train/train.js');
const parts = { available, load };
/** An engine with memory of its own; see {@link Factory.createEngine}. */
export const createEngine: Factory['createEngine'] = (options) => makeEngine(parts, options);
/** The same where WebAssembly is compiled while others have their turn; see {@link Factory.createEngineAsync}. */
export const createEngineAsync: Factory['createEngineAsync'] = (options) => makeEngineAsync(parts, options);
/** The class of networks: `new Network(options)` is `network(options)`. */
export const Network = /* @__PURE__ */ networkClass(session, 'f64', load);
/** A dense network; see {@link Engine.network}. */
export const network: Engine<'f64'>['network'] = (options) => new Network(options);
/** The engine of this entry's functions, to be handed to what takes one. */
export const engine: Engine<'f64'> = /* @__PURE__ */ Object.assign(basics, { network, Network });

/** A network of this entry's engine. */
export type Network<D extends Dtype = Dtype> = TrainableNetwork<D>;

export * from './common.js';
