// Every kernel of every pack gives the same bits in WebAssembly and in TypeScript, and writes nothing but its outputs. What it is
// called with comes from its line in its table.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BLOCK, type Dtype } from '../../src/kernels/contract.js';
import type { Operand, Signature } from '../../src/kernels/signature.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import {
  type AllKernels,
  type AnyKernel,
  backends,
  dtypes,
  expectSameBits,
  kernelsOf,
  type Run,
  runKernel,
} from '../support/backends.js';
import { CASES, casesRun, LONG, property } from '../support/long.js';
import {
  allSizes,
  argumentsOf,
  chosenSizes,
  contentsOf,
  KERNEL_NAMES,
  type KernelName,
  SIGNATURES,
  type Sizes,
  scalarOf,
} from '../support/operands.js';
import { type Mix, mixes, numbers, seeds, specials } from '../support/values.js';

/** By other files. */
let ranBefore = 0;
beforeAll(() => {
  ranBefore = casesRun();
});

type Call = (kernels: AllKernels, addresses: number[], work: number) => unknown;

/** Runs a kernel on both backends: same result, same outputs, other arrays as before. Returns the arrays. */
function compare(dtype: Dtype, arrays: TypedArray[], outputs: readonly number[], shift: number, call: Call) {
  const [first, second] = backends.map(([, backend]): Run => runKernel(backend, dtype, arrays, shift, call));
  expect(Object.is(first.value, second.value), `${first.value} is not ${second.value}`).toBe(true);
  arrays.forEach((before, i) => {
    expectSameBits(first.arrays[i], outputs.includes(i) ? second.arrays[i] : before);
    if (!outputs.includes(i)) expectSameBits(second.arrays[i], before);
  });
  return first.arrays;
}

interface OperandCase {
  /** Elements by which addresses miss the heap's alignment. */
  shift: number;
  mix: Mix;
  seed: number;
  /** For each output which place it takes: an input's of its shape, or one of its own. */
  picks: readonly number[];
  /** How much more than needed is from one row to the next. */
  extras: readonly number[];
  /** Whether optional operands are there. */
  whole: boolean;
}

const shift = fc.nat(7);
const extra = fc.nat(5);
const operandCase = {
  shift,
  mix: mixes,
  seed: seeds,
  picks: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
  extras: fc.tuple(extra, extra, extra),
  whole: fc.boolean(),
};

const sameShape = (a: Operand, b: Operand) => a.shape.join() === b.shape.join() && !a.below && !a.optional;

/** Calls a kernel of both backends with operands of those sizes; every output stands on an input where it may, or apart. */
function compareKernel(name: KernelName, dtype: Dtype, chosen: Sizes, c: OperandCase): void {
  const signature = SIGNATURES[name];
  const { inputs, outputs, work } = signature;
  const left = [...c.extras];
  const sizes = allSizes(signature, chosen, () => left.pop() ?? 0);
  const arrays = [...inputs, ...outputs].map((operand, i) =>
    contentsOf(operand, sizes, dtype, (length) => numbers(dtype, length, c.seed + i, c.mix)),
  );
  // Scalars in f64 whatever the dtype: where they are rounded is part of the contract.
  const drawn = numbers('f64', signature.scalars.length, c.seed + arrays.length, c.mix);
  const scalars = Object.fromEntries(signature.scalars.map((each, i) => [each.name, scalarOf(each, drawn[i])]));
  const places: number[] = [];
  outputs.forEach((output, i) => {
    const free = inputs.flatMap((input, at) => (!work && sameShape(input, output) && !places.includes(at) ? at : []));
    places.push([...free, inputs.length + i][c.picks[i] % (free.length + 1)]);
  });
  const there = ({ optional }: Operand) => c.whole || !optional;
  compare(
    dtype,
    arrays,
    places.filter((_, i) => there(outputs[i])),
    c.shift,
    (kernels, at, scratch) => {
      const addresses = Object.fromEntries([
        ...inputs.map((input, i) => [input.name, there(input) ? at[i] : 0]),
        ...outputs.map((output, i) => [output.name, there(output) ? at[places[i]] : 0]),
      ]);
      return (kernels[name] as AnyKernel)(...argumentsOf(signature, sizes, scalars, addresses, scratch));
    },
  );
}

const small = fc.nat(70);
/** Around the blocks of the product: 64 rows, 256 columns, 256 deep, and their halves. */
const edge = fc.constantFrom(1, 3, 4, 5, 63, 64, 65, 127, 128, 129, 255, 256, 257);
/** Narrow shapes of a dense layer have code of their own; rows at the edges of groups and of tiles. */
const breadth = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 4, arbitrary: small },
  { weight: 1, arbitrary: edge },
);

/** Of a size, with so many others to choose. */
function arbitrarySize({ sizes, free }: Signature, name: string, others: number): fc.Arbitrary<number> {
  if (free.includes(name)) return fc.integer({ min: 1, max: 9 });
  const most = sizes.find((size) => size.name === name)?.atMost ?? Infinity;
  const atBlock = fc.constantFrom(...[BLOCK - 1, BLOCK, BLOCK + 1].filter((n) => n <= most));
  if (others === 0) return fc.oneof({ weight: 19, arbitrary: small }, { weight: 1, arbitrary: atBlock });
  return others === 1 ? fc.oneof({ weight: 9, arbitrary: small }, { weight: 1, arbitrary: edge }) : breadth;
}

function arbitrarySizes(signature: Signature): fc.Arbitrary<Sizes> {
  const names = chosenSizes(signature);
  return fc.record(Object.fromEntries(names.map((name) => [name, arbitrarySize(signature, name, names.length - 1)])));
}

describe.each(dtypes)('bits in %s', (dtype) => {
  for (const name of KERNEL_NAMES) {
    const signature = SIGNATURES[name];
    const names = chosenSizes(signature);
    property(name, 0.05, fc.record({ sizes: arbitrarySizes(signature), ...operandCase }), ({ sizes, ...c }) => {
      compareKernel(name, dtype, sizes, c);
    });
    if (!signature.work) continue;
    const products = fc.record({
      sizes: fc.record(Object.fromEntries(names.map((size) => [size, small]))),
      ...operandCase,
    });
    property(`${name}, 0 to 70 each way`, 0.03, products, ({ sizes, ...c }) => compareKernel(name, dtype, sizes, c));
    const edges = fc.record({
      sizes: fc.record(Object.fromEntries(names.map((size) => [size, edge]))),
      ...operandCase,
    });
    property(`${name} at block edges`, 0.004, edges, ({ sizes, ...c }) => compareKernel(name, dtype, sizes, c));
  }
});

describe.each(dtypes)('special values in %s', (dtype) => {
  const common = { shift: 1, mix: 'special', picks: [0, 0, 0, 0], extras: [1, 0, 2], whole: true } as const;

  test.each(KERNEL_NAMES)('%s', (name) => {
    const names = chosenSizes(SIGNATURES[name]);
    // As many elements as there are pairs of special values, in vectors; each seed draws its own scalars.
    const length = Math.min(specials(dtype).length ** 2, BLOCK);
    const sizes = Object.fromEntries(names.map((size, i) => [size, names.length === 1 ? length : [9, 37, 5, 3][i]]));
    for (let seed = 1; seed <= (LONG ? 20 : 8); seed++)
      compareKernel(name, dtype, sizes, { ...common, seed: 100 * seed });
  });

  test.each(KERNEL_NAMES)('%s of nothing writes nothing, or zeros', (name) => {
    const sizes = Object.fromEntries(chosenSizes(SIGNATURES[name]).map((size) => [size, 0]));
    compareKernel(name, dtype, sizes, { ...common, seed: 1 });
  });
});

/** A dense layer there and back, one kernel after the other on the same scratch memory. */
function compareLayer(dtype: Dtype, sizes: Sizes, c: OperandCase): void {
  const { rows, inputs, units } = sizes;
  const lengths = [rows * inputs, inputs * units, units, rows * units];
  const arrays = [...lengths, rows * units, inputs * units, units, rows * inputs].map((length, i) =>
    numbers(dtype, length, c.seed + i, c.mix),
  );
  const written = c.whole ? [4, 5, 6, 7] : [4, 5, 7];
  compare(dtype, arrays, written, c.shift, (kernels, [x, w, b, d, z, dw, db, e], work) => {
    kernels.dense_forward(rows, inputs, units, x, w, c.whole ? b : 0, z, work);
    kernels.dense_backward(rows, inputs, units, x, d, dw, c.whole ? db : 0, work);
    kernels.dense_input(rows, inputs, units, d, w, e, work);
  });
}

describe.each(dtypes)('a dense layer in %s', (dtype) => {
  const sizes = fc.record({ rows: breadth, inputs: breadth, units: breadth });
  property('there and back', 0.02, fc.record({ sizes, ...operandCase }), ({ sizes, ...c }) => {
    compareLayer(dtype, sizes, c);
  });

  test.each([1, 3, 5])('weights that just fit the scratch memory and that just do not, %i to a row', (breadth) => {
    const rowBytes = Math.ceil((breadth * (dtype === 'f64' ? 8 : 4)) / 16) * 16;
    const rowsThatFit = Math.floor(backends[0][1].workBytes / rowBytes);
    const common = { shift: 1, mix: 'ordinary', picks: [], extras: [], whole: true } as const;
    for (const depth of [-2, -1, 0, 1].map((more) => rowsThatFit + more)) {
      compareLayer(dtype, { rows: 5, inputs: depth, units: breadth }, { ...common, seed: depth });
      compareLayer(dtype, { rows: 5, inputs: breadth, units: depth }, { ...common, seed: depth });
    }
  });
});

test('both backends have the kernels of the tables and no others', () => {
  for (const [, backend] of backends) {
    for (const dtype of dtypes) {
      const { bytes, ...kernels } = kernelsOf(backend, dtype);
      expect(bytes).toBe(dtype === 'f64' ? 8 : 4);
      expect(Object.keys(kernels).sort()).toEqual([...KERNEL_NAMES].sort());
    }
  }
});

test('as many cases ran as were asked for', () => {
  expect(casesRun() - ranBefore).toBeGreaterThanOrEqual(CASES);
});
