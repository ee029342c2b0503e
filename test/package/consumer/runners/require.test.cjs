const { trial } = require('../trial.cjs');

test('CommonJS', () => {
  const entries = {
    bitgrad: require('bitgrad'),
    train: require('bitgrad/train'),
    model: require('bitgrad/model'),
    layers: require('bitgrad/layers'),
    functions: require('bitgrad/functions'),
    methods: require('bitgrad/methods'),
  };
  return trial(entries, require.resolve('bitgrad/kernels.wasm'));
});
