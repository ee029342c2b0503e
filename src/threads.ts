// How many threads an engine has, and what starts them once there is enough to do.

import { WorkerError } from './checks/errors.js';
import { checkInteger, refuseValue } from './checks/values.js';
import { beside, blocks, processors, variable } from './host/runtime.js';
import { MOST_THREADS, type Team, WORTH_THREADS } from './kernels/team.js';
import type { Session } from './matrix/marshal.js';

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
  readonly count: number;
  /** Whether there can be others than this one. */
  shared: boolean;
  readonly #insisted: boolean;
  #reason: string;
  #team: ReturnType<Parallel['createTeam']> | undefined;

  /** @param given `createEngine`'s option @throws {ValueError} naming it, or BITGRAD_THREADS */
  constructor(given: unknown) {
    const name = given === undefined ? 'BITGRAD_THREADS' : 'threads';
    const wanted = given === undefined ? (variable(name) ?? 'auto') : given;
    const number = given === undefined ? Number(wanted) : wanted;
    this.#insisted = wanted !== 'auto';
    if (!this.#insisted) this.count = processors();
    else if (Number.isInteger(number)) this.count = checkInteger(number, name, 1, MOST_THREADS);
    else refuseValue(name, `'auto' or an integer from 1 to ${MOST_THREADS}`, wanted);
    const cannot = this.count > 1 ? blocks() : undefined;
    this.shared = this.count > 1 && !cannot;
    this.#reason = cannot ?? (this.#insisted ? `${name}: ${wanted}` : `${this.count} processors`);
  }

  get size(): number {
    return this.#team?.size ?? 1;
  }

  get reason(): string {
    return this.#team?.over ? 'a thread has ended' : this.#reason;
  }

  share(session: Session, worked: number): Team | undefined {
    if (this.#team) return this.#team;
    if (!this.shared || !session.memory.shared || (worked < WORTH_THREADS && !this.#insisted)) return undefined;
    const loaded = load();
    if (!loaded) return undefined;
    const { count, reason } = this.#insisted ? this : loaded.share(this);
    this.#reason = reason;
    try {
      if (count < 2) this.end(reason);
      else this.#team = loaded.createTeam(session, count, WorkerError);
    } catch (error) {
      this.end(`there are none: ${error}`);
    }
    return this.#team;
  }

  /** From now on this one works alone. */
  end(reason: string): void {
    this.shared = false;
    this.#reason = reason;
  }

  dispose(): void {
    this.#team?.dispose();
    this.#team = undefined;
    this.end('the engine was disposed');
  }
}
