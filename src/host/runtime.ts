// Where this runs: what Node, Deno, Bun and browsers have, each under its own name. Whoever asks that asks here.

interface Process {
  readonly pid: number;
  readonly platform: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
  cwd(): string;
  kill(pid: number, signal: 0): void;
  getBuiltinModule?(name: string): unknown;
}

/** The process, where there are processes. */
export const processOf = (): Process | undefined => (globalThis as { process?: Process }).process;

/** Whether this is Node, or behaves as it: Deno and Bun do. */
export const isNode = (): boolean => processOf()?.versions?.node !== undefined;

/** Whether a worker can be started at all: in a service worker none can. */
export const hasWorkers = (): boolean => isNode() || typeof (globalThis as { Worker?: unknown }).Worker === 'function';

interface Deno {
  permissions: { querySync(of: { name: 'env'; variable: string }): { state: string } };
}

/** A variable of the environment; in Deno only if that is allowed: it would ask for it on the terminal, or throw. */
export function variable(name: string): string | undefined {
  const { Deno } = globalThis as { Deno?: Deno };
  const state = Deno?.permissions.querySync({ name: 'env', variable: name }).state ?? 'granted';
  return state === 'granted' ? processOf()?.env?.[name] : undefined;
}

/** One of Node's own modules, at once; undefined where that cannot be had. */
export const builtin = <T>(name: string): T | undefined =>
  processOf()?.getBuiltinModule?.(`node:${name}`) as T | undefined;

/**
 * The same where it can only be had later: in Node before 20.16 and 22.3. A bundler for browsers sees no name, and warns of none:
 * not a variable or a template, of which the comments do not hold once they are inlined or made sense of.
 */
export const nodeModule = async <T>(name: string): Promise<T> =>
  builtin<T>(name) ?? import(/* @vite-ignore */ /* webpackIgnore: true */ ['node', name].join(':'));

/** Who sends a view of this to another thread must not take all of it away, as of WebAssembly's memory. In Node. */
export function markUntransferable(buffer: ArrayBuffer): void {
  builtin<{ markAsUntransferable?(buffer: ArrayBuffer): void }>('worker_threads')?.markAsUntransferable?.(buffer);
}

/** Milliseconds since some time or other. */
export const nowMs = (): number => (globalThis.performance ?? Date).now();

interface Loop {
  setImmediate?(callback: () => void): void;
  setTimeout?(callback: () => void): void;
  MessageChannel?: typeof MessageChannel;
  navigator?: { userAgent?: string; hardwareConcurrency?: number };
}

const isWorkerd = (): boolean => (globalThis as Loop).navigator?.userAgent === 'Cloudflare-Workers';

/** Calls back when timers, messages and input have had their turn; where there are none of them, as in QuickJS, soon. */
export function afterOthers(callback: () => void): void {
  const { setImmediate, setTimeout, MessageChannel } = globalThis as Loop;
  if (setImmediate) setImmediate(callback);
  // Not setTimeout, which browsers delay by 4 ms; but in workerd no timer fires between messages (measured: of 50 ms, in 400).
  else if (MessageChannel && !isWorkerd()) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(undefined);
  } else if (setTimeout) setTimeout(callback);
  else Promise.resolve().then(callback);
}

/** Another file of this package, at once, where Node's require() is to be had; the name is as seen from a file of `shared/`. */
export function beside(name: string): unknown {
  try {
    return builtin<{ createRequire(from: string): (name: string) => unknown }>('module')?.createRequire(
      import.meta.url,
    )(name);
  } catch {
    // Bundled: it lies elsewhere.
    return undefined;
  }
}

/** How many threads can run at once, as far as that is known at once. */
export function processors(): number {
  const { hardwareConcurrency } = (globalThis as Loop).navigator ?? {};
  return hardwareConcurrency ?? builtin<{ availableParallelism?(): number }>('os')?.availableParallelism?.() ?? 1;
}

/** Why this thread may not wait for others, or has no memory with them; undefined if it can. */
export function blocks(): string | undefined {
  if (typeof SharedArrayBuffer !== 'function')
    return 'this host shares no memory among threads, unless pages are isolated';
  if (isWorkerd() || (!isNode() && ('document' in globalThis || !hasWorkers())))
    return 'this host has no threads here, or may not wait for them';
  return undefined;
}

/** How many threads can run at once. */
export async function parallelism(): Promise<number> {
  try {
    if (isNode()) return (await nodeModule<{ availableParallelism(): number }>('os')).availableParallelism();
  } catch {
    // Bundled so that Node's modules are out of reach.
  }
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? 1;
}
