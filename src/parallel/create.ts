// What an engine loads when it has enough to do for threads: in a file of its own.

import { startThread } from '../host/engine-threads.js';
import { quota } from '../host/quota.js';
import { isForked, isMainThread } from '../host/threads.js';
import type { Session } from '../matrix/marshal.js';
import { Crew, type Means } from './crew.js';
import { ThreadTeam } from './team.js';

/**
 * How many threads an engine has that was told of no number, and why: the cores are not for it alone in programs that have several
 * of the kind, nor in a container that may not use them.
 */
export function share(processors: { count: number; reason: string }): { count: number; reason: string } {
  if (!isMainThread()) return { count: 1, reason: 'in a worker, of which there may be many: say "threads"' };
  if (isForked()) {
    return { count: 1, reason: 'in a process that another has forked, of which there may be many: say "threads"' };
  }
  const limit = quota();
  if (limit >= processors.count) return processors;
  const count = Math.ceil(limit);
  return { count, reason: `of ${processors.reason} the container may use ${Number(limit.toFixed(2))}` };
}

export const createTeam = (session: Session, count: number, Failure: Means['Failure']): ThreadTeam =>
  new ThreadTeam(session, new Crew(session, count, { start: startThread, Failure }));
