// @ts-nocheck: it does to built-ins what types forbid.
// What hosts.test.ts runs in a process of its own: the built package where built-ins are frozen, or polluted by others.

import { ok } from 'node:assert/strict';

const [, , what] = process.argv;

// Not `path`, `signal` and `resume`: Node itself does not survive that.
const NAMES = [
  'foo sampleWeight l2 l1 penalty wrtInputs rows rowOffset dtype backend module memoryBytes transposeA transposeB inputs layers',
  'loss huberDelta activation bias initializer seed reduction onNonFinite units weights biases negativeSlope alpha epsilon',
  'epochs batchSize optimizer schedule shuffle validationSplit validationData earlyStopping metrics callbacks onEpoch onBatch',
  'background checkpoint clipNorm clipValue classWeight learningRate momentum keep monitor patience',
  'hiddenLayerSizes solver warmStart engine classes random optimizer samplesSeen',
]
  .join(' ')
  .split(' ');

if (what === 'polluted') {
  for (const name of NAMES) Object.prototype[name] = 'polluted'; // enumerable, as a careless library leaves it
  Array.prototype.extra = 'polluted';
} else if (what === 'frozen') {
  for (const each of [Object, Array, Function, Error, Promise, Map, Symbol, Float64Array]) {
    Object.freeze(each);
    Object.freeze(each.prototype);
  }
}

const { createEngine, createEngineAsync, network, matmul, axpy, sigmoid, forwardAndBackward, random, Matrix } =
  await import('bitgrad');
const { train } = await import('bitgrad/train');

ok(sigmoid([[0]]).get(0, 0) === 0.5);
ok(matmul([[1, 2]], [[3], [4]]).get(0, 0) === 11);
ok(matmul([[1, 2]], [[3, 4]], { transposeB: true }).get(0, 0) === 11);
ok(axpy(2, [[1]], Matrix.zeros(1, 1)).get(0, 0) === 2);
const rng = random(42);
const made = forwardAndBackward([[0.1, 0.2]], [[0.3]], rng.rand(2, 3), rng.rand(3, 1));
ok(made.output.get(0, 0) === 0.691671987222554);
for (const engine of [createEngine(), createEngine({ backend: 'ts' }), await createEngineAsync()]) {
  ok(engine.dtype === 'f64' && engine.zeros(1, 2).dtype === 'f64');
  ok(engine !== undefined && (engine.backendReason.startsWith('backend') || engine.backend === 'wasm'));
  const net = engine.network({ inputs: 1, layers: [{ units: 2, activation: 'tanh' }, 1], seed: 1 });
  const X = [[0], [1], [2], [3]];
  const y = [0, 1, 4, 9];
  const before = net.gradients(X, y).loss;
  ok(Number.isFinite(before) && Number.isFinite(net.gradients(X, y, { l2: 0.1 }).loss));
  const { loss } = await net.fit(X, y, { epochs: 5, background: false, optimizer: 'adam' });
  ok(loss.length === 5 && loss[4] < before);
  const there = await train(net, { X, y }, { epochs: 2, background: true });
  ok(there.loss.length === 2);
}
ok(network({ inputs: 1, layers: [1] }).dtype === 'f64');
console.log('right');
