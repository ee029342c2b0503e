// What an engine loads when it has enough to do for threads: in a file of its own.

import { startThread } from '../host/engine-threads.js';
import { isForked, isMainThread } from '../host/threads.js';
import type { Session } from '../matrix/marshal.js';
import { Crew, type Means } from './crew.js';
import { ThreadTeam } from './team.js';

/** Why the cores are not for one engine alone: programs that have several of the kind would multiply threads. */
export function oneOfSeveral(): string | undefined {
  if (!isMainThread()) return 'in a worker, of which there may be many: say "threads"';
  return isForked() ? 'in a process that another has forked, of which there may be many: say "threads"' : undefined;
}

export const createTeam = (session: Session, count: number, Failure: Means['Failure']): ThreadTeam =>
  new ThreadTeam(session, new Crew(session, count, { start: startThread, Failure }));
