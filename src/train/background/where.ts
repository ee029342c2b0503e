// Where a training runs, if nobody says: in a worker where it would hold up the main thread for longer than a worker costs.

import { ValueError } from '../../checks/errors.js';
import { hasWorkers } from '../../host/runtime.js';
import { FELL_BACK, type PackName } from '../../kernels/pack.js';
import type { Parts } from '../../network/calls.js';
import type { Plan } from '../../network/plan.js';
import { kindOf } from '../optimizers/optimizers.js';
import type { FitOptions, FitPlan } from '../options.js';

/**
 * Rows x epochs x (parameters + OVERHEAD) from which on a worker pays: what the main thread does in the 50 ms that a first
 * worker takes to start. Measured on ten trainings of 20 to 100,000 parameters and batches of 10 to 200 rows: those below took
 * 6 to 36 ms, those above 23 to 110. A row costs as much as OVERHEAD parameters besides.
 */
const WORTH_A_WORKER = 50_000_000;
const OVERHEAD = 256;

export interface Choice {
  readonly worker: boolean;
  /** Whether the caller insists. */
  readonly insisted: boolean;
  /** Why it is not a worker, if nobody asked for that. */
  readonly reason?: string;
}

/** Of a loss that is a function. @throws {ValueError} if a worker is insisted on */
function readForeground(background: boolean | undefined): Choice {
  if (background) throw new ValueError('"background" cannot be true: a loss that is a function cannot go to a worker');
  const reason = 'a loss that is a function cannot go to a worker';
  return { worker: false, insisted: false, ...(background === undefined && { reason }) };
}

/** @param rows undefined: nobody knows how many there are */
export function chooseWhere(
  { background, createWorker }: FitOptions,
  rows: number | undefined,
  { size, loss }: Plan,
  { epochs, optimizer }: FitPlan,
): Choice {
  if (loss.on) return readForeground(background);
  if (background !== undefined) return { worker: background, insisted: background };
  if (!hasWorkers() && !createWorker) return { worker: false, insisted: false, reason: 'this host has no workers' };
  if (rows === undefined) return { worker: true, insisted: false };
  const kind = kindOf(optimizer);
  const passes = kind.whole ? kind.passes(optimizer, epochs) : epochs;
  if (rows * passes * (size + OVERHEAD) >= WORTH_A_WORKER) return { worker: true, insisted: false };
  return { worker: false, insisted: false, reason: 'a worker would cost more than so little work' };
}

/** Why kernels that a training of this network uses fell back to TypeScript: a reason each. */
export function fallenBack({ session, plan }: Parts): string[] {
  const { packs } = session.backend;
  const used: PackName[] = ['core', 'training', ...plan.layers.flatMap(({ pack }) => pack?.name ?? [])];
  const reasons = used.map((name) => packs[name].reason).filter((reason) => reason.startsWith(FELL_BACK));
  return [...new Set(reasons)];
}
