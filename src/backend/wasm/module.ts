// From a pack's bytes to its kernels over a memory, and what is said where that fails.

import { BackendUnavailableError } from '../../checks/errors.js';
import type { Embedded, KernelModule, PackName } from '../../kernels/pack.js';
import type { Both } from '../../kernels/table.js';
import type { WasmMemory } from './memory.js';
import { bytesOf } from './text.js';

/** One compiled module serves every engine, of those with shared memory another one; nothing is compiled before it is used. */
const compiled = [new WeakMap<Embedded, WebAssembly.Module>(), new WeakMap<Embedded, WebAssembly.Module>()];

const imports = ({ wasm }: WasmMemory) => ({ env: { memory: wasm } });

/**
 * A module says whether the memory that it imports is shared, in six bytes: there need be no second one. Before them stands
 * the section of imports: 2, its 15 bytes, one import, and that of a name of three letters, `env`.
 */
function bytesFor({ shared }: WasmMemory, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!shared) return bytes;
  const at = bytes.findIndex(
    (byte, i) => byte === 2 && bytes[i + 1] === 15 && bytes[i + 2] === 1 && bytes[i + 3] === 3,
  );
  // Whoever compiles it says what is wrong with it.
  if (at < 0) return bytes;
  const made = new Uint8Array(bytes.length + 3);
  made.set(bytes.subarray(0, at + 15));
  made[at + 1] += 3;
  // Shared, and with an end; the least pages; the most, MAX_PAGES.
  made.set([3, 1, 128, 128, 4], at + 15);
  made.set(bytes.subarray(at + 17), at + 20);
  return made;
}

const compiledFor = ({ shared }: WasmMemory) => compiled[shared ? 1 : 0];

/** A module that was handed in, compiled or not, or the embedded one, at once; and the module. */
export function instantiate(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WasmMemory,
): [WebAssembly.Instance, WebAssembly.Module] {
  let module = given ?? compiledFor(memory).get(embedded);
  if (!module || ArrayBuffer.isView(module)) {
    const bytes = (module as Uint8Array<ArrayBuffer> | undefined) ?? bytesOf(embedded.text);
    module = new WebAssembly.Module(bytesFor(memory, bytes));
    if (!given) compiledFor(memory).set(embedded, module);
  }
  return [new WebAssembly.Instance(module as WebAssembly.Module, imports(memory)), module as WebAssembly.Module];
}

/** The same without blocking: for browsers that refuse to compile larger modules synchronously on the main thread. */
export async function instantiateAsync(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WasmMemory,
): Promise<[WebAssembly.Instance, WebAssembly.Module]> {
  // Loaded here and not at import, because it assigns to Object: where that is frozen (`--frozen-intrinsics`, SES) the host's
  // own instantiate serves. It does for a module that was handed in, too: the loader would not know one of another realm.
  const loader = given ? WebAssembly : await import('@assemblyscript/loader').catch(() => WebAssembly);
  let module = given ?? compiledFor(memory).get(embedded);
  if (!module || ArrayBuffer.isView(module)) {
    const bytes = (module as Uint8Array<ArrayBuffer> | undefined) ?? bytesOf(embedded.text);
    module = await WebAssembly.compile(bytesFor(memory, bytes));
    if (!given) compiledFor(memory).set(embedded, module);
  }
  const made: { instance: WebAssembly.Instance } | WebAssembly.Instance = await loader.instantiate(
    module as WebAssembly.Module,
    imports(memory),
  );
  return ['instance' in made ? made.instance : made, module as WebAssembly.Module];
}

/** The raw exports: the loader's own wrap each call in a rest-argument function, which costs more than a small kernel. */
export function kernelsIn<Lines>({ exports }: WebAssembly.Instance, { build }: Embedded): Both<Lines> {
  if ((exports.build as WebAssembly.Global | undefined)?.value !== build) throw new Error('it is not of this release');
  const found: Record<string, [string, unknown][]> = { f64: [['bytes', 8]], f32: [['bytes', 4]] };
  for (const name in exports) found[name.slice(-3)]?.push([name.slice(0, -4), exports[name]]);
  // Not one assignment after another: V8 would make a slow dictionary of it.
  return { f64: Object.fromEntries(found.f64), f32: Object.fromEntries(found.f32) } as Both<Lines>;
}

/** Why a pack does not run in WebAssembly, and what may help. */
export function unavailable(cause: unknown, name: PackName, { file }: Embedded, given: unknown): Error {
  const what = given ? `"module.${name}"` : `the ${name} kernels (WebAssembly with SIMD)`;
  const may = name === 'core' ? ', createEngineAsync may do without' : '';
  const message = `${what} cannot be instantiated here: ${cause}; createEngine({ module }) takes bitgrad/${file}${may}`;
  return new BackendUnavailableError(message, { cause });
}
