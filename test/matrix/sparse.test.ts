import { expect, test } from 'vitest';
import { SparseMatrix } from '../../src/train/index.js';
import * as wasm from '../../src/wasm.js';
import { random } from '../../src/random/random.js';
import * as ts from '../../src/ts.js';
test('smoke', async () => {
  for (const dtype of ['f64', 'f32'] as const) for (const { createEngine } of [wasm, ts]) {
    const engine = createEngine({ dtype });
    const rng = random(1);
    const R = 600, C = 90;
    const dense = Array.from({ length: R }, () => Array.from({ length: C }, () => (rng.rand() < 0.1 ? rng.rand() - 0.5 : 0)));
    const y = Array.from({ length: R }, () => rng.rand());
    const X = SparseMatrix.fromDense(dense);
    const make = () => engine.network({ inputs: C, layers: [{ units: 13, activation: 'tanh' }, 1], seed: 1 });
    const net = make();
    const same = (a: any, b: any) => expect(Array.from(a.data ?? a)).toEqual(Array.from(b.data ?? b));
    same(net.forward(X), net.forward(dense));
    expect(net.loss(X, y)).toBe(net.loss(dense, y));
    const [a, b] = [net.gradients(X, y, { wrtInputs: true }), net.gradients(dense, y, { wrtInputs: true })];
    a.weights.forEach((w, i) => same(w, b.weights[i]));
    same(a.biases[0], b.biases[0]); same(a.inputs, b.inputs);
    same(net.perSampleGradients(X.slice(0, 20), y.slice(0, 20)), net.perSampleGradients(dense.slice(0, 20), y.slice(0, 20)));
    same(net.jacobian(X), net.jacobian(dense));
    for (const background of [false, true]) {
      const [m, n] = [make(), make()];
      const h1 = await m.fit(X, y, { epochs: 3, background, validationSplit: 0.2, metrics: ['mse'], seed: 3 });
      const h2 = await n.fit(dense, y, { epochs: 3, background, validationSplit: 0.2, metrics: ['mse'], seed: 3 });
      expect(h1.loss).toEqual(h2.loss); expect(h1.validationLoss).toEqual(h2.validationLoss);
      same(m.parameters, n.parameters);
    }
    const [m, n] = [make(), make()];
    await m.fit(X, y, { epochs: 3, optimizer: 'lbfgs' }); await n.fit(dense, y, { epochs: 3, optimizer: 'lbfgs' });
    same(m.parameters, n.parameters);
  }
});
