// What memory.test.ts runs in a process of its own, where the collector can be called.

import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';

const [, , backend, what] = process.argv;
const { createEngine } = backend === 'ts' ? ts : wasm;
// So little that the loops below use it up several times.
const engine = createEngine({ memoryBytes: 40 * 2 ** 20 });
const gc = (globalThis as unknown as { gc: () => void }).gc;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

const make = (seed: number) => engine.network({ inputs: 50, layers: [{ units: 50, initializer: 'uniform' }], seed });

/** Numbers of a kept view that changed while other networks took and gave back memory; whether memory came back after it. */
async function views(): Promise<object> {
  let view: Float64Array | undefined = make(1).weights[0].data.subarray(10) as Float64Array;
  const before = view.slice();
  const fill = async () => {
    for (let i = 0; i < 20; i++) {
      make(i + 2).parameters.fill(9);
      gc();
      await turn();
    }
  };
  await fill();
  const kept = view.reduce((sum, x, i) => sum + Number(x !== before[i]), 0);
  const { byteOffset } = view;
  view = undefined;
  for (let i = 0; i < 3; i++) {
    gc();
    await turn();
  }
  let reused = 0;
  for (let i = 0; i < 100; i++) {
    const { data } = engine.zeros(10, 10);
    if (Math.abs(data.byteOffset - byteOffset) < 20_000) reused = 1;
  }
  return { kept, reused };
}

async function loop(what: string): Promise<object> {
  let rounds = 0;
  const networks = what === 'loop networks';
  for (; rounds < (networks ? 140 : 1300); rounds++) {
    if (networks) {
      engine.network({ inputs: 300, layers: [300], initializer: 'zeros' }).parameters[0] = rounds;
      continue;
    }
    const matrix = engine.zeros(100, 100);
    if (what === 'loop data') matrix.data[0] = rounds;
    if (what === 'loop await') await null;
  }
  return { bytes: rounds * (networks ? 300 * 301 : 100 * 100) * 8, limit: engine.info().memoryLimitBytes };
}

/** Bytes that each kind of loop took, of a limit of which they must be a multiple. */
async function loops(): Promise<object> {
  const results: Record<string, unknown> = {};
  for (const kind of ['loop', 'loop data', 'loop await', 'loop networks']) results[kind] = await loop(kind);
  return results;
}

console.log(JSON.stringify(await (what === 'views' ? views() : loops())));
