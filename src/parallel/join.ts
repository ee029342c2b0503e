// The other end: how a thread joins a team, over the memory of the engine that has started it.

import { coreReference } from '../backend/ts/core.js';
import { layersReference } from '../backend/ts/layers.js';
import { BufferMemory } from '../backend/ts/memory.js';
import { trainingReference } from '../backend/ts/training.js';
import { WasmMemory } from '../backend/wasm/memory.js';
import type { Mailbox } from '../host/mailbox.js';
import type { Memory } from '../kernels/memory.js';
import type { KernelModule, PackName } from '../kernels/pack.js';
import type { Both } from '../kernels/table.js';
import { type AnyKernel, NUMBERED } from './kernels.js';
import { Member } from './member.js';
import { NUMBERS } from './protocol.js';

/** What a thread is told. */
export interface Join {
  readonly type: 'join';
  readonly index: number;
  readonly team: SharedArrayBuffer;
  /** Linear memory: WebAssembly's, or a buffer. */
  readonly memory: object;
  readonly work: number;
  /** Of each pack the module, or that it is the TypeScript one. */
  readonly packs: Partial<Record<PackName, KernelModule | 'ts' | undefined>>;
}

interface News {
  readonly type: string;
  readonly packs: Join['packs'];
}

const REFERENCES = { core: coreReference, layers: layersReference, training: trainingReference };

/** Works for a team until that is over. */
export async function join(mailbox: Mailbox, { index, team, memory: given, work, packs }: Join): Promise<void> {
  const words = new Int32Array(team, 0, NUMBERS / 4);
  const numbers = new Float64Array(team, NUMBERS);
  const memory =
    'grow' in given && 'buffer' in given
      ? new WasmMemory(given as WebAssembly.Memory)
      : new BufferMemory(given as SharedArrayBuffer);
  const kernels: (AnyKernel | undefined)[] = [];
  const add = (added: Join['packs']) => {
    for (const [name, module] of Object.entries(added) as [PackName, KernelModule | 'ts'][]) {
      const find = finderOf(name, module, memory);
      for (const [number, kernel] of NUMBERED.entries())
        if (kernel.pack === name) kernels[number] = find(kernel.name, kernel.dtype);
    }
  };
  add(packs);
  const member = new Member({
    words,
    numbers,
    index,
    work,
    kernelOf: (number) => kernels[number],
    look: () => memory.look(),
  });
  while (member.serve()) add((await mailbox.next<News>()).packs);
}

/** A pack's kernels by name. */
function finderOf(
  name: PackName,
  module: KernelModule | 'ts',
  memory: Memory,
): (kernel: string, dtype: 'f64' | 'f32') => AnyKernel {
  if (module === 'ts') {
    const made = REFERENCES[name](memory) as Both<object>;
    return (kernel, dtype) => (made[dtype] as Record<string, unknown>)[kernel] as AnyKernel;
  }
  const imports = { env: { memory: memory.shared as WebAssembly.Memory } };
  const { exports } = new WebAssembly.Instance(module as WebAssembly.Module, imports);
  return (kernel, dtype) => exports[`${kernel}_${dtype}`] as unknown as AnyKernel;
}
