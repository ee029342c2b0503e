// What an engine loads when it has enough to do for threads: in a file of its own.

import { startThread } from '../host/workers.js';
import type { Session } from '../matrix/marshal.js';
import { Crew, type Means } from './crew.js';
import { ThreadTeam } from './team.js';

export const createTeam = (session: Session, count: number, Failure: Means['Failure']): ThreadTeam =>
  new ThreadTeam(session, new Crew(session, count, { start: startThread, Failure }));
