// The set of every kernel of every pack, called by itself: operands in linear memory, sizes that caches hold.

import type { Dtype } from 'bitgrad';
import { SLACK } from '../../src/kernels/contract.js';
import { CORE } from '../../src/kernels/core.js';
import { LAYERS } from '../../src/kernels/layers.js';
import { TRAINING } from '../../src/kernels/training.js';
import { type Comparison, caseOf } from '../comparison.js';
import type { Subject } from '../measure.js';
import type { Context, OpenSet } from '../set.js';
import { createHosts, type Host, type Kernel } from './hosts.js';
import { type Call, operandsOf } from './operands.js';

const DTYPES: Dtype[] = ['f64', 'f32'];

/** The operands in a host's memory, a call of the kernel on them, and what it wrote. */
function place({ heap, work, memory, kernels }: Host, kernel: string, dtype: Dtype, call: Call) {
  const bytes = dtype === 'f64' ? 8 : 4;
  const placed = call.operands.map((operand) => {
    const size = operand.below === undefined ? bytes : 4;
    const address = heap.allocate(operand.length * size + SLACK);
    return { ...operand, operand, address, size };
  });
  for (const { address, below, length, values } of placed) {
    if (!values) continue;
    if (below === undefined) memory[dtype].set(values, address / bytes);
    else new Int32Array(memory.f64.buffer, address, length).set(values);
  }
  const numbers = call.args.map((arg) => {
    if (typeof arg === 'number') return arg;
    return arg === 'work' ? work : (placed.find(({ operand }) => operand === arg)?.address as number);
  });
  const run = callOf(kernels[dtype][kernel], numbers);
  return {
    run,
    written: () =>
      placed
        .filter(({ written }) => written)
        .map(({ address, length, size }) => new Uint8Array(memory.f64.buffer, address, length * size).slice()),
    dispose() {
      for (const { address } of placed) heap.release(address);
    },
  };
}

/** Each number an argument of its own, as a call is written: spreading an array takes as long as a small kernel. */
function callOf(kernel: Kernel, numbers: number[]): () => number | undefined {
  const names = numbers.map((_, i) => `a${i}`);
  return new Function('kernel', ...names, `return () => kernel(${names});`)(kernel, ...numbers);
}

function subjects(hosts: Host[], kernel: string, line: string, dtype: Dtype): Subject[] {
  const call = operandsOf(kernel, line);
  const placed = hosts.map((host) => place(host, kernel, dtype, call));
  const [ours, reference] = placed.map(({ run, written }) => [run(), ...written()]);
  ours.forEach((part, i) => {
    const [a, b] = [part, reference[i]];
    const same = typeof a === 'object' && typeof b === 'object' ? Buffer.compare(a, b) === 0 : Object.is(a, b);
    if (!same) throw new Error(`${kernel}_${dtype}: wasm and ts differ in ${i === 0 ? 'what they return' : 'bits'}`);
  });
  return placed.map(({ run, dispose }, i) => ({ name: hosts[i].name, run, dispose }));
}

export async function open(context: Context): Promise<OpenSet> {
  const hosts = createHosts();
  const lines = Object.entries({ ...CORE, ...LAYERS, ...TRAINING });
  const comparisons = lines.flatMap(([kernel, line]) =>
    DTYPES.map((dtype): Comparison => {
      const { flops, elements, read, written } = operandsOf(kernel, line);
      return {
        name: kernel,
        dtype,
        mode: '',
        unit: flops ? 'GFLOP/s' : 'ns/element',
        amount: flops ?? elements,
        flops,
        bytes: flops ? undefined : (read + written) * (dtype === 'f64' ? 8 : 4),
        subjects: () => subjects(hosts, kernel, line, dtype),
      };
    }),
  );
  return { title: 'Kernels: wasm against ts', cases: comparisons.map((each) => caseOf(each, context)) };
}
