// Compiled by test/package/types.test.ts against the tarball's types, strictly, as a module of each kind, and never run.

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
import { type ActivationFunctions, createFunctions, leakyRelu, softmaxDerivative } from 'bitgrad/functions';
import core from 'bitgrad/kernels.wasm';
import { activations } from 'bitgrad/layers';
import type { Axis } from 'bitgrad/methods';
import { MLPClassifier, Pipeline, StandardScaler } from 'bitgrad/model';
import { type History, train } from 'bitgrad/train';
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
const compiled: Engine = createEngine({ module: core });
const names: readonly string[] = activations;
const pipeline: Pipeline = new Pipeline([new StandardScaler(), new MLPClassifier({ hiddenLayerSizes: [3] })]);
const history: PromiseLike<History> = train(engine.network({ inputs: 1, layers: [1] }), { X: [[1]], y: [2] });
const resident = engine.zeros(2, 2);
resident.dispose();
const axis: Axis = 0;
const added: Matrix = weights.add([1, 2, 3]).concat(resident, axis).scale(2);
const sums: [number, Float64Array | Float32Array, Int32Array] = [added.sum(), resident.mean(axis), added.argmax(1)];
const draws: [number, Float64Array, Matrix, Int32Array] = [
  random(1).normal(),
  random(1).normal(0, 1, 5),
  random(1).uniform(0, 1, [2, 3]),
  random(1).randint(0, 9, 5),
];
const chosen: string[] = random(1).choice(['a', 'b'], 3, { p: [0.5, 0.5] });
const functions: ActivationFunctions = createFunctions(engine);
const leaky: Float32Array = leakyRelu(new Float32Array(3), { negativeSlope: 0.1 });
const passed: Matrix = softmaxDerivative([[0.5, 0.5]], [[1, 0]]);
const error: Error = new ShapeError(`${version} ${mseLoss([1], [2])}`);

// @ts-expect-error strings are no numbers
sigmoid('1');
// @ts-expect-error there is no such backend
createEngine({ backend: 'gpu' });
// @ts-expect-error a string is no dtype
createEngine({ dtype: 'f16' });
// @ts-expect-error there is no such axis
weights.sum(2);
// @ts-expect-error relu has no options
functions.relu(1, { negativeSlope: 0.1 });

export {
  chosen,
  compiled,
  draws,
  error,
  given,
  history,
  inner,
  leaky,
  names,
  other,
  passed,
  pipeline,
  product,
  rows,
  scalar,
  sums,
  vector,
};
