// The functions of the engine that decides by itself: WebAssembly where it works, else TypeScript; the bits are the same. Its
// networks are made in a file of their own, of which a program of functions brings nothing (see trainable.ts).

// biome-ignore-all assist/source/organizeImports: the bytes come last, so that they are last in a bundle. They are longer than
// what gzip looks back: code on both sides of them takes 0.5 KB more (measured).

import { createTsBackend } from './backend/ts/index.js';
import { wasm } from './backend/wasm/index.js';
import { createBasics, ownSession } from './engine.js';
import { EMBEDDED } from './backend/wasm/bytes/core.js';

export const available = { ts: createTsBackend, wasm: { ...wasm, embedded: EMBEDDED } };
export const session = /* @__PURE__ */ ownSession(available);
export const basics = /* @__PURE__ */ createBasics(session, 'f64');

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
