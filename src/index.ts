// bitgrad: WebAssembly where it works, else TypeScript; the bits are the same.

export {
  axpy,
  createEngine,
  createEngineAsync,
  dot,
  dotInto,
  engine,
  forwardAndBackward,
  forwardAndBackwardInto,
  info,
  matmul,
  matmulInto,
  matrix,
  mseLoss,
  Network,
  network,
  sigmoid,
  sigmoidDerivative,
  sigmoidDerivativeInto,
  sigmoidInto,
  zeros,
} from './automatic.js';
export * from './common.js';
