// bitgrad/wasm: WebAssembly, or a BackendUnavailableError on first use.

// biome-ignore-all assist/source/organizeImports: the bytes come last, so that they are last in a bundle. They are longer than
// what gzip looks back: code on both sides of them takes 0.5 KB more (measured).

import { wasm } from './backend/wasm/index.js';
import { createFactory } from './engine.js';
import { EMBEDDED } from './backend/wasm/bytes/core.js';

const factory = createFactory({ wasm: { ...wasm, embedded: EMBEDDED } });

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
