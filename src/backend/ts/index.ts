// The TypeScript backend: the reference of every kernel over an ArrayBuffer, and the drop-in where WebAssembly is refused.

import type { Pack, PackName } from '../../kernels/pack.js';
import type { Both } from '../../kernels/table.js';
import { type Backend, packsOf } from '../backend.js';
import { coreReference } from './core.js';
import { BufferMemory } from './memory.js';

/** A backend over memory of its own; `reason` says why it is this one. */
export function createTsBackend(reason: string): Backend {
  const memory = new BufferMemory();
  const packs = packsOf('ts', reason);
  const made = new Map<PackName, Both<never>>();
  return {
    name: 'ts',
    memory,
    workBytes: 0,
    core: coreReference(memory),
    packs,
    put<Lines>({ name, reference }: Pack<Lines>): Both<Lines> {
      let kernels = made.get(name) as Both<Lines> | undefined;
      if (!kernels) {
        kernels = (reference as NonNullable<typeof reference>)(memory);
        made.set(name, kernels as Both<never>);
        packs[name] = { backend: 'ts', reason };
      }
      return kernels;
    },
  };
}
