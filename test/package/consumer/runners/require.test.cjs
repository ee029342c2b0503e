const { trial } = require('../trial.cjs');

test('CommonJS', () => {
  const entries = {
    bitgrad: require('bitgrad'),
    train: require('bitgrad/train'),
    model: require('bitgrad/model'),
    layers: require('bitgrad/layers'),
  };
  return trial(entries, require.resolve('bitgrad/kernels.wasm'));
});
