// What train/own-loop-steady.test.ts runs in a process of its own: what steps of a loop of one's own leave on the heap.

import { addMore } from '../../src/layers/add-more.js';
import { random } from '../../src/random/random.js';
import { clipNorm, clipValue, GradientTape, type OptimizerName, optimizer } from '../../src/train/index.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';

const STEPS = 15_000;
const WARM_UP = 25_000;
const ROWS = 4;

interface Case {
  name: OptimizerName;
  options: object;
  /** Whether gradients are clipped; come from a tape; and those of running moments are among them. */
  clip?: boolean;
  tape?: boolean;
  moments?: boolean;
}

const [, , backend, text] = process.argv;
const { name, options, clip, tape, moments }: Case = JSON.parse(text);
const { engine } = backend === 'ts' ? ts : wasm;
if (moments) addMore();
const first = moments ? [{ kind: 'batchNorm' as const }] : [];
const net = engine.network({ inputs: 3, layers: [...first, { units: 3, activation: 'tanh' }, 1], seed: 1 });
const step = moments && { rowsSeen: 3 };
const X = engine.matrix(random(1).randn(ROWS, 3));
const y = engine.matrix(random(2).randn(ROWS, 1));
const out = net.zeroGradients();
const opt = optimizer(name, net, options as never);
const kept = tape ? new GradientTape(net) : undefined;
const outputs = engine.zeros(ROWS, 1);
const used = () => process.memoryUsage().heapUsed;
const collect = (globalThis as unknown as { gc(): void }).gc;

function run(n: number): void {
  for (let i = 0; i < n; i++) {
    if (kept) {
      kept.forwardInto(X, outputs);
      kept.backward(outputs, out);
    } else if (step) net.gradientsInto(X, y, out, step);
    else net.gradientsInto(X, y, out);
    if (clip) {
      clipValue(net, out, 1);
      clipNorm(net, out, 0.1);
    }
    opt.step(out);
  }
}

run(WARM_UP);
collect();
const [before, memory] = [used(), engine.info().memoryBytes];
let growth = Infinity;
for (let round = 0; round < 3; round++) {
  collect();
  const start = used();
  run(STEPS);
  growth = Math.min(growth, used() - start);
}
collect();
const leak = used() - before;
console.log(JSON.stringify({ steps: STEPS, growth, leak, memory: engine.info().memoryBytes - memory }));
