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
  sigmoid,
  sigmoidInto,
  sigmoidDerivative,
  sigmoidDerivativeInto,
  mseLoss,
  dot,
  dotInto,
  matmul,
  matmulInto,
  axpy,
  forwardAndBackward,
  forwardAndBackwardInto,
  zeros,
  matrix,
  info,
} = basics;

const load = () => import('./train/train.js');
const parts = { available, load };
export const createEngine: Factory['createEngine'] = (options) => makeEngine(parts, options);
export const createEngineAsync: Factory['createEngineAsync'] = (options) => makeEngineAsync(parts, options);
export const Network = /* @__PURE__ */ networkClass(session, 'f64', load);
export const network: Engine<'f64'>['network'] = (options) => new Network(options);
export const engine: Engine<'f64'> = /* @__PURE__ */ Object.assign(basics, { network, Network });

/** A network of this entry's engine. */
export type Network<D extends Dtype = Dtype> = TrainableNetwork<D>;

export * from './common.js';
