// bitgrad/ts: TypeScript alone; WebAssembly is never touched.

import { createTsBackend } from './backend/ts/index.js';
import { asyncEngineMaker, createBasics, type Engine, engineMaker, networkClass, ownSession } from './engine.js';
import type { Dtype } from './kernels/contract.js';
import type { TrainableNetwork } from './trainable.js';

const available = { ts: createTsBackend };
const session = ownSession(available);
const basics = createBasics(session, 'f64');

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
// Each by itself: a bundler leaves out what a program does not import, and what only that needs.
export const createEngine = /* @__PURE__ */ engineMaker(available);
export const createEngineAsync = /* @__PURE__ */ asyncEngineMaker(available);
export const Network = /* @__PURE__ */ networkClass(session, 'f64');
export const network: Engine<'f64'>['network'] = (options) => new Network(options);
export const engine: Engine<'f64'> = /* @__PURE__ */ Object.assign(basics, { network, Network });

/** A network of this entry's engine. */
export type Network<D extends Dtype = Dtype> = TrainableNetwork<D>;

export * from './common.js';
