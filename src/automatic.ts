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
