// How many threads an engine has, and what starts them once there is enough to do.

import { WorkerError } from './checks/errors.js';
import { checkInteger, refuseValue } from './checks/values.js';
import { beside, blocks, processors, variable } from './host/runtime.js';
import type { Team } from './kernels/team.js';
import type { Session } from './matrix/marshal.js';

/** Multiply-adds that an engine has done before it starts threads by itself: 20 to 100 ms of work, where a start costs 2. */
const WORTH_THREADS = 1 << 28;

/** More share nothing that one has measured. */
const MOST_THREADS = 64;

type Parallel = typeof import('./parallel/create.js');

let parallel: Parallel | undefined;
let asked = false;

/** What makes teams; undefined as long as it is loaded, where that cannot be had at once. */
function load(): Parallel | undefined {
  if (!asked) {
    asked = true;
    parallel = beside('../cjs/parallel.js') as Parallel | undefined;
    if (!parallel) {
      import('./parallel/create.js').then(
        (loaded) => {
          parallel = loaded;
        },
        () => {},
      );
    }
  }
  return parallel;
}

/** The threads of one engine. */
export class Threads {
  /** How many there are to be, with this one. */
  readonly count: number;
  readonly #insisted: boolean;
  #reason: string;
  #team: (Team & { readonly size: number; readonly over: boolean; dispose(): void }) | undefined;
  #disposed = false;

  /** @param given `createEngine`'s option @throws {ValueError} naming it, or BITGRAD_THREADS */
  constructor(given: unknown) {
    const wanted = given === undefined ? (variable('BITGRAD_THREADS') ?? 'auto') : given;
    const name = given === undefined ? 'BITGRAD_THREADS' : 'threads';
    this.#insisted = wanted !== 'auto';
    const number = given === undefined ? Number(wanted) : wanted;
    if (!this.#insisted) this.count = processors();
    else if (Number.isInteger(number)) this.count = checkInteger(number, name, 1, MOST_THREADS);
    else refuseValue(name, `'auto' or an integer from 1 to ${MOST_THREADS}`, wanted);
    this.#reason = this.#insisted ? `${name}: ${wanted}` : `${this.count} processors`;
    const cannot = this.count > 1 && blocks();
    if (!cannot) return;
    this.count = 1;
    this.#reason = cannot;
  }

  /** Whether memory is to be shared. */
  get shared(): boolean {
    return this.count > 1;
  }

  /** How many work now. */
  get size(): number {
    return this.#team?.size ?? 1;
  }

  get reason(): string {
    return this.#team?.over ? 'a thread has ended' : this.#reason;
  }

  /** Those of a session that has done so much; undefined as long as it works alone. */
  share(session: Session, worked: number): Team | undefined {
    if (this.#team) return this.#team;
    if (this.#disposed || !session.memory.shared || (worked < WORTH_THREADS && !this.#insisted)) return undefined;
    this.#team = load()?.createTeam(session, this.count, WorkerError);
    return this.#team;
  }

  dispose(): void {
    this.#disposed = true;
    this.#team?.dispose();
    this.#team = undefined;
    this.#reason = 'the engine was disposed';
  }
}
