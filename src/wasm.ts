// bitgrad/wasm: WebAssembly, or a BackendUnavailableError on first use.

// biome-ignore-all assist/source/organizeImports: the bytes come last, so that they are last in a bundle. They are longer than
// what gzip looks back: code on both sides of them takes 0.5 KB more (measured).

import { wasm } from './backend/wasm/index.js';
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
import { EMBEDDED } from './backend/wasm/bytes/core.js';

const available = { wasm: { ...wasm, embedded: EMBEDDED } };
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
