// The same from CommonJS: every entry by require(), and what of it is the object that import gives.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { checkEntries } = require('./expect.cjs');
const { trial } = require('./trial.cjs');

const kernels = require.resolve('bitgrad/kernels.wasm');
const bitgrad = require('bitgrad');

checkEntries({ auto: bitgrad, wasm: require('bitgrad/wasm'), ts: require('bitgrad/ts') }, readFileSync(kernels));

async function main() {
  const entries = {
    bitgrad,
    train: require('bitgrad/train'),
    model: require('bitgrad/model'),
    layers: require('bitgrad/layers'),
    functions: require('bitgrad/functions'),
    methods: require('bitgrad/methods'),
  };
  await trial(entries, kernels);
  for (const [name, each] of Object.entries(entries)) {
    const imported = await import(name === 'bitgrad' ? name : `bitgrad/${name}`);
    assert.deepEqual(Object.keys(each).sort(), Object.keys(imported).sort(), `${name} exports what import gives`);
  }
  const other = await import('bitgrad');
  // Where Node can require() ES modules there is one copy; else, and in Bun, there are two, which take each other's matrices.
  const one = process.features.require_module === true && !process.versions.bun;
  assert.equal(bitgrad.Matrix === other.Matrix, one);
  const matrices = [other.Matrix.from([[1, 2]]), other.engine.matrix([[1, 2]])];
  for (const matrix of matrices) assert.deepEqual(bitgrad.matmul(matrix, [[1], [2]]).toArray(), [[5]]);
  if (bitgrad.Matrix !== other.Matrix) {
    const foreign = other.network({ inputs: 2, layers: [1] });
    await assert.rejects(async () => entries.train.train(foreign, { X: [[1, 2]], y: [1] }), /another copy of bitgrad/);
  }
}
main();
