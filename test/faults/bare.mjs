// @ts-nocheck: it takes from the host what types say is there.
// What hosts.test.ts runs in a process of its own: the built package where the globals that it is called with are missing.

import { deepEqual, equal, match, ok } from 'node:assert/strict';

const { argv, stdout } = process;
for (const name of argv.slice(2)) delete globalThis[name];
for (const name of argv.slice(2)) equal(typeof globalThis[name], 'undefined', name);

const bitgrad = await import('bitgrad');
const wasm = await import('bitgrad/wasm');
const ts = await import('bitgrad/ts');
await import('bitgrad/layers');
await import('bitgrad/methods');
const { createFunctions, gelu } = await import('bitgrad/functions');
const { train } = await import('bitgrad/train');
const { MLPClassifier, crossValidate, fromBytes, toBytes } = await import('bitgrad/model');

const X = bitgrad.random(7).randn(64, 2);
const y = Array.from({ length: 64 }, (_, i) => (X.get(i, 0) > X.get(i, 1) ? 'größer' : '\u{1F600}'));
const numbers = y.map((label) => Number(label === 'größer'));
const noWorkers = argv.includes('process');

const all = [];
for (const engine of [bitgrad.engine, wasm.engine, ts.engine, await bitgrad.createEngineAsync()]) {
  const layers = [{ units: 5, activation: 'softsign' }, 1];
  const net = engine.network({ inputs: 2, layers, seed: 3 });
  const { loss } = net.gradients(X, numbers);
  ok(loss > 0);
  const early = { validationSplit: 0.25, earlyStopping: true };
  const { ran } = await net.fit(X, numbers, { epochs: 4, background: false, optimizer: 'adam', ...early });
  equal(ran.where, 'main');
  // Worth a worker, where there are any.
  const later = await train(net, { X, y: numbers }, { epochs: 3000, batchSize: 64 });
  equal(later.ran.where, noWorkers ? 'main' : 'worker');
  if (noWorkers) match(later.ran.reason, /^this host has no workers/);
  ok(loss > later.loss.at(-1));
  all.push(String(net.parameters) + net.forward(X).data);
  net.dispose();
  // More than one job takes, of memory that nothing gives back by itself in some of these hosts.
  for (let i = 0; i < 300; i++) engine.zeros(1024, 128).dispose();
  equal(engine.zeros(1, 1).get(0, 0), 0);
  deepEqual(createFunctions(engine).gelu(X), gelu(X));
}
equal(new Set(all).size, 1);

deepEqual(X.sub(X.mean(0)).slice(0, 0).shape, [0, 2]);
equal(bitgrad.random(1).poisson(20, 3).length, 3);

const model = new MLPClassifier({ hiddenLayerSizes: [4], maxIter: 20, randomState: 1 });
await model.fit(X, y);
deepEqual(await model.predictAsync(X), model.predict(X));
deepEqual(fromBytes(toBytes(model)).predict(X), model.predict(X));
equal((await crossValidate(model, X, y, { cv: 2 })).testScore.length, 2);
stdout.write('right\n');
