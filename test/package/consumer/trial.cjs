// What must work wherever a program takes the package from: in Node, in Jest's and vitest's realms, from either kind of module.

const assert = require('node:assert/strict');
const { readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const rows = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0.5, 2],
];
const flat = { rows: 4, cols: 2, data: Float64Array.from(rows.flat()) };
const y = [0, 1, 1, 0];
const options = { epochs: 3, batchSize: 2, seed: 1, optimizer: 'adam' };
const settings = { hiddenLayerSizes: [3], maxIter: 3, randomState: 1 };

/** Whether an engine of two threads has both of them, and the bits of one. */
async function share(createEngine) {
  const data = Float64Array.from({ length: 3000 * 8 }, (_, i) => Math.sin(i));
  const X = { rows: 3000, cols: 8, data };
  const layers = [{ units: 32, activation: 'tanh' }, 1];
  const [one, two] = [1, 2].map((threads) => createEngine({ threads }));
  const bits = (each) => {
    const { weights } = each.network({ inputs: 8, layers, seed: 1 }).gradients(X, data.subarray(0, 3000));
    return String(weights.map((weight) => weight.data));
  };
  const expected = bits(one);
  for (let tries = 0; two.info().threads < 2; tries++) {
    assert.ok(tries < 1000, two.info().threadsReason);
    assert.equal(bits(two), expected);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (let i = 0; i < 20; i++) assert.equal(bits(two), expected);
  two.dispose();
  assert.equal(two.info().threads, 1);
}

/** @param entries the package's modules, by their names */
exports.trial = async ({ bitgrad, train, model, layers, functions }, kernels) => {
  const { createEngine, createEngineAsync, engine, Matrix } = bitgrad;
  assert.equal(Matrix.name, 'Matrix');
  assert.equal(engine.backend, 'wasm');
  assert.deepEqual([...engine.sigmoid(Float64Array.of(0))], [0.5]);
  assert.deepEqual([...engine.sigmoid(Float32Array.of(0))], [0.5]);
  assert.equal(engine.sigmoid(flat).get(0, 0), 0.5);
  assert.equal(createEngine({ module: readFileSync(kernels) }).sigmoid(0), 0.5);
  assert.equal((await createEngineAsync({ module: readFileSync(kernels) })).sigmoid(0), 0.5);
  assert.equal((await createEngineAsync()).backend, 'wasm');
  await share(createEngine);

  assert.equal(functions.relu(flat).get(0, 0), 0);
  assert.deepEqual([...functions.createFunctions(createEngine({ backend: 'ts' })).mish([0])], [0]);
  assert.deepEqual(Matrix.from(rows).add([1, 2]).argmax(1), Int32Array.of(1, 0, 1, 1));
  assert.deepEqual(bitgrad.random(1).randint(0, 10, 3), Int32Array.of(5, 8, 9));

  const trained = [];
  for (const background of [undefined, true, false]) {
    for (const X of [rows, flat]) {
      const net = engine.network({ inputs: 2, layers: [{ units: 3, activation: 'softsign' }, 1], seed: 1 });
      const { ran } = await net.fit(X, Float64Array.from(y), { ...options, background });
      assert.equal(ran.where, background ? 'worker' : 'main');
      trained.push(String(net.parameters));
    }
  }
  assert.equal(new Set(trained).size, 1);
  assert.ok(layers.activations.includes('softsign'));
  const net = engine.network({ inputs: 2, layers: [1], seed: 1 });
  const stopped = new AbortController();
  stopped.abort(new RangeError('stopped'));
  await assert.rejects(train.train(net, { X: rows, y }, { ...options, signal: stopped.signal }), /stopped/);
  await train.train(net, { X: rows, y }, options);

  const pipeline = new model.Pipeline([new model.StandardScaler(), new model.MLPClassifier(settings)]);
  await pipeline.fit(rows, ['a', 'b', 'b', 'a']);
  const file = join(tmpdir(), `bitgrad-trial-${process.pid}-${Math.random()}.safetensors`);
  try {
    await model.save(pipeline, file);
    assert.deepEqual([...(await model.load(file)).predictProba(rows).data], [...pipeline.predictProba(rows).data]);
  } finally {
    rmSync(file, { force: true });
  }
  assert.deepEqual(model.fromBytes(model.toBytes(pipeline)).predict(flat), pipeline.predict(rows));
};
