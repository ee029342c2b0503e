// Compiled by test/package/pack.test.ts against the tarball's types, strictly, and never run.

import {
  createEngine,
  createEngineAsync,
  dot,
  type Engine,
  engine,
  forwardAndBackward,
  type Gradients,
  Matrix,
  matmul,
  mseLoss,
  random,
  ShapeError,
  sigmoid,
  version,
} from 'bitgrad';
import { sigmoid as tsSigmoid } from 'bitgrad/ts';
import { sigmoid as wasmSigmoid } from 'bitgrad/wasm';

const weights: Matrix = random(42).rand(2, 3);
const gradients: Gradients = forwardAndBackward([[0.1, 0.2]], [[0.3]], weights, Matrix.from([[1], [2], [3]]));
const rows: number[][] = gradients.hiddenGradient.toArray();
const scalar: number = sigmoid(0) + tsSigmoid(1) + wasmSigmoid(2);
const vector: Float32Array = sigmoid(new Float32Array(3));
const product: Matrix = matmul(weights, weights, { transposeB: true });
const inner: number = dot([1, 2], [3, 4]);
const other: Engine = createEngine({ backend: 'ts', dtype: 'f32' });
const given: Promise<Engine> = createEngineAsync({ module: new Uint8Array(8) });
const resident = engine.zeros(2, 2);
resident.dispose();
const error: Error = new ShapeError(`${version} ${mseLoss([1], [2])}`);

// @ts-expect-error strings are no numbers
sigmoid('1');
// @ts-expect-error there is no such backend
createEngine({ backend: 'gpu' });
// @ts-expect-error a string is no dtype
createEngine({ dtype: 'f16' });

export { error, given, inner, other, product, rows, scalar, vector };
