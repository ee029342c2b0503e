// What each entry must give: the notebook's example, whose numbers NumPy printed.

const assert = require('node:assert/strict');

const PRINTED = {
  output: [[0.69167199]],
  outputGradient: [[-0.08352869]],
  hiddenGradient: [[-0.00120545, -0.01801573, -0.01251845]],
};

function notebook(bitgrad, engine) {
  const random = bitgrad.random(42);
  const inner = random.rand(2, 3);
  const outer = random.rand(3, 1);
  const result = engine.forwardAndBackward([[0.1, 0.2]], [[0.3]], inner, outer);
  return Object.fromEntries(Object.entries(result).map(([name, matrix]) => [name, matrix.toArray()]));
}

exports.checkEntries = function checkEntries(entries, kernels) {
  const names = Object.keys(entries.auto).sort();
  for (const [name, bitgrad] of Object.entries(entries)) {
    assert.deepEqual(Object.keys(bitgrad).sort(), names, `${name} exports what the others do`);
    const exact = notebook(bitgrad, bitgrad);
    const printed = JSON.parse(JSON.stringify(exact), (_, value) =>
      typeof value === 'number' ? Number(value.toFixed(8)) : value,
    );
    assert.deepEqual(printed, PRINTED, name);
    assert.deepEqual(exact, notebook(entries.ts, entries.ts), `${name} has the bits of ts`);
    assert.equal(bitgrad.info().backend, name === 'ts' ? 'ts' : 'wasm');
  }
  for (const module of [kernels, new WebAssembly.Module(kernels)]) {
    const engine = entries.wasm.createEngine({ module });
    assert.equal(engine.backend, 'wasm');
    assert.deepEqual(notebook(entries.wasm, engine), notebook(entries.ts, entries.ts));
  }
};
