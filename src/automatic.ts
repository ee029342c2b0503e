// The engine that decides by itself: WebAssembly where it works, else TypeScript; the bits are the same.

import { createTsBackend } from './backend/ts/index.js';
import { wasm } from './backend/wasm/index.js';
import { createFactory } from './engine.js';

const factory = createFactory({ ts: createTsBackend, wasm });

export const { engine, createEngine, createEngineAsync } = factory;
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
  network,
  Network,
} = engine;

/** A network of this entry's engine. */
export type Network = InstanceType<typeof Network>;
