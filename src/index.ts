// bitgrad: WebAssembly where it works, else TypeScript; the bits are the same.

export {
  axpy,
  dot,
  dotInto,
  forwardAndBackward,
  forwardAndBackwardInto,
  info,
  matmul,
  matmulInto,
  matrix,
  mseLoss,
  sigmoid,
  sigmoidDerivative,
  sigmoidDerivativeInto,
  sigmoidInto,
  zeros,
} from './automatic.js';
export { createEngine, createEngineAsync, engine, Network, network } from './automatic-engine.js';
export * from './common.js';
