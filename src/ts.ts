// bitgrad/ts: TypeScript alone; WebAssembly is never touched.

import { createTsBackend } from './backend/ts/index.js';
import { createFactory } from './engine.js';

const factory = createFactory({ ts: createTsBackend });

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

export * from './common.js';
