// Which backend an engine gets, and why.

import { describe } from '../checks/describe.js';
import { BackendUnavailableError, ValueError } from '../checks/errors.js';
import { variable } from '../host/runtime.js';
import type { Backend, KernelModule } from '../kernels/kernels.js';

/** The backends that an entry bundles. */
export interface Available {
  readonly ts?: { create(): Backend };
  readonly wasm?: {
    create(module?: KernelModule): Backend;
    createAsync(module?: KernelModule): Promise<Backend>;
    readonly hash: string;
    readonly compiler: string;
  };
}

export interface Request {
  readonly backend: string | undefined;
  readonly module: KernelModule | undefined;
}

export interface Selected {
  backend: Backend;
  reason: string;
}

interface Plan {
  name: 'wasm' | 'ts';
  reason: string;
  fallback: boolean;
}

const NAMES = ['auto', 'wasm', 'ts'];

function check(name: unknown, where: string): void {
  if (!NAMES.includes(name as string)) {
    throw new ValueError(`${where} must be one of "auto", "wasm", "ts", got ${describe(name)}`);
  }
}

function plan(available: Available, request: Request): Plan {
  let name = request.backend ?? 'auto';
  check(name, '"backend"');
  let reason = `backend: '${name}' was asked for`;
  if (name === 'auto') {
    const forced = variable('BITGRAD_BACKEND');
    if (forced && available.ts && available.wasm) {
      check(forced, 'BITGRAD_BACKEND');
      name = forced;
      reason = `BITGRAD_BACKEND=${forced}`;
    }
  }
  if (name === 'auto') {
    // Who hands a module in means it: falling back would hide that it does not fit.
    const fallback = !!available.ts && request.module === undefined;
    if (available.wasm) return { name: 'wasm', reason: 'WebAssembly SIMD works here', fallback };
    return { name: 'ts', reason: 'this entry holds TypeScript alone', fallback: false };
  }
  if (!available[name as 'wasm' | 'ts']) {
    throw new BackendUnavailableError(`this entry does not hold the ${name} backend: import it from "bitgrad"`);
  }
  return { name: name as 'wasm' | 'ts', reason, fallback: false };
}

function fallBack(available: Available, chosen: Plan, error: unknown): Selected {
  if (!chosen.fallback || !available.ts || !(error instanceof BackendUnavailableError)) throw error;
  return { backend: available.ts.create(), reason: `fell back to TypeScript: ${error.message}` };
}

function ready(available: Available, chosen: Plan, request: Request): Selected | undefined {
  if (chosen.name === 'wasm') return undefined;
  if (request.module !== undefined) throw new ValueError('"module" is for the wasm backend, but the backend is "ts"');
  return { backend: (available.ts as { create(): Backend }).create(), reason: chosen.reason };
}

/** @throws {BackendUnavailableError} if a backend was asked for and does not work; the automatic choice falls back */
export function selectBackend(available: Available, request: Request): Selected {
  const chosen = plan(available, request);
  const other = ready(available, chosen, request);
  if (other) return other;
  try {
    return {
      backend: (available.wasm as NonNullable<Available['wasm']>).create(request.module),
      reason: chosen.reason,
    };
  } catch (error) {
    return fallBack(available, chosen, error);
  }
}

/** The same, compiling asynchronously. */
export async function selectBackendAsync(available: Available, request: Request): Promise<Selected> {
  const chosen = plan(available, request);
  const other = ready(available, chosen, request);
  if (other) return other;
  try {
    const wasm = available.wasm as NonNullable<Available['wasm']>;
    return { backend: await wasm.createAsync(request.module), reason: chosen.reason };
  } catch (error) {
    return fallBack(available, chosen, error);
  }
}
