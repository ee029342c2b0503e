// The same from CommonJS: with require() where this Node has require(esm), else with import().

const { readFileSync } = require('node:fs');
const { checkEntries } = require('./expect.cjs');

const kernels = readFileSync(require.resolve('bitgrad/kernels.wasm'));

if (process.features.require_module) {
  checkEntries({ auto: require('bitgrad'), wasm: require('bitgrad/wasm'), ts: require('bitgrad/ts') }, kernels);
} else {
  Promise.all([import('bitgrad'), import('bitgrad/wasm'), import('bitgrad/ts')]).then(([auto, wasm, ts]) =>
    checkEntries({ auto, wasm, ts }, kernels),
  );
}
