// From a pack's bytes to its kernels over a memory, and what is said where that fails.

import { BackendUnavailableError } from '../../checks/errors.js';
import type { Dtype } from '../../kernels/contract.js';
import type { Embedded, KernelModule, PackName } from '../../kernels/pack.js';
import type { Both } from '../../kernels/table.js';
import { bytesOf } from './text.js';

/** One compiled module serves every engine; nothing is compiled before it is used. */
const compiled = new WeakMap<Embedded, WebAssembly.Module>();

const imports = (memory: WebAssembly.Memory) => ({ env: { memory } });

/** A module that was handed in, compiled or not, or the embedded one, at once. */
export function instantiate(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WebAssembly.Memory,
): WebAssembly.Instance {
  let module = (given ?? compiled.get(embedded)) as WebAssembly.Module;
  // By its tag: it may be another realm's.
  if (Object.prototype.toString.call(module) !== '[object WebAssembly.Module]') {
    module = new WebAssembly.Module((given as BufferSource | undefined) ?? bytesOf(embedded.text));
    if (given === undefined) compiled.set(embedded, module);
  }
  return new WebAssembly.Instance(module, imports(memory));
}

/**
 * The loader is loaded here and not at import, because it assigns to Object: where that is frozen (`--frozen-intrinsics`, SES)
 * the host's own instantiate serves.
 */
const loading = () => import('@assemblyscript/loader').catch(() => WebAssembly);

/** The same without blocking: for browsers that refuse to compile larger modules synchronously on the main thread. */
export async function instantiateAsync(
  embedded: Embedded,
  given: KernelModule | undefined,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.Instance> {
  const loader = await loading();
  let module = given ?? compiled.get(embedded);
  if (module === undefined) {
    module = await WebAssembly.compile(bytesOf(embedded.text));
    compiled.set(embedded, module);
  }
  const made: { instance: WebAssembly.Instance } | WebAssembly.Instance = await loader.instantiate(
    module as WebAssembly.Module,
    imports(memory),
  );
  return 'instance' in made ? made.instance : made;
}

/** The kernels of a dtype under their plain names, and the bytes of an element. */
function kernelsOfDtype(exports: WebAssembly.Exports, dtype: Dtype): object {
  const named = Object.entries(exports).filter(([name]) => name.endsWith(dtype));
  // Not one assignment after another: V8 would make a slow dictionary of it.
  const entries = named.map(([name, kernel]) => [name.slice(0, -1 - dtype.length), kernel] as const);
  return Object.fromEntries([['bytes', dtype === 'f64' ? 8 : 4], ...entries]);
}

/** The raw exports: the loader's own wrap each call in a rest-argument function, which costs more than a small kernel. */
export function kernelsIn<Lines>(
  { exports }: WebAssembly.Instance,
  { count, file }: Embedded,
  memory: WebAssembly.Memory,
): Both<Lines> {
  const kernels = { f64: kernelsOfDtype(exports, 'f64'), f32: kernelsOfDtype(exports, 'f32') };
  // One more entry than kernels: the bytes of an element.
  const complete = Object.values(kernels).every((each) => Object.keys(each).length === count + 1);
  if (!complete || exports.memory !== memory) {
    throw new BackendUnavailableError(`"module" is not a bitgrad kernel module: use the bytes of bitgrad/${file}`);
  }
  return kernels as Both<Lines>;
}

/** Why a pack does not run in WebAssembly, and what may help. */
export function unavailable(cause: unknown, name: PackName, { file }: Embedded, given: boolean): Error {
  if (cause instanceof BackendUnavailableError) return cause;
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const core = given ? '"module" cannot be instantiated' : 'WebAssembly with SIMD is not available';
  const message =
    name === 'core'
      ? `${core} here: ${reason}`
      : `the ${name} kernels cannot be instantiated here: ${reason}; hand in bitgrad/${file} by createEngine({ module: { ${name} } })`;
  return new BackendUnavailableError(message, { cause });
}
