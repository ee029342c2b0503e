// The calls that take the time: products, functions of elements, networks.

import type { Dtype } from 'bitgrad';
import type { Comparison } from '../comparison.js';
import { backends } from './compare.js';

const DTYPES: Dtype[] = ['f64', 'f32'];
const BOTH: ('resident' | 'copying')[] = ['resident', 'copying'];
const MILLION = 1_000_000;

function product(
  dtype: Dtype,
  letters: 'nn' | 'nt' | 'tn',
  m: number,
  k: number,
  n: number,
  modes = BOTH,
): Comparison[] {
  const options = { transposeA: letters[0] === 't', transposeB: letters[1] === 't' };
  const flops = 2 * m * k * n;
  return backends({
    name: `matmul ${letters} ${m}x${k}x${n}`,
    dtype,
    modes,
    unit: 'GFLOP/s',
    amount: flops,
    flops,
    prepare(engine, operand, resident) {
      const a = options.transposeA ? operand(k, m) : operand(m, k);
      const b = options.transposeB ? operand(n, k) : operand(k, n);
      if (!resident) return () => engine.matmul(a, b, options);
      const out = operand(m, n);
      return () => engine.matmulInto(a, b, out, options);
    },
  });
}

function products(dtype: Dtype): Comparison[] {
  return [
    ...product(dtype, 'nn', 256, 256, 256),
    ...product(dtype, 'nn', 512, 512, 512, ['resident']),
    ...product(dtype, 'nt', 64, 784, 128, ['resident']),
    ...product(dtype, 'tn', 64, 784, 128, ['resident']),
    ...product(dtype, 'nt', 1024, 784, 512, ['resident']),
    ...product(dtype, 'tn', 1024, 784, 512, ['resident']),
    // Both sides of where assembly/gemm.ts starts to pack: 4 rows, 16 KiB of B, a vector of columns.
    ...product(dtype, 'nn', 3, 64, 64, ['resident']),
    ...product(dtype, 'nn', 4, 64, 64, ['resident']),
    ...product(dtype, 'nn', 64, 8, 64, ['resident']),
    ...product(dtype, 'nn', 64, 64, 64, ['resident']),
    ...product(dtype, 'nn', 64, 65, 64, ['resident']),
    ...product(dtype, 'nn', 64, 64, 1, ['resident']),
    ...product(dtype, 'nn', 64, 64, 2, ['resident']),
    ...product(dtype, 'nt', 64, 3, 64, ['resident']),
  ];
}

function elementwise(dtype: Dtype): Comparison[] {
  const element = { dtype, unit: 'ns/element' } as const;
  const map = (name: 'sigmoid' | 'sigmoidDerivative', n: number, modes = BOTH) =>
    backends({
      ...element,
      name: `${name} ${n === MILLION ? '1M' : n}`,
      amount: n,
      modes,
      prepare(engine, operand, resident) {
        const x = operand(Math.sqrt(n), Math.sqrt(n), 8);
        if (!resident) return () => engine[name](x);
        const out = operand(Math.sqrt(n), Math.sqrt(n));
        return () => engine[`${name}Into`](x, out);
      },
    });
  return [
    ...map('sigmoid', MILLION),
    ...map('sigmoid', 4096),
    ...map('sigmoidDerivative', MILLION, ['resident']),
    ...backends({
      ...element,
      name: 'dot 1M',
      amount: MILLION,
      modes: BOTH,
      prepare(engine, operand) {
        const x = operand(1, MILLION);
        const y = operand(1, MILLION);
        return () => engine.dot(x.data, y.data);
      },
    }),
    ...backends({
      ...element,
      name: 'mseLoss 1M',
      amount: MILLION,
      prepare(engine, operand) {
        const x = operand(1000, 1000);
        const y = operand(1000, 1000);
        return () => engine.mseLoss(x, y);
      },
    }),
    ...backends({
      ...element,
      name: 'axpy 1M',
      amount: MILLION,
      prepare(engine, operand) {
        const x = operand(1000, 1000);
        const y = operand(1000, 1000);
        return () => engine.axpy(1e-3, x, y);
      },
    }),
  ];
}

function network(dtype: Dtype, rows: number, inputs: number, hidden: number, outputs: number): Comparison[] {
  const flops = 2 * rows * hidden * (inputs + 2 * outputs);
  return backends({
    name: `forwardAndBackward ${rows}x${inputs}-${hidden}-${outputs}`,
    dtype,
    modes: BOTH,
    unit: 'ns/row',
    amount: rows,
    flops: inputs > 2 ? flops : undefined,
    prepare(engine, operand, resident) {
      const X = operand(rows, inputs);
      const y = operand(rows, outputs);
      const W1 = operand(inputs, hidden, 0.1);
      const W2 = operand(hidden, outputs, 0.1);
      if (!resident) return () => engine.forwardAndBackward(X, y, W1, W2);
      const out = {
        output: operand(rows, outputs),
        outputGradient: operand(rows, outputs),
        hiddenGradient: operand(rows, hidden),
      };
      return () => engine.forwardAndBackwardInto(X, y, W1, W2, out);
    },
  });
}

/** A step of a network of narrow layers, over many tiles. */
function narrow(dtype: Dtype): Comparison[] {
  const [rows, sizes] = [10_000, [4, 32, 16, 4]];
  return backends({
    name: `gradientsInto ${rows}x${sizes.join('-')} tanh`,
    dtype,
    modes: ['resident'],
    unit: 'ns/row',
    amount: rows,
    flops: 2 * rows * (2 * 4 * 32 + 3 * (32 * 16 + 16 * 4)),
    prepare(engine, operand) {
      const [X, y] = [operand(rows, sizes[0]), operand(rows, sizes[3])];
      const layers = sizes.slice(1).map((units, i) => ({ units, activation: i < 2 ? ('tanh' as const) : undefined }));
      const net = engine.network({ inputs: sizes[0], layers, loss: 'squaredError', dtype, seed: 1 });
      const out = net.zeroGradients();
      return () => net.gradientsInto(X, y, out);
    },
  });
}

export const families: Comparison[] = [
  ...DTYPES.flatMap(products),
  ...DTYPES.flatMap(elementwise),
  ...DTYPES.flatMap((dtype) => network(dtype, 1, 2, 3, 1)),
  ...DTYPES.flatMap((dtype) => network(dtype, 100_000, 2, 3, 1)),
  ...DTYPES.flatMap(narrow),
  ...DTYPES.flatMap((dtype) => network(dtype, 64, 784, 128, 10)),
  ...DTYPES.flatMap((dtype) => network(dtype, 1024, 784, 512, 10)),
];
