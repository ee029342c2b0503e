// The host's garbage collector, which knows nothing of linear memory, and how it is made to look at what lies there.

import { builtin } from './runtime.js';

/** What is used of node:vm and node:v8. */
interface VM {
  createContext(sandbox: object, options: object): object;
  runInContext(code: string, context: object): unknown;
  runInNewContext(code: string): unknown;
}

interface V8 {
  setFlagsFromString(flags: string): void;
}

/** Where jobs end. */
let context: object | undefined;

/**
 * Ends the current job as far as WeakRefs are concerned, which keep what they refer to until then (ECMA-262, 9.10.3): code in
 * a context with microtasks of its own ends with a checkpoint of those, where V8 lets go. Elsewhere than in Node and Deno
 * this does nothing, and a loop that drops matrices must wait for something now and then.
 */
export function endJob(): void {
  try {
    const vm = builtin('vm') as VM;
    context ??= vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    vm.runInContext('0', context);
  } catch {
    // This host has no such module, or one that is not implemented: workerd.
  }
}

/**
 * Tells the collector that so many bytes were taken, by taking as many and dropping them: V8 counts buffers, and starts to
 * mark when they grow. Their pages are never touched, so it costs 0.1 to 4 ms and no memory (measured, 64 MiB to 1 GiB).
 */
export function tellOfMemory(bytes: number): void {
  try {
    new ArrayBuffer(bytes);
  } catch {
    // The host has no more: it collects before it says so.
  }
}

/** Makes the host collect, for a call that would fail otherwise: V8's own function where it can be had, as Jest gets it. */
export function collect(): void {
  endJob();
  try {
    (builtin('v8') as V8).setFlagsFromString('--expose-gc');
    ((builtin('vm') as VM).runInNewContext('gc') as () => void)();
  } catch {
    // This host has no such function.
  }
  for (let i = 0; i < 16; i++) tellOfMemory(1 << 28);
}
