// The TypeScript backend: the reference of every kernel over an ArrayBuffer, and the drop-in where WebAssembly is refused.

import { Backend } from '../backend.js';
import { coreReference } from './core.js';
import { BufferMemory } from './memory.js';

/** A backend over memory of its own; `reason` says why it is this one. @param shared whether other threads are to have it too */
export function createTsBackend(reason: string, shared = false): Backend {
  const memory = new BufferMemory(shared);
  return new Backend({
    name: 'ts',
    reason,
    memory,
    workBytes: 0,
    core: coreReference(memory),
    place: ({ reference }) => [(reference as NonNullable<typeof reference>)(memory)],
  });
}
