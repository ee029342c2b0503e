// What the two backends are compared on: gradients of some networks, and products.

import { type Dtype, type Engine, random } from '../../index.js';
import { hiddenNetwork } from '../models.js';
import { rowsFor } from '../random-rows.js';

/** Prepared for one engine: a call is one measurement, and `result` is what the last one computed. */
export interface Prepared {
  call(): void;
  result(): ArrayBufferView;
}

export interface Case {
  readonly name: string;
  readonly dtype: Dtype;
  /** Multiply-adds of a call, of those that have mainly such. */
  readonly multiplyAdds?: number;
  prepare(engine: Engine): Prepared;
}

function step(sizes: readonly number[], rows: number, dtype: Dtype): Case {
  const weights = sizes.slice(1).reduce((sum, units, i) => sum + units * sizes[i], 0);
  return {
    name: `gradients ${sizes.join('-')}, ${rows} rows`,
    dtype,
    // Forwards, to the weights, and back to each layer but the first one's inputs.
    multiplyAdds: rows * (3 * weights - sizes[0] * sizes[1]),
    prepare(engine) {
      const net = engine.network(hiddenNetwork(sizes, { activation: 'relu', loss: 'crossEntropy', dtype, seed: 1 }));
      const { X, y } = rowsFor(net, rows, 1);
      const [resident, gradients] = [engine.matrix(X, { dtype }), net.zeroGradients()];
      return { call: () => net.gradientsInto(resident, y, gradients), result: () => gradients.parameters };
    },
  };
}

function product(n: number, dtype: Dtype): Case {
  return {
    name: `product ${n} x ${n} x ${n}`,
    dtype,
    multiplyAdds: n ** 3,
    prepare(engine) {
      const rng = random(1);
      const [A, B] = [rng.randn(n, n), rng.randn(n, n)].map((each) => engine.matrix(each, { dtype }));
      const out = engine.zeros(n, n, { dtype });
      return { call: () => engine.matmulInto(A, B, out), result: () => out.data };
    },
  };
}

function curve(count: number, dtype: Dtype): Case {
  return {
    name: `sigmoid of ${count.toLocaleString('en')}`,
    dtype,
    prepare(engine) {
      const x = engine.matrix(random(1).randn(1, count), { dtype });
      const out = engine.zeros(1, count, { dtype });
      return { call: () => engine.sigmoidInto(x, out), result: () => out.data };
    },
  };
}

export const CASES: readonly Case[] = [
  step([4, 16, 3], 32, 'f64'),
  step([64, 128, 10], 32, 'f64'),
  step([784, 128, 10], 128, 'f64'),
  step([784, 128, 10], 128, 'f32'),
  step([784, 512, 256, 10], 128, 'f32'),
  product(256, 'f64'),
  product(256, 'f32'),
  curve(100_000, 'f64'),
];
